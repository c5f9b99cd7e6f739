"""Kinsoku: what may begin and end a line, at every width, and the widths themselves."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from checks.wrap import cell_width, char_width, fit, graphemes, is_ambiguous, widened_by_selector, wrap

NO_START = "、。，．・：；？！）〕］｝〉》」』】ーゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ｡､･｣”’％"
NO_END = "（〔［｛〈《「『【｢“‘￥"

TEXT = """\
自動車保有関係手続のワンストップサービス(以下、OSS)を利用するにあたって、接続先がOSSのページに間違いないことを確認し、\
申請者とOSSとの間に通信を暗号化するために、お使いのブラウザに安全な通信を行うために必要な証明書(Security Communication \
Root CA2のルート証明書)の設定が必要となります。
「ご注意」 新車新規登録、中古車新規登録、継続検査以外の手続をする方は、すでに自賠責保険(共済)証明書に加入しています。
 詳しくは https://www.oss.mlit.go.jp/portal/beginner/jizen-junbi/index.html?lang=ja&page=12 を「ご覧ください」。……そして――終わり。
"""
JAPANESE = st.text(
    st.sampled_from(
        "自動車のサービスー、。「」（）ッょ ＯＳＳ１２ab./:-(,)%『』・！？…\u3099\U000e0100Cc 　\n"
    ),
    max_size=200,
)
ANY = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"), max_size=120
)


def squeezed(text: str) -> str:
    return re.sub("[ \u3000\n\r\t]+", "", text)


@given(JAPANESE | ANY, st.integers(2, 60), st.booleans())
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int, wide: bool) -> None:
    lines = wrap(text, width, ambiguous_wide=wide)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(cell_width(line, ambiguous_wide=wide) <= width for line in lines)
    assert not any(line.endswith((" ", "\u3000")) for line in lines)
    assert wrap("\n".join(lines), width, ambiguous_wide=wide) == lines


@given(JAPANESE, st.integers(2, 60))
@example("か\u3099き\u3099", 2)
def test_no_grapheme_is_torn(text: str, width: int) -> None:
    whole = [chars for chars, _ in graphemes(squeezed(text))]
    assert [chars for line in wrap(squeezed(text), width) for chars, _ in graphemes(line)] == whole


@pytest.mark.parametrize("width", range(20, 201))
def test_no_line_of_real_text_begins_or_ends_where_it_must_not(width: int) -> None:
    lines = wrap(TEXT, width)
    for line in lines:
        assert line[:1] == "" or line[0] not in NO_START, line
        assert line[-1:] == "" or line[-1] not in NO_END, line
        assert cell_width(line) <= width
        assert cell_len(line) == cell_width(line)
    for word in ("Security", "Communication", "OSS"):
        assert sum(line.count(word) for line in lines) == TEXT.count(word)
    if width >= 83:
        assert any(
            "https://www.oss.mlit.go.jp/portal/beginner/jizen-junbi/index.html?lang=ja&page=12" in line
            for line in lines
        )
    assert not any(line.startswith("…") or (line.endswith("…") and not line.endswith("……")) for line in lines)


CLOSERS, OPENERS = "、。」）", "「（"


@given(st.lists(st.sampled_from(["自動車", "サービス", "、", "。", "「", "」", "（", "）", "OSS", "Root CA2", "ー", "っ"]), max_size=40),
       st.integers(20, 60))  # fmt: skip
def test_kinsoku_holds_wherever_a_line_has_room_for_it(parts: list[str], width: int) -> None:
    text = re.sub(
        "([、。「」（）ーっ])[、。「」（）ーっ]+", r"\1", "".join(parts)
    )  # a chain may be longer than a line
    for line in wrap(text, width)[1:]:
        assert line[0] not in "、。」）ーっ"
    for line in wrap(text, width)[:-1]:
        assert line[-1] not in OPENERS


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 20, [""]),
        ("a\n\nb", 20, ["a", "", "b"]),
        ("  字下げ", 20, ["  字下げ"]),
        ("ああああああああああ。", 20, ["あああああああああ", "あ。"]),
        ("ああああああああああ」", 20, ["あああああああああ", "あ」"]),
        ("あああああああああ「い」", 20, ["あああああああああ", "「い」"]),
        ("証明書 Communication Root", 20, ["証明書 Communication", "Root"]),
        ("を「 あ」 」", 10, ["を", "「 あ」 」"]),
        ("設定は .ssh を見る", 8, ["設定は", ".ssh を", "見る"]),
        ("x" * 30, 20, ["x" * 20, "x" * 10]),
        (
            "詳しくは https://example.com/abcdefghij/k",
            20,
            ["詳しくは", "https://example.com/", "abcdefghij/k"],
        ),
        ("か\u3099" * 3, 4, ["か\u3099か\u3099", "か\u3099"]),
        ("ＯＳＳ１２３ポータル", 14, ["ＯＳＳ１２３", "ポータル"]),
    ],
)
def test_known_cases(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_continuation_lines_hang() -> None:
    assert wrap("1. " + "あ" * 12, 15, indent=3) == ["1. ああああああ", "   ああああああ"]
    assert wrap("あ" * 4, 4, indent=9) == ["ああ", "ああ"]


def test_ambiguous_characters_may_count_two() -> None:
    assert wrap("●" * 6, 6) == ["●" * 6]
    assert wrap("●" * 6, 6, ambiguous_wide=True) == ["●" * 3, "●" * 3]


@given(ANY, st.integers(0, 40))
def test_fit(text: str, width: int) -> None:
    assert cell_width(fit(text, width)) <= width or cell_width(text) <= width
    assert fit(text, width) == text or fit(text, width).endswith("..") or width < 3


def test_fit_marks_what_is_missing() -> None:
    assert fit("自動車保有関係", 9) == "自動車.."
    assert fit("自動車", 6) == "自動車"


def test_widths_are_those_textual_lays_out_by() -> None:
    """Every character this Python and Rich both know."""
    different = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000
        and unicodedata.category(chr(code)) != "Cn"
        and cell_len(chr(code)) != char_width(chr(code))
    ]
    assert different == []


@given(st.text(st.sampled_from("a1#⚠❤漢か\u3099\ufe0f\u200d😀\U0001f3fbé\u0301 "), max_size=20))
@example("1\u200d\ufe0f\ufe0f")  # the first selector belongs to the joiner, the second widens
def test_widths_of_sequences_are_those_textual_lays_out_by(text: str) -> None:
    assert cell_width(text) == cell_len(text)


def test_the_characters_that_a_selector_widens_are_those_of_rich() -> None:
    from rich._unicode_data import load

    assert widened_by_selector() == load("auto").narrow_to_wide


def test_ambiguous() -> None:
    assert all(map(is_ambiguous, "●…─│×①α"))
    assert not any(map(is_ambiguous, "a漢ｱ・\u0301\ufe0f\U000e0100▾"))
