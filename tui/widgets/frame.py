"""Pictures as data: lines of spans, each with a role and, where a click does something, an act. No Textual here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from checks.record import dataclass
from checks.wrap import cell_width, fit, graphemes, wrap

_width = lru_cache(maxsize=4_096)(cell_width)
"""Cells of a text that is shown: the same ones come again at every key, and measuring them took a quarter of a picture by the profile."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line. The text is already inert (`show`) and in the glyphs of the terminal (`substitute`)."""

    text: str
    role: str = "text"
    """What it means; the theme says how that looks."""
    act: str = ""
    """What a click on it does: a command's id, or a word of the view that drew it."""


Row: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole picture, and where the hardware cursor stands on it."""

    rows: tuple[Row, ...]
    cursor: tuple[int, int] = (0, 0)
    """Column and line."""
    again: float | None = None
    """Seconds after which it is to be drawn again because something in it waits."""


def act_at(frame: Frame, x: int, y: int) -> str:
    """What a click at that column and line does; empty where nothing is."""
    at = 0
    for span in frame.rows[y] if 0 <= y < len(frame.rows) else ():
        at += _width(span.text)
        if x < at:
            return span.act
    return ""


def width_of(row: Iterable[Span]) -> int:
    """Cells of a line."""
    return sum(_width(span.text) for span in row)


def clip(row: Iterable[Span], width: int, role: str = "text", act: str = "") -> Row:
    """The line in exactly `width` cells: cut with `..`, or filled up with blanks of `role`."""
    kept: list[Span] = []
    left = width
    for span in row:
        cells = _width(span.text)
        if cells > left:
            text = _cut(span.text, left)
            left -= _width(text)
            if text:
                kept.append(Span(text, span.role, span.act))
            break
        if span.text:
            kept.append(span)
        left -= cells
    if left > 0:
        kept.append(Span(" " * left, role, act))
    return tuple(kept)


def _cut(text: str, width: int) -> str:
    if width >= 4:
        return fit(text, width)
    kept, used = "", 0
    for chars, cells in graphemes(text):
        if used + cells > width:
            break
        kept += chars
        used += cells
    return kept


def between(left: Iterable[Span], right: Iterable[Span], width: int, role: str = "text") -> Row:
    """Two ends of one line; the left one is cut when there is no room for both."""
    right = tuple(right)
    room = max(0, width - width_of(right))
    return clip((*clip(left, room, role), *right), width, role)


def aligned(row: Iterable[Span], role: str) -> Row:
    """The line with every span in one role: the highlighted line."""
    return tuple(Span(span.text, role, span.act) for span in row)


def acting(row: Iterable[Span], act: str) -> Row:
    """The line with a click anywhere on it doing `act`, where a span has nothing of its own."""
    return tuple(Span(span.text, span.role, span.act or act) for span in row)


def inactive(row: Iterable[Span]) -> Row:
    """The line with a click on it doing nothing."""
    return tuple(Span(span.text, span.role) for span in row)


def paragraph(text: str, width: int, role: str = "text", *, indent: int = 0, hang: int = 0) -> list[Row]:
    """`text` broken by kinsoku rules into lines of at most `width` cells, all moved right by `indent`."""
    blank = " " * indent
    room = max(2, width - indent)
    return [
        (Span(blank + line if line else "", role),)
        for line in wrap(text, room, indent=hang if room > 12 else 0)
    ]


def steps(text: str, width: int, role: str = "text", *, indent: int = 0) -> list[Row]:
    """Like `paragraph`, but lines that begin with a number or a dash hang under their first word."""
    rows: list[Row] = []
    for line in text.split("\n"):
        head = re.match(r"(\d+[.)]|[-・])\s*", line)
        rows += paragraph(line, width, role, indent=indent, hang=_width(head[0]) if head else 0)
    return rows


def window(total: int, room: int, cursor: int, top: int) -> int:
    """The first line to show of `total` when `room` fit: one step scrolls by one line, a jump shows what is around it."""
    if total <= room:
        return 0
    if cursor < top - 1 or cursor > top + room:
        top = cursor - room // 3
    top = min(top, cursor)
    top = max(top, cursor - room + 1)
    return max(0, min(top, total - room))


def block(rows: Sequence[Row], width: int, height: int) -> list[Row]:
    """Exactly `height` lines of exactly `width` cells: cut, or filled up with blank ones."""
    return [clip(rows[y] if y < len(rows) else (), width) for y in range(height)]


def columns(parts: Sequence[tuple[Sequence[Row], int]], height: int, divider: Span) -> list[Row]:
    """Columns side by side, each of its own width, `height` lines."""
    first, *others = [block(rows, width, height) for rows, width in parts]
    for other in others:
        first = [(*left, divider, *right) for left, right in zip(first, other, strict=True)]
    return first
