"""The one widget: it shows a frame, sends only the lines that changed, and reports clicks."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from checks.shown import show
from checks.wrap import cell_width
from tui.styles.themes import style
from tui.widgets.frame import Frame, Row

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Canvas(Widget, can_focus=False, inherit_bindings=False):
    """Shows a `Frame`. Nothing in a frame is ever read as markup."""

    class Pressed(Message):
        """A click at a column and line; `act` is what stands there, `twice` a double click."""

        def __init__(self, act: str, x: int, y: int, twice: bool) -> None:
            super().__init__()
            self.act, self.x, self.y, self.twice = act, x, y, twice

    class Wheel(Message):
        """The wheel turned by so many lines."""

        def __init__(self, lines: int, x: int) -> None:
            super().__init__()
            self.lines, self.x = lines, x

    def __init__(self) -> None:
        super().__init__()
        self._frame = Frame(())
        self._theme = "dark"
        self._rendered: dict[Row, str] = {}

    @property
    def picture(self) -> Frame:
        """What is shown."""
        return self._frame

    def present(self, frame: Frame, theme: str) -> None:
        """Show `frame`; only lines that differ from the last one are drawn again."""
        old, self._frame = self._frame, frame
        show = getattr(self.app._driver, "show", None)
        if show is not None:
            known = self._rendered if theme == self._theme else {}
            self._theme, console = theme, self.app.console
            lines = [known.get(row) or self._strip(row).render(console) for row in frame.rows]
            self._rendered = dict(zip(frame.rows, lines, strict=True))
            show(lines)
        elif theme != self._theme or len(old.rows) != len(frame.rows):
            self._theme = theme
            self.refresh()
        else:
            changed = [y for y, row in enumerate(frame.rows) if row != old.rows[y]]
            if not changed and frame.cursor != old.cursor:
                changed = [frame.cursor[1]]  # a cursor only moves together with a drawn line
            width = self.size.width
            if changed:
                self.refresh(*(Region(0, y, width, 1) for y in changed))
        if frame.cursor != self.app.cursor_position:
            self.app.cursor_position = Offset(*frame.cursor)

    def render_line(self, y: int) -> Strip:
        """One line of the frame."""
        rows = self._frame.rows
        if y >= len(rows):
            return Strip.blank(self.size.width, style(self._theme, "text"))
        return self._strip(rows[y])

    def _strip(self, row: Row) -> Strip:
        segments = []
        cells = 0
        for span in row:
            text = show(span.text, 1000) if _CONTROL.search(span.text) else span.text
            cells += cell_width(text)
            segments.append(Segment(text, style(self._theme, span.role)))
        return Strip(segments, cells)

    def act_at(self, x: int, y: int) -> str:
        """What a click at that place does."""
        if y >= len(self._frame.rows):
            return ""
        at = 0
        for span in self._frame.rows[y]:
            at += cell_width(span.text)
            if x < at:
                return span.act
        return ""

    def on_click(self, event: events.Click) -> None:
        """Tell what was clicked."""
        event.stop()
        self.post_message(self.Pressed(self.act_at(event.x, event.y), event.x, event.y, event.chain > 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Tell that the wheel turned."""
        event.stop()
        self.post_message(self.Wheel(3, event.x))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Tell that the wheel turned."""
        event.stop()
        self.post_message(self.Wheel(-3, event.x))
