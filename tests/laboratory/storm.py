"""A person who answers, and `kill -9` at a random moment, again and again; the session is resumed each time.

A promise is a picture that shows an answer together with the word that it is saved. After each kill the file must hold the
last promised answer or one that was typed after it.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.laboratory.program import VALUES, Program, modes, on_disk


@dataclass(slots=True)
class Storm:
    """What came of it."""

    kills: int = 0
    promises: int = 0
    losses: list[str] = field(default_factory=list)


def storm(home: Path, kills: int, seed: int = 20261122, *, typed: int = 6) -> Storm:
    """So many lives of the program over one session; each is killed while `typed` answers or fewer are on their way."""
    rng, told = random.Random(seed), Storm()
    turn = 0  # the procedure typed last, counted on for ever; its value is VALUES[turn % 10]
    kept = 0  # of these the last that was promised or found on the disk
    path = home / "s.toml"
    for life in range(kills):
        with Program(home) as screen:
            screen.main()
            first = turn
            for _ in range(rng.randrange(0, typed)):
                turn += 1
                screen.choose(turn % 10)
                wanted = VALUES[turn % 10]
                screen.until(lambda value=wanted: screen.promised() == value, "the answer to be called saved")  # type: ignore[misc]
                kept = turn
                told.promises += 1
            turn += 1
            screen.choose(turn % 10)
            end = time.monotonic() + rng.random() * 0.15
            while time.monotonic() < end:
                screen.pump(0.002)
                if screen.promised() == VALUES[turn % 10]:
                    kept = turn
                    told.promises += 1
                    break
            screen.kill()
            screen.wait()
        told.kills += 1
        try:
            value = on_disk(path)
        except Exception as error:
            told.losses.append(f"life {life}: {error!r}")
            continue
        allowed = [VALUES[number % 10] for number in range(kept, turn + 1)]
        if kept and value not in allowed:
            told.losses.append(
                f"life {life}: {value} is on the disk, promised was {allowed[0]}, typed {allowed[1:]}"
            )
        if value is not None:
            while kept < turn and VALUES[kept % 10] != value:
                kept += 1
        if turn == first:
            told.losses.append(f"life {life}: nothing was typed")
        turn = kept  # what did not come through is typed again
    wrong = [name for name in modes(home) if "left behind" not in name]
    told.losses += [f"open to others: {name}" for name in wrong]
    return told
