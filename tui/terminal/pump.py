"""The thread between the terminal and the event loop: it waits, and nobody waits for it.

Reads what is typed; goes on with what a stalled line did not take. Asleep in `select` unless something
happens: there is no polling, and a pipe wakes it for the end.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from collections.abc import Callable

from tui.terminal.modes import tty, write_now


class Pump:
    """One thread for both directions of the terminal that `modes.enter` took.

    Called in that thread: `on_input(bytes)`, `on_quiet()` when nothing came for `quiet()` seconds (`None`: no
    limit), `on_drained()` when a delayed write is out, `on_gone()` once when the terminal has gone away.
    """

    def __init__(
        self,
        on_input: Callable[[bytes], None],
        on_drained: Callable[[], None],
        on_gone: Callable[[], None],
        quiet: Callable[[], float | None],
        on_quiet: Callable[[], None],
    ) -> None:
        self._on_input, self._on_drained, self._on_gone = on_input, on_drained, on_gone
        self._quiet, self._on_quiet = quiet, on_quiet
        self._lock = threading.Lock()
        self._rest = b""
        self._stopped = self._reading = False
        self._gone = False
        self._woken, self._wake = os.pipe()
        if sys.platform != "win32":
            os.set_blocking(self._wake, False)
            os.set_blocking(self._woken, False)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read and write."""
        self._reading = True
        self._thread = threading.Thread(target=self._run, name="terminal", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether an earlier write is not out yet."""
        return bool(self._rest)

    def send(self, data: bytes) -> None:
        """Write without waiting. Only when not `busy`: there is never more than one write outstanding."""
        if tty.line < 0:
            self._send_blocking(data)
            return
        try:
            sent = os.write(tty.line, data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lost()
            return
        if sent < len(data):
            with self._lock:
                self._rest = data[sent:]
                tty.cut_off = True
            self._look_again()

    def _look_again(self) -> None:
        """Make the thread see what there is to do now."""
        with contextlib.suppress(OSError):
            os.write(self._wake, b"w")

    def stop_reading(self) -> None:
        """Take no more input from now on."""
        self._reading = False
        self._look_again()

    def stop(self, patience: float) -> None:
        """End the thread; sends of the last write what the line takes within `patience` seconds."""
        self._stopped = True
        self._look_again()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(0.5)
            if not self._thread.is_alive():
                os.close(self._wake)
                os.close(self._woken)
        with self._lock:
            rest, self._rest = self._rest, b""
        if rest and write_now(rest, patience) == len(rest):
            tty.cut_off = False

    def _run(self) -> None:
        while not self._stopped and not self._gone:
            wanted = [self._woken, *([tty.input] if self._reading else [])]
            out = [tty.line] if self._rest and tty.line >= 0 else []
            try:
                readable, writable, _ = select.select(
                    wanted, out, (), self._quiet() if self._reading else None
                )
                if self._woken in readable:
                    os.read(self._woken, 4096)
                if writable:
                    self._go_on()
                if tty.input in readable and self._reading:
                    data = os.read(tty.input, 4096)
                    if data:
                        self._on_input(data)
                    else:
                        self._lost()
                elif not readable and not writable:
                    self._on_quiet()
            except (BlockingIOError, InterruptedError):
                continue
            except (OSError, ValueError):
                self._lost()

    def _go_on(self) -> None:
        with self._lock:
            sent = os.write(tty.line, self._rest) if self._rest else 0
            self._rest = self._rest[sent:]
            tty.cut_off = not (done := not self._rest)
        if done:
            self._on_drained()

    def _send_blocking(self, data: bytes) -> None:
        """For a terminal that cannot be opened a second time: a thread of its own waits for the line."""
        self._rest = data
        tty.cut_off = True

        def write() -> None:
            rest = data
            try:
                while rest and not self._stopped:
                    rest = rest[os.write(tty.output, rest) :]
            except OSError:
                self._lost()
                return
            self._rest = b""
            tty.cut_off = False
            self._on_drained()

        threading.Thread(target=write, name="terminal-writer", daemon=True).start()

    def _lost(self) -> None:
        with self._lock:
            first, self._gone = not self._gone, True
            self._rest = b""
        if first and not self._stopped:
            self._on_gone()
