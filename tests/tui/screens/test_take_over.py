"""Taking a session over and withdrawing an exception, on the screen and on the command line.

Covers tui.screens.selected.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from checks.guide import load_guide
from checks.text import Lang
from state.file import load
from state.live import saver
from state.live.open_session import open_session
from tests.cli.test_commands import Cli
from tests.support.helpers_session import wait_until
from tests.support.helpers_tui import drive, make_app, press, screen_text, see, until
from tui import wording
from tui.screens import take_over
from tui.screens.selected import NOT_WAIVED
from tui.widgets.bars import READ_ONLY_SHORT
from tui.widgets.detail import WITHDRAW


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "LOOK", 0.05)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_screen_takes_over_and_is_told_who_reads(tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "s.toml"
    other = open_session(path, load_guide, host="PC-99", user="hanako")
    try:
        app = make_app(path, lang=lang)

        async def script(pilot: Pilot[int]) -> None:
            await see(pilot, "hanako@PC-99")
            await press(pilot, "T")
            await see(pilot, "hanako@PC-99", wording.YES_NO.to(lang).split()[0])
            await press(pilot, "y")
            await until(pilot, lambda: other.taken_by is not None, "the other to be told")
            await see(pilot, {"ja": "見ているだけ", "en": "Also open, read-only"}[lang])
            assert not app.desk.session.read_only

        drive(app, script, (120, 40))
        assert other.taken_by is not None
        assert (other.taken_by.user, other.taken_by.pid) == ("taro", os.getpid())
    finally:
        other.close(2.0)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_screen_that_was_taken_over_from_says_so_and_takes_back(tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "s.toml"
    other = open_session(path, load_guide, host="PC-99", user="hanako")
    try:
        app = make_app(path, lang=lang)

        async def script(pilot: Pilot[int]) -> None:
            await see(pilot, "hanako@PC-99")
            other.claim()
            await until(pilot, lambda: app.desk.session.taken_by is not None, "the takeover")
            await see(pilot, {"ja": "に引き継ぎました", "en": "took over at"}[lang], "hanako@PC-99")
            await see(pilot, READ_ONLY_SHORT.to(lang))
            await press(pilot, "2", "l", "j", "space")
            await see(pilot, wording.IS_READ_ONLY.to(lang))
            await press(pilot, "T")
            await see(pilot, {"ja": "p 別のセッションとして", "en": "p continue as another"}[lang])
            await press(pilot, "y")
            # News of what was kept beside the session may follow and take the line.
            await until(pilot, lambda: take_over.CLAIMED in [said.text for said in app.desk.history], "it")
            await until(pilot, lambda: other.taken_by is not None, "the other to read")
            assert app.desk.writable

        drive(app, script, (120, 40))
    finally:
        other.close(2.0)


def test_the_screen_goes_on_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    other = open_session(path, load_guide, host="PC-99", user="hanako")
    other.answer("case.role", "self")
    try:
        app = make_app(path)

        async def script(pilot: Pilot[int]) -> None:
            other.claim()
            await until(pilot, lambda: app.desk.session.taken_by is not None, "the takeover")
            await press(pilot, "T", "p")
            await until(pilot, lambda: (tmp_path / "s-2.toml").exists(), "the new file")
            await until(pilot, lambda: app.desk.session.save_state().saved, "the save")
            assert "s-2" in screen_text(app)
            assert app.desk.writable

        drive(app, script, (100, 30))
    finally:
        other.close(2.0)
    loaded = load.load(tmp_path / "s-2.toml", load_guide)
    assert loaded is not None
    assert loaded.data.values() == {"case.role": "self"}
    assert loaded.data.takeover is None


def test_one_that_was_opened_for_reading_takes_nothing_over(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    open_session(path, load_guide).close(2.0)
    app = make_app(path, read_only=True)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "T")
        await see(pilot, take_over.LOOKING.ja)
        await press(pilot, "y")
        await until(pilot, lambda: take_over.LOOKING.ja not in screen_text(app), "the question to go")

    drive(app, script)


def test_a_waiver_is_withdrawn_on_the_screen_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = make_app(path)
    check = next(iter(app.desk.guide.checks.values()))
    app.desk.session.waive(check.id, "検証済み", "佐藤", date(2099, 12, 31))

    async def script(pilot: Pilot[int]) -> None:
        app.desk.views[0].reveal(check.id)  # type: ignore[attr-defined]
        await see(pilot, "検証済み", WITHDRAW.ja)
        await press(pilot, "W")
        await until(pilot, lambda: check.id not in app.desk.session.data.waivers, "the withdrawal")
        await see(pilot, check.title.ja)
        await until(pilot, lambda: "検証済み" not in screen_text(app), "the exception to go")
        await press(pilot, "W")
        await see(pilot, NOT_WAIVED.ja)
        await press(pilot, "u")
        await see(pilot, "検証済み")
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: "検証済み" not in screen_text(app), "the exception to go again")

    drive(app, script, (120, 40))


def test_the_command_takes_over_and_names_whom(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", "sakura").returncode == 0
    path = next(tmp_path.rglob("sakura.toml"))
    other = open_session(path, load_guide, host="PC-99", user="hanako")
    try:
        done = cli("take-over", "sakura")
        assert done.returncode == 0, done.stderr
        assert "hanako@PC-99" in done.stderr
        wait_until(other, lambda: other.taken_by is not None)
        assert cli("answer", "case.role=self", "--session", "sakura").returncode == 0
    finally:
        other.close(2.0)
    done = cli("take-over", "sakura", "--lang", "en")
    assert (done.returncode, "No other login" in done.stderr) == (0, True)
    assert cli("take-over", "sakuro").returncode == 2
    assert cli("take-over", "sakura", "--read-only").returncode == 74


def test_a_waiver_is_withdrawn_by_command(cli: Cli) -> None:
    terms = ("--reason", "承認済み", "--by", "山田", "--until", "2099-12-01")
    assert cli("waive", "pc.memory", *terms).returncode == 0
    assert cli("waive", "pc.memory", "--withdraw", "--by", "山田").returncode == 2
    done = cli("waive", "pc.memory", "--withdraw")
    assert (done.returncode, "取り下げました" in done.stderr) == (0, True)
    items = {item["id"]: item for step in cli.json("status")["steps"] for item in step["items"]}
    assert "waiver" not in items["pc.memory"]
    done = cli("waive", "pc.memory", "--withdraw", "--lang", "en")
    assert (done.returncode, "No exception" in done.stderr) == (2, True)
