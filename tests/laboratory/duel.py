"""Several logins on one session at once, some of them killed in the middle; what was called saved must be there."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from checks.guide import load_guide
from state.file import load
from tests.laboratory.program import DIGITS, ROOT, VALUES, Program


@dataclass(slots=True)
class Duel:
    """What came of it."""

    saved: set[str] = field(default_factory=set)
    killed: int = 0
    losses: list[str] = field(default_factory=list)


def duel(
    home: Path,
    turns: int,
    seed: int = 20261122,
    *,
    sessions: int = 4,
    rounds: int = 25,
    over_a_pc: bool = False,
) -> Duel:
    """So many times `sessions` writers on one file, two of which are killed; or each on a session of its own and all on one PC."""
    rng, told = random.Random(seed), Duel()
    for turn in range(turns):
        folder = home / str(turn // 10)  # a real session does not grow for ever
        path = folder / ("pcs/x.toml" if over_a_pc else "x.toml")
        if turn % 10 == 0:
            folder.mkdir()
            saved: set[str] = set()
        runs = [
            _writer(folder, f"{name}{turn}", rounds, "duel-pc" if over_a_pc else "duel")
            for name in "abcdefgh"[:sessions]
        ]
        victims = dict.fromkeys(rng.sample(range(sessions), 2))
        readers = []
        for number, run in enumerate(runs):
            kill_at = rng.randrange(2, rounds) if number in victims else None
            reader = threading.Thread(target=_listen, args=(run, kill_at, saved))
            reader.start()
            readers.append(reader)
        for number, (run, reader) in enumerate(zip(runs, readers, strict=True)):
            reader.join(120)
            code = run.wait(60)
            if number in victims:
                told.killed += 1
            elif code != 0:
                told.losses.append(f"turn {turn}: session {number} ended with {code}")
        told.saved |= saved
        loaded = load.load(path, load_guide)
        there = set(loaded.data.answers) if loaded else set()
        told.losses += [f"turn {turn}: {name} is lost" for name in sorted(saved - there)]
        if loaded is None or loaded.notices:
            told.losses.append(f"turn {turn}: the file is not whole")
        shared = loaded.data.answers.get("shared") if loaded else None
        if shared is None:
            told.losses.append(f"turn {turn}: the shared answer is gone")
    return told


def _writer(folder: Path, name: str, rounds: int, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.crash_lab", what, str(folder), name, str(rounds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _listen(run: subprocess.Popen[str], kill_at: int | None, saved: set[str]) -> None:
    assert run.stdout is not None
    for count, line in enumerate(run.stdout):
        saved.add(line.strip())
        if count == kill_at:
            run.kill()
    run.stdout.close()


def screens_taking_over(home: Path) -> list[str]:
    """Two full screens, the second takes over and is killed, the first takes back; what went wrong, line by line."""
    with Program(home) as one:
        one.main()
        one.choose(3)
        one.until(lambda: one.promised() == VALUES[3], "the first to be saved")
        with Program(home) as two:
            two.main()
            two.see(f"PID {one.pid}")
            two.send("T")
            two.see("引き継ぎますか")
            two.send("y")
            one.see(f"PID {two.pid}) が")
            one.until(lambda: "読み取り専用" in one.header, "the first to turn read-only")
            before = (home / "s.toml").read_bytes()
            one.send("c" + "h" * 20 + "lll" + DIGITS[5] + "\x1b")
            one.see("変更できません")
            wrong = (
                [] if (home / "s.toml").read_bytes() == before else ["a login that only reads has written"]
            )
            two.choose(4)
            two.until(lambda: two.promised() == VALUES[4], "the second to be saved")
            two.kill()
        one.send("T")
        one.see("取り戻す")
        one.send("y")
        one.until(lambda: "読み取り専用" not in one.header, "the first to have it back")
        one.choose(6)
        one.until(lambda: one.promised() == VALUES[6], "the first to be saved again")
        one.send("q")
        code = one.wait()
    loaded = load.load(home / "s.toml", load_guide)
    value = loaded.data.values().get("case.procedure") if loaded else None
    wrong += [] if value == VALUES[6] else [f"case.procedure: {value}"]
    return wrong + ([f"exit {code}"] if code else [])


def two_screens(home: Path) -> list[str]:
    """Two full screens on one session: each sees the other, each keeps its answer; what went wrong, line by line."""
    with Program(home) as one:
        one.main()
        one.choose(3)
        one.until(lambda: one.promised() == VALUES[3], "the first to be saved")
        with Program(home) as two:
            two.main()
            two.see("変更登録")
            two.see(f"pid {one.pid}")
            two.choose_role(0)
            two.until(lambda: "本人" in two.header and two.promised() == VALUES[3], "the second to be saved")
            one.see(f"pid {two.pid}")
            one.until(lambda: "本人" in one.header, "the first to see what the second answered")
            two.choose(4)
            two.until(lambda: two.promised() == VALUES[4], "the second to be saved")
            one.kill()
            two.send("q")
            code = two.wait()
    loaded = load.load(home / "s.toml", load_guide)
    values = loaded.data.values() if loaded else {}
    wanted = {"case.procedure": VALUES[4], "case.role": "self"}
    wrong = [f"{name}: {values.get(name)}" for name, value in wanted.items() if values.get(name) != value]
    return wrong + ([f"exit {code}"] if code else [])
