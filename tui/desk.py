"""The state of the screen: one session, its progress, the messages and the views. No Textual here.

The views draw from it; `tui/answering.py` and `tui/checking.py` act on it; the application gives it a `Shell`, which does
what needs a terminal or an event loop.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from checks.guide import Guide
from checks.model import Options
from checks.record import dataclass, field
from checks.rules.conditions import Value
from checks.rules.dates import spoken
from checks.shown import show, show_lines
from checks.system.api import System
from checks.text import LANGS, Lang, Text, next_lang
from state.progress import progress
from state.session_data import Presence, here
from state.standing import Progress, StepProgress
from tui import wording
from tui.runs import CheckRuns
from tui.terminal.glyphs import Glyphs, substitute

if TYPE_CHECKING:
    from state.live.session import Session
    from tui.screens.view import View

CONTACT_PROXY = Text("ポータル {portal} とプロキシ {proxy}", "the portal {portal} and the proxy {proxy}")
SENT = Text(
    "端末へ送りました（クリップボードに入ったかは端末の設定によります）",
    "Sent to the terminal (its settings decide whether it reaches the clipboard)",
)
TOO_LONG = Text(
    "長すぎるため、端末へ送れません。画面から写してください",
    "Too long to send to the terminal. Please copy it from the screen",
)
CANNOT_COPY = Text(
    "この端末へは送れません。画面から写してください",
    "This terminal does not support copying. Please copy it from the screen",
)
THEME_TITLES: Mapping[str, Text] = {
    "dark": Text("配色: 暗い", "Colours: dark"),
    "light": Text("配色: 明るい", "Colours: light"),
    "contrast": Text("配色: 高コントラスト", "Colours: high contrast"),
    "plain": Text("配色: 色なし", "Colours: none"),
}
LANGUAGE = Text("日本語で表示します", "Display language: English")

HISTORY = 200
"""Messages that are kept for `!`."""

T = TypeVar("T")


class Shell:
    """What the application does for the desk. This one, without an application, does nothing."""

    def redraw(self) -> None:
        """Show what has changed, soon."""

    def background(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """Do `work` in a daemon thread, then `then` with its result on the screen's thread."""

    def news(self, run: int) -> None:
        """A run has events; may be called from any thread."""

    def send_control(self, data: str) -> bool:
        """Give one control string to the terminal; False when it was not sent."""
        return False

    def repaint(self) -> None:
        """Draw everything again."""

    def adopted(self) -> None:
        """Another session has taken the place of the old one."""

    def leave(self, code: int) -> None:
        """End the program."""


@dataclass(frozen=True, slots=True)
class ScreenMessage:
    """A message, when it was shown, and whether it tells of something wrong."""

    text: Text
    at: datetime
    wrong: bool = False


def filled(text: Text, /, **values: object) -> Text:
    """`text` with its placeholders filled by inert, bounded values; a `Text` among them in its own language."""
    made = object.__new__(Text)  # braces within the values mean nothing
    for lang in LANGS:
        shown = {
            key: show(value.to(lang), 800) if isinstance(value, Text) else show(str(value), 200)
            for key, value in values.items()
        }
        object.__setattr__(made, lang, text.fill(shown, lang))
    return made


