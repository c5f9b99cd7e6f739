"""The real screen killed at each file system call of its saves; and its saves refused, for a while or for ever."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from pathlib import Path

from tests.laboratory.program import SAVED, VALUES, Program, on_disk

REFUSALS = ("ENOSPC", "EIO", "EDQUOT", "EROFS", "EACCES")


def killed_at(home: Path, number: int, when: str) -> tuple[bool, list[str]]:
    """One life that dies at its `number`-th call; whether it did, and what was lost."""
    promised: int | None = None
    with Program(home, order={"kill": [number, when]}) as screen:
        turn = -1
        try:
            screen.main()
            for turn in (0, 1, 2):
                screen.choose(turn)
                screen.until(lambda value=VALUES[turn]: screen.promised() == value)  # type: ignore[misc]
                promised = turn
            screen.send("q")
        except (AssertionError, OSError):
            if screen.wait() != -9:
                raise
        code = screen.wait()
    if code not in (0, -9):
        return False, [f"{number} {when}: ended with {code}"]
    value = on_disk(home / "s.toml")
    allowed: list[str | None] = list(VALUES[(0 if promised is None else promised) : turn + 1])
    if promised is None:
        allowed.append(None)
    lost = [] if value in allowed else [f"{number} {when}: {value} on the disk, not in {allowed}"]
    return code == -9, lost + _comes_back(home)


def _comes_back(home: Path) -> list[str]:
    """The next start finds the session whole, saves it, and leaves nothing of the killed one."""
    with Program(home) as screen:
        screen.main()
        screen.choose(5)
        screen.until(lambda: screen.promised() == VALUES[5], "the next answer to be saved")
        screen.send("q")
        code = screen.wait()
    left = {path.name for path in home.iterdir() if ".bak-" not in path.name}
    wrong = left - {"s.toml", "s.toml.lock", "data"}
    return ([f"then ended with {code}"] if code else []) + ([f"left {sorted(wrong)}"] if wrong else [])


def kill_sweep(folder: Path, numbers: Iterable[int] | None = None) -> tuple[int, list[str]]:
    """How many lives were ended at a call of theirs (all of them, or the `numbers`), and what was lost."""
    killed, losses = 0, []
    for number in itertools.count(1) if numbers is None else numbers:
        died = False
        for when in ("before", "after"):
            home = folder / f"{number}-{when}"
            home.mkdir(parents=True)
            one, lost = killed_at(home, number, when)
            died |= one
            killed += one
            losses += lost
        if not died and numbers is None:
            break
    return killed, losses


def refused(home: Path, error: str) -> list[str]:
    """The disk refuses, then takes again: told at once, kept, saved by itself, and asked before quitting while it refuses."""
    wrong: list[str] = []
    fault = home / "fault"
    with Program(home, order={"fault": str(fault)}) as screen:
        screen.main()
        screen.choose(0)
        screen.until(lambda: screen.promised() == VALUES[0], "the first to be saved")
        fault.write_text(error)
        began = time.monotonic()
        screen.choose(1)
        screen.until(lambda: "保存できません 1件" in screen.header, "the screen to say that it is not saved")
        if time.monotonic() - began > 3:
            wrong.append(f"{error}: told after {time.monotonic() - began:.1f} s")
        if "から" not in screen.header:
            wrong.append(f"{error}: since when is not said")
        if on_disk(home / "s.toml") not in (VALUES[0], VALUES[1]):
            wrong.append(f"{error}: the old answer is gone")
        fault.unlink()
        began = time.monotonic()
        screen.until(lambda: screen.promised() == VALUES[1], "the saver to make it good")
        if time.monotonic() - began > 8:
            wrong.append(f"{error}: made good after {time.monotonic() - began:.1f} s")
        if on_disk(home / "s.toml") != VALUES[1]:
            wrong.append(f"{error}: called saved and is not")
        fault.write_text(error)
        screen.choose(2)
        screen.until(lambda: "保存できません 1件" in screen.header, "the screen to say that it is not saved")
        screen.send("q")
        screen.see("このまま終了すると失われます")
        screen.send("\x1b")
        screen.until(lambda: "失われます" not in screen.text and bool(screen.header), "to stay")
        if SAVED in screen.header:
            wrong.append(f"{error}: called saved and is not")
        screen.send("q")
        screen.see("このまま終了すると失われます")
        screen.send("y")
        code = screen.wait()
        if code != 74:
            wrong.append(f"{error}: ended with {code}")
    return wrong
