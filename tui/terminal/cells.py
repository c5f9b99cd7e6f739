"""The picture: a grid of cells, and a reader of what Textual writes that understands nothing else.

A whitelist: printable text, SGR, cursor position, carriage return, line feed and erase are understood; every
other sequence and every control, bidi or invisible character is dropped here and can never reach a terminal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

from checks.wrap import char_width

BOLD, DIM, ITALIC, UNDERLINE, BLINK, REVERSE, CONCEAL, STRIKE, DOUBLE, OVERLINE = (1 << n for n in range(10))
SWITCH_ON = {BOLD: 1, DIM: 2, ITALIC: 3, UNDERLINE: 4, BLINK: 5, REVERSE: 7, CONCEAL: 8, STRIKE: 9,
             DOUBLE: 21, OVERLINE: 53}  # fmt: skip
SWITCH_OFF = {22: BOLD | DIM, 23: ITALIC, 24: UNDERLINE | DOUBLE, 25: BLINK, 27: REVERSE, 28: CONCEAL, 29: STRIKE,
              55: OVERLINE}  # fmt: skip
"""The SGR parameter that sets each attribute, and the attributes that each of the others clears."""
_ON = {code: bit for bit, code in SWITCH_ON.items()} | {6: BLINK}
_SEEN_ON_BLANK = UNDERLINE | BLINK | REVERSE | STRIKE | DOUBLE | OVERLINE
MAX_MARKS = 4


class Pen(NamedTuple):
    """How a cell is drawn: colours as SGR parameters (empty: the terminal's own) and attribute bits."""

    fg: str = ""
    bg: str = ""
    attrs: int = 0


PLAIN = Pen()
Cell: TypeAlias = tuple[str, Pen]
"""A character with its marks, and its pen; the right half of a wide character has the text ''."""
Row: TypeAlias = list[Cell]

_TOKEN = re.compile(
    "(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<params>[0-9;:]*)(?P<final>[mHfJKG])"
    "|(?P<newline>\n)|(?P<return>\r)"
    "|[\x1b\x9b]\\[?[0-?]*[ -/]*[@-~]?|.",  # whatever else: a sequence or a single character, dropped
    re.DOTALL,
)
_STRING = re.compile(
    "(?:\x1b[]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c|(?=\x1b)|$)"
)
_INVISIBLE = re.compile(
    "[\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)


class Screen:
    """A grid of cells with a cursor and a pen, fed with what Textual writes.

    `width_of` says how many cells the writer of the text took a character for; `swap` gives another
    character of one cell in place of one that must not be shown.
    """

    def __init__(
        self,
        columns: int,
        rows: int,
        *,
        width_of: Callable[[str], int] = char_width,
        grows: frozenset[str] = frozenset(),
        swap: Callable[[str], str] | None = None,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.grid: list[Row] = [[(" ", PLAIN)] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.pen = PLAIN
        self._width_of = width_of
        self._grows = grows
        self._swap = swap

    def feed(self, data: str) -> None:
        """Draw what was written. A sequence must not be split between two calls."""
        for match in _TOKEN.finditer(_STRING.sub("", data)):
            kind = match.lastgroup
            if kind == "text":
                self.put(match["text"])
            elif kind == "final":
                self._control(match["params"], match["final"])
            elif kind == "newline":
                self.y = min(self.y + 1, self.rows - 1)
                self.x = 0
            elif kind == "return":
                self.x = 0

    def _control(self, params: str, final: str) -> None:
        if final == "m":
            self.pen = pen_after(self.pen, params)
        elif final in "Hf":
            row, _, column = params.partition(";")
            self.y = _bounded(row, self.rows)
            self.x = _bounded(column, self.columns)
        elif final == "G":
            self.x = _bounded(params, self.columns)
        elif final == "K" and params in ("", "0"):
            self._blank(self.y, min(self.x, self.columns))
        elif final == "J" and params in ("", "0", "2"):
            first = self.y if params != "2" else 0
            self._blank(first, min(self.x, self.columns) if params != "2" else 0)
            for y in range(first + 1, self.rows):
                self._blank(y, 0)

    def _blank(self, y: int, x: int) -> None:
        row = self.grid[y]
        self._mend(row, x, self.columns)
        row[x:] = [(" ", PLAIN._replace(bg=self.pen.bg))] * (self.columns - x)

    def put(self, text: str) -> None:
        """Write text at the cursor; what does not fit in the row is cut off."""
        pen = self.pen
        if text.isascii():
            after = self.x + len(text)
            if self.x < self.columns:
                blank = (" ", blank_pen(pen))
                self._place([blank if char == " " else (char, pen) for char in text[: self.columns - self.x]])
            self.x = after
            return
        cells: Row = []
        origin = self.x
        joined = False
        last = ""  # the last character that took cells, for U+FE0F
        width_of, swap, grows = self._width_of, self._swap, self._grows
        for char in text:
            if joined:  # the writer counts what follows a joiner as part of the character before
                joined = False
                continue
            if char == "\u200d":
                joined = True
                continue
            if char == "\ufe0f":
                if last and last in grows:
                    cells.append((" ", blank_pen(pen)))
                last = ""
                continue
            width = width_of(char)
            if width == 0:
                self._mark(cells, origin, char)
                continue
            last = char
            if char == " " or char == "\u3000":
                cells += [(" ", blank_pen(pen))] * width
                continue
            if char > "\x7f":
                char = _shown(char, width)
                if swap is not None and width == 1:
                    char = swap(char)
            cells.append((char, pen))
            if width == 2 and char != " ":
                cells.append(("", pen))
            elif width == 2:
                cells.append((" ", blank_pen(pen)))
        after = origin + len(cells)
        if after > self.columns:
            cells = cells[: max(self.columns - origin, 0)]
            if cells and _is_torn(cells, width_of):
                cells[-1] = (" ", blank_pen(pen))
        if cells:
            self._place(cells)
        self.x = after

    def _mark(self, cells: Row, origin: int, char: str) -> None:
        """Put a combining mark on the character before, if it is one and there is one."""
        if _INVISIBLE.match(char) or unicodedata.category(char) in ("Cf", "Cc"):
            return
        row = cells if cells else self.grid[self.y][: min(origin, self.columns)]
        at = len(row) - 1
        while at >= 0 and row[at][0] == "":
            at -= 1
        if at < 0 or row[at][0] == " " or len(row[at][0]) > MAX_MARKS:
            return
        marked = (row[at][0] + char, row[at][1])
        if cells:
            cells[at] = marked
        else:
            self.grid[self.y][at] = marked

    def _place(self, cells: Row) -> None:
        row, x = self.grid[self.y], self.x
        end = x + len(cells)
        self._mend(row, x, end)
        row[x:end] = cells
        self.x = end

    def _mend(self, row: Row, x: int, end: int) -> None:
        """Blank the halves that are left of wide characters cut in two by writing from `x` to `end`."""
        if x < self.columns and row[x][0] == "" and x > 0:
            row[x - 1] = (" ", blank_pen(row[x - 1][1]))
        if end < self.columns and row[end][0] == "":
            row[end] = (" ", blank_pen(row[end][1]))


def _is_torn(cells: Row, width_of: Callable[[str], int]) -> bool:
    """Whether the last cell kept is the left half of a wide character whose right half was cut off."""
    char = cells[-1][0][:1]
    return bool(char) and char != " " and width_of(char) == 2


def _bounded(number: str, limit: int) -> int:
    """The 0-based coordinate of a 1-based parameter, within the screen."""
    value = int(number) if number.isdecimal() and len(number) < 6 else 1
    return min(max(value, 1), limit) - 1


@cache
def _shown(char: str, width: int) -> str:
    """The character, or a question mark for one that is no character or would steer the terminal."""
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or (ord(char) & 0xFFFE) == 0xFFFE:
        return "-" if char == "\u00ad" else "?" if width == 1 else " "
    return " " if category == "Zs" else char


@lru_cache(maxsize=4096)
def blank_pen(pen: Pen) -> Pen:
    """The pen of a blank drawn with `pen`: only what can be seen on it, so that equal looks compare equal."""
    seen = pen.attrs & _SEEN_ON_BLANK
    if not seen:
        return PLAIN if not pen.bg else Pen("", pen.bg, 0)
    return Pen(pen.fg, pen.bg, pen.attrs & (_SEEN_ON_BLANK | BOLD | DIM))


@lru_cache(maxsize=4096)
def pen_after(pen: Pen, params: str) -> Pen:
    """The pen after an SGR sequence; parameters that are not understood change nothing."""
    fg, bg, attrs = pen
    codes = [int(part) if part.isdecimal() and len(part) < 4 else 0 for part in re.split("[;:]", params)]
    at = 0
    while at < len(codes):
        code = codes[at]
        at += 1
        if code == 0:
            fg, bg, attrs = "", "", 0
        elif code in _ON:
            attrs |= _ON[code]
        elif code in SWITCH_OFF:
            attrs &= ~SWITCH_OFF[code]
        elif code in (38, 48):
            size = {5: 2, 2: 4}.get(codes[at] if at < len(codes) else 0, 1)
            rest = codes[at : at + size]
            at += size
            if len(rest) == size and size > 1 and all(0 <= value <= 255 for value in rest):
                colour = ";".join(map(str, [code, *rest]))
                fg, bg = (colour, bg) if code == 38 else (fg, colour)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            fg = str(code)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            bg = str(code)
        elif code == 39:
            fg = ""
        elif code == 49:
            bg = ""
    return Pen(fg, bg, attrs)
