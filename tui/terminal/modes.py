"""The terminal's modes: what is switched on, and switching it off again on every way out.

The state of the terminal belongs to the process, so it is kept here, once. Writing goes through a descriptor
of its own in non-blocking mode: the one that was inherited is shared with the shell, which must not find it
changed, and a stalled line must stop nobody.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import sys
import time
from typing import Any

from checks.record import dataclass, field

if sys.platform == "win32":
    fcntl: Any = None
    termios: Any = None
else:
    import fcntl
    import termios

ALTERNATE = "\x1b[?1049h"
ON = "\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?7l"
"""Mouse buttons and dragging in SGR form, bracketed paste, no wrapping at the right edge.

Not set: motion without a button and focus reports (bytes on a thin line for nothing), and the kitty keyboard
protocol (the text of input methods is lost with it on iTerm2 and others).
"""
ON_NO_MOUSE = "\x1b[?2004h\x1b[?7l"

OFF = "\x1b[m\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
"""Undoes `ON` and `ALTERNATE`."""
OFF_ALL = (
    "\x1b[m\x1b[?1016l\x1b[?1015l\x1b[?1006l\x1b[?1005l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1004l\x1b[?2004l"
    "\x1b[?2026l\x1b[?2048l\x1b[?7h\x1b[<u\x1b[?25h\x1b[?1049l"
)
"""The same and whatever Textual's own driver sets; the kitty flags popped are those of the alternate screen."""
LARGEST = (1000, 400)
"""Columns and rows; what a larger window has beside them stays blank. A picture of 10,000 by 10,000 takes a gigabyte."""
CANCEL = "\x18"
"""CAN: a terminal that stopped in the middle of a sequence gives it up."""


@dataclass(slots=True)
class TerminalState:
    """What this process holds of the terminal."""

    input: int = -1
    output: int = -1
    line: int = -1
    """A descriptor of the terminal of our own, non-blocking; -1 when none could be had."""
    attributes: list[Any] | None = None
    """How the line discipline was before."""
    alternate: bool = False
    cut_off: bool = False
    """A sequence may have been sent in part."""
    typed_ahead: bytearray = field(default_factory=bytearray)
    intermediary: str = ""
    """Who answered for the terminal (`tmux`, `screen`, `mosh`), as far as it was asked."""
    question_at: float | None = None
    """When the question of `probe` was sent, in seconds of the monotonic clock, while its answer is still to be read."""
    background: tuple[float, float, float] | None = None
    """Red, green and blue of the background from 0 to 1, as far as the terminal told."""


tty = TerminalState()


def in_screen() -> bool:
    """Whether GNU screen draws what we send: by its own answer, else by what it sets in the environment."""
    if tty.intermediary:
        return tty.intermediary == "screen"
    if os.environ.get("STY"):
        return True
    return os.environ.get("TERM", "").startswith("screen") and not os.environ.get("TMUX")


def switched_on(mouse: bool) -> str:
    """The modes to set. In GNU screen without the mouse: with it, screen holds Esc back until the next key."""
    return ON if mouse and not in_screen() else ON_NO_MOUSE


def terminal() -> tuple[int, int] | None:
    """The descriptors of the terminal for (input, output), or `None` without one."""
    try:
        if not os.isatty(0):
            return None
        output = next(fd for fd in (1, 2) if os.isatty(fd))
    except (OSError, StopIteration):
        return None
    return 0, output


def size(descriptor: int) -> tuple[int, int]:
    """Columns and rows that are drawn on: at most `LARGEST`; 80 by 24 when the terminal does not say."""
    try:
        columns, rows = os.get_terminal_size(descriptor)
    except OSError:
        return 80, 24
    return min(columns or 80, LARGEST[0]), min(rows or 24, LARGEST[1])


def enter() -> bool:
    """Take the terminal: keys come one by one and unseen, and a line of our own is opened. Repeatable.

    Returns `False` without a terminal. Everything is given back by `restore_terminal`, at the latest when
    the interpreter ends.
    """
    if sys.platform == "win32":
        return False
    descriptors = terminal()
    if descriptors is None:
        return False
    tty.input, tty.output = descriptors
    try:
        attributes = termios.tcgetattr(tty.input)
        if tty.attributes is None:
            tty.attributes = attributes
            atexit.unregister(restore_terminal)
            atexit.register(restore_terminal)
        raw = [*attributes[:6], list(attributes[6])]
        raw[0] &= ~(
            termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP
        )
        raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        termios.tcsetattr(tty.input, termios.TCSANOW, raw)
    except termios.error:
        return False
    if tty.line < 0:
        tty.line = _own_line(tty.output)
    return True


def _own_line(output: int) -> int:
    """A non-blocking descriptor for the same terminal, or -1. After `su` only /dev/tty can be opened."""
    if sys.platform == "win32":
        return -1
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    with contextlib.suppress(OSError):
        line = os.open(os.ttyname(output), flags)
        if os.fstat(line).st_rdev == os.fstat(output).st_rdev:
            return line
        os.close(line)
    with contextlib.suppress(OSError):
        line = os.open("/dev/tty", flags)
        if os.tcgetpgrp(line) == os.tcgetpgrp(output):
            return line
        os.close(line)
    return -1


def write_now(data: bytes, patience: float) -> int:
    """Write to the terminal what it takes within `patience` seconds; returns how many bytes that was."""
    if sys.platform == "win32":
        return 0
    line, flags = tty.line, -1
    if line < 0:
        line = tty.output
        if line < 0:
            return 0
        flags = fcntl.fcntl(line, fcntl.F_GETFL)
        fcntl.fcntl(line, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    end = time.monotonic() + patience
    sent = 0
    try:
        while sent < len(data):
            try:
                sent += os.write(line, data[sent:])
            except BlockingIOError:
                rest = end - time.monotonic()
                if rest <= 0 or not select.select((), (line,), (), rest)[1]:
                    break
    except (OSError, ValueError):
        pass
    finally:
        if flags >= 0:
            with contextlib.suppress(OSError):
                fcntl.fcntl(line, fcntl.F_SETFL, flags)
    return sent


def restore_terminal(patience: float = 0.03, *, everything: bool = True, drawn: bool = True) -> None:
    """Give the terminal back as it was found: every mode off, the main screen, the line discipline.

    Callable from anywhere, also from a signal handler and more than once; waits at most `patience` seconds
    for a line that does not take the few bytes. `everything`: what other drivers set, too. Without `drawn` no mode was
    set: only the line discipline is given back, and what was typed stays.
    """
    attributes, tty.attributes = tty.attributes, None  # from here on no frame is sent any more
    if attributes is None:
        return
    if drawn:
        write_now(((CANCEL if tty.cut_off else "") + (OFF_ALL if everything else OFF)).encode(), patience)
        with contextlib.suppress(termios.error, OSError, ValueError):
            termios.tcflush(
                tty.input, termios.TCIFLUSH
            )  # mouse reports on their way are no input for the shell
        tty.alternate = tty.cut_off = False
    with contextlib.suppress(termios.error, OSError, ValueError):
        termios.tcsetattr(tty.input, termios.TCSANOW, attributes)
