"""The main screen: its sizes, its languages, and what it says at first.

Covers tui.screens.explanation, tui.screens.help, tui.screens.main_picture,
tui.widgets.bars, tui.widgets.detail and tui.widgets.sources.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from checks.guide import load_guide
from checks.model import Options
from checks.text import LANGS, Lang
from checks.wrap import cell_width, is_ambiguous
from state.live.open_session import open_session
from tests.support.helpers_tui import (
    drive,
    main,
    make_app,
    press,
    screen_lines,
    screen_text,
    see,
    settled,
    until,
)
from tui import answering, wording
from tui.session_messages import READ_ONLY
from tui.terminal.glyphs import NARROW, SAFE, Glyphs

SIZES = [(80, 24), (120, 40), (60, 20), (40, 12), (200, 60), (30, 8), (1, 1), (80, 2), (2, 80)]
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three words in a row: a sentence, not a name or a key."""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("glyphs", [SAFE, NARROW], ids=lambda glyphs: glyphs.name)
def test_every_line_has_the_width_of_the_screen(
    tmp_path: Path, size: tuple[int, int], lang: Lang, glyphs: Glyphs
) -> None:
    app = make_app(tmp_path / "s.toml", lang=lang, glyphs=glyphs)

    async def script(pilot: Pilot[int]) -> None:
        for keys in ((), ("j", "j"), ("enter",), ("escape", "c"), ("escape", "question_mark"), ("escape", "e"), ("escape", "colon"),
                     ("escape", "o"), ("escape", "m"), ("escape", "p"), ("escape", "s"), ("escape", "exclamation_mark")):  # fmt: skip
            await press(pilot, *keys)
            await pilot.pause()
            lines = screen_lines(app)
            assert len(lines) == size[1]
            for line in lines:
                assert cell_width(line) == size[0], repr(line)
                if glyphs is SAFE:
                    assert not [char for char in line if is_ambiguous(char)], line

    drive(app, script, size)


