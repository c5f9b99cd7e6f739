"""Outside text made inert: nothing that steers a terminal or hides gets through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.shown import MAX_MARKS, show, show_lines

ANY = st.text(st.characters(codec=None), max_size=300)
NASTY = st.text(
    st.sampled_from(
        "\x00\x07\x08\x1b\x7f\x9b\x9d\n\r\t\u202e\u2066\u200b\u200d\ufeff\u2028\u0301\U000e0041a漢\udc80]"
    ),
    max_size=300,
)


def is_inert(text: str) -> bool:
    return not any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        or char in "\u3164\uffa0\u115f\u1160\u034f"
        for char in text
    )


@given(ANY | NASTY, st.integers(0, 60))
def test_what_is_shown_is_inert_bounded_and_stays_as_it_is(text: str, limit: int) -> None:
    shown = show(text, limit)
    assert is_inert(shown)
    assert len(shown) <= limit
    assert show(shown, limit) == shown
    shown.encode()


@given(ANY | NASTY, st.integers(0, 80))
def test_lines_are_inert_and_bounded(text: str, limit: int) -> None:
    shown = show_lines(text, limit)
    assert is_inert(shown.replace("\n", ""))
    assert len(shown) <= limit


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("CN=Example Filter CA", "CN=Example Filter CA"),
        ("東京　太郎", "東京　太郎"),
        ("\x1b]52;c;eA==\x07", "\\x1b]52;c;eA==\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("a\nb", "a\\x0ab"),
        ("\u202egnp.exe", "<U+202E>gnp.exe"),
        ("pay\u200bpal", "pay<U+200B>pal"),
        ("\udce3", "<U+DCE3>"),
        ("soft\u00adhyphen", "soft<U+00AD>hyphen"),
        ("か\u3099", "が"),
        ("髙﨑", "髙﨑"),
        ("辻\U000e0100", "辻\U000e0100"),
        ("\u0301x", "x"),
        ("\u3164", "<U+3164>"),
        ("\ufdd0\U0001fffe", "<U+FDD0><U+1FFFE>"),
        ("[@click=app.quit]", "[@click=app.quit]"),
    ],
)
def test_known_cases(text: str, shown: str) -> None:
    assert show(text) == shown


def test_marks_are_few() -> None:
    assert show("q" + "\u0323" * 50) == "q" + "\u0323" * MAX_MARKS
    assert show("x" + "\u20dd" * 50) == "x" + "\u20dd" * MAX_MARKS


def test_long_text_keeps_both_ends() -> None:
    assert show("a" * 50 + "b" * 50, 20) == "a" * 9 + ".." + "b" * 9
    assert show("a" * 200_000 + "z", 20) == "a" * 9 + ".." + "a" * 8 + "z"


def test_lines_stay_lines() -> None:
    assert show_lines("a\r\nb\rc\td\x1b") == "a\nb\nc    d\\x1b"
    assert show_lines("line\n" * 2000, 100).endswith("..")
