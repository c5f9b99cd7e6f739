"""A session file with one bit flipped, or cut short: told as damaged or edited, or harmless; never another answer in silence."""

from __future__ import annotations

import random
import time
from pathlib import Path

from checks.guide import load_guide
from state.errors import SessionTooNew, SessionUnreadable
from state.file import load

WHERE = Path("x.toml")


def _silent(raw: bytes, original: load.Loaded) -> bool:
    try:
        loaded = load.understand(raw, WHERE, load_guide)
    except (SessionUnreadable, SessionTooNew):
        return False
    return not loaded.notices and loaded.data != original.data


def flips(raw: bytes, count: int, seed: int = 20261122) -> list[str]:
    """So many single bits flipped, each in a fresh copy; those that changed the session without a word."""
    rng, original = random.Random(seed), load.understand(raw, WHERE, load_guide)
    wrong = []
    for _ in range(count):
        at, bit = rng.randrange(len(raw)), rng.randrange(8)
        damaged = bytearray(raw)
        damaged[at] ^= 1 << bit
        began = time.monotonic()
        if _silent(bytes(damaged), original):
            wrong.append(f"byte {at} bit {bit}")
        if time.monotonic() - began > 2:
            wrong.append(f"byte {at} bit {bit}: took {time.monotonic() - began:.1f} s")
    return wrong


def salvaged(step: int = 1) -> list[str]:
    """Every prefix of a real session beside an older copy; where an entry that is whole in one of them is missing or wrong."""
    from tests.state.file.test_salvage import RAW, agrees

    return [wrong for end in range(0, len(RAW), step) for wrong in agrees(end)]


def prefixes(raw: bytes, step: int = 1) -> list[str]:
    """Every proper prefix (every `step`-th); those that changed the session without a word, or were not salvaged right."""
    original = load.understand(raw, WHERE, load_guide)
    silent = [f"cut at {end}" for end in range(0, len(raw), step) if _silent(raw[:end], original)]
    return silent + salvaged(step)
