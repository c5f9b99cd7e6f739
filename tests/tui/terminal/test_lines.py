"""Every sentence that is shipped at some widths: kinsoku, the message line, the panes. All widths: the laboratory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laboratory import lines
from tests.laboratory.shipped import shipped
from tui.screens.main_picture import WELCOME


def test_all_sentences_are_found() -> None:
    told = {text.ja for text in shipped()}
    assert len(told) > 1500
    from tui import wording
    from tui.cli import terminal

    assert {wording.CONTACTS.ja, WELCOME[0].ja, terminal._SILENT.ja} <= told


def test_words_fit_old_japanese_encodings_and_ascii() -> None:
    for text in shipped():
        text.ja.encode("cp932")
        text.ja.encode("euc_jp")
        assert text.en.isascii(), text.en


def test_no_sentence_breaks_where_it_must_not() -> None:
    count, wrong = lines.kinsoku((20, 33, 38, 78, 119, 200))
    assert wrong == []
    assert count > 10_000


def test_no_message_loses_a_glyph(tmp_path: Path) -> None:
    count, wrong = lines.messages(tmp_path, (40, 41, 80, 137, 200))
    assert wrong == []
    assert count > 10_000


def test_no_pane_is_too_wide_or_breaks_where_it_must_not(tmp_path: Path) -> None:
    count, wrong = lines.panes(tmp_path, (38, 39, 78, 198))
    assert wrong == []
    assert count > 10_000


@pytest.mark.parametrize(
    ("text", "width", "broken"),
    [
        ("自動車。自動車", 6, ["自動車", "。自動", "車"]),
        ("自動「車」", 6, ["自動「", "車」"]),
        ("自動車", 4, ["自動車"]),
        ("the Latin word", 10, ["the La", "tin word"]),
    ],
)
def test_the_measure_can_fail(text: str, width: int, broken: list[str]) -> None:
    assert lines.wrong_lines(text, width, broken)


def test_the_measure_of_messages_can_fail() -> None:
    assert list(lines._lost("自動車の手続", ["自動車の手"], 10, 1))
    assert list(lines._lost("自動車の手続", ["自動車の手続 "], 12, 1))
    assert not list(lines._lost("自動車の手続", ["自動車の手続"], 12, 1))
