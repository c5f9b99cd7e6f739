"""The picture of the main screen: the panes, and under them what is next, the message or the filter, the keys that matter now."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from checks.text import Text
from checks.wrap import cell_width
from tui import wording
from tui.commands import BY_ID, key_label
from tui.desk import Desk
from tui.terminal.glyphs import Glyphs
from tui.widgets import bars, tree
from tui.widgets.detail import detail
from tui.widgets.frame import Frame, Row, Span, clip, columns, inactive, paragraph, window

if TYPE_CHECKING:
    from tui.screens.main import Main

MORE_BELOW = Text("続きがあります (PageDown)", "More below (PageDown)")
FILTER_ON = Text("絞込「{text}」 {count}件 (Escで解除)", 'Filter "{text}": {count} (Esc clears)')
PROBLEMS_ON = Text("問題だけを表示中 (fで解除)", "Problems only (f shows all)")
LEAVE_WORD = Text("やめる", "cancel")
WELCOME_TITLE = Text("ようこそ", "Welcome")
WELCOME = (
    Text(
        "{service}で申請する前の準備を、全{count}ステップで確かめます。",
        "Prepare in {count|step} before you apply through {service}.",
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

TWO_PANES = 80
FRAMED = 18
"""Lines from which the panes have a frame."""
WIDE = 100
"""Columns from which the tree gets more than what it needs."""


def draw(main: Main, width: int, height: int) -> Frame:
    """The whole screen. While a key is held the right pane may be of an earlier line: on a thin line it would be most of what is sent."""
    desk, now = main.desk, time.monotonic()
    main.waits = main.cursor_rest.wait(now)
    main.two_panes = width >= TWO_PANES
    above: list[Row] = [bars.header(desk, width), bars.progress_line(desk, width)]
    if height >= 16 or desk.progress.refusal is not None:
        above += bars.notices(desk, width)
    below = _foot(main, width, height)
    framed = height >= FRAMED
    room = height - len(above) - len(below) - (2 if framed else 0)
    body, cursor = _body(main, width, max(1, room), framed)
    spot = (cursor[0], len(above) + cursor[1])
    if main.field is not None:
        x = 1 + cell_width(desk.t(wording.FILTER)) + main.field.view(max(4, width - 20), desk.data)[1]
        spot = (min(width - 1, x), height - 2)
    rows = (*above, *body, *below)
    main.cursor_rest.drawn(now, whole=main.waits is None)
    return Frame(rows[:height], spot, again=main.waits)


def _body(main: Main, width: int, room: int, framed: bool) -> tuple[list[Row], tuple[int, int]]:
    """The panes with their frame, and the cursor's place among these lines."""
    inner = width - (2 if framed else 0)
    left = 37 if width < WIDE else min(60, width * 2 // 5) if main.two_panes else inner
    right = inner - left - 1 if main.two_panes else inner
    edge, down = (1, 1) if framed else (0, 0)
    main.split = edge + left
    show_right = main.two_panes or main.reading or main.form is not None
    tree_rows, tree_y = _tree_rows(main, left, room) if main.two_panes or not show_right else ([], 0)
    cursor = (edge, down + tree_y)
    detail_rows: list[Row] = []
    if show_right:
        detail_rows, spot = _right(main, right - 2, room)
        detail_rows = [(Span(" "), *row) for row in detail_rows]
        if main.form is not None or main.reading:
            cursor = (edge + (left + 1 if main.two_panes else 0) + 1 + spot[0], down + spot[1])
    shown = detail_rows if show_right else tree_rows
    parts = [(tree_rows, left), (detail_rows, right)] if main.two_panes else [(shown, inner)]
    return side_by_side(main.desk.glyphs, parts, room, framed=framed), cursor


def _tree_rows(main: Main, width: int, room: int) -> tuple[list[Row], int]:
    nodes = main.place.nodes()
    main.page = room
    if not nodes:
        return [(Span(" " + main.desk.t(wording.NO_MATCH), "muted"),)], 0
    at = main.place.index(nodes)
    main.tree_top = window(len(nodes), room, at, main.tree_top)
    shown = nodes[main.tree_top : main.tree_top + room]
    focused = not main.reading and main.form is None
    return tree.draw(main.desk, shown, at - main.tree_top, width, focused=focused), at - main.tree_top


def _right(main: Main, width: int, room: int) -> tuple[list[Row], tuple[int, int]]:
    """The lines of the right pane that are to be seen, and the cursor's place in them."""
    desk = main.desk
    if main.form is not None:
        rows, (x, y) = main.form.draw(width)
        main.top = window(len(rows), room, y, main.top)
        return rows[main.top : main.top + room], (x, y - main.top)
    known, shown = main.beside
    if main.waits is not None and known == (width, room):
        # Of another line: to be read, but a click there would do its word to the selected one.
        return [inactive(row) for row in shown], (0, 0)
    if main.welcome:
        rows = welcome(desk, width, room)
    else:
        node = main.node
        rows = detail(desk, node, width) if node is not None else []
    main.lines = len(rows)
    main.top = max(0, min(main.top, len(rows) - room))
    shown = rows[main.top : main.top + room]
    if main.top + room < len(rows):
        more = clip((Span(desk.t(MORE_BELOW), "muted", "page pagedown"),), width)
        shown = [*shown[: room - 1], more]
    main.beside = (width, room), shown
    return shown, (0, 0)


def _foot(main: Main, width: int, height: int) -> list[Row]:
    """The lines under the panes. On a high screen what is next and the message are both whole."""
    message = _message(main, width, height)
    # Two lines for what is next take the message's line while it is free, else one of the panes'.
    following = bars.next_lines(main.desk, width, 2 if message is None or height >= 20 else 1, *_next(main))
    if message is None and len(following) == 1:
        message = [clip((), width)]
    return [*following, *(message or ()), _keys(main, width)]


def _next(main: Main) -> tuple[str, str]:
    """The key that leads to what is next, and is true where the cursor is; and what a click does."""
    desk, following = main.desk, main.desk.progress.next
    if following is None:
        return "", ""
    if main.form is not None or main.field is not None:
        return "", "following"
    if following.step == 0:
        return "c", "case"
    if following.id == main.place.cursor:
        if following.id in desk.guide.questions:
            return key_label("space", desk.arrows), "answer"
        return "r", "recheck"
    return ("n" if main.place.open_item(1) == following.id else BY_ID["following"].keys[0]), "following"


def _message(main: Main, width: int, height: int) -> list[Row] | None:
    """The field of the filter, the message, or what narrows the list; None when there is nothing to say."""
    desk = main.desk
    if main.field is not None:
        text, _ = main.field.view(max(4, width - 20), desk.data)
        field = Span(text or " ", "input")
        return [clip((Span(" " + desk.t(wording.FILTER), "title"), field), width)]
    if desk.message is not None:
        return bars.message_lines(desk, width, height)
    if main.place.filter:
        count = sum(node.item is not None for node in main.place.nodes())
        said = desk.t(FILTER_ON, text=main.place.filter, count=count)
    elif main.place.problems:
        said = desk.t(PROBLEMS_ON)
    else:
        return None
    return [clip((Span(" " + said, "notice"),), width)]


def _keys(main: Main, width: int) -> Row:
    desk = main.desk
    if main.form is not None or main.field is not None:
        entries = [bars.key_entry(desk, "enter", wording.TAKE_WORD), bars.entry(desk, "back", LEAVE_WORD)]
        return bars.keys_line(width, entries, bars.leaving(desk, typing=main.typing)[1:])
    names = ("back", "move", "answer", "recheck", "explain", "copy", "link", "page")
    return bars.footer(desk, width, names if main.reading else None)


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
        values = {"contact": desk.contact, "service": desk.guide.title, "count": len(desk.guide.steps)}
        parts.append(paragraph(desk.t(text, **values), width, hang=hang))
    loose = sum(map(len, parts)) + len(parts) <= room + 1
    return [row for part in parts for row in (*part, *(((),) if loose else ()))]
