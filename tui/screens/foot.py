"""The lines under the panes of the main screen: what is next, the message or the filter, the keys that matter now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.text import Text
from checks.wrap import cell_width
from tui import wording
from tui.commands import key_label
from tui.desk import Desk
from tui.widgets import bars
from tui.widgets.editor import Editor
from tui.widgets.frame import Row, Span, clip

if TYPE_CHECKING:
    from tui.screens.main import Main

FILTER_ON = Text("絞込「{text}」 {count}件 (Escで解除)", 'Filter "{text}": {count} (Esc clears)')
PROBLEMS_ON = Text("要対応だけを表示中 (fで解除)", "Problems only (f shows all)")
LEAVE_WORD = Text("やめる", "leave")


def lines(main: Main, width: int, most: int, *, high: bool) -> list[Row]:
    """All of them; the message on at most `most`. On a `high` screen what is next and the message are both whole."""
    message = _message(main, width, most)
    # Two lines for what is next take the message's line while it is free, else one of the panes'.
    following = bars.next_lines(main.desk, width, 2 if message is None or high else 1, *_next(main))
    if message is None and len(following) == 1:
        message = [clip((), width)]
    return [*following, *(message or ()), _keys(main, width)]


def field_x(desk: Desk, field: Editor, width: int) -> int:
    """The column of the cursor in the filter's field."""
    return min(width - 1, 1 + cell_width(desk.t(wording.FILTER)) + field.view(max(4, width - 20))[1])


def _next(main: Main) -> tuple[str, str]:
    """The key that leads to what is next, and is true where the cursor is; and what a click does."""
    desk, following = main.desk, main.desk.progress.next
    if following is None:
        return "", ""
    if main.form is not None or main.field is not None:
        return "", "next"
    if following.step == 0:
        return "c", "case"
    if following.id == main.place.cursor:
        if following.id in desk.catalog.questions:
            return key_label("space", desk.lang, desk.arrows), "answer"
        return "r", "recheck"
    return ("n" if main.place.open_item(1) == following.id else ""), "next"


def _message(main: Main, width: int, most: int) -> list[Row] | None:
    """The field of the filter, the message, or what narrows the list; None when there is nothing to say."""
    desk = main.desk
    if main.field is not None:
        text, _ = main.field.view(max(4, width - 20))
        field = Span(desk.data(text) or " ", "input")
        return [clip((Span(" " + desk.t(wording.FILTER), "title"), field), width)]
    if desk.message is not None:
        return bars.message_lines(desk, width, most)
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
        entries = [
            bars.key_entry(desk, "enter", wording.TAKE_WORD),
            bars.entry(desk, "back", LEAVE_WORD),
        ]
        return bars.keys_line(desk, width, entries, bars.leaving(desk, typing=main.typing)[1:])
    if main.reading:
        names = ("back", "move", "answer", "recheck", "explain", "copy", "link", "page")
        return bars.footer(desk, width, names)
    return bars.footer(desk, width)