def test_80_by_24_shows_everything_that_counts(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        await see(
            pilot,
            "保存済",
            "準備 2/11",
            "c 申請の内容",
            "1 証明書とブラウザー",
            "7 記録等事務代行",
            "次にやること",
            "? ヘルプ",
            "q 終了",
        )

    drive(app, script)


def test_a_screen_that_is_too_small_says_so_and_recovers(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await pilot.resize_terminal(39, 11)
        await see(pilot, "画面が小さすぎます")
        await pilot.resize_terminal(80, 24)
        await see(pilot, "次にやること")

    drive(app, script)


@pytest.mark.parametrize("size", [(79, 24), (60, 20), (40, 12)])
def test_below_80_columns_there_is_one_pane_at_a_time(tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        await press(pilot, "j", "j")
        assert "申請に必要です。" not in screen_text(app)
        await press(pilot, "enter")
        await see(pilot, "申請に必要です。")
        assert "c 申請の内容" not in screen_text(app)
        await press(pilot, "escape")
        await see(pilot, "c 申請の内容")

    drive(app, script, size)


def test_what_does_not_apply_stays_with_its_reason(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        answering.answer(app.desk, "case.procedure", "transfer")
        await press(pilot, "3")
        await see(pilot, "3 自賠責保険", "対象外", "今回の手続では必要ありません。")

    drive(app, script)


def test_the_language_changes_at_once_and_nothing_is_left_of_the_other(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        assert not ENGLISH.search(screen_text(app))
        await press(pilot, "L")
        await see(pilot, "Next: ", "4 Payment", "q quit")
        assert not re.search("[぀-ヿ一-鿿]", screen_text(app))
        await press(pilot, *["L"] * (len(LANGS) - 1))
        await see(pilot, "次にやること")

    drive(app, script)


def test_no_screen_in_japanese_has_an_english_sentence(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        for keys in (("j", "j"), ("e",), ("escape", "c"), ("escape", "question_mark"), ("end",), ("escape", "colon"), ("escape", "o"),
                     ("escape", "m"), ("escape", "s"), ("escape", "exclamation_mark"), ("escape", "2", "l", "j", "space"), ("escape", "p")):  # fmt: skip
            await press(pilot, *keys)
            await pilot.pause()
            assert not ENGLISH.search(screen_text(app)), screen_text(app)

    drive(app, script)


def test_who_else_is_here_is_told(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    other = open_session(path, load_guide, host="PC-99", user="hanako")
    try:
        app = make_app(path)

        async def script(pilot: Pilot[int]) -> None:
            await see(pilot, "hanako@PC-99")

        drive(app, script, (120, 40))
    finally:
        other.close(2.0)


def test_read_only_says_so_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    open_session(path, load_guide).close(2.0)
    app = make_app(path, read_only=True)

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, READ_ONLY.ja)
        await press(pilot, "2", "l", "j", "space")
        await see(pilot, wording.IS_READ_ONLY.ja)
        await press(pilot, "c", "1")
        assert not app.desk.session.data.answers

    drive(app, script)


def test_a_clock_that_is_set_is_shown(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    app = make_app(tmp_path / "s.toml", options=Options(now=datetime(2027, 3, 1, 12, tzinfo=UTC)))

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "OSS_JUNBI_NOW", "2027-03-01")

    drive(app, script)


def test_the_welcome_says_what_is_contacted_and_is_never_in_the_way(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(portal="portal.example", port=8443))

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "ようこそ", "portal.example:8443")
        await press(pilot, "j")
        await until(pilot, lambda: "ようこそ" not in screen_text(app))
        assert main(app).place.cursor == "root-certificate"

    drive(app, script)


def test_offline_or_with_answers_there_is_no_welcome(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        assert "ようこそ" not in screen_text(app)
        answering.answer(app.desk, "case.role", "self")

    drive(app, script)
    app = make_app(tmp_path / "s.toml")

    async def again(pilot: Pilot[int]) -> None:
        assert "ようこそ" not in screen_text(app)

    drive(app, again)


@pytest.mark.parametrize(
    "size", [(80, 24), (60, 20), (80, 17), (40, 12)], ids=lambda size: f"{size[0]}x{size[1]}"
)
def test_the_first_picture_has_the_steps_where_the_tree_has_them(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    from tui.cli import screen
    from tui.screens import main_picture

    assert screen.FRAMED == main_picture.FRAMED
    column, row = (3, 4) if size[1] >= screen.FRAMED else (2, 3)
    app = make_app(tmp_path / "s.toml", lang="en")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "j")
        await pilot.pause()
        assert screen_lines(app)[row][column:].startswith("1 Certificates")

    drive(app, script, size)


def test_what_is_next_is_never_cut_without_a_sign(tmp_path: Path) -> None:
    from tui.widgets import bars

    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        for width in range(40, 81):
            for most in (1, 2, 3):
                rows = bars.next_lines(app.desk, width, most)
                text = "".join(span.text for row in rows for span in row).replace(" ", "")
                assert len(rows) <= most
                assert text.endswith(("だれが申請しますか", "..")), (width, most, text)

    drive(app, script)


def test_a_case_that_is_answered_says_how_to_go_on(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "c", "1")
        await see(pilot, "どの手続ですか")
        assert "すべて答えました" not in screen_text(app)
        await press(pilot, "1")
        await see(pilot, "すべて答えました", "Escで一覧に戻り")

    drive(app, script)


def test_nothing_is_cut_off_of_a_choice_or_of_a_url_in_the_report(tmp_path: Path) -> None:
    from dataclasses import replace

    from checks.steps import Choice
    from checks.text import Text
    from tests.support.helpers_tui import DEFAULT_CHECKS, make_guide
    from tui.widgets.frame import paragraph

    guide = make_guide(*DEFAULT_CHECKS)
    role = guide.questions["case.role"]
    told = "二輪の小型自動車（250ccを超える二輪の自動車のことです）"
    asked = replace(role, choices=(*role.choices, Choice("long", Text(told, "Long"))))
    case = replace(guide.case, questions=(asked, *guide.case.questions[1:]))
    app = make_app(
        tmp_path / "s.toml",
        guide=replace(guide, case=case, questions={**guide.questions, "case.role": asked}),
    )

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "c")
        await until(pilot, lambda: told in "".join(line.strip() for line in screen_lines(app)))

    drive(app, script, (40, 20))
    url = "https://www.example.jp/" + "portal/beginner/" * 6
    parts = ["".join(span.text for span in row) for row in paragraph(url, 38, indent=3)]
    assert "".join(part.strip() for part in parts) == url
    assert all(cell_width(part) <= 38 and part.startswith("   ") for part in parts)
