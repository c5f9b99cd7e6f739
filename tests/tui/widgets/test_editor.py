"""The field for typed text: characters stay whole, pasting is inert, the cursor is where it seems to be.

Covers tui.widgets.frame.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.shown import show
from checks.wrap import cell_width
from tui.commands import Key
from tui.terminal.glyphs import SAFE, substitute
from tui.widgets.editor import Editor
from tui.widgets.frame import Span, between, clip, paragraph, width_of, window


def typed(editor: Editor, *keys: str) -> Editor:
    for key in keys:
        editor.key(Key(key, key if len(key) == 1 else ""))
    return editor


def test_typing_and_moving() -> None:
    editor = typed(Editor(), *"abc", "left", "left", "X", "home", "Y", "end", "Z")
    assert editor.text == "YaXbcZ"


def test_a_letter_with_its_marks_is_one() -> None:
    editor = Editor("か\u3099葛\U000e0100")
    typed(editor, "left", "backspace")
    assert editor.text == "葛\U000e0100"
    typed(editor, "delete")
    assert editor.text == ""


@pytest.mark.parametrize("pasted", ["a\x1b[31mb", "a\x7fb", "a\x00b", "a\x9bb", "a\ud800b"])
def test_control_characters_are_not_taken(pasted: str) -> None:
    editor = Editor()
    editor.insert(pasted)
    assert "\x1b" not in editor.text
    assert editor.text.replace("[31m", "") == "ab"


KEPT = [
    "担当　山田", "品川\u00a0500", "👨\u200d👩\u200d👧", "1\ufe0f\u20e3", "ｶﾞｷﾞﾊﾟ", "か\u3099", "神\ufa19", "Å\u212b", "a\u202eb", "葛\U000e0100城",
    "\ufeff", "\u2028", "\ufffe", "\U0010fffd",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT, ids=ascii)
def test_everything_else_is_kept_typed_or_pasted(text: str) -> None:
    pasted = Editor()
    pasted.insert(text)
    assert pasted.text == text
    by_key = Editor()
    for char in text:
        assert by_key.key(Key(char, char))
    assert by_key.text == text


def test_the_cursor_stands_where_what_is_shown_ends() -> None:
    editor = Editor("a\u200db\u3000c…")

    def look(chars: str) -> str:
        return substitute(show(chars), SAFE)

    shown, x = editor.view(40, look)
    assert shown == "a<U+200D>b\u3000c.."
    assert x == cell_width(shown)
    editor.lines = True
    lines, x, y = editor.wrapped(40, look)
    assert (lines, x, y) == ([shown], cell_width(shown), 0)


def test_lines_become_blanks_in_a_field_of_one_line() -> None:
    editor = Editor()
    editor.insert("a\r\nb\tc\n")
    assert editor.text == "a b c"
    lines = Editor(lines=True)
    lines.insert("a\r\nb")
    assert lines.text == "a\nb"


def test_the_limit_holds() -> None:
    editor = Editor(limit=5)
    editor.insert("1234567")
    assert editor.text == "12345"


@given(st.text(alphabet="aあ\u3099字 b", max_size=60), st.integers(4, 40))
def test_what_is_seen_fits_and_the_cursor_is_within(text: str, width: int) -> None:
    editor = Editor(text)
    for _ in range(3):
        shown, x = editor.view(width)
        assert cell_width(shown) <= width
        assert 0 <= x <= width
        editor.key(Key("left"))


@given(st.text(alphabet="aあ字\n ", max_size=80), st.integers(4, 30), st.integers(0, 80))
def test_wrapped_text_is_all_there_and_fits(text: str, width: int, place: int) -> None:
    editor = Editor(text, lines=True)
    editor.cursor = min(place, len(text))
    lines, x, y = editor.wrapped(width)
    assert "".join(lines) == text.replace("\n", "")
    assert all(cell_width(line) <= width for line in lines)
    assert 0 <= y < len(lines)
    assert 0 <= x <= width


@given(st.lists(st.text(alphabet="aあ字…", max_size=20), max_size=6), st.integers(0, 60))
def test_a_line_has_exactly_its_width(parts: list[str], width: int) -> None:
    row = [Span(part) for part in parts]
    assert width_of(clip(row, width)) == width
    assert width_of(between(row, [Span("右")], max(2, width))) == max(2, width)


@given(st.text(alphabet="aあ、。「」 bc", max_size=200), st.integers(2, 60), st.integers(0, 6))
def test_paragraphs_fit(text: str, width: int, indent: int) -> None:
    for row in paragraph(text, width + indent, indent=indent):
        assert width_of(row) <= width + indent


@given(st.integers(0, 200), st.integers(1, 50), st.integers(0, 199), st.integers(0, 300))
def test_the_window_holds_the_cursor(total: int, room: int, cursor: int, top: int) -> None:
    cursor = min(cursor, max(0, total - 1))
    first = window(total, room, cursor, top)
    assert 0 <= first <= max(0, total - room)
    assert total == 0 or first <= cursor < first + room
