"""Answering on the screen: every kind of question, the case, undo, notes; and that it is on the disk when it says so.

Covers tui.screens.case, tui.screens.papers_view and tui.widgets.form.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from checks.guide import load_guide
from checks.model import Options
from state.live.open_session import open_session
from tests.support.helpers_tui import drive, make_app, press, screen_lines, screen_text, see, until
from tui import answering
from tui.answering import NOTHING_TO_UNDO
from tui.application import JunbiApp
from tui.screens.case import Case
from tui.screens.main import Main
from tui.screens.papers_view import ReportView
from tui.widgets.detail import NO_ANSWER


def saved(path: Path) -> dict[str, object]:
    data = tomllib.loads(path.read_text("utf-8"))
    return {key: entry["value"] for key, entry in data.get("answers", {}).items()}


def answers(app: JunbiApp) -> dict[str, object]:
    return dict(app.desk.session.answers)


def test_an_answer_changes_the_line_and_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = make_app(path)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "2", "l", "j")
        await see(pilot, "[未] Windowsを更新しましたか")
        await press(pilot, "space", "1")
        await see(pilot, "[済] Windowsを更新しましたか", "回答しました: はい")
        await until(pilot, lambda: app.desk.session.save_state().saved)
        assert saved(path) == {"pc.update": "yes"}
        await see(pilot, "保存済")

    drive(app, script)


def test_opening_a_form_changes_nothing_and_escape_leaves(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "2", "l", "j", "space", "j", "j", "escape")
        await see(pilot, NO_ANSWER.ja)
        assert answers(app) == {}

    drive(app, script)


def test_enter_picks_what_is_highlighted_and_digits_pick_at_once(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "4", "l", "j", "enter", "down", "enter")
        await until(pilot, lambda: answers(app) == {"payment.bank": "no"})
        await see(pilot, "[要] ネットバンキングを使えますか", "次にすることです。")
        await press(pilot, "space", "1")
        await until(pilot, lambda: answers(app) == {"payment.bank": "yes"})

    drive(app, script)


def test_full_width_keys_answer(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        for char in ("２", "ｌ", "ｊ", "\u3000", "１"):
            app.post_message(events.Key("unknown", char))
        await until(pilot, lambda: answers(app) == {"pc.update": "yes"})
        app.post_message(events.Key("unknown", "ｑ"))
        await until(pilot, lambda: not app.is_running)

    drive(app, script)


def test_an_answer_is_taken_back_and_restored(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "2", "l", "j", "space", "1", "7")
        await press(pilot, "u")
        await until(pilot, lambda: answers(app) == {})
        view = app.desk.views[0]
        assert isinstance(view, Main)
        assert view.place.cursor == "pc.update"
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: answers(app) == {"pc.update": "yes"})
        await press(pilot, "ctrl+z", "u")
        await see(pilot, NOTHING_TO_UNDO.ja)
        await press(pilot, "ctrl+r", "space", "minus")
        await until(pilot, lambda: answers(app) == {})

    drive(app, script)


@pytest.mark.parametrize("typed", ["2026-11-22", "R8.11.22", "２０２６/１１/２２", "令和8年11月22日"])
def test_a_date_is_taken_in_every_form_and_said_back(tmp_path: Path, typed: str) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "3", "l", "j", "space")
        app.post_message(events.Paste(typed))
        await see(pilot, "2026年11月22日（令和8年、日曜日）")
        await press(pilot, "enter")
        await until(pilot, lambda: answers(app) == {"insurance.start": date(2026, 11, 22)})

    drive(app, script)


def test_an_impossible_date_is_refused_and_stays_to_be_mended(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "3", "l", "j", "space", *"2026-02-30", "enter")
        await pilot.pause()
        assert answers(app) == {}
        await see(pilot, "2026-02-30")
        await press(pilot, "backspace", "backspace", *"28", "enter")
        await until(pilot, lambda: answers(app) == {"insurance.start": date(2026, 2, 28)})

    drive(app, script)


def test_letters_in_a_field_are_text(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "3", "l", "j", "space", *"qRu?")
        await see(pilot, "qRu?")
        assert app.is_running
        assert app.desk.runs.latest is None or app.desk.runs.latest.number == 1

    drive(app, script)


def test_the_case_is_answered_on_one_screen(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(portal="portal.example"))

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "c")
        await see(pilot, "だれが申請しますか", "どの手続ですか", "portal.example:443")
        await press(pilot, "1", "2")
        await until(pilot, lambda: answers(app) == {"case.role": "self", "case.procedure": "transfer"})
        await press(pilot, "escape")
        await see(pilot, "移転登録", "対象外")

    drive(app, script)


def test_an_optional_question_of_the_case_is_called_optional(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", guide=load_guide("oss"))

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "c")
        await see(pilot, "この申請の呼び名")
        (line,) = [line for line in screen_lines(app) if "この申請の呼び名" in line]
        assert "任意" in line
        assert "対象外" not in line

    drive(app, script, (100, 40))


def test_the_case_can_be_changed_undone_and_cleared(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "c", "j", "enter", "u")
        await until(pilot, lambda: answers(app) == {})
        await press(pilot, "1")
        await until(pilot, lambda: answers(app) == {"case.role": "self"})
        await press(pilot, "N", "backspace")
        await until(pilot, lambda: answers(app) == {})

    drive(app, script)


def test_first_the_case_then_the_next_thing(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.desk.view, Case))
        await press(pilot, "2", "1", "escape", "n")
        await until(pilot, lambda: not isinstance(app.desk.view, Case))
        await see(pilot, "次にやること: 1-2")

    drive(app, script)


def test_a_note_is_kept_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = make_app(path)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "5", "m", *"ab", "ctrl+n")
        app.post_message(events.Paste("車検証は水曜日\x1b[31m"))
        await see(pilot, "車検証は水曜日")
        await press(pilot, "enter")
        await see(pilot, "メモ", "車検証は水曜日")
        assert app.desk.session.data.notes["documents"].text.startswith("ab\n車検証は水曜日")
        assert "\x1b" not in app.desk.session.data.notes["documents"].text

    drive(app, script)


def test_the_answer_of_another_login_appears(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = make_app(path)
    other = open_session(path, load_guide, host="PC-99", user="hanako")
    try:

        async def script(pilot: Pilot[int]) -> None:
            other.answer("documents.seal", "yes")
            assert other.flush(5.0)
            answering.answer(app.desk, "pc.update", "yes")
            await until(pilot, lambda: "documents.seal" in answers(app), "the other's answer")

        drive(app, script)
    finally:
        other.close(2.0)


def test_what_could_not_be_saved_is_said_and_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from state.file import files

    path = tmp_path / "s.toml"
    app = make_app(path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: app.desk.runs.latest is None and app.desk.session.save_state().saved)
        monkeypatch.setattr(files, "write_new", full)
        answering.answer(app.desk, "pc.update", "yes")
        await see(pilot, "保存できません 1件")
        await press(pilot, "q")
        await see(pilot, "このまま終了すると失われます")
        await press(pilot, "n")
        await until(pilot, lambda: "失われます" not in screen_text(app))
        assert app.is_running
        monkeypatch.undo()
        await until(pilot, lambda: app.desk.session.save_state().saved, "the disk to be taken again")
        await see(pilot, "保存済")

    drive(app, script)


@pytest.mark.parametrize(
    ("ending", "begins"), [(".txt", "OSS "), (".html", "<!DOCTYPE html>"), (".md", "# "), ("", "OSS ")]
)
def test_a_report_is_shown_and_written_once(tmp_path: Path, ending: str, begins: str) -> None:
    app = make_app(tmp_path / "s.toml")
    target = tmp_path / f"報告 書{ending}"

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "p")
        await see(pilot, ReportView.heading.ja)
        for _ in range(2):
            await press(pilot, "w", "ctrl+u")
            app.post_message(events.Paste(f'"{target}"'))
            await until(pilot, lambda: "報告 書" in screen_lines(app)[-2])
            await press(pilot, "enter")
            await until(pilot, lambda: target.exists() and app.desk.message is not None)
        await see(pilot, "同じ名前のファイルがあります")
        assert "証明書とブラウザー" in target.read_text("utf-8")
        assert target.read_text("utf-8").startswith(begins)
        assert target.stat().st_mode & 0o777 == 0o600

    drive(app, script)


def test_a_value_that_is_no_answer_is_shown_and_a_new_answer_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        'schema = 1\n[ui]\ncursor = "root.managed-pc"\n[answers."root.managed-pc"]\nvalue = "たぶん"\n[end]\nanswers = 1\n',
        "utf-8",
    )
    path.chmod(0o600)
    app = make_app(path, guide=load_guide("oss"), options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "回答として読めない値が1件", "ファイルには「たぶん」")
        await press(pilot, "space", "1")
        await see(pilot, "回答しました: 自分で管理している")
        await until(pilot, lambda: app.desk.session.save_state().saved)
        assert saved(path) == {"root.managed-pc": "own"}

    drive(app, script)


def test_a_day_without_its_year_is_shown_before_it_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('schema = 1\n[ui]\ncursor = "insurance.start"\n[end]\nanswers = 0\n', "utf-8")
    app = make_app(path, options=Options(now=datetime(2026, 11, 21, 20, tzinfo=UTC)))

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "space", *"11/20")
        await see(pilot, "2027年11月20日（令和9年、土曜日）")
        assert answers(app) == {}
        await press(pilot, "enter")
        await see(pilot, "回答しました: 2027年11月20日（令和9年、土曜日）")
        assert answers(app) == {"insurance.start": date(2027, 11, 20)}

    drive(app, script)
