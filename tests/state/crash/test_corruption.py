"""Every cut of a session file and a great many flipped bits: told, or without harm."""

from __future__ import annotations

import random

from checks.guide import load_guide
from state.errors import SessionTooNew, SessionUnreadable
from state.file import load
from tests.state.file.test_format import FULL, PATH, RAW


def test_every_prefix_is_told_or_harmless() -> None:
    for length in range(len(RAW)):
        try:
            loaded = load.understand(RAW[:length], PATH, load_guide)
        except SessionUnreadable:
            continue
        # Only the checksum line, or its line break, is missing.
        assert loaded.data == FULL
        assert loaded.notices or RAW[length:] == b"\n"


def test_flipped_bits_are_told_or_harmless() -> None:
    rng = random.Random(22)
    raw = bytearray(RAW)
    for _ in range(1500):
        bit = rng.randrange(len(raw) * 8)
        raw[bit // 8] ^= 1 << bit % 8
        try:
            loaded = load.understand(bytes(raw), PATH, load_guide)
        except (SessionUnreadable, SessionTooNew):
            pass
        else:
            assert loaded.notices
        raw[bit // 8] ^= 1 << bit % 8
