"""For tests of the full screen: a small guide with checks of the test's own, an application over a real session, and
waiting on conditions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from textual.pilot import Pilot

from checks.guide import Guide
from checks.model import Check, Context, Finding, Options, Outcome, Says
from checks.rules.conditions import ALWAYS, When
from checks.steps import Basis, Choice, Note, Page, Question, Roles, Standing, Step
from checks.system.api import System
from checks.text import Lang, Text
from state.live.open_session import open_session
from state.live.session import Session
from tui.application import JunbiApp
from tui.desk import Desk, Shell
from tui.screens.main import Main
from tui.terminal.glyphs import SAFE, Glyphs

PATIENCE = 20.0
"""Seconds until a condition that never comes true fails the test."""

BASIS = Basis("page", date(2026, 11, 20), "official")
DOUBT = Basis("page", date(2026, 1, 1), "secondary")


def text(ja: str, en: str) -> Text:
    return Text(ja, en)


def yesno(
    name: str, step: int, ja: str, en: str, *, no: Standing = "to-do", applies: When = ALWAYS
) -> Question:
    return Question(
        id=name,
        step=step,
        kind="yesno",
        text=Text(ja, en),
        help=Text(f"{ja}を確かめる方法です。", f"How to find out: {en}"),
        basis=BASIS,
        choices=(
            Choice("yes", Text("はい", "Yes")),
            Choice("no", Text("いいえ", "No"), no, Text("次にすることです。", "What to do then.")),
        ),
        applies=applies,
    )


def choice(name: str, step: int, ja: str, en: str, *choices: tuple[str, str, str]) -> Question:
    return Question(
        id=name,
        step=step,
        kind="choice",
        text=Text(ja, en),
        help=None,
        basis=BASIS,
        choices=tuple(Choice(value, Text(a, b)) for value, a, b in choices),
    )


def day(name: str, step: int, ja: str, en: str) -> Question:
    return Question(id=name, step=step, kind="date", text=Text(ja, en), help=None, basis=DOUBT)


def fake_check(
    name: str,
    step: int,
    ja: str,
    en: str,
    probe: Callable[[Context], Finding] | None = None,
    *,
    network: bool = False,
    requires: tuple[str, ...] = (),
    timeout: float = 30.0,
) -> Check:
    return Check(
        id=name,
        step=step,
        title=Text(ja, en),
        why=Text("申請に必要です。", "The application needs it."),
        how=Text("見て確かめます。", "By looking."),
        says={
            "good": Says(Outcome.PASS, Text("問題ありません。", "All is well.")),
            "bad": Says(
                Outcome.FAIL,
                Text("「{name}」が見つかりました。", 'Found "{name}".'),
                Text("1. 直してください。\n2. もう一度検査してください。", "1. Mend it.\n2. Check again."),
                commands=("certutil -store Root",),
                link="page",
            ),
        },
        probe=probe or (lambda _context: Finding("good")),
        source="page",
        requires=requires,
        network=network,
        timeout=timeout,
    )


def make_guide(*checks: Check) -> Guide:
    """A guide of seven small steps with these checks."""
    page = Page(
        "page",
        "https://www.example.jp/junbi",
        Text("見本のページ", "The sample page"),
        date(2026, 11, 20),
        True,
    )
    procedure = When(((("case.procedure", frozenset({"new-registration", "continuous-inspection"})),),))
    case = Step(
        0, "case", Text("申請の内容", "The application"), Text("申請の内容", "The application"), "page", ALWAYS, None, (),
        (
            choice("case.role", 0, "だれが申請しますか", "Who applies?",
                   ("self", "本人", "The owner"), ("dealer", "販売店", "A dealer")),
            choice("case.procedure", 0, "どの手続ですか", "Which procedure?",
                   ("new-registration", "新車新規登録", "New registration"), ("transfer", "移転登録", "Transfer"),
                   ("continuous-inspection", "継続検査", "Continuous inspection")),
        ),
    )  # fmt: skip
    names = (
        ("root-certificate", "証明書とブラウザー", "Certificates and browser"),
        ("pc-environment", "PC環境", "PC environment"),
        ("compulsory-insurance", "自賠責保険", "Compulsory insurance"),
        ("electronic-payment", "電子納付", "Payment"),
        ("documents", "書類", "Documents"),
        ("digital-certificate", "電子証明書", "Digital certificate"),
        ("proxy-issuance", "記録等事務代行", "Proxy issuance"),
    )
    questions: Mapping[int, tuple[Question, ...]] = {
        2: (yesno("pc.update", 2, "Windowsを更新しましたか", "Is Windows up to date?"),),
        3: (day("insurance.start", 3, "自賠責保険の始まる日", "First day of the insurance"),),
        4: (
            yesno(
                "payment.bank",
                4,
                "ネットバンキングを使えますか",
                "Is Internet banking ready?",
                no="attention",
            ),
        ),
        5: (yesno("documents.seal", 5, "印鑑証明書はありますか", "Is the seal certificate at hand?"),),
        6: (yesno("certificate.card", 6, "電子証明書はありますか", "Is there a digital certificate?"),),
        7: (yesno("proxy-issuance.asked", 7, "代行者に依頼しましたか", "Has the agent been asked?"),),
    }
    steps = tuple(
        Step(
            number, name, Text(ja, en), Text(ja, en), "page",
            procedure if number == 3 else ALWAYS,
            Text("今回の手続では必要ありません。", "Not needed for this procedure.") if number == 3 else None,
            (Note(f"{name}.purpose", "purpose", Text(f"{ja}を準備します。", f"Prepare: {en}."), BASIS),
             Note(f"{name}.caution", "caution", Text("早めに始めてください。", "Please begin early."), DOUBT)),
            questions.get(number, ()),
        )
        for number, (name, ja, en) in enumerate(names, 1)
    )  # fmt: skip
    asked = {question.id: question for step in (case, *steps) for question in step.questions}
    roles = Roles("case.procedure", ("case.procedure", "case.role"), ("case.procedure",))
    return Guide(case, steps, {"page": page}, asked, {check.id: check for check in checks}, roles=roles)


DEFAULT_CHECKS = (
    fake_check("root.store", 1, "ルート証明書", "Root certificates"),
    fake_check("portal.tls", 1, "ポータルへの安全な接続", "Secure connection to the portal",
               lambda _context: Finding("bad", {"name": "Example CA"}, ("issuer CN=Example CA",)), network=True),
    fake_check("pc.disk", 2, "ディスクの空き", "Free disk space"),
)  # fmt: skip


def make_app(
    path: Path,
    *checks: Check,
    guide: Guide | None = None,
    options: Options | None = None,
    lang: Lang = "ja",
    glyphs: Glyphs = SAFE,
    theme: str = "dark",
    read_only: bool = False,
    sessions: Path | None = None,
) -> JunbiApp:
    """The application over the session in `path`, with a guide and checks of the test's own."""

    shown = guide or make_guide(*(checks or DEFAULT_CHECKS))

    def guides(_name: str) -> Guide:
        return shown

    def reopen(file: Path, only_read: bool) -> Session:
        return open_session(file, guides, read_only=only_read, host="PC-01", user="taro")

    return JunbiApp(
        Desk(
            session=reopen(path, read_only),
            options=options or Options(),
            system=lambda: cast(System, None),
            shell=Shell(),
            lang=lang,
            glyphs=glyphs,
            theme=theme,
            platform="linux",
            host="PC-01",
            user="taro",
            sessions=sessions,
            reopen=reopen,
        )
    )


