"""The panes of the main screen beside each other in their frame, and what the right one says at the first start."""

from __future__ import annotations

from collections.abc import Sequence

from checks.text import Text
from tui.desk import Desk
from tui.terminal.glyphs import Glyphs
from tui.widgets.frame import Row, Span, columns, paragraph

WELCOME_TITLE = Text("ようこそ", "Welcome")
WELCOME = (
    Text(
        "{service}で申請する前の準備を、全{count}ステップで確かめます。",
        "{count|step} of preparation before you apply through {service}.",
    ),
    Text(
        "1. cキーで申請の内容を答えます。必要な準備だけが残ります。",
        "1. Press c and describe your application. Only what you need stays on the list.",
    ),
    Text(
        "2. nキーで次の項目へ進み、Spaceで回答します。", "2. Press n for the next item and Space to answer."
    ),
    Text(
        "3. Rキーで検査します。PCの中の検査は自動で始まります。",
        "3. Press R to run the checks. Checks within this PC start automatically.",
    ),
    Text(
        "検査で接続するのは{contact}だけで、始める前に確認します。",
        "Checks connect only to {contact}, and ask you first.",
    ),
    Text(
        "回答はそのつど保存され、次回は続きから始まります。暗証番号は尋ねません。",
        "Every answer is saved at once, and you resume where you left off. You are never asked for a PIN.",
    ),
)

WIDE = 100
"""Columns from which the tree gets more than what it needs."""


def left_width(width: int) -> int:
    """Cells of the tree on a screen of `width` columns."""
    return 37 if width < WIDE else min(60, width * 2 // 5)


def side_by_side(
    glyphs: Glyphs, parts: Sequence[tuple[Sequence[Row], int]], room: int, *, framed: bool
) -> list[Row]:
    """Panes of given widths, `room` lines of them, with a line between and, if `framed`, around them."""
    bar = Span(glyphs.bar_line, "rule")
    rows = columns(parts, room, bar)
    if not framed:
        return rows

    above, below = ("+++", "+++") if glyphs.name == "safe" else ("┌┬┐", "└┴┘")

    def edge(corners: str) -> Row:
        line = corners[1].join(glyphs.rule * cells for _, cells in parts)
        return (Span(corners[0] + line + corners[2], "rule"),)

    return [edge(above), *((bar, *row, bar) for row in rows), edge(below)]


def welcome(desk: Desk, width: int, room: int) -> list[Row]:
    """What a first run is told, with empty lines between the paragraphs where there is room for them."""
    parts: list[list[Row]] = [[(Span(desk.t(WELCOME_TITLE), "title"),)]]
    for text in WELCOME:
        hang = 3 if text.ja[0].isdecimal() else 0
        parts.append(
            paragraph(
                desk.t(text, contact=desk.contact, service=desk.guide.title, count=len(desk.guide.steps)),
                width,
                hang=hang,
            )
        )
    loose = sum(map(len, parts)) + len(parts) <= room + 1
    return [row for part in parts for row in (*part, *(((),) if loose else ()))]
