"""The one widget: it shows a frame and sends only the lines that changed."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.segment import Segment
from textual import events
from textual._time import get_time
from textual.app import ComposeResult
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from checks.shown import show
from checks.wrap import cell_width
from tui.styles.themes import style
from tui.widgets.frame import Frame, Row

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Canvas(Widget, can_focus=False, inherit_bindings=False):
    """Shows a `Frame`. Nothing in a frame is ever read as markup."""

    def __init__(self, pointed: Callable[[events.MouseEvent], None]) -> None:
        super().__init__()
        self._pointed = pointed
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

    def when_out(self, out: Callable[[float], None]) -> None:
        """Have `out` called with the time from which the terminal has the picture; only our own driver knows it."""
        after_frame = getattr(self.app._driver, "after_frame", None)
        if after_frame is not None:
            after_frame(out)
        else:
            out(get_time())

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

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Not from a driver: the application takes those first."""
        event.stop()
        self._pointed(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """As above."""
        event.stop()
        self._pointed(event)


class Board(Screen[None], inherit_bindings=False):
    """The only Textual screen; our own views take turns on its canvas."""

    CSS = "Board { layers: base; overflow: hidden; } Canvas { width: 100%; height: 100%; }"
    ALLOW_SELECT = False

    def __init__(self, canvas: Canvas, ready: Callable[[], None]) -> None:
        super().__init__(id="_default")
        self._picture, self._begun = canvas, ready

    def compose(self) -> ComposeResult:
        """One widget."""
        yield self._picture

    def on_mount(self) -> None:
        """Tell that pictures can be shown."""
        self._begun()
