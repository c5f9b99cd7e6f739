"""Outside text made visible and harmless: the one place between data and any screen.

The characters and the reasons: Unicode UAX #9 (bidirectional controls), UAX #31 (invisible ones), ECMA-48 (controls).
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 4
"""Combining marks kept on one base character; more only serve to paint over other lines."""

_NAMED = re.compile(
    "[\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff\ue000-\uf8ff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def show(text: str, limit: int = 200) -> str:
    """`text` on one line, with every control, bidi and invisible character spelled out, at most `limit` long.

    Ideographic variation selectors (U+E0100 to U+E01EF) stay: they are part of Japanese names.
    Longer text loses its middle, so that both ends can still be compared by eye.
    """
    if len(text) > 4 * limit:
        text = text[: 2 * limit] + text[-2 * limit :]
        cut = True
    else:
        cut = False
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = _NAMED.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
        text = _few_marks(text)
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    if len(text) > limit or cut:
        head = (limit - 2) // 2
        text = text[:head] + ".." + text[len(text) - (limit - 2 - head) :]
    return text


def show_lines(text: str, limit: int = 4000) -> str:
    """Like `show`, but line breaks and nothing else stay: for notes and other text of several lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")[: 2 * limit].split("\n")
    shown = "\n".join(show(line, limit) for line in lines)
    return shown if len(shown) <= limit else shown[: limit - 2] + ".."


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)
