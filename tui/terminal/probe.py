"""Measures once how wide this terminal draws ambiguous characters, and chooses the glyphs by it."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from typing import TYPE_CHECKING, Literal

from checks.record import replace
from tui.terminal import modes
from tui.terminal.modes import held

if TYPE_CHECKING:
    from tui.terminal.glyphs import Glyphs

QUESTION = "●\x1b[6n"
"""Drawn at the left edge; the answer tells in which column the cursor is then."""
PATIENCE = 0.5
"""Seconds in which a terminal must have answered."""

_ANSWER = re.compile(rb"\x1b\[(\d{1,5});(\d{1,5})R")
_asked_at: list[float] = []


def asked() -> None:
    """The question was written along with something else (`skeleton.paint`)."""
    _asked_at[:] = [time.monotonic()]


def choose_glyphs(setting: Literal["auto", "safe", "narrow"]) -> Glyphs:
    """The glyphs for this terminal. `auto` waits at most half a second after the question for the answer.

    What was typed meanwhile is kept for the driver. Without an answer, or without a terminal: `safe`.
    """
    from tui.terminal.glyphs import NARROW, SAFE  # not before the skeleton stands

    if setting == "narrow":
        return NARROW
    column = _answer() if setting == "auto" else None
    return replace(NARROW, measured=True) if setting == "auto" and column == 2 else SAFE


def measure(text: str) -> int | None:
    """How many cells this terminal takes for `text`, drawn for a moment on the current line and wiped off."""
    del _asked_at[:]
    column = _answer(text)
    return None if column is None else column - 1


def _answer(text: str = "●") -> int | None:
    """The column after a text at the left edge, 1-based; `None` when the terminal is silent."""
    if sys.platform == "win32":
        return None
    own = held.attributes is None
    if own and not modes.enter():
        return None
    try:
        if not _asked_at:
            question = f"\r{text}\x1b[6n\r\x1b[K".encode()
            if modes.write_now(question, PATIENCE) < len(question):
                return None
            asked()
        return _read_answer(_asked_at.pop() + PATIENCE)
    finally:
        if own:
            modes.leave_quietly()


def _read_answer(until: float) -> int | None:
    data = held.typed_ahead
    while True:
        found = _ANSWER.search(data)
        if found is not None:
            column = int(found[2])
            del data[found.start() : found.end()]
            return column
        rest = until - time.monotonic()
        try:
            if not select.select((held.input,), (), (), max(rest, 0.0))[0] or len(data) > 65536:
                return None
            more = os.read(held.input, 4096)
        except (OSError, ValueError):
            return None
        if not more:
            return None
        data += more
