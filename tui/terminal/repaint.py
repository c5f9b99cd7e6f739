"""From one picture to the next in few bytes: only changed cells, short moves, short colour changes.

The only place where bytes for the terminal are made. Wide characters are written where an absolute move put
them; after a character whose width terminals disagree about, the cursor is placed anew.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from tui.terminal.cells import BOLD, CONCEAL, DIM, ITALIC, PLAIN, SWITCH_OFF, SWITCH_ON, Cell, Pen, Row


class Encoder:
    """Remembers where the terminal's cursor and pen are while pictures are turned into bytes.

    `erase_paints`: the terminal fills erased cells with the background colour (GNU screen does not).
    `ambiguous_narrow`: this terminal was measured to draw ambiguous characters in one cell.
    """

    def __init__(self, *, erase_paints: bool = True, ambiguous_narrow: bool = False) -> None:
        self.pen: Pen | None = None
        self.at: tuple[int, int | None] | None = None
        """The cursor as (row, column), each `None` where not known."""
        self._erase_paints = erase_paints
        self._ambiguous_narrow = ambiguous_narrow
        self._out: list[str] = []

    def frame(self, shown: list[Row] | None, wanted: list[Row], cursor: tuple[int, int]) -> str:
        """What turns the picture `shown` (`None`: unknown) into `wanted`, the cursor at (column, row) then."""
        if shown is None:
            base = self._clear(wanted)
            shown = [[base] * len(row) for row in wanted]
        for y, (old, new) in enumerate(zip(shown, wanted, strict=True)):
            if old is not new and old != new:
                self._row(y, old, new)
        x, y = cursor
        if self.at != (y, x):
            self._move(y, x)
        text = "".join(self._out)
        self._out.clear()
        return text

    def forget(self) -> None:
        """Nothing is known any more about the terminal's cursor and pen."""
        self.pen = self.at = None

    def _clear(self, wanted: list[Row]) -> Cell:
        """Clear the screen in the background most blanks have; returns the cell it consists of now."""
        background = ""
        if self._erase_paints:
            counts: dict[Pen, int] = {}
            for row in wanted:
                for char, pen in row:
                    if char == " " and not pen.attrs:
                        counts[pen] = counts.get(pen, 0) + 1
            if counts:
                background = max(counts, key=lambda pen: counts[pen]).bg
        base = Pen("", background, 0)
        self._out.append("\x1b[m" + (f"\x1b[{background}m" if background else "") + "\x1b[2J")
        self.pen, self.at = base, None
        return (" ", base)

    def _row(self, y: int, old: Row, new: Row) -> None:
        changed = [a is not b and a != b for a, b in zip(old, new, strict=True)]
        columns = len(new)
        for x in range(1, columns):
            if changed[x] and new[x][0] == "":
                changed[x - 1] = True  # a wide character goes out whole
        tail = self._tail(new)
        x = 0
        while x < columns:
            if not changed[x]:
                x += 1
                continue
            char, pen = new[x]
            if x >= tail and sum(changed[x:]) >= 4:
                self._go(y, x, new)
                self._use(pen)
                self._out.append("\x1b[K")
                return
            if char == "":  # its left half was written just now
                x += 1
                continue
            if char == " " and not pen.attrs and (pen.bg == "" or self._erase_paints):
                run = _blank_run(new, x)
                if run > 12 and sum(changed[x : x + run]) > 12:
                    self._go(y, x, new)
                    self._use(pen)
                    self._out.append(f"\x1b[{run}X")
                    x += run
                    continue
            self._go(y, x, new)
            if char != " " or not self._suits(" ", pen):
                self._use(pen)
            x += self._cell(y, x, new, changed)

    def _cell(self, y: int, x: int, new: Row, changed: list[bool]) -> int:
        """Write the cell at `x`; returns how many cells it takes."""
        char = new[x][0]
        width = 2 if x + 1 < len(new) and new[x + 1][0] == "" else 1
        if _is_trusted(char, width, self._ambiguous_narrow):
            self._out.append(char)
            after = x + width
        else:
            if width == 2:  # where it is drawn narrow, its second cell must not keep what was there
                self._out.append(f"  \x1b[{x + 1}G")
            self._out.append(char)
            after = -1
            if x + width < len(new):
                changed[x + width] = True  # where it is drawn wide, the next cell is written over it
        self.at = (y, after) if 0 <= after < len(new) else (y, None)
        return width

    def _tail(self, row: Row) -> int:
        """Where the blanks of one background begin that end the row; beyond it when erasing cannot paint them."""
        last = row[-1]
        if last[0] != " " or last[1].attrs or (last[1].bg and not self._erase_paints):
            return len(row)
        x = len(row)
        while x > 0 and row[x - 1] == last:
            x -= 1
        return x

    def _go(self, y: int, x: int, row: Row) -> None:
        """Bring the cursor to a cell, by writing over what stands between where that is shortest."""
        if self.at == (y, x):
            return
        if self.at is not None and self.at[0] == y and self.at[1] is not None and 0 < x - self.at[1] <= 3:
            between = row[self.at[1] : x]
            if all(len(char) == 1 and char.isascii() and self._suits(char, pen) for char, pen in between):
                self._out.append("".join(char for char, _ in between))
                self.at = (y, x)
                return
        self._move(y, x)

    def _move(self, y: int, x: int) -> None:
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
        if self.at is not None:
            at_y, at_x = self.at
            if at_y == y:
                ways.append(f"\x1b[{x + 1}G" if x else "\r")
                if at_x is not None and x > at_x:
                    ways.append("\x1b[C" if x == at_x + 1 else f"\x1b[{x - at_x}C")
                elif at_x is not None and 0 < at_x - x < 4:
                    ways.append("\b" * (at_x - x))
            elif at_y + 1 == y and x == 0:
                ways.append("\r\n")
            elif at_y + 1 == y and x == at_x:
                ways.append("\x1b[B")
            elif at_y - 1 == y and x == at_x:
                ways.append("\x1b[A")
        self._out.append(min(ways, key=len))
        self.at = (y, x)

    def _use(self, pen: Pen) -> None:
        if pen != self.pen:
            self._out.append(_between(self.pen, pen))
            self.pen = pen

    def _suits(self, char: str, pen: Pen) -> bool:
        """Whether the cell looks right in the pen at hand; of a blank only the background is seen."""
        now = self.pen
        if now is None or char != " " or pen.attrs:
            return now == pen
        return now.bg == pen.bg and not now.attrs & ~(BOLD | DIM | ITALIC | CONCEAL)


