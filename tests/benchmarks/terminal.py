"""Start, bytes, keys, idle, memory and exit in a pseudo-terminal, beside other programs, interleaved in one run.

Times say only which machine this was: read the ratios, the bytes and the memory. Nothing emulates the terminal while
a program is measured: bytes are stamped as they are read.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.processes import OURS

APPS = Path(__file__).parent / "apps"
GAP = 0.15
"""Seconds without a byte after which a picture counts as settled; over a line a round trip more."""
AFTER_ALL = 1.0
"""The same after a key at the first picture: what comes later is no consequence of it."""
_CONTROL = re.compile(
    rb"\x1b(\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b]*(\x07|\x1b\\)|[ -/]*[0-~])|[\x00-\x1f\x7f]"
)
_ANSWERS = ((b"\x1b[6n", b"\x1b[1;2R"), (b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[?2026$p", b"\x1b[?2026;2$y"))
PACE = 0.13
"""Seconds between two keys of a person who looks at each line."""
HELD = 0.033
"""Seconds between two keys while one is held."""
KEYS = {"Down": "\x1b[B", "Up": "\x1b[A", "?": "?", "Esc": "\x1b", "Ctrl+P": "\x10"}


@dataclass(frozen=True)
class Program:
    """How to start it, which keys it knows, and which ends it."""

    argv: Sequence[str]
    keys: Sequence[str] = ()
    leave: str = "q"
    busy: str = ""
    """The key that starts its work."""


class Raw:
    """A child process in a pseudo-terminal; answers the usual questions as a terminal would."""

    data: bytearray
    last: float
    begin: float
    pid: int
    fd: int

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], size: tuple[int, int]) -> None:
        if sys.platform == "win32":
            raise OSError("there is no such terminal")
        self.data = bytearray()
        self.last = self.begin = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(argv[0], list(argv), dict(env))
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def read(self, seconds: float) -> bool:
        """Take what comes within that time; False when the terminal is closed."""
        if not select.select([self.fd], [], [], max(0.0, seconds))[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.last = time.monotonic()
        self.data += data
        for question, answer in _ANSWERS:
            if question in data:
                os.write(self.fd, answer * data.count(question))
        return bool(data)

    def until_quiet(self, gap: float, limit: float = 20.0) -> float:
        """Read until nothing has come for `gap` seconds; the moment of the last byte."""
        begin = time.monotonic()
        while time.monotonic() - max(self.last, begin) < gap and time.monotonic() - begin < limit:
            if not self.read(gap - (time.monotonic() - max(self.last, begin))):
                break
        return self.last

    def until_picture(self, limit: float = 30.0) -> float:
        """Read until five characters stand on the screen; the moment."""
        while len(_CONTROL.sub(b"", bytes(self.data))) < 5:
            if not self.read(1.0) or time.monotonic() - self.begin > limit:
                break
        return self.last

    def press(self, key: str, gap: float) -> tuple[float, float, int]:
        """One key: ms to the first byte, ms to the last, bytes; the first is 0 when nothing came."""
        before, pressed = len(self.data), time.monotonic()
        os.write(self.fd, KEYS.get(key, key).encode())
        first = 0.0
        while not first and time.monotonic() - pressed < 0.6 + gap:
            if not self.read(0.6 + gap):
                break
            if len(self.data) > before:
                first = (self.last - pressed) * 1000
        last = (self.until_quiet(gap) - pressed) * 1000 if first else 0.0
        return first, last, len(self.data) - before

    def end(self, key: str) -> float:
        """Press the key that ends the program; ms until it is gone."""
        if sys.platform == "win32":
            raise OSError("there is no such terminal")
        pressed = time.monotonic()
        os.write(self.fd, KEYS.get(key, key).encode())
        while time.monotonic() - pressed < 10:
            open_ = self.read(0.005)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                self.pid = 0
                break
            if not open_:
                os.waitpid(self.pid, 0)
                self.pid = 0
                break
        return (time.monotonic() - pressed) * 1000

    def close(self) -> None:
        """Whatever happened, nothing is left running."""
        if sys.platform == "win32":
            raise OSError("there is no such terminal")
        if self.pid:
            with suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        os.close(self.fd)


def measure(
    program: Program,
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    local: bool,
    gap: float,
    size: tuple[int, int],
) -> dict[str, float]:
    """One start with everything, and one in which a key is pressed at the first picture."""
    found: dict[str, float] = {}
    terminal = Raw(argv, env, size)
    try:
        found["picture ms"] = (terminal.until_picture() - terminal.begin) * 1000
        # What paints early and loads later is not settled before its last byte within a second.
        found["settled ms"] = (terminal.until_quiet(AFTER_ALL + gap) - terminal.begin) * 1000
        found["start bytes"] = len(terminal.data)
        if local:
            process = psutil.Process(terminal.pid)
            found["memory MB"] = process.memory_info().rss / 1e6
            used = process.cpu_times()
            found["CPU ms"] = (used.user + used.system) * 1000
        for key in program.keys:
            presses = [
                terminal.press(key, gap) for _ in range(6 if key in ("Down", "Up") and gap < 0.5 else 1)
            ]
            if key != "Esc":
                found[f"{key} first ms"] = statistics.median(press[0] for press in presses)
                found[f"{key} settled ms"] = statistics.median(press[1] for press in presses)
                found[f"{key} bytes"] = statistics.median(press[2] for press in presses)
        if local:
            terminal.until_quiet(0.5)
            before, cpu = len(terminal.data), process.cpu_times()
            terminal.until_quiet(2.0, limit=2.0)
            after = process.cpu_times()
            found["idle bytes/s"] = (len(terminal.data) - before) / 2
            found["idle CPU ms/s"] = (after.user + after.system - cpu.user - cpu.system) * 1000 / 2
            if program.busy:
                found |= _busy(terminal, program.busy)
        found["exit ms"] = terminal.end(program.leave)
    finally:
        terminal.close()
    terminal = Raw(argv, env, size)
    try:
        terminal.until_picture()
        os.write(terminal.fd, KEYS["Down"].encode())
        # Less than the two seconds after which we save where the cursor stands and show the time of that.
        found["usable ms"] = (terminal.until_quiet(min(AFTER_ALL + gap, 1.2)) - terminal.begin) * 1000
        terminal.end(program.leave)
    finally:
        terminal.close()
    return found


def _busy(terminal: Raw, key: str) -> dict[str, float]:
    """What the program's checks send by themselves, and cursor keys at an even pace: idle, and while the checks run."""
    found = {}
    _start(terminal, key)
    before, begin, updates = len(terminal.data), time.monotonic(), 0
    while time.monotonic() - begin < 2.0:
        had = len(terminal.data)
        terminal.until_quiet(0.02, limit=0.2)
        updates += len(terminal.data) > had
    found["checks bytes/s"] = (len(terminal.data) - before) / (time.monotonic() - begin)
    found["checks updates/s"] = updates / (time.monotonic() - begin)
    for name, pause in (("paced", PACE), ("held", HELD)):
        terminal.until_quiet(1.0)
        found[f"idle {name} bytes/s"] = _keys(terminal, pause)[1]
        terminal.until_quiet(1.0)
        _start(terminal, key)
        first, rate = _keys(terminal, pause)
        found |= {f"busy {name} ms": statistics.median(first), f"busy {name} worst ms": max(first)}
        found[f"busy {name} bytes/s"] = rate
    terminal.until_quiet(1.0)
    return found


