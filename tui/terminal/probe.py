"""Asks the terminal once: how wide it draws ambiguous characters, who it is, and how dark its background is.

The width of a character can be measured only where nobody stands between: tmux, screen and mosh keep a picture of
their own and answer from that, whatever the terminal outside draws. They are known by their device attributes.
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from typing import TYPE_CHECKING, Literal

from checks.record import replace
from tui.terminal import modes
from tui.terminal.modes import tty

if TYPE_CHECKING:
    from tui.terminal.glyphs import Glyphs

QUESTION = "●\x1b[>c\x1b]11;?\x1b\\\x1b[6n"
"""Drawn at the left edge; the last answer tells in which column the cursor is then, so no other is waited for."""
_DISCREET = "●\x1b[>c\x1b[6n"
"""Without the colour: screen would pass that question on and again later, and the Linux console prints it."""
PATIENCE = 0.5
"""Seconds in which a terminal must have answered."""

_ANSWER = re.compile(rb"\x1b\[(\d{1,5});(\d{1,5})R")
_WHO = re.compile(rb"\x1b\[>(\d{1,5});(\d{1,5})[\d;]{0,20}c")
_COLOUR = re.compile(
    rb"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})[/0-9a-fA-F]{0,5}(?:\x07|\x1b\\)"
)
_BETWEEN = {(84, None): "tmux", (83, None): "screen", (1, 10): "mosh"}
"""Secondary device attributes of tmux(1), screen(1) and mosh(1), as their sources send them."""


def question() -> str:
    """What to draw at the left edge before the first picture."""
    term = os.environ.get("TERM", "")
    return _DISCREET if "STY" in os.environ or term.startswith(("screen", "linux")) else QUESTION


def question_sent() -> None:
    """Note that the question was written just now."""
    tty.question_at = time.monotonic()


def choose_glyphs(setting: Literal["auto", "safe", "narrow"]) -> Glyphs:
    """The glyphs for this terminal. `auto` waits at most half a second after the question for the answer.

    What was typed meanwhile is kept for the driver. Without an answer, without a terminal, or with somebody between
    who answers for it: `safe`.
    """
    from tui.terminal.glyphs import NARROW, SAFE  # not before the skeleton stands

    column = _answer(wait=setting == "auto") if setting == "auto" or tty.question_at is not None else None
    if setting == "narrow":
        return NARROW
    measured = setting == "auto" and column == 2 and not between()
    return replace(NARROW, measured=True) if measured else SAFE


def between() -> str:
    """Who stands between us and the terminal: `tmux`, `screen`, `mosh`, or empty as far as is known."""
    if tty.intermediary:
        return tty.intermediary
    if "TMUX" in os.environ:
        return "tmux"
    return "screen" if "STY" in os.environ else ""


def has_light_background() -> bool:
    """Whether the terminal said, or its environment says, that its background is light; dark where nobody knows."""
    if tty.background is not None:
        red, green, blue = tty.background
        return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
    told = os.environ.get("COLORFGBG", "").rpartition(";")[2]  # set by rxvt, Konsole and others
    return told in ("7", "15")


def measure(text: str) -> int | None:
    """How many cells this terminal takes for `text`, drawn for a moment on the current line and wiped off."""
    tty.question_at = None
    column = _answer(f"{text}\x1b[6n")
    return None if column is None else column - 1


def _answer(asking: str = "", *, wait: bool = True) -> int | None:
    """The column after a text at the left edge, 1-based; `None` when the terminal is silent."""
    if sys.platform == "win32":
        return None
    own = tty.attributes is None
    if own and not modes.enter():
        return None
    try:
        if tty.question_at is None:
            data = f"\r{asking or question()}\r\x1b[K".encode()
            if modes.write_now(data, PATIENCE) < len(data):
                return None
            question_sent()
        until = (tty.question_at or 0.0) + PATIENCE
        tty.question_at = None
        column = _read_answer(until if wait else 0.0)
        _read_rest()
        return column
    finally:
        if own:
            modes.restore_terminal(drawn=False)


def _read_answer(until: float) -> int | None:
    data = tty.typed_ahead
    while True:
        found = _ANSWER.search(data)
        if found is not None:
            column = int(found[2])
            del data[found.start() : found.end()]
            return column
        rest = until - time.monotonic()
        try:
            if not select.select((tty.input,), (), (), max(rest, 0.0))[0] or len(data) > 65536:
                return None
            more = os.read(tty.input, 4096)
        except (OSError, ValueError):
            return None
        if not more:
            return None
        data += more


def _read_rest() -> None:
    """Take in what else was answered; it came before the column, or not at all."""
    data = tty.typed_ahead
    who = _WHO.search(data)
    if who is not None:
        kind, version = int(who[1]), int(who[2])
        tty.intermediary = _BETWEEN.get((kind, version)) or _BETWEEN.get((kind, None)) or ""
        del data[who.start() : who.end()]
    colour = _COLOUR.search(data)
    if colour is not None:
        red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in colour.groups())
        tty.background = (red, green, blue)
        del data[colour.start() : colour.end()]