def _blank_run(row: Row, x: int) -> int:
    end = x
    while end < len(row) and row[end] == row[x]:
        end += 1
    return end - x


@lru_cache(maxsize=4096)
def _between(old: Pen | None, new: Pen) -> str:
    """The shortest SGR sequence from one pen to the other."""
    if old == new:
        return ""
    if new == PLAIN:
        return "\x1b[m"
    fresh = ["", *(str(code) for bit, code in SWITCH_ON.items() if new.attrs & bit)]
    fresh += [colour for colour in (new.fg, new.bg) if colour]
    whole = "\x1b[" + (";".join(fresh) if old != PLAIN else ";".join(fresh[1:])) + "m"
    if old is None or old == PLAIN:
        return whole if old is not None else "\x1b[0" + whole[2:]
    step: list[str] = []
    kept = old.attrs
    for off, bits in SWITCH_OFF.items():
        if old.attrs & bits & ~new.attrs:
            step.append(str(off))
            kept &= ~bits
    step += [str(code) for bit, code in SWITCH_ON.items() if new.attrs & bit & ~kept]
    if old.fg != new.fg:
        step.append(new.fg or "39")
    if old.bg != new.bg:
        step.append(new.bg or "49")
    part = "\x1b[" + ";".join(step) + "m"
    return min(part, whole, key=len)


@cache
def _is_trusted(char: str, width: int, ambiguous_narrow: bool) -> bool:
    """Whether every terminal moves on by `width` cells after this character."""
    if len(char) > 1:
        return False
    code = ord(char)
    if code < 0x7F:
        return True
    kind = unicodedata.east_asian_width(char)
    if width == 2:
        return kind in "WF" and (
            0x3001 <= code <= 0xD7A3 or 0xF900 <= code <= 0xFFE6 or 0x20000 <= code <= 0x3FFFD
        )
    if kind == "H":
        return True
    if kind == "A":
        return ambiguous_narrow and (code < 0x2600 or code >= 0x3000)
    return ambiguous_narrow and kind in ("N", "Na") and 0xA0 <= code < 0x2600
