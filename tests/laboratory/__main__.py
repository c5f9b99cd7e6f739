"""`python -m tests.laboratory [EXPERIMENT…] [--long]`: the experiments by name, all of them when none is named.

Prints one line per experiment and ends with 1 when anything was lost, found or left. Seeds are fixed and printed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

assert sys.platform != "win32"  # pseudo-terminals and signals

SEED = 20261122


def storm(folder: Path, long: bool) -> tuple[str, list[str]]:
    """The real screen, typed at and killed, resumed each time."""
    from tests.laboratory.storm import storm

    told = storm(folder, 1000 if long else 20, SEED)
    return f"{told.kills} kills, {told.promises} promises seen", told.losses


def duel(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Four writers on one session, and on one PC record, two of them killed; and two screens."""
    from tests.laboratory.duel import duel, screens_taking_over, two_screens

    for name in ("two", "taking", "pc"):
        (folder / name).mkdir()
    turns, rounds = (100, 100) if long else (4, 25)
    told = duel(folder, turns, SEED, rounds=rounds)
    more = duel(folder / "pc", turns, SEED, rounds=rounds, over_a_pc=True)
    said = f"{len(told.saved)} and {len(more.saved)} saved answers, {told.killed + more.killed} kills"
    losses = [
        *told.losses,
        *more.losses,
        *two_screens(folder / "two"),
        *screens_taking_over(folder / "taking"),
    ]
    return said, losses


def kill(folder: Path, long: bool) -> tuple[str, list[str]]:
    """The real screen killed before and after each file system call of its saves; and saves and moves of every kind likewise."""
    from tests.laboratory.kill import kill_sweep
    from tests.support.crash_lab import kill_sweep as saves
    from tests.support.crash_lab import move_sweep

    (folder / "saves").mkdir()
    killed, losses = kill_sweep(folder / "screen", None if long else range(10, 60, 10))
    return f"{killed} lives of the screen", losses + saves(folder / "saves") + move_sweep(folder / "moves")[1]


def fault(folder: Path, long: bool) -> tuple[str, list[str]]:
    """The disk refuses: five errors through the real screen, and a real disk that is full."""
    from tests.laboratory import full_disk
    from tests.laboratory.kill import REFUSALS, refused

    losses: list[str] = []
    for error in REFUSALS:
        (folder / error).mkdir()
        losses += refused(folder / error, error)
    why = full_disk.possible()
    if not why:
        (folder / "full").mkdir()
        losses += full_disk.full_disk(folder / "full")
    return f"{len(REFUSALS)} errors, full disk: {why or 'yes'}", losses


def exits(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Signals, a line that is gone or stalled, checks that never end."""
    from tests.laboratory.exits import all_ways

    losses: list[str] = []
    for turn in range(20 if long else 1):
        losses += all_ways(folder / str(turn))
    return "every way out", losses


def flips(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Single bits flipped, and every prefix."""
    from tests.laboratory.flips import flips, prefixes
    from tests.laboratory.samples import real_record, real_session

    wrong, count = [], 20_000 if long else 2000
    for raw in (real_session(), real_record()):
        wrong += flips(raw, count, SEED) + prefixes(raw, 1 if long else 7)
    return f"{count} bits of a session and of a PC record", wrong


def toml(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Every file of the public TOML test suite as a session file; needs `TOML_SUITE`, a folder with the suite."""
    from tests.laboratory.toml_suite import feed, find

    suite = find(Path(os.environ["TOML_SUITE"])) if os.environ.get("TOML_SUITE") else None
    if suite is None:
        return "skipped: TOML_SUITE names no folder with the public TOML test suite", []
    told = feed(suite, folder, 1 if long else 40)
    return f"{told.sessions} sessions, {told.refused} refused", told.wrong


def powercut(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Real power cuts on ext4 and xfs; needs root."""
    from tests.laboratory.powercut import possible, power_cut

    said, losses = [], []
    for kind in ("ext4", "xfs"):
        why = possible(kind)
        if why:
            said.append(f"{kind}: {why}")
            continue
        for of_a_pc in (False, True):
            place = folder / f"{kind}{'-pc' * of_a_pc}"
            place.mkdir()
            saved, lost = power_cut(place, kind, 1000 if long else 20, SEED, of_a_pc=of_a_pc)
            said.append(f"{place.name}: {saved} saved answers")
            losses += lost
    return ", ".join(said), losses


def hostile(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Hostile text through every screen, report, command and a real terminal."""
    from tests.laboratory.hostile import real_terminal, rounds

    count = 100_000 if long else 3000
    (folder / "terminal").mkdir()
    return f"{count} strings", rounds(folder, count, SEED) + real_terminal(folder / "terminal")


def secrets(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Planted secrets and names through every failure."""
    from tests.laboratory.canaries import everything

    planted = everything(folder, SEED)
    return f"{len(planted.all)} planted", planted.found


def typing(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Texts of all of Unicode typed and pasted, and read back from the disk."""
    from tests.laboratory.typing import round_trips

    count = 10_000 if long else 1000
    return f"{count} texts", round_trips(folder, count, SEED)


def acts(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Clicks on old pictures, keys, pastes and replies, cut and delayed; every answer is one that was given."""
    from tests.laboratory.acts import random_acts

    told = random_acts(folder, 20_000 if long else 2000, SEED)
    return f"{told.acts} acts, {told.answers} answers", told.wrong


def mutants(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Bugs put into a copy, each of which must turn a test red."""
    from tests.laboratory.mutants import MUTANTS, try_all

    return f"{len(MUTANTS)} bugs", try_all()


def terminals(folder: Path, long: bool) -> tuple[str, list[str]]:
    """Real tmux, screen, ssh and mosh under two kinds of terminal: every picture compared; every sentence at every width."""
    from tests.laboratory import lines
    from tests.laboratory.terminals import terminals

    step = 1 if long else 20
    said, wrong = lines.kinsoku(range(20, 201, step))
    drawn, lost = lines.messages(folder, range(40, 201, step))
    shown, broken = lines.panes(folder, range(38, 201, step))
    (folder / "screen").mkdir()
    told = terminals(folder / "screen", long)
    words = f"{told.pictures} pictures, {said} lines, {drawn} messages, {shown} rows of panes"
    return ", ".join([words, *told.skipped]), told.losses + wrong + lost + broken


EXPERIMENTS: dict[str, Callable[[Path, bool], tuple[str, list[str]]]] = {
    one.__name__: one
    for one in (
        storm,
        duel,
        kill,
        fault,
        exits,
        flips,
        toml,
        powercut,
        hostile,
        secrets,
        typing,
        acts,
        terminals,
        mutants,
    )
}


def main(argv: list[str]) -> int:
    """Run what is named."""
    long = "--long" in argv
    names = [name for name in argv if not name.startswith("-")] or list(EXPERIMENTS)
    unknown = [name for name in names if name not in EXPERIMENTS]
    if unknown or "--help" in argv:
        for name, one in EXPERIMENTS.items():
            print(f"{name:10} {one.__doc__}")
        return 2 if unknown else 0
    wrong = 0
    for name in names:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"laboratory-{name}-") as folder:
            said, losses = EXPERIMENTS[name](Path(folder), long)
        wrong += len(losses)
        verdict = f"{len(losses)} WRONG" if losses else "all well"
        print(f"{name:10} {verdict:10} {time.monotonic() - began:7.1f} s  {said}; seed {SEED}", flush=True)
        for line in losses[:20]:
            print(f"           {line}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
