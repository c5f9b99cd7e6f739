"""Every way the real program can be ended, while it has something to save; what went wrong, one line each."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

from tests.laboratory.program import VALUES, Program, command, environment, on_disk, processor_seconds
from tests.support.pty_screen import PATIENCE, PtyScreen

assert sys.platform != "win32"  # pseudo-terminals and signals

ORDINARY = b"\x1b[?1049l"
"""Back to the ordinary screen."""


class Unheard(Program):
    """The program started where SIGHUP is ignored, as under nohup."""

    def __init__(self, home: Path) -> None:
        argv = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command(home)]
        PtyScreen.__init__(self, argv, environment(home))


def _ended(screen: PtyScreen, limit: float) -> tuple[int, float, float]:
    """Exit code, seconds until the end and processor seconds of a program whose picture nobody reads any more."""
    began, used = time.monotonic(), 0.0
    while screen.status is None:
        with contextlib.suppress(OSError, IndexError):
            used = max(used, processor_seconds(screen.pid))
        pid, status = os.waitpid(screen.pid, os.WNOHANG)
        if pid:
            screen.status = os.waitstatus_to_exitcode(status)
        elif time.monotonic() - began > limit:
            return -1, limit, used
        else:
            time.sleep(0.01)
    return screen.status, time.monotonic() - began, used


def _judged(
    what: str, wanted: int, found: tuple[int, float, float], home: Path, value: str, limit: float = 2.0
) -> list[str]:
    code, seconds, _ = found
    wrong = [] if code == wanted else [f"{what}: ended with {code}"]
    wrong += [] if seconds < limit else [f"{what}: took {seconds:.1f} s"]
    there = on_disk(home / "s.toml")
    return wrong + ([] if there == value else [f"{what}: {there} on the disk"])


def _ready(screen: Program, number: int = 3) -> None:
    screen.main()
    screen.choose(number)
    screen.until(lambda: screen.promised() == VALUES[number], "the answer to be saved")


def signalled(home: Path, number: signal.Signals) -> list[str]:
    """A signal right after an answer."""
    with Program(home) as screen:
        before = termios.tcgetattr(screen.fd)
        _ready(screen)
        screen.choose(6)
        screen.until(lambda: "移転一時抹消" in screen.text, "the answer to be seen")
        screen.kill(number)
        limit = time.monotonic() + PATIENCE
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() < limit and screen.pump():
                pass
        found = _ended(screen, 5.0)
        wrong = _judged(number.name, 128 + number, (found[0], time.monotonic() - began, 0), home, VALUES[6])
        if not screen.received.rstrip().rpartition(ORDINARY)[1]:
            wrong.append(f"{number.name}: the ordinary screen is not back")
        if termios.tcgetattr(screen.fd) != before:
            wrong.append(f"{number.name}: the line is not as it was")
    return wrong


def line_gone(home: Path, kind: Callable[[Path], Program] = Program) -> list[str]:
    """The terminal goes away, SIGHUP heard or (`Unheard`) ignored: saved, ended, and no spinning process left."""
    what = kind.__name__
    with kind(home) as screen:
        _ready(screen)
        used = processor_seconds(screen.pid)
        screen.choose(7)
        screen.until(lambda: "移転永久抹消" in screen.text, "the answer to be seen")
        spare = os.open(os.devnull, os.O_RDWR)
        os.dup2(spare, screen.fd)  # closes our end of the line, the last one
        os.close(spare)
        found = _ended(screen, 6.0)
        wrong = _judged(what, 128 + signal.SIGHUP, found, home, VALUES[7])
        if found[2] - used > 1.0:
            wrong.append(f"{what}: {found[2] - used:.1f} s of processor time after the line was gone")
    return wrong


def stalled(home: Path) -> list[str]:
    """Nobody reads the picture: answers are saved all the same, and a signal ends the program."""
    wrong: list[str] = []
    with Program(home) as screen:
        _ready(screen)
        # Ctrl+L sends the whole picture again: the line is full after a few.
        for _ in range(40):
            screen.send("\x0c")
            time.sleep(0.005)
        screen.choose(8)
        began = time.monotonic()
        while on_disk(home / "s.toml") != VALUES[8]:
            if time.monotonic() - began > 5:
                wrong.append("stalled: not saved within 5 s")
                break
            time.sleep(0.01)
        screen.kill(signal.SIGTERM)
        found = _ended(screen, 5.0)
        wrong += _judged("stalled", 128 + signal.SIGTERM, found, home, VALUES[8], 2.5)
    return wrong


def quitting_with_stuck_checks(home: Path, stuck: int = 50, limit: float = 1.0) -> list[str]:
    """`q` while so many checks never end."""
    with Program(home, order={"stuck": stuck}) as screen:
        screen.main()
        screen.see("検査中")
        _ready(screen)
        began = time.monotonic()
        screen.send("q")
        code = screen.wait()
        seconds = time.monotonic() - began
    wrong = _judged("stuck", 0, (code, seconds, 0), home, VALUES[3], limit)
    return wrong + ([] if ORDINARY in screen.received else ["stuck: the ordinary screen is not back"])


def quitting_while_the_system_hangs(home: Path, limit: float = 1.0) -> list[str]:
    """`q` while the very first question, which system this is, never ends."""
    with Program(home, order={"hang": True}) as screen:
        _ready(screen)
        began = time.monotonic()
        screen.send("q")
        code = screen.wait()
        seconds = time.monotonic() - began
    return _judged("hanging", 0, (code, seconds, 0), home, VALUES[3], limit)


def all_ways(folder: Path) -> list[str]:
    """All of them, each in a folder of its own."""
    ways: dict[str, Callable[[Path], list[str]]] = {
        "term": lambda home: signalled(home, signal.SIGTERM),
        "hup": lambda home: signalled(home, signal.SIGHUP),
        "int": lambda home: signalled(home, signal.SIGINT),
        "gone": line_gone,
        "gone-unheard": lambda home: line_gone(home, Unheard),
        "stalled": stalled,
        "stuck": quitting_with_stuck_checks,
        "hanging": quitting_while_the_system_hangs,
    }
    wrong: list[str] = []
    for name, way in ways.items():
        home = folder / name
        home.mkdir(parents=True)
        wrong += way(home)
    return wrong
