"""A terminal for tests: a real pseudo-terminal, and a foreign emulator (pyte) that draws what comes out of it."""

from __future__ import annotations

import json
import os
import re
import select
import struct
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyte
import pyte.screens

if sys.platform == "win32":  # the tests that use this are skipped there
    fcntl: Any = None
    termios: Any = None
    posix: Any = None
else:
    import fcntl
    import termios

    posix = os

BOUND = 20.0
"""Seconds after which a test gives up waiting."""
ROOT = Path(__file__).resolve().parents[2]


class Emulator(pyte.Screen):
    """pyte, which also tells where the cursor is when asked."""

    answer: Callable[[bytes], None] = staticmethod(lambda data: None)

    def write_process_input(self, data: str) -> None:
        self.answer(data.encode())


@contextmanager
def ambiguous_is_wide() -> Iterator[None]:
    """Within this, pyte draws East-Asian-ambiguous characters in two cells."""
    original = pyte.screens.wcwidth

    def width(char: str) -> int:
        if original(char) > 0 and unicodedata.east_asian_width(char) == "A":
            return 2
        return int(original(char))

    pyte.screens.wcwidth = width
    try:
        yield
    finally:
        pyte.screens.wcwidth = original


class Terminal:
    """A program of `tests/support/terminal_app.py` in a terminal of its own."""

    def __init__(
        self, order: dict[str, Any], *, size: tuple[int, int] = (80, 24), env: dict[str, str] | None = None
    ) -> None:
        self.columns, self.rows = size
        self.screen = Emulator(self.columns, self.rows)
        self._fill()
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.reports: list[dict[str, Any]] = []
        self.master, self.slave = posix.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self._report, report = os.pipe()
        self._partial = b""
        self.screen.answer = lambda data: self.type(data)
        wanted = {
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
        }
        wanted |= {
            "ORDER": json.dumps(order),
            "REPORT": str(report),
            "CONTROLLING": "1",
            "HOME": "/nonexistent",
        }
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "support" / "terminal_app.py")],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=wanted | (env or {}),
            pass_fds=(report,),
            start_new_session=True,
        )
        os.close(report)

    def _fill(self) -> None:
        """Every cell exists: the emulator erases in colour only cells that were written once."""
        for y in range(self.rows):
            for x in range(self.columns):
                self.screen.buffer[y][x] = self.screen.buffer[y][x]

    def type(self, data: bytes | str) -> None:
        os.write(self.master, data.encode() if isinstance(data, str) else data)

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        self._fill()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, wait: float = 0.05, *, draw: bool = True) -> bool:
        """Take what has come within `wait` seconds; `draw=False` leaves the screen unread (a stalled line)."""
        sources = [self._report, *([self.master] if draw else [])]
        ready = select.select(sources, [], [], wait)[0]
        if self._report in ready:
            self._partial += os.read(self._report, 65536)
            *lines, self._partial = self._partial.split(b"\n")
            self.reports += [json.loads(line) for line in lines]
        if self.master in ready:
            data = os.read(self.master, 65536)
            self.raw += data
            self.stream.feed(data)
        return bool(ready)

    def until(self, condition: Callable[[], Any], what: str = "", *, draw: bool = True) -> Any:
        """Wait for a condition; fails with the screen when it does not come about."""
        end = time.monotonic() + BOUND
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            while self.pump(0.05, draw=draw) and draw and select.select([self.master], [], [], 0)[0]:
                pass
        raise AssertionError(f"never: {what}\n{self.reports[-5:]}\n" + "\n".join(self.text()))

    def reported(self, key: str, *, draw: bool = True) -> Any:
        """The next report with that key, consumed."""

        def found() -> list[Any] | None:
            for index, value in enumerate(self.reports):
                if key in value:
                    del self.reports[: index + 1]
                    return [value[key], value]
            return None

        return self.until(found, f"report of {key}", draw=draw)

    def settle(self) -> None:
        """Until the program has nothing more to say: a key makes its round trip after everything before."""
        self.type("x")
        self.reported("key")
        while self.pump(0.05):
            pass

    def dump(self) -> dict[str, Any]:
        """What Textual's compositor holds."""
        self.settle()
        self.type("d")
        value: dict[str, Any] = self.reported("rows")[1]
        return value

    def text(self) -> list[str]:
        """The rows of the screen as text."""
        return ["".join(self.screen.buffer[y][x].data for x in range(self.columns)) for y in range(self.rows)]

    def modes(self) -> set[int]:
        """The private modes that are on after everything read so far; 7 and 25 are on from the beginning."""
        on = {7, 25}
        for numbers, final in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", self.raw):
            for number in map(int, numbers.split(b";")):
                (on.add if final == b"h" else on.discard)(number)
        return on

    def end(self) -> int:
        """Wait for the program to end; returns its status, negative for a signal."""

        def ended() -> bool:
            return self.process.poll() is not None

        self.until(ended, "end of the program")
        while self.pump(0.02):
            if not select.select([self.master], [], [], 0)[0]:
                break
        return int(self.process.returncode)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(BOUND)
        for descriptor in (self.master, self.slave, self._report):
            with suppress(OSError):
                os.close(descriptor)


@contextmanager
def terminal(order: dict[str, Any], **options: Any) -> Iterator[Terminal]:
    """A running program, ready for keys."""
    lab = Terminal(order, **options)
    try:
        yield lab
    finally:
        lab.close()


def cells(screen: Any, columns: int, rows: int) -> list[list[tuple[Any, ...]]]:
    """The picture of an emulator: what can be seen of each cell (an ideographic space is two blanks)."""
    picture = []
    for y in range(rows):
        line = [_looks(screen.buffer[y][x]) for x in range(columns)]
        for x, cell in enumerate(line):
            if cell[0] == "\u3000":
                line[x : x + 2] = [_blank(cell)] * len(line[x : x + 2])
        picture.append(line)
    return picture


def _looks(cell: Any) -> tuple[Any, ...]:
    looks = (
        cell.data,
        cell.bg,
        cell.underscore,
        cell.reverse,
        cell.strikethrough,
        cell.fg,
        cell.bold,
        cell.italics,
    )
    return _blank(looks) if cell.data == " " else looks


def _blank(looks: tuple[Any, ...]) -> tuple[Any, ...]:
    _, bg, underscore, reverse, strikethrough, fg, *_ = looks
    return (" ", bg, underscore, reverse, strikethrough, fg if underscore or reverse or strikethrough else "")


def drawn(ansi: str, columns: int, rows: int) -> list[list[tuple[Any, ...]]]:
    """The picture that the emulator makes of Textual's own output."""
    screen = pyte.Screen(columns, rows)
    screen.reset_mode(pyte.modes.DECAWM)
    pyte.ByteStream(screen).feed(ansi.replace("\n", "\r\n").encode())
    return cells(screen, columns, rows)
