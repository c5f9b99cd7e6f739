"""Checks on the screen: in the background, live in the tree, never in the way, and never keeping the program.

Covers tui.runs.
"""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

from textual.pilot import Pilot

from checks.model import Context, Finding, Options
from checks.runner import Finished
from tests.support.helpers_tui import (
    DEFAULT_CHECKS,
    drive,
    fake_check,
    make_app,
    press,
    screen_text,
    see,
    until,
)
from tui import checking
from tui.application import JunbiApp
from tui.checking import CHECKS_STOPPED
from tui.thread_messages import CheckNews
from tui.widgets.frame import Frame


class Gate:
    """A probe that waits until it is let through."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.times = 0

    def __call__(self, _context: Context) -> Finding:
        self.times += 1
        self.entered.set()
        self.open.wait(30)
        return Finding("good")


def ran(app: JunbiApp, name: str) -> bool:
    return name in app.desk.session.data.results


def test_local_checks_run_once_by_themselves_and_never_again(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    runs: list[str] = []

    def probe(_context: Context) -> Finding:
        runs.append("pc.disk")
        return Finding("good")

    checks = (fake_check("pc.disk", 2, "ディスクの空き", "Free disk space", probe), DEFAULT_CHECKS[1])
    for _ in range(2):
        app = make_app(path, *checks)

        async def script(pilot: Pilot[int], app: JunbiApp = app) -> None:
            await until(pilot, lambda: ran(app, "pc.disk") and app.desk.runs.latest is None)
            assert not ran(app, "portal.tls")

        drive(app, script)
    assert runs == ["pc.disk"]


def test_network_checks_ask_first_and_say_what_they_contact(tmp_path: Path) -> None:
    app = make_app(
        tmp_path / "s.toml",
        options=Options(portal="portal.example", port=8443, proxy="http://u:secret@proxy.example:3128"),
    )

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: ran(app, "pc.disk") and app.desk.runs.latest is None)
        await press(pilot, "R")
        await see(pilot, "portal.example:8443", "proxy.example:3128")
        assert "secret" not in screen_text(app)
        await press(pilot, "escape")
        await pilot.pause()
        assert app.desk.runs.latest is None
        assert not ran(app, "portal.tls")
        await press(pilot, "R", "y")
        await until(pilot, lambda: ran(app, "portal.tls") and app.desk.runs.latest is None)
        await see(pilot, "[要] ポータルへの安全な接続")
        await press(pilot, "R")  # asked once is enough
        await until(pilot, lambda: app.desk.runs.latest is None and app.desk.message is not None)
        assert "始めますか" not in screen_text(app)

    drive(app, script)


def test_the_network_can_be_left_out(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: ran(app, "pc.disk") and app.desk.runs.latest is None)
        await press(pilot, "R", "p")
        await until(pilot, lambda: app.desk.runs.latest is None)
        assert not ran(app, "portal.tls")

    drive(app, script)


def test_offline_nothing_is_asked_and_nothing_contacted(tmp_path: Path) -> None:
    gate = Gate()
    check = fake_check("portal.tls", 1, "ポータルへの安全な接続", "Connection", gate, network=True)
    app = make_app(tmp_path / "s.toml", check, options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "R")
        await until(pilot, lambda: ran(app, "portal.tls"))
        assert app.desk.session.data.results["portal.tls"].code == "offline"
        assert gate.times == 0

    drive(app, script)


def test_the_tree_shows_a_check_begin_and_finish(tmp_path: Path) -> None:
    gate = Gate()
    app = make_app(tmp_path / "s.toml", fake_check("pc.slow", 1, "ゆっくりした検査", "A slow check", gate))

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "[検] ゆっくりした検査", "検査中 1: ゆっくりした検査")
        gate.open.set()
        await see(pilot, "[済] ゆっくりした検査")
        await until(pilot, lambda: "検査中" not in screen_text(app))

    drive(app, script)


def test_the_finding_stands_in_the_detail_with_remedy_and_evidence(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "j", "j", "j")
        await see(pilot, "まだ検査していません")
        await press(pilot, "r", "y")
        await see(
            pilot,
            "「Example CA」が見つかりました。",
            "どう直すか",
            "1. 直してください。",
            "certutil -store Root",
            "issuer CN=Example CA",
        )

    drive(app, script, (100, 40))


def test_x_stops_and_what_comes_late_is_dropped(tmp_path: Path) -> None:
    gate = Gate()
    app = make_app(tmp_path / "s.toml", fake_check("pc.slow", 1, "ゆっくりした検査", "A slow check", gate))

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, gate.entered.is_set)
        run = app.desk.runs.latest
        assert run is not None
        await press(pilot, "x")
        await see(pilot, CHECKS_STOPPED.ja)
        gate.open.set()
        await until(pilot, run.ended.is_set)
        app.post_message(CheckNews(run.number))
        await pilot.pause()
        assert not ran(app, "pc.slow")
        await see(pilot, "[未] ゆっくりした検査")

    drive(app, script)


def test_events_of_an_older_run_change_nothing(tmp_path: Path) -> None:
    gate = Gate()
    app = make_app(tmp_path / "s.toml", fake_check("pc.slow", 1, "ゆっくりした検査", "A slow check", gate))

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, gate.entered.is_set)
        old = app.desk.runs.latest
        assert old is not None
        await press(pilot, "x", "1", "l", "j", "r")
        await until(pilot, lambda: app.desk.runs.latest is not None and app.desk.runs.latest is not old)
        assert app.desk.runs.latest is not None
        assert app.desk.runs.latest.number == old.number + 1
        assert not checking.take_news(app.desk, old.number)
        gate.open.set()
        await until(pilot, lambda: ran(app, "pc.slow"))

    drive(app, script)


def test_quitting_does_not_wait_for_probes_that_are_stuck(tmp_path: Path) -> None:
    gate = Gate()
    app = make_app(
        tmp_path / "s.toml",
        *(fake_check(f"pc.stuck{n}", 1, "動かない検査", "Stuck", gate) for n in range(20)),
    )
    begin = 0.0

    async def script(pilot: Pilot[int]) -> None:
        nonlocal begin
        await until(pilot, lambda: len(app.desk.runs.running) == 20)
        begin = time.monotonic()
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)

    drive(app, script)
    assert time.monotonic() - begin < 5.0
    assert app.return_value == 0


def test_a_probe_that_raises_is_a_finding_and_the_program_goes_on(tmp_path: Path) -> None:
    def broken(_context: Context) -> Finding:
        secret = "hunter2"
        raise RuntimeError(f"no {secret}")

    app = make_app(tmp_path / "s.toml", fake_check("pc.broken", 1, "壊れた検査", "Broken", broken))

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "[障] 壊れた検査")
        await press(pilot, "j", "j")
        await see(pilot, "検査プログラムの不具合", "RuntimeError")
        assert "hunter2" not in screen_text(app)

    drive(app, script, (120, 40))


def test_keys_work_while_checks_run(tmp_path: Path) -> None:
    gate = Gate()
    app = make_app(tmp_path / "s.toml", fake_check("pc.slow", 1, "ゆっくりした検査", "A slow check", gate))

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, gate.entered.is_set)
        await press(pilot, "5", "l", "j", "space", "1")
        await until(pilot, lambda: dict(app.desk.session.answers) == {"documents.seal": "yes"})
        gate.open.set()

    drive(app, script)


def test_many_findings_make_few_pictures(tmp_path: Path) -> None:
    def probe(_context: Context) -> Finding:
        time.sleep(0.02)
        return Finding("good")

    checks = [fake_check(f"pc.many{n}", 2, f"検査{n}", f"Check {n}", probe) for n in range(60)]
    app = make_app(tmp_path / "s.toml", *checks)
    pictures = 0
    present = app.canvas.present

    def counted(frame: Frame, theme: str) -> None:
        nonlocal pictures
        pictures += 1
        present(frame, theme)

    app.canvas.present = counted  # type: ignore[method-assign]

    async def script(pilot: Pilot[int]) -> None:
        begin = time.monotonic()
        await until(pilot, lambda: len(app.desk.session.data.results) == 60 and app.desk.runs.latest is None)
        seconds = time.monotonic() - begin
        await asyncio.sleep(0)
        # The first picture, the run's beginning and end, saves, and four a second in between.
        assert pictures <= 12 + 8 * (seconds + 1), pictures

    drive(app, script)


def test_an_idle_screen_has_no_timer(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: app.desk.runs.latest is None and bool(app.desk.history))
        await until(pilot, lambda: not app._tick_timer and not app._news_timer)
        assert not list(app._timers)

    drive(app, script)


def test_the_engine_event_type_is_what_the_screen_expects() -> None:
    assert {"check", "outcome", "finding", "took_ms"} <= set(Finished.__slots__)
