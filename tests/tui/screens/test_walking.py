"""The tree of the main screen: walking, folding, filtering, and where it was left.

Covers tui.screens.tree_position and tui.widgets.tree.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from checks.text import Text
from checks.wrap import cell_width
from tests.support.helpers_tui import (
    DEFAULT_CHECKS,
    drive,
    main,
    make_app,
    make_guide,
    press,
    screen_lines,
    screen_text,
    see,
    settled,
    until,
)
from tui import answering, wording
from tui.screens.help import HELP_INTRO


def test_the_arrows_and_the_letters_walk_and_fold(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        view = main(app)
        await press(pilot, "down", "j")
        assert view.place.cursor == "root.store"
        await press(pilot, "left")
        assert view.place.cursor == "root-certificate"
        await press(pilot, "h")
        await until(pilot, lambda: "ルート証明書" not in screen_text(app))
        await press(pilot, "l", "k", "up")
        assert view.place.cursor == "case"
        await press(pilot, "end")
        assert view.place.cursor == "proxy-issuance"
        await press(pilot, "home")
        assert view.place.cursor == "case"
        await press(pilot, "5")
        assert view.place.cursor == "documents"

    drive(app, script)


def test_0_goes_to_what_is_next_and_n_on_from_where_one_is(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        view = main(app)
        answering.answer(app.desk, "case.role", "self")
        answering.answer(app.desk, "case.procedure", "transfer")
        await press(pilot, "7", "0")
        assert view.place.cursor == "portal.tls"
        await press(pilot, "n")
        assert view.place.cursor == "pc.update"
        await press(pilot, "N")
        assert view.place.cursor == "portal.tls"

    drive(app, script)


def test_cursor_and_folds_are_where_they_were_left(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = make_app(path)

    async def leave(pilot: Pilot[int]) -> None:
        await press(pilot, "1", "h", "2", "l", "j", "j")
        assert main(app).place.cursor == "pc.disk"

    drive(app, leave)
    app = make_app(path)

    async def back(pilot: Pilot[int]) -> None:
        assert main(app).place.cursor == "pc.disk"
        await see(pilot, "ディスクの空き")
        assert "root-certificate" in main(app).place.folded
        assert "ルート証明書" not in screen_text(app)

    drive(app, back)


def test_the_hardware_cursor_is_on_the_highlighted_line(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "j", "j")
        await pilot.pause()
        assert "ルート証明書" in screen_lines(app)[app.cursor_position.y]
        await press(pilot, "slash", "a")
        await pilot.pause()
        line = screen_lines(app)[app.cursor_position.y]
        assert "絞込: a" in line

    drive(app, script)


def test_the_filter_keeps_the_steps_and_finds_by_sound(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "slash", *"shoumei")
        await until(pilot, lambda: "2 PC環境" not in screen_text(app))
        await see(pilot, "1 証明書とブラウザー", "ルート証明書", "6 電子証明書", "印鑑証明書")
        await press(pilot, "enter")
        await see(pilot, "絞込「shoumei」")
        await press(pilot, "escape")
        await see(pilot, "2 PC環境")

    drive(app, script)


def test_a_filter_without_a_match_says_so(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "slash", *"xyzzy")
        await see(pilot, wording.NO_MATCH.ja)
        await press(pilot, "escape")
        await see(pilot, "2 PC環境")

    drive(app, script)


def test_a_click_selects_and_a_second_one_opens(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        y = next(n for n, line in enumerate(screen_lines(app)) if "ポータルへの安全な接続" in line)
        await pilot.click(offset=(10, y))
        await until(pilot, lambda: main(app).place.cursor == "portal.tls")
        x = screen_lines(app)[23].index("? ")
        await pilot.click(offset=(cell_width(screen_lines(app)[23][:x]), 23))
        await see(pilot, HELP_INTRO.ja[:10])

    drive(app, script)


def test_the_tree_shows_the_few_words_of_a_question_and_the_filter_finds_them(tmp_path: Path) -> None:
    guide = make_guide(*DEFAULT_CHECKS)
    asked = replace(guide.questions["pc.update"], short=Text("更新の有無", "Updates"))
    app = make_app(
        tmp_path / "s.toml", guide=replace(guide, questions={**guide.questions, "pc.update": asked})
    )

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "slash", "更", "新", "の", "有", "無")
        await see(pilot, "2 PC環境", "[未] 更新の有無")
        node = main(app).node
        assert node is not None
        assert node.id == "pc.update"
        assert app.desk.title_of(node.id).ja == "更新の有無"
        await see(pilot, "Windowsを更新しましたか")  # the pane has the whole question

    drive(app, script)
