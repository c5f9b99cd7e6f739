"""The ways out that nobody plans: signals and a terminal that has gone. Save, give the terminal back, leave.

The work is done by a thread of its own that a byte in a pipe wakes, so it happens also while the event loop
is blocked. Python's interpreter ends the process with `os._exit`: threads stuck in checks hold up nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from checks.record import dataclass, field
from tui.terminal.modes import restore_terminal

SAVING = 2.0
"""Seconds that saving may take on the way out."""
HASTE = 0.5
"""Seconds after the first signal from which on another one is a person losing patience."""
HANGUP = 1
"""Number of SIGHUP, also the status (128 + 1) of a process that lost its terminal; Windows has no name for it."""


@dataclass(slots=True)
class _Installed:
    wake: int = -1
    before: dict[int, Any] = field(default_factory=dict)
    wakeup_before: int = -1
    leaving: threading.Lock = field(default_factory=threading.Lock)


_installed = _Installed()
_BY_PYTHON = 0x80
"""Marks the bytes in the pipe that the interpreter's C handler did not write."""


def signals() -> tuple[int, ...]:
    """The numbers of the signals that end the program."""
    if sys.platform == "win32":
        return (signal.SIGINT, signal.SIGTERM, signal.SIGBREAK)
    return (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def install(save: Callable[[float], bool]) -> None:
    """From now on a signal, or `terminal_gone`, saves by `save(seconds)` and ends the process with 128 + n.

    To be called in the main thread. A signal that was ignored when the program began (nohup) stays ignored.
    Another signal while saving leaves at once, but not one that comes with the first: a closing terminal, the
    shell and a service manager each send theirs.
    """
    uninstall()
    woken, _installed.wake = os.pipe()
    if sys.platform != "win32":
        os.set_blocking(_installed.wake, False)
        # Written by the interpreter's own C handler: works while the main thread cannot run Python code.
        _installed.wakeup_before = signal.set_wakeup_fd(_installed.wake, warn_on_full_buffer=False)
    for number in signals():
        if signal.getsignal(number) is not signal.SIG_IGN:
            _installed.before[number] = signal.signal(number, _on_signal)
    threading.Thread(target=_watch, args=(woken, save), name="exit", daemon=True).start()
    if sys.platform == "win32":
        _watch_console()


def uninstall() -> None:
    """Back to how signals were handled before `install`."""
    if _installed.wake < 0:
        return
    for number, before in _installed.before.items():
        signal.signal(number, before if before is not None else signal.SIG_DFL)
    _installed.before.clear()
    if sys.platform != "win32":
        signal.set_wakeup_fd(_installed.wakeup_before)
    wake, _installed.wake = _installed.wake, -1
    os.close(wake)  # the thread reads the end of the pipe and is done


def terminal_gone() -> None:
    """The terminal is gone: as after SIGHUP. For the driver; callable from any thread, at once back."""
    if _installed.wake >= 0:
        _wake(HANGUP)
    else:
        os._exit(128 + HANGUP)


def is_installed() -> bool:
    """Whether `install` was called and holds."""
    return _installed.wake >= 0


def _on_signal(number: int, frame: FrameType | None) -> None:
    _wake(number)  # the second byte for this signal, the first where the interpreter's own goes elsewhere


def _wake(number: int) -> None:
    with contextlib.suppress(OSError):
        os.write(_installed.wake, bytes((number | _BY_PYTHON,)))


def _watch(woken: int, save: Callable[[float], bool]) -> None:
    ours = {*signals(), HANGUP}
    began = 0.0
    while True:
        try:
            data = os.read(woken, 64)
        except OSError:
            return
        if not data:
            os.close(woken)
            return
        numbers = [byte for byte in data if byte & ~_BY_PYTHON in ours]
        if not began and numbers:
            began = time.monotonic()
            number = numbers[0] & ~_BY_PYTHON
            threading.Thread(target=_save_and_end, args=(save, number), name="last-save", daemon=True).start()
            threading.Timer(SAVING + 0.2, _end, (number,)).start()
        elif any(byte in ours and byte != HANGUP for byte in numbers) and time.monotonic() - began > HASTE:
            _end(numbers[0])


def _save_and_end(save: Callable[[float], bool], number: int) -> None:
    try:
        save(SAVING)
    finally:
        _end(number)


def _end(number: int) -> None:
    with _installed.leaving:  # whoever comes second waits here for the first to end the process
        restore_terminal()
        os._exit(128 + number)


def _watch_console() -> None:
    """Windows: closing the window, logging off and shutting down end the process some seconds later."""
    if sys.platform != "win32":
        return
    import ctypes

    def closing(event: int) -> int:
        if event in (2, 5, 6):  # CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT
            _wake(HANGUP)
            threading.Event().wait(SAVING)  # Windows ends the process when this returns
            return 1
        return 0

    callback = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(closing)
    ctypes.windll.kernel32.SetConsoleCtrlHandler(callback, 1)
    _kept.append(callback)


_kept: list[object] = []
"""Callbacks that Windows holds and Python must not collect."""
