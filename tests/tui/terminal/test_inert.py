"""Hostile text from outside, short form: through every screen, report and command line that shows it, and a real terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from checks.shown import inert_json
from tui.widgets.editor import Editor

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from tests.laboratory import hostile


def test_three_thousand_hostile_strings_come_through_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSS_JUNBI_HOME", str(tmp_path / "home"))
    assert hostile.rounds(tmp_path, 3000) == []


def test_nothing_foreign_reaches_a_real_terminal_and_names_keep_their_variants(tmp_path: Path) -> None:
    assert hostile.real_terminal(tmp_path) == []


@pytest.mark.parametrize(
    "sent", [b"\x1b]52;c;ZXZpbA==\x07", b"\x9b31m".decode("latin-1").encode(), "\u202e".encode(), b"\x1bP0q"]
)
def test_the_reader_of_the_stream_finds_what_is_foreign(sent: bytes) -> None:
    assert hostile.foreign(b"\x1b[1;1Habc" + sent) != []


def test_json_on_a_terminal_is_inert_and_the_same_document() -> None:
    document = {"text": "a\x1b\x9b31m\u202e\U000e0041" + hostile.VARIANT}
    text = inert_json(json.dumps(document, ensure_ascii=False))
    assert not hostile.STEERING.search(text)
    assert hostile.VARIANT in text
    assert json.loads(text) == document


def test_a_name_with_a_variation_selector_can_be_typed_and_pasted() -> None:
    editor = Editor("")
    editor.insert(hostile.VARIANT)
    assert editor.text == hostile.VARIANT