def _start(terminal: Raw, key: str) -> None:
    """Start the checks; what the key itself changes is not theirs."""
    os.write(terminal.fd, key.encode())
    terminal.until_quiet(0.02, limit=0.2)


def _keys(terminal: Raw, pause: float) -> tuple[list[float], float]:
    """Cursor keys, one each `pause` seconds for two seconds: ms to each one's first byte, and bytes a second."""
    before, begin, first = len(terminal.data), time.monotonic(), []
    for number in range(int(2 / pause)):
        due = begin + number * pause
        while time.monotonic() < due:
            terminal.read(due - time.monotonic())
        pressed, had = time.monotonic(), len(terminal.data)
        os.write(terminal.fd, KEYS["Up" if number % 2 else "Down"].encode())
        while len(terminal.data) == had and time.monotonic() - pressed < 0.5:
            terminal.read(0.5)
        first.append((terminal.last - pressed) * 1000)
    terminal.until_quiet(pause, limit=pause)
    return first, (len(terminal.data) - before) / (time.monotonic() - begin)


def programs(state: Path, peers: Mapping[str, Sequence[str]]) -> dict[str, Program]:
    """The yardsticks, the peers that were asked for, and ours."""
    ours = [*OURS, "--offline", "--state", str(state)]
    found = {
        "min5": Program([sys.executable, str(APPS / "min5.py")], leave="\x11"),
        "tree7": Program(
            [sys.executable, str(APPS / "tree7.py")], ("Down", "Up", "?", "Esc", "Ctrl+P", "Esc")
        ),
        "oss-junbi": Program(ours, ("Down", "Up", "?", "Esc", "Ctrl+P", "Esc"), busy="R"),
    }
    return found | {name: Program(argv, leave="\x11") for name, argv in peers.items()}
