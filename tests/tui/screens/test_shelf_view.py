"""The sessions screen, and the ways a session comes onto the screen: another one, a new one, a damaged one, one of a newer version.

Covers tui.screens.damaged and tui.screens.shelf_rows.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import state.shelf.listing
from checks.guide import load_guide
from state.errors import SessionUnreadable
from state.file.places import INDEX
from state.live.open_session import open_session, recover
from state.shelf.listing import ListingReader
from tests.support.helpers_tui import drive, make_app, press, screen_lines, screen_text, see, until
from tui import wording
from tui.application import JunbiApp
from tui.screens.damaged import offer
from tui.screens.main import Main
from tui.screens.main_picture import WELCOME_TITLE
from tui.screens.shelf_view import Sessions


def folder(tmp_path: Path, *names: str) -> Path:
    sessions = tmp_path / "sessions"
    sessions.mkdir(mode=0o700)
    for name in names:
        session = open_session(sessions / f"{name}.toml", load_guide, host="PC-01", user="taro")
        session.answer("case.procedure", "transfer" if "sakura" in name else "continuous-inspection")
        assert session.close(5.0)
    return sessions


def test_sessions_are_listed_found_and_opened(tmp_path: Path) -> None:
    sessions = folder(tmp_path, "sakura-1", "ume-2", "品川500さ1234")
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await see(pilot, "sakura-1", "ume-2", "品川500さ1234", "移転登録", "継続検査", "表示中")
        await press(pilot, *"keizoku")
        await until(pilot, lambda: "sakura-1" not in "\n".join(screen_lines(app)[2:]))
        await press(pilot, "escape", *"ume", "enter")
        await until(pilot, lambda: app.desk.session.path.name == "ume-2.toml")
        await see(pilot, "ume-2", "継続検査")
        assert len(app.desk.views) == 1
        await press(pilot, "5", "l", "j", "space", "1")
        await until(pilot, lambda: app.desk.session.save_state().saved)

    drive(app, script)
    kept = open_session(sessions / "ume-2.toml", load_guide, read_only=True)
    assert kept.answers["documents.seal"] == "yes"


def test_a_copy_that_a_folder_service_made_is_marked(tmp_path: Path) -> None:
    sessions = folder(tmp_path, "sakura-1", "sakura-1 (2)", "sakura-10")
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await see(pilot, "「sakura-1」の写しの可能性")
        lines = screen_lines(app)
        assert [line.split()[0] for line in lines if "写しの可能性" in line] == ["sakura-1"]

    drive(app, script)


def test_a_new_session_takes_over_what_still_holds(tmp_path: Path) -> None:
    sessions = folder(tmp_path, "sakura-1")
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: "pc.disk" in app.desk.session.data.results)
        await press(pilot, "s", "ctrl+n", *"next", "enter")
        await until(pilot, lambda: app.desk.session.path.name == "next.toml")
        assert "pc.disk" in app.desk.session.data.results
        assert "case.procedure" not in app.desk.session.answers
        await see(pilot, WELCOME_TITLE.ja)

    drive(app, script)


def test_tab_puts_what_blocks_or_what_is_due_first(tmp_path: Path) -> None:
    sessions = folder(tmp_path, "a-plain", "m-wrong", "z-late")
    for name, question, value in (
        ("m-wrong", "documents.seal", "trouble"),
        ("z-late", "documents.seal", "no"),
    ):
        session = open_session(sessions / f"{name}.toml", load_guide, host="PC-01", user="taro")
        session.answer(question, value)
        assert session.close(5.0)
    app = make_app(sessions / "a-plain.toml", sessions=sessions)

    def names() -> list[str]:
        text = [line.split() for line in screen_lines(app)[3:8]]
        return [words[0] for words in text if words and words[0] in ("a-plain", "m-wrong", "z-late")]

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await see(pilot, "更新順", "z-late", "Tab 並べ替え")
        await press(pilot, "tab")
        await see(pilot, "名前順")
        assert names() == ["a-plain", "m-wrong", "z-late"]
        await press(pilot, "tab")
        await see(pilot, "要対応・不明の多い順")
        await press(pilot, "tab")
        await see(pilot, "期日の近い順")
        await press(pilot, "tab", *"late")
        await see(pilot, "更新順", "z-late")
        assert names() == ["z-late"]

    drive(app, script)


@pytest.mark.parametrize("name", ["a/b", "con", ".x"])
def test_a_name_that_cannot_be_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    sessions = folder(tmp_path, "sakura-1")
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s", "ctrl+n")
        app.desk.view.paste(name)
        await press(pilot, "enter")
        await see(pilot, "使えません")

    drive(app, script)


def test_a_damaged_session_is_named_and_the_screen_goes_on(tmp_path: Path) -> None:
    sessions = folder(tmp_path, "sakura-1")
    (sessions / "broken.toml").write_text("= not toml")
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await see(pilot, "broken", wording.SESSION_UNREADABLE.ja)
        await press(pilot, *"broken", "enter")
        await until(pilot, lambda: app.desk.message is not None and app.desk.message.wrong)
        assert app.desk.session.path.name == "sakura-1.toml"

    drive(app, script)


def damaged_app(tmp_path: Path) -> JunbiApp:
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "s.toml"
    for answer in ("yes", "no"):
        session = open_session(path, load_guide, host="PC-01", user="taro")
        session.answer("documents.seal", answer)
        assert session.close(5.0)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(SessionUnreadable) as caught:
        open_session(path, load_guide)
    assert caught.value.recoverable is not None
    app = make_app(tmp_path / "-", read_only=True)
    offer(app.desk, caught.value, lambda: recover(path, load_guide))
    return app


def test_the_copy_of_a_damaged_session_is_offered_and_taken(tmp_path: Path) -> None:
    app = damaged_app(tmp_path)

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "この控えから続けますか")
        await press(pilot, "y")
        await until(pilot, lambda: app.desk.session.path.name == "s.toml")
        assert "documents.seal" in app.desk.session.answers
        assert isinstance(app.desk.view, Main)
        await until(pilot, lambda: "続けますか" not in screen_text(app))

    drive(app, script)
    assert list(tmp_path.glob("s.toml.broken-*"))


def test_the_question_about_a_long_name_is_whole_on_the_smallest_screen(tmp_path: Path) -> None:
    app = damaged_app(tmp_path / ("顧客の会社" * 8))

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "セッション「s」のファイルが壊れて", "この控えから続", "はい (y, Enter)")
        assert str(tmp_path) in " ".join(said.text.ja for said in app.desk.history)

    drive(app, script, (40, 12))


def test_without_the_copy_the_program_ends_with_65(tmp_path: Path) -> None:
    app = damaged_app(tmp_path)

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "この控えから続けますか")
        await pilot.press("n")
        await until(pilot, lambda: not app.is_running)

    drive(app, script)
    assert app.return_value == 65


def copies(sessions: Path, name: str, count: int) -> None:
    body = (sessions / f"{name}.toml").read_bytes()
    for number in range(count):
        (sessions / f"{name}-{number:03}.toml").write_bytes(body)


def held(monkeypatch: pytest.MonkeyPatch, what: str) -> threading.Event:
    """Something of `state.shelf.listing` that waits for the test."""
    gate = threading.Event()
    real = getattr(ListingReader if what == "step" else state.shelf.listing, what)

    def wait(*args: Any) -> Any:
        assert gate.wait(20)
        return real(*args)

    monkeypatch.setattr(ListingReader if what == "step" else state.shelf.listing, what, wait)
    return gate


def test_the_screen_says_how_far_the_reading_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = folder(tmp_path, "sakura-1", "ume")
    copies(sessions, "ume", 120)
    gate = held(monkeypatch, "step")
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await see(pilot, "ume-1", "読み込み中 0 / 122")
        await press(pilot, *"keizoku")  # what is not read yet may still be found
        await until(pilot, lambda: "読み込み中 0 / 122" in screen_lines(app)[3])
        gate.set()
        await see(pilot, "ume-1", "継続検査")
        await until(pilot, lambda: "読み込み中" not in screen_text(app))
        assert wording.NO_MATCH.ja not in screen_text(app)

    drive(app, script)


def test_sessions_are_found_by_a_number_plate_in_a_note_and_by_their_state(tmp_path: Path) -> None:
    sessions = folder(tmp_path, "a-plain", "m-wrong", "p-plate")
    for name, note in (("m-wrong", ""), ("p-plate", "品川 500 さ 12-34\n白い車")):
        session = open_session(sessions / f"{name}.toml", load_guide, host="PC-01", user="taro")
        if note:
            session.note("documents", note)
        else:
            session.answer("payment.bank", "no")
        assert session.close(5.0)
    app = make_app(sessions / "a-plain.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await see(pilot, "p-plate", "品川 500 さ 12-34", "継続検査")
        for typed, name in (
            ("さ12", "p-plate"),
            ("白い車", "p-plate"),
            ("要対応", "m-wrong"),
            ("使用中", "a-plain"),
        ):
            app.desk.view.paste(typed)
            await until(pilot, lambda name=name: [one.name for one in shown(app).found] == [name])  # type: ignore[misc]
            await press(pilot, "escape")

    drive(app, script)


def shown(app: JunbiApp) -> Sessions:
    view = app.desk.view
    assert isinstance(view, Sessions)
    return view


def test_the_marked_line_stays_marked_when_more_sessions_come_to_light(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = folder(tmp_path, "sakura-1", "ume", "yuri")
    for at, name in enumerate(("ume", "yuri"), 1):
        os.utime(sessions / f"{name}.toml", (at, at))
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await until(pilot, lambda: shown(app).saved.whole)
        await until(pilot, lambda: (tmp_path / INDEX).exists())
        await press(pilot, "escape")
        copies(sessions, "ume", 2)  # another login makes two, which the index does not know
        gate = held(monkeypatch, "session_files")
        await press(pilot, "s")
        await see(pilot, "yuri")
        assert [one.name for one in shown(app).found] == ["sakura-1", "yuri", "ume"]
        await press(pilot, "down")
        gate.set()
        await see(pilot, "ume-001")
        assert [one.name for one in shown(app).found][-2:] == ["yuri", "ume"]
        assert shown(app).found[shown(app).at].name == "yuri"

    drive(app, script)


def test_ten_thousand_sessions_open_and_are_narrowed_by_name(tmp_path: Path) -> None:
    sessions = folder(tmp_path, "sakura-1")
    for number in range(10_000):
        (sessions / f"fleet-{number:05}.toml").touch()
    app = make_app(sessions / "sakura-1.toml", sessions=sessions)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "s")
        await see(pilot, "fleet-")
        await press(pilot, *"sakura")
        await until(pilot, lambda: "sakura-1" in screen_lines(app)[3])

    drive(app, script)
