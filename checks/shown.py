"""Outside text made visible and harmless: the one place between data and any screen.

The characters and the reasons: Unicode UAX #9 (bidirectional controls), UAX #31 (invisible ones), ECMA-48 (controls).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

MAX_MARKS = 4
"""Combining marks kept on one base character; more only serve to paint over other lines."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SPELLED = frozenset(("Cf", "Cs", "Co", "Zl", "Zp"))
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that draw nothing: two names may differ in them alone."""


def show(text: str, limit: int = 200) -> str:
    """`text` on one line, with every control, bidi and invisible character spelled out, at most `limit` long.

    Ideographic variation selectors (U+E0100 to U+E01EF) stay: they are part of Japanese names.
    Longer text loses its middle, so that both ends can still be compared by eye.
    """
    limit = max(0, limit)
    cut = len(text) > 4 * limit
    if cut:
        text = text[: 2 * limit] + text[len(text) - 2 * limit :]
    if text.isascii():
        text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    else:
        text = unicodedata.normalize("NFC", _few_marks(text, _spell))
    if cut or len(text) > limit:
        if limit < 4:
            return text[:limit]
        head = (limit - 2) // 2
        text = text[:head] + ".." + _few_marks(text[len(text) - (limit - 2 - head) :], str)
    return text


def show_lines(text: str, limit: int = 4000) -> str:
    """Like `show`, but line breaks and nothing else stay: for notes and other text of several lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")[: 2 * limit].split("\n")
    shown = "\n".join(show(line, limit) for line in lines)
    if len(shown) <= limit:
        return shown
    return shown[: limit - 2] + ".." if limit >= 4 else shown[: max(0, limit)]


@lru_cache(maxsize=4096)
def _spell(char: str) -> str:
    """The character, or its number where it steers, hides or is none."""
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return f"\\x{code:02x}"
    none = (code & 0xFFFE) == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    # Reserved for characters that draw nothing: Default_Ignorable_Code_Point of Unicode, but for the selectors of names.
    none = none or code == 0x2065 or 0xFFF0 <= code <= 0xFFF8
    none = none or (0xE0000 <= code <= 0xE0FFF and not 0xE0100 <= code <= 0xE01EF)
    if none or char in _BLANK_LETTERS or unicodedata.category(char) in _SPELLED:
        return f"<U+{code:04X}>"
    return char


def _few_marks(text: str, spell: Callable[[str], str]) -> str:
    """The characters spelled, with at most `MAX_MARKS` marks each, and no mark without a character of its own."""
    kept: list[str] = []
    marks = MAX_MARKS
    for char in text:
        spelled = spell(char)
        if len(spelled) > 1:
            marks = MAX_MARKS
        else:
            marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
            if marks > MAX_MARKS:
                continue
        kept.append(spelled)
    return "".join(kept)


_STEERING = "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]"


def inert_json(document: str) -> str:
    """A JSON text with every character that steers a terminal or hides written as its escape: the same document.

    JSON itself escapes only what is below U+0020; the others can stand in strings alone.
    """
    return re.sub(_STEERING, _escape, document)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
