"""A real pseudo-terminal with a foreign emulator behind it, for tests that use the program as a person does."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

PATIENCE = 30.0
"""Seconds until a condition that never comes true fails the test."""


class PtyScreen:
    """A child process in a pseudo-terminal, and what a person would see of it."""

    screen: pyte.Screen
    received: bytearray
    pid: int
    fd: int
    status: int | None
    _stream: pyte.ByteStream

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], *, columns: int = 80, lines: int = 24
    ) -> None:
        if sys.platform == "win32":
            raise OSError("there is no such terminal")
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.received = bytearray()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:  # the child
            try:
                os.execvpe(argv[0], list(argv), dict(env))
            finally:
                os._exit(127)
        self.status: int | None = None
        self.resize(columns, lines)

    def resize(self, columns: int, lines: int) -> None:
        """Tell the program a new size."""
        if sys.platform == "win32":
            raise OSError
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)

    def send(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self.fd, keys.encode() if isinstance(keys, str) else keys)

    def pump(self, seconds: float = 0.05) -> bool:
        """Take in what has been sent; False when the terminal is closed."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        if not data:
            return False
        self.received += data
        self._stream.feed(data)
        return True

    @property
    def text(self) -> str:
        """The picture as lines; the second cell of a wide character is left out."""
        rows = []
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            rows.append("".join(row[x].data for x in range(self.screen.columns)).rstrip())
        return "\n".join(rows)

    def until(self, condition: Callable[[], bool], what: str = "") -> None:
        """Wait until `condition` holds; raises `AssertionError` with the picture when it never does."""
        limit = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > limit:
                raise AssertionError(f"waited in vain for {what or condition}:\n{self.text}")
            if not self.pump() and not condition():
                raise AssertionError(f"the terminal closed before {what or condition}:\n{self.text}")

    def see(self, words: str) -> None:
        """Wait until `words` stand on the screen."""
        self.until(lambda: words in self.text, repr(words))

    def wait(self) -> int:
        """Wait for the program's end; its exit code, or minus the signal."""
        if sys.platform == "win32":
            raise OSError
        limit = time.monotonic() + PATIENCE
        while self.status is None:
            self.pump(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > limit:
                raise AssertionError(f"still running:\n{self.text}")
        return self.status

    def kill(self, number: int = 9) -> None:
        """Send the program a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def __enter__(self) -> PtyScreen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is None:
            self.kill()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
        with contextlib.suppress(OSError):
            os.close(self.fd)