@dataclass(slots=True)
class Desk:
    """Only touched by the screen's thread."""

    session: Session
    options: Options
    system: Callable[[], System]
    """Called in the background: what this PC is."""
    shell: Shell
    lang: Lang
    glyphs: Glyphs
    theme: str
    platform: str = ""
    host: str = ""
    user: str = ""
    sessions: Path | None = None
    reopen: Callable[[Path, bool], Session] | None = None
    """Opens another session; called in the background."""
    views: list[View] = field(default_factory=list)
    history: deque[ScreenMessage] = field(default_factory=lambda: deque(maxlen=HISTORY))
    message: ScreenMessage | None = None
    others: tuple[Presence, ...] = ()
    """Who else has the session open, as last told by the saver's thread."""
    runs: CheckRuns = field(default_factory=CheckRuns)
    typed: dict[str, Value] = field(default_factory=dict)
    """What was answered here in this session since it was opened."""
    closing: list[threading.Thread] = field(default_factory=list)
    """Sessions left for another one that are being closed."""
    quit_at: float = 0.0
    quit_question: View | None = None
    """The question whether to quit although something typed is not stored; shown once."""
    _progress: Progress | None = None
    _seen: tuple[object, ...] | None = None

    # Words.

    def t(self, text: Text, /, **values: object) -> str:
        """A sentence of ours in the person's language and the terminal's glyphs; values are made inert."""
        return substitute((filled(text, **values) if values else text).to(self.lang), self.glyphs)

    def data(self, text: str, limit: int = 200) -> str:
        """Outside text on one line, inert."""
        return substitute(show(text, limit), self.glyphs)

    def lines(self, text: str, limit: int = 4000) -> str:
        """Outside text of several lines, inert."""
        return substitute(show_lines(text, limit), self.glyphs)

    def spoken(self, question: str, value: str) -> Text:
        """An answer as a person says it: the text of the choice, or the value itself."""
        known = self.guide.questions.get(question)
        if choice := known.choice(value) if known else None:
            return choice.text
        if known is not None and known.kind == "date":
            with suppress(ValueError):
                return spoken(date.fromisoformat(value))
        return filled(Text("{value}", "{value}"), value=show(value, 200) or "-")

    def title_of(self, item: str) -> Text:
        """What a step, a question or a check is called; its id when it is none of the guide's."""
        guide = self.guide
        if question := guide.questions.get(item):
            return question.label
        titles = {step.id: step.title for step in (guide.case, *guide.steps)}
        check = guide.checks.get(item)
        return check.title if check is not None else titles.get(item, Text(item, item))

    @property
    def guide(self) -> Guide:
        """The guide that the session follows."""
        return self.session.guide

    @property
    def arrows(self) -> dict[str, str]:
        """How the arrow keys are written on this terminal."""
        glyphs = self.glyphs
        return {"up": glyphs.up, "down": glyphs.down, "left": glyphs.left, "right": glyphs.right}

    def clock(self, at: datetime) -> str:
        """A time of today as `10:03:12`, another as `2026-11-22 10:03`, in local time."""
        local = here(at)
        today = local.date() == here(self.options.moment()).date()
        return f"{local:%H:%M:%S}" if today else self.minute(at)

    def minute(self, at: datetime) -> str:
        """A time as `2026-11-22 10:03`, in local time."""
        return f"{here(at):%Y-%m-%d %H:%M}"

    # How far it is.

    @property
    def progress(self) -> Progress:
        """How far the preparation has come; worked out once per change."""
        data = self.session.data
        seen = (data.answers, data.results, data.waivers, data.declared, data.pc, data.pc_name)
        if self._seen is None or any(one is not other for one, other in zip(seen, self._seen, strict=True)):
            self._progress, self._seen = None, seen  # changed here, or by another login
        if self._progress is None:
            self._progress = progress(
                self.guide,
                data,
                self.options,
                host=self.host,
                user=self.user,
                platform=self.platform,
                running=frozenset(self.runs.running),
            )
        return self._progress

    def changed(self) -> None:
        """Answers, findings or what is running have changed."""
        self._progress = None
        self.shell.redraw()

    def part(self, number: int) -> StepProgress:
        """A step as it stands; 0 is the case."""
        return self.progress.case if number == 0 else self.progress.steps[number - 1]

    @property
    def contact(self) -> Text:
        """What the network checks contact."""
        options = self.options.at(self.guide.portal)
        portal = f"{options.portal}:{options.port}"
        if options.proxy:
            from urllib.parse import urlsplit

            parts = urlsplit(options.proxy if "//" in options.proxy else f"//{options.proxy}")
            where = f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
            return filled(CONTACT_PROXY, portal=portal, proxy=where)
        return filled(wording.CONTACT_PORTAL, portal=portal)

    # Messages.

    def say(self, text: Text, /, *, wrong: bool = False, **values: object) -> None:
        """Show a message; the person finds it again under `!`."""
        self.message = ScreenMessage(filled(text, **values) if values else text, datetime.now(UTC), wrong)
        self.history.append(self.message)
        self.shell.redraw()

    # Views.

    @property
    def view(self) -> View:
        """What is in front."""
        return self.views[-1]

    def push(self, view: View) -> None:
        """Put a view in front."""
        self.views.append(view)
        self.shell.redraw()

    def pop(self) -> None:
        """Go back to the view behind; the first one stays."""
        if len(self.views) > 1:
            self.views.pop()
        self.shell.redraw()

    # The rest.

    @property
    def writable(self) -> bool:
        """Whether something can be changed; says so when not."""
        if self.session.read_only:
            self.say(wording.IS_READ_ONLY, wrong=True)
            return False
        return True

    def copy(self, text: str) -> None:
        """Send text to the terminal's clipboard and say what is known of it."""
        from tui.terminal.clipboard import Copied, copy

        messages = {Copied.SENT: SENT, Copied.TOO_LONG: TOO_LONG, Copied.UNSUPPORTED: CANNOT_COPY}
        result = copy(text, self.shell.send_control)
        self.say(messages[result], wrong=result is not Copied.SENT)

    def change_language(self) -> None:
        """Japanese or English, at once."""
        self.lang = next_lang(self.lang)
        self.say(LANGUAGE)

    def change_theme(self) -> None:
        """The next theme; without colours there is only one."""
        from tui.styles.themes import THEMES

        if self.theme in THEMES:
            self.theme = THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]
        self.say(THEME_TITLES[self.theme])

    def adopt(self, session: Session) -> None:
        """Go on with another session; the old one is saved and closed in the background."""
        self.runs.cancel()
        self.typed.clear()
        old, self.session = self.session, session
        closing = threading.Thread(target=old.close, args=(2.0,), daemon=True, name="close")
        closing.start()
        self.closing.append(closing)
        self._progress = None
        del self.views[1:]
        self.shell.adopted()
        self.shell.redraw()
