"""The QR code of every official page: whole on the screen or said not to be, the same modules in both sets of glyphs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from checks.guide import load_guide
from checks.steps import Page
from checks.text import Text
from checks.wrap import is_ambiguous
from tests.support.helpers_tui import make_app
from tui.desk import Desk
from tui.screens.link import QUIET, PageLink, qr_rows
from tui.terminal.glyphs import NARROW, SAFE, Glyphs
from tui.widgets.frame import Frame, Row, width_of

MODULES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


@cache
def pages() -> list[Page]:
    return list(load_guide("oss").pages.values())


@pytest.fixture(params=[SAFE, NARROW], ids=lambda glyphs: str(glyphs.name))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    glyphs: Glyphs = request.param
    made = make_app(tmp_path / "s.toml", glyphs=glyphs).desk
    yield made
    made.session.close(1.0)


def modules(rows: list[Row]) -> list[list[bool]]:
    """What a camera sees of a code."""
    if all(set("".join(span.text for span in row)) <= {" "} for row in rows):
        return [[span.role == "qr-dark" for span in row for _ in range(len(span.text) // 2)] for row in rows]
    grid = []
    for row in rows:
        cells = [MODULES[char] for span in row for char in span.text]
        grid += [[upper for upper, _ in cells], [lower for _, lower in cells]]
    return grid


def on_screen(frame: Frame) -> list[Row]:
    """The part of the picture that is drawn as a code."""
    found = [tuple(span for span in row if span.role in ("qr", "qr-dark")) for row in frame.rows]
    return [row for row in found if row]


def told(frame: Frame) -> str:
    return "".join(span.text for row in frame.rows for span in row).replace(" ", "")


def test_both_ways_of_drawing_have_the_modules_of_the_standard() -> None:
    import segno

    for page in pages():
        wanted = [
            [bool(module) for module in row] for row in segno.make(page.url, error="l", micro=False).matrix
        ]
        for half_blocks in (False, True):
            grid = modules(qr_rows(page.url, half_blocks=half_blocks))
            inner = [row[QUIET : QUIET + len(wanted)] for row in grid[QUIET : QUIET + len(wanted)]]
            assert inner == wanted
            assert not any(any(row) for row in (*grid[:QUIET], *grid[QUIET + len(wanted) :]))
            assert not any(any(row[:QUIET]) or any(row[QUIET + len(wanted) :]) for row in grid)


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (100, 30), (120, 40), (200, 50)])
def test_a_code_is_whole_or_its_place_says_what_it_needs(desk: Desk, size: tuple[int, int]) -> None:
    width, height = size
    narrow = desk.glyphs.name == "narrow"
    drawn = 0
    for page in pages():
        view = PageLink(desk, page)
        frame = view.draw(width, height)
        code = qr_rows(page.url, half_blocks=narrow)
        assert len(frame.rows) == height
        assert {width_of(row) for row in frame.rows} == {width}
        seen = on_screen(frame)
        if seen:
            assert modules(seen) == modules(code)
            drawn += 1
        else:
            assert "QRコードには" in told(Frame(tuple(view.body(width - 2))))
        shown = "".join(span.text for row in frame.rows for span in row if span.role == "link").replace(
            " ", ""
        )
        assert page.url.startswith(shown)  # below the code of a narrow screen, where one scrolls to
        if height >= 24 and width >= 80:
            assert shown == page.url
        if not narrow:
            assert not any(is_ambiguous(char) for char in told(frame))
    if narrow and height >= 24:
        assert drawn == len(pages())  # an ordinary screen shows the code of every page
    if height >= 50:
        assert drawn == len(pages())


def test_what_is_said_to_be_enough_is_enough(desk: Desk) -> None:
    narrow = desk.glyphs.name == "narrow"
    for page in pages():
        code = qr_rows(page.url, half_blocks=narrow)
        assert on_screen(PageLink(desk, page).draw(width_of(code[0]) + 30, len(code)))


def test_the_message_stands_beside_a_code_that_has_the_whole_height(desk: Desk) -> None:
    page = max(pages(), key=lambda one: len(one.url))
    code = qr_rows(page.url, half_blocks=desk.glyphs.name == "narrow")
    desk.say(Text("送りました", "Sent"))
    frame = PageLink(desk, page).draw(width_of(code[0]) + 40, len(code))
    assert "送りました" in told(frame)
    assert modules(on_screen(frame)) == modules(code)
