"""The picture and its encoding: any change of any picture, against a foreign emulator.

Covers tui.terminal.repaint.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.wrap import widened_by_selector
from tui.terminal.cells import PLAIN, Pen, Row, Screen, blank_pen, pen_after
from tui.terminal.repaint import Encoder

COLUMNS, ROWS = 17, 4
SGR = st.sampled_from(
    ["0", "1", "2", "3", "4", "7", "9", "22", "24", "27", "31", "42", "38;5;200", "48;5;17", "38;2;1;2;3", "39", "49", "97", "100", "1;4;33;44", ""]
)  # fmt: skip
TEXT = st.text(st.sampled_from("ab #漢字ー。ｱ"), min_size=1, max_size=12)
STEP = st.one_of(
    TEXT,
    SGR.map(lambda codes: f"\x1b[{codes}m"),
    st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS)).map(lambda at: f"\x1b[{at[0]};{at[1]}H"),
    st.sampled_from(["\r", "\n", "\x1b[K", "\x1b[2J", "          "]),
)
FRAMES = st.lists(st.lists(STEP, max_size=12).map("".join), min_size=1, max_size=4)


class Emulated:
    """A terminal of the emulator, every cell written once so that it erases in colour."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.screen.reset_mode(pyte.modes.DECAWM)
        for y in range(ROWS):
            for x in range(COLUMNS):
                self.screen.buffer[y][x] = self.screen.buffer[y][x]
        self.stream = pyte.ByteStream(self.screen)

    def cells(self) -> list[list[tuple[Any, ...]]]:
        return [[self._looks(self.screen.buffer[y][x]) for x in range(COLUMNS)] for y in range(ROWS)]

    @staticmethod
    def _looks(cell: Any) -> tuple[Any, ...]:
        seen = (cell.bg, cell.underscore, cell.reverse, cell.strikethrough)
        visible = any(seen[1:]) or cell.data != " "
        return (cell.data, *seen, (cell.fg, cell.bold and cell.data != " ") if visible else None)


def wanted(grid: list[Row]) -> list[list[tuple[Any, ...]]]:
    """The picture as the emulator names it."""
    emulated = Emulated()
    for y, row in enumerate(grid):
        for x, (char, pen) in enumerate(row):
            if char:
                plain = Encoder()
                plain.pen = None
                emulated.stream.feed((f"\x1b[{y + 1};{x + 1}H\x1b[0m" + _sgr(pen) + char).encode())
    return emulated.cells()


def _sgr(pen: Pen) -> str:
    bits = {1: "1", 2: "2", 4: "3", 8: "4", 16: "5", 32: "7", 64: "8", 128: "9", 256: "21", 512: "53"}
    codes = [code for bit, code in bits.items() if pen.attrs & bit] + [c for c in (pen.fg, pen.bg) if c]
    return f"\x1b[{';'.join(codes)}m" if codes else ""


@settings(max_examples=300)
@given(FRAMES, st.booleans(), st.booleans(), st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1))
def test_any_picture_becomes_any_other(frames: list[str], paints: bool, narrow: bool, x: int, y: int) -> None:
    screen, emulated = Screen(COLUMNS, ROWS), Emulated()
    encoder = Encoder(erase_paints=paints, ambiguous_narrow=narrow)
    shown: list[Row] | None = None
    for frame in frames:
        screen.feed(frame)
        data = encoder.frame(shown, screen.grid, (x, y))
        assert encoder.frame(screen.grid, screen.grid, (x, y)) == ""
        emulated.stream.feed(data.encode())
        shown = [row[:] for row in screen.grid]
        assert emulated.cells() == wanted(screen.grid)
        assert (emulated.screen.cursor.x, emulated.screen.cursor.y) == (x, y)


@given(
    st.text(max_size=80)
    | st.text(st.sampled_from("\x1b[]PX^_0;?hm\x07\x9b\x9c\u202e\u200b\ufeff\u0301漢a\r\n\x00"), max_size=60)
)
def test_no_input_puts_anything_but_text_into_the_picture(data: str) -> None:
    screen = Screen(COLUMNS, ROWS, grows=widened_by_selector())
    screen.feed(data)
    encoder = Encoder()
    out = encoder.frame(None, screen.grid, (0, 0))
    rest = re.sub(r"\x1b\[[0-9;]*[mHGCKJXAB]|\r\n|\r|\x08", "", out)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for char in rest)
    assert all(len(row) == COLUMNS for row in screen.grid)
    for row in screen.grid:
        for x, (char, _) in enumerate(row):
            assert char != "" or (x > 0 and row[x - 1][0] != "")
            assert len(char) <= 5


@pytest.mark.parametrize(
    ("params", "pen"),
    [
        ("", PLAIN),
        ("1;31;48;5;17", Pen("31", "48;5;17", 1)),
        ("38;2;1;2;3", Pen("38;2;1;2;3")),
        ("38;2;1;2", PLAIN),
        ("38;9;4", PLAIN._replace(attrs=8)),
        ("58;5;1", Pen("", "", 17)),
        ("999;31", Pen("31")),
        ("38;5;999", PLAIN),
    ],
)
def test_pens(params: str, pen: Pen) -> None:
    assert pen_after(PLAIN, params) == pen


def test_of_a_blank_only_what_is_seen_counts() -> None:
    assert blank_pen(Pen("31", "", 1)) == PLAIN
    assert blank_pen(Pen("31", "41", 2)) == Pen("", "41")
    assert blank_pen(Pen("31", "", 8)) == Pen("31", "", 8)


def test_untrusted_characters_are_followed_by_an_absolute_move() -> None:
    screen = Screen(20, 1)
    screen.feed("\x1b[1;1H●x漢y\U0001f697z")
    assert Encoder().frame(None, screen.grid, (0, 0)) == (
        "\x1b[m\x1b[2J\x1b[H●\x1b[2Gx漢y  \x1b[6G\U0001f697\x1b[8Gz\r"
    )
    assert (
        Encoder(ambiguous_narrow=True).frame(None, screen.grid, (0, 0)).startswith("\x1b[m\x1b[2J\x1b[H●x漢y")
    )


def test_a_highlight_that_moves_costs_little() -> None:
    screen, encoder = Screen(80, 24), Encoder()
    rows = [f"  [済] ルート証明書 項目{number}".ljust(40) for number in range(20)]

    def draw(selected: int) -> None:
        for y, row in enumerate(rows):
            colour = "\x1b[30;46m" if y == selected else "\x1b[37;44m"
            screen.feed(f"\x1b[{y + 3};1H{colour}{row}\x1b[0m")

    draw(3)
    first = encoder.frame(None, screen.grid, (0, 5))
    shown = [row[:] for row in screen.grid]
    draw(4)
    step = encoder.frame(shown, screen.grid, (0, 6))
    assert len(first.encode()) < 1100
    assert len(step.encode()) <= 150


def test_screen_without_coloured_erasing_paints_every_blank() -> None:
    screen = Screen(40, 2)
    screen.feed("\x1b[1;1H\x1b[44m" + " " * 40)
    assert "\x1b[K" not in Encoder(erase_paints=False).frame(None, screen.grid, (0, 0))
    assert " " * 40 in Encoder(erase_paints=False).frame(None, screen.grid, (0, 0))
    assert len(Encoder().frame(None, screen.grid, (0, 0))) < 40