Script = Callable[[Pilot[int]], Awaitable[None]]


def drive(app: JunbiApp, script: Script, size: tuple[int, int] = (80, 24)) -> None:
    """Run the script against the application in a terminal of that size, then close the session."""

    async def go() -> None:
        async with app.run_test(size=size) as pilot:
            await until(
                pilot, lambda: bool(app.canvas.picture.rows) and bool(screen_lines(app)), "the first picture"
            )
            await script(pilot)

    try:
        asyncio.run(go())
    finally:
        with suppress(Exception):
            app.desk.session.close(2.0)
    if app.crash is not None:
        raise app.crash


async def until(pilot: Pilot[int], condition: Callable[[], bool], what: str = "") -> None:
    """Wait until the condition holds; raises `AssertionError` with the screen when it never does."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > limit:
            app = cast(JunbiApp, pilot.app)
            raise AssertionError(f"waited in vain for {what}:\n{screen_text(app)}")
        await asyncio.sleep(0.01)


async def see(pilot: Pilot[int], *words: str) -> None:
    """Wait until all these words stand on the screen."""
    app = cast(JunbiApp, pilot.app)
    await until(pilot, lambda: all(word in screen_text(app) for word in words), repr(words))


def main(app: JunbiApp) -> Main:
    """The main screen, below all others."""
    view = app.desk.views[0]
    assert isinstance(view, Main)
    return view


async def settled(app: JunbiApp, pilot: Pilot[int]) -> None:
    """Wait until the first checks have ended."""
    await until(pilot, lambda: app.desk.runs.latest is None and bool(app.desk.history), "the first checks")
    await pilot.pause()


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys one after the other, each taken in before the next."""
    for key in keys:
        await pilot.press(key)


def screen_lines(app: JunbiApp) -> list[str]:
    """The lines that Textual would send to the terminal."""
    if not app._running or not app.canvas.is_mounted:
        return []
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def screen_text(app: JunbiApp) -> str:
    """The lines that Textual would send to the terminal, as one text."""
    return "\n".join(screen_lines(app))


def with_now(options: Options, now: object) -> Options:
    """The options with another idea of now."""
    return replace(options, now=now)  # type: ignore[arg-type]
