"""The URL of an official page, as text and as a QR code. No browser is ever opened."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from checks.steps import Page
from checks.text import Text
from tui.commands import Key
from tui.desk import Desk
from tui.screens.view import Scroll
from tui.widgets import bars
from tui.widgets.frame import Frame, Row, Span, block, columns, paragraph, width_of

LINK_TITLE = Text("公式ページ", "Official page")
LINK_HELP = Text(
    "このURLを、お使いのPCやスマートフォンのブラウザーで開いてください。yでコピーできます。",
    "Please open this URL in the browser of your PC or phone. Press y to copy it.",
)
NO_QR = Text(
    "このURLのQRコードには{width}桁{height}行以上の画面が必要です。",
    "The QR code of this URL needs a screen of at least {width} by {height}.",
)
NO_QR_SAFE = Text(
    "このURLのQRコードには{width}桁{height}行以上の画面が必要です。罫線が半角で表示される端末なら、--glyphs narrow で半分の大きさになります。",
    "The QR code of this URL needs a screen of at least {width} by {height}. If your "
    "terminal draws frames one cell wide, --glyphs narrow makes it half as large.",
)

QUIET = 2
"""Empty modules around the code; the standard asks for four, readers need two where the frame is plain."""
BESIDE = 30
"""Columns that the text beside the code needs."""


class PageLink(Scroll):
    """One page."""

    heading = LINK_TITLE
    letters = " y"

    def __init__(self, desk: Desk, page: Page) -> None:
        super().__init__(desk)
        self.shown = page
        self.room = 0

    def draw(self, width: int, height: int) -> Frame:
        """The room for the code depends on the height, too; one that only just fits has the whole height."""
        self.room = height - 4
        code = self._code()
        if self.room < len(code) <= height and width - width_of(code[0]) >= BESIDE:
            return self._beside(code, width, height)
        return super().draw(width, height)

    def body(self, width: int) -> list[Row]:
        """The code on the left, title, URL and advice beside or above it."""
        desk = self.desk
        code = self._code()
        cells = width_of(code[0])
        if len(code) > self.room or cells > width:
            need = NO_QR if desk.glyphs.name == "narrow" else NO_QR_SAFE
            told = desk.t(need, width=cells + BESIDE, height=len(code))
            return [*self._text(width), (), *paragraph(told, width, "muted")]
        if width - cells >= BESIDE:
            text = self._text(width - cells - 2)
            lines = max(len(code), len(text))
            return columns(((code, cells), (text, width - cells - 2)), lines, Span("  "))
        text = self._text(width)
        return [*text, *code] if len(text) + len(code) <= self.room else [*code, *text]

    def _code(self) -> list[Row]:
        return qr_rows(self.shown.url, half_blocks=self.desk.glyphs.name == "narrow")

    def _beside(self, code: list[Row], width: int, height: int) -> Frame:
        """The code from the first line on, and everything else to its right."""
        desk, cells = self.desk, width_of(code[0])
        room = width - cells - 2
        below = [
            *bars.message_lines(desk, room, height),
            bars.keys_line(room, [bars.entry(desk, "copy")], bars.leaving(desk)),
        ]
        text = [bars.title_line(desk, room, self.title()), (), *self._text(room)]
        text = [*block(text, room, height - len(below)), *below]
        rows = columns(((code, cells), (text, room)), height, Span("  "))
        return Frame(tuple(rows), (cells + 2, 0))

    def _text(self, width: int) -> list[Row]:
        desk = self.desk
        rows: list[Row] = [*paragraph(desk.t(self.shown.title), width, "title"), ()]
        rows += paragraph(desk.data(self.shown.url, 600), width, "link")
        return [*rows, (), *paragraph(desk.t(LINK_HELP), width)]

    def keys(self) -> list[bars.Entry]:
        return [bars.entry(self.desk, "copy"), *super().keys()]

    def act(self, command: str, key: Key) -> bool:
        if command == "copy":
            self.desk.copy(self.shown.url)
            return True
        return super().act(command, key)


@lru_cache(maxsize=4)
def qr_rows(text: str, *, half_blocks: bool) -> list[Row]:
    """The code of `text` in black on white: two modules a cell where half blocks are one cell wide, else two cells
    a module."""
    import segno

    code = segno.make(text, error="l", micro=False)
    grid = [[bool(module) for module in row] for row in code.matrix_iter(border=QUIET)]
    if not half_blocks:
        return [_cells(row) for row in grid]
    if len(grid) % 2:
        grid.append([False] * len(grid[0]))
    pairs = (zip(grid[y], grid[y + 1], strict=True) for y in range(0, len(grid), 2))
    return [(Span("".join(" ▄▀█"[2 * upper + lower] for upper, lower in pair), "qr"),) for pair in pairs]


def _cells(row: list[bool]) -> Row:
    """Runs of blank cells, dark ones in reverse."""
    return tuple(Span("  " * len(list(run)), "qr-dark" if dark else "qr") for dark, run in groupby(row))
