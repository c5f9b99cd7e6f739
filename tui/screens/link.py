"""The URL of an official page, as text and as a QR code. No browser is ever opened."""

from __future__ import annotations

from checks.steps import Page
from tui import wording
from tui.commands import Key
from tui.desk import Desk
from tui.screens.view import Scroll
from tui.widgets import bars
from tui.widgets.frame import Frame, Row, Span, columns, paragraph, width_of

QUIET = 2
"""Empty modules around the code; the standard asks for four, readers need two where the frame is plain."""


class Link(Scroll):
    """One page."""

    def __init__(self, desk: Desk, page: Page) -> None:
        super().__init__(desk)
        self.shown = page
        self.room = 0

    def title(self) -> str:
        """The first line."""
        return self.desk.t(wording.LINK_TITLE)

    def draw(self, width: int, height: int) -> Frame:
        """The room for the code depends on the height, too."""
        self.room = height - 4
        return super().draw(width, height)

    def body(self, width: int) -> list[Row]:
        """The code on the left, title, URL and advice beside or above it."""
        desk = self.desk
        code = qr_rows(self.shown.url, half_blocks=desk.glyphs.name == "narrow")
        cells = width_of(code[0])
        if len(code) > self.room or cells > width:
            need = desk.t(wording.NO_QR, width=max(40, cells + 2), height=len(code) + 4)
            return [*self._text(width), (), *paragraph(need, width, "muted")]
        if width - cells >= 30:
            text = self._text(width - cells - 2)
            lines = max(len(code), len(text))
            return columns(((code, cells), (text, width - cells - 2)), lines, Span("  "))
        text = self._text(width)
        return [*text, *code] if len(text) + len(code) <= self.room else [*code, *text]

    def _text(self, width: int) -> list[Row]:
        desk = self.desk
        rows: list[Row] = [*paragraph(desk.t(self.shown.title), width, "title"), ()]
        rows += paragraph(desk.data(self.shown.url, 600), width, "link")
        return [*rows, (), *paragraph(desk.t(wording.LINK_HELP), width)]

    def keys(self) -> list[bars.Entry]:
        """Copying, too."""
        return [bars.entry(self.desk, "copy"), *super().keys()]

    def act(self, command: str, key: Key) -> bool:
        """Copy the URL."""
        if command == "copy":
            self.desk.copy(self.shown.url)
            return True
        return super().act(command, key)


def qr_rows(text: str, *, half_blocks: bool) -> list[Row]:
    """The code of `text` in black on white: two modules a cell where half blocks are one cell wide, else two cells
    a module."""
    import segno

    matrix = [[bool(module) for module in row] for row in segno.make(text, error="l", micro=False).matrix]
    blank = [False] * (len(matrix) + 2 * QUIET)
    grid = [blank[:] for _ in range(QUIET)]
    grid += [[*[False] * QUIET, *row, *[False] * QUIET] for row in matrix]
    grid += [blank[:] for _ in range(QUIET)]
    if not half_blocks:
        return [_cells(row) for row in grid]
    if len(grid) % 2:
        grid.append(blank[:])
    marks = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    return [
        (Span("".join(marks[pair] for pair in zip(grid[y], grid[y + 1], strict=True)), "qr"),)
        for y in range(0, len(grid), 2)
    ]


def _cells(row: list[bool]) -> Row:
    """Runs of blank cells, dark ones in reverse."""
    spans: list[Span] = []
    for dark in row:
        role = "qr-dark" if dark else "qr"
        if spans and spans[-1].role == role:
            spans[-1] = Span(spans[-1].text + "  ", role)
        else:
            spans.append(Span("  ", role))
    return tuple(spans)
