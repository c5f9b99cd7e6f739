"""For tests of what can be reached: every screen over one desk without Textual, and the ways to a command on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from checks.guide import load_guide
from checks.model import Context, Finding
from checks.steps import Question
from checks.text import Lang, Text
from state.live.open_session import open_session
from tests.support.helpers_tui import BASIS, DEFAULT_CHECKS, fake_check, make_app, make_guide
from tui.commands import Key
from tui.desk import SENT, Desk, Shell
from tui.screens import shelf_rows
from tui.screens.ask import Ask
from tui.screens.case import Case
from tui.screens.dispatch import dispatch, pressed
from tui.screens.explanation import Explain
from tui.screens.help import Help
from tui.screens.link import PageLink
from tui.screens.main import Main
from tui.screens.messages import Messages
from tui.screens.note import NoteScreen
from tui.screens.palette import Palette
from tui.screens.papers_view import ReportView
from tui.screens.password import Password
from tui.screens.selected import CONSENT_LOCAL
from tui.screens.shelf_view import Sessions
from tui.screens.take_over import TakeOver
from tui.widgets.frame import Frame

T = TypeVar("T")
SIZE = (80, 24)


class Recorder(Shell):
    """Does what the application would, at the next look; and remembers what the desk asked for."""

    def __init__(self) -> None:
        self.left: list[int] = []
        self.repainted = 0
        self.sent: list[str] = []
        self._waiting: list[Callable[[], None]] = []

    def background(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """Later, in this thread."""

        def go() -> None:
            result: T | Exception
            try:
                result = work()
            except Exception as error:
                result = error
            then(result)

        self._waiting.append(go)

    def settle(self) -> None:
        """Everything that waits."""
        while self._waiting:
            self._waiting.pop(0)()

    def send_control(self, data: str) -> bool:
        self.sent.append(data)
        return True

    def repaint(self) -> None:
        self.repainted += 1

    def leave(self, code: int) -> None:
        self.left.append(code)


class Reach:
    """A desk with the main screen, and hands: keys and clicks."""

    def __init__(self, desk: Desk, shell: Recorder) -> None:
        self.desk, self.shell = desk, shell
        self.release = threading.Event()

    @property
    def main(self) -> Main:
        found = self.desk.views[0]
        assert isinstance(found, Main)
        return found

    def fresh(self) -> None:
        """The main screen alone, as at the start."""
        desk = self.desk
        desk.lang, desk.theme, desk.message = "ja", "dark", None
        desk.runs.cancel()
        for question in list(desk.session.answers):
            desk.session.answer(question, None, scope=desk.guide.questions[question].scope)
        for item in list(desk.session.data.waivers):
            desk.session.withdraw(item)
        desk.session.look(cursor="", folded=())
        desk.changed()
        desk.history.clear()
        self.shell.left.clear()
        self.shell.sent.clear()
        desk.views[:] = [Main(desk)]
        self.main.place.folded = set()
        self.main.welcome = False

    def press(self, *keys: str) -> None:
        for key in keys:
            char = " " if key == "space" else key if len(key) == 1 else ""
            dispatch(self.desk, Key(key, char))
            self.shell.settle()

    def frame(self, size: tuple[int, int] = SIZE) -> Frame:
        return self.desk.view.draw(*size)

    def acts(self, size: tuple[int, int] = SIZE) -> set[str]:
        """What a click does somewhere on the screen as it is."""
        return {span.act for row in self.frame(size).rows for span in row if span.act and span.text.strip()}

    def click(self, act: str, size: tuple[int, int] = SIZE) -> None:
        """Click on what is to be seen."""
        assert act in self.acts(size), (act, type(self.desk.view).__name__, sorted(self.acts(size)))
        pressed(self.desk, act)
        self.shell.settle()

    def lines(self, size: tuple[int, int] = SIZE) -> list[str]:
        return ["".join(span.text for span in row) for row in self.frame(size).rows]


def _slow(release: threading.Event) -> Callable[[Context], Finding]:
    def probe(_context: Context) -> Finding:
        release.wait(30)
        return Finding("good")

    return probe


@contextmanager
def reach(folder: Path, lang: Lang = "ja") -> Iterator[Reach]:
    """A desk over a session of its own in a sessions folder with a second one."""
    sessions = folder / "sessions"
    sessions.mkdir(mode=0o700, exist_ok=True)
    open_session(sessions / "second.toml", load_guide, host="PC-01", user="taro").close(5.0)
    shell, release = Recorder(), threading.Event()
    guide = make_guide(
        *DEFAULT_CHECKS, fake_check("pc.slow", 2, "ゆっくりした検査", "A slow check", _slow(release))
    )
    place = Question(
        id="documents.folder", step=5, kind="text", text=Text("置き場所", "Where they are"), help=None, basis=BASIS,
        required=False,
    )  # fmt: skip
    steps = tuple(
        replace(step, questions=(*step.questions, place)) if step.number == 5 else step
        for step in guide.steps
    )
    guide = replace(guide, steps=steps, questions={**guide.questions, place.id: place})
    desk = make_app(sessions / "first.toml", guide=guide, lang=lang, sessions=sessions).desk
    desk.shell = shell
    found = Reach(desk, shell)
    found.release = release
    found.fresh()
    pause, shelf_rows._PICTURE = shelf_rows._PICTURE, 0.0  # nobody waits for a picture
    try:
        yield found
    finally:
        shelf_rows._PICTURE = pause
        release.set()
        desk.session.close(5.0)


def _form(question: str) -> Callable[[Reach], None]:
    def show(hands: Reach) -> None:
        hands.main.place.select(question)
        hands.press("space")
        assert hands.main.form is not None

    return show


def _opened(make: Callable[[Reach], object]) -> Callable[[Reach], None]:
    def show(hands: Reach) -> None:
        view = make(hands)
        if view is not None:
            hands.desk.push(view)  # type: ignore[arg-type]
        hands.shell.settle()
        hands.frame()

    return show


def _said(hands: Reach) -> Messages:
    for _ in range(60):
        hands.desk.say(SENT)
    hands.desk.message = None
    return Messages(hands.desk)


def _node(hands: Reach, name: str) -> Explain:
    hands.main.place.select(name)
    assert hands.main.node is not None
    return Explain(hands.desk, hands.main.node)


def _filtered(hands: Reach) -> None:
    hands.press("/", "o")


def _naming(hands: Reach) -> None:
    hands.press("s", "ctrl+n")


def _saving(hands: Reach) -> None:
    hands.press("p", "w")


ASKED = Text("ほんとうですか。", "Really?")
SCREENS: Mapping[str, Callable[[Reach], None]] = {
    "case": _opened(lambda hands: Case(hands.desk)),
    "explain": _opened(lambda hands: _node(hands, "portal.tls")),
    "help": _opened(lambda hands: Help(hands.desk)),
    "link": _opened(lambda hands: PageLink(hands.desk, hands.desk.guide.pages["page"])),
    "messages": _opened(_said),
    "note": _opened(lambda hands: NoteScreen(hands.desk, "root.store", ASKED)),
    "palette": _opened(lambda hands: Palette(hands.desk)),
    "password": _opened(lambda hands: Password(hands.desk, hands.desk.guide.checks["root.store"])),
    "report": _opened(lambda hands: ReportView(hands.desk)),
    "report's file": _saving,
    "sessions": _opened(lambda hands: Sessions(hands.desk)),
    "new session": _naming,
    "choices": _form("pc.update"),
    "field": _form("documents.folder"),
    "filter": _filtered,
}
"""Every screen beside the main one, and what stands in its place there; how each is opened on it."""
QUESTIONS: Mapping[str, Callable[[Reach], None]] = {
    "ask": _opened(
        lambda hands: Ask(
            hands.desk, ASKED, CONSENT_LOCAL, lambda: hands.shell.leave(1),
            lambda: hands.shell.leave(2), lambda: hands.shell.leave(3),
        )
    ),
    "take over": _opened(lambda hands: TakeOver(hands.desk)),
}  # fmt: skip
"""Questions over a screen: nothing but their answers works there."""
