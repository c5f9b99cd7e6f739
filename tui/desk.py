"""What lies before the person: one session, how far it is, and everything that can be done with it. No Textual here.

The views draw from it and act through it; the application gives it the few things that need a terminal or a loop.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from checks.catalog import Catalog
from checks.model import Check, Context, Memo, Options, Outcome
from checks.record import dataclass, field
from checks.runner import Started, with_prerequisites
from checks.secret import FILE_PASSWORD, Secret
from checks.shown import show, show_lines
from checks.system.api import System
from checks.text import Lang, Text, next_lang
from checks.when import Value, evaluate
from state.errors import ReadOnly
from state.progress import Item, Progress, Status, StepProgress, progress
from tui import wording
from tui.checking import Run, contact
from tui.shell import Said, Shell, filled
from tui.terminal.glyphs import Glyphs, substitute

if TYPE_CHECKING:
    from state.model import Presence
    from state.session import Session
    from tui.screens.view import View

HISTORY = 200
"""Messages that are kept for `!`."""


@dataclass(slots=True)
class Desk:
    """The state of the screen and of the session under it; only touched by the screen's thread."""

    catalog: Catalog
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
    said: deque[Said] = field(default_factory=lambda: deque(maxlen=HISTORY))
    message: Said | None = None
    others: tuple[Presence, ...] = ()
    """Who else has the session open, as last told by the saver's thread."""
    running: dict[str, float] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    """The runs that are under way, by number."""
    asked_network: bool = False
    closing: list[threading.Thread] = field(default_factory=list)
    """Sessions left for another one that are being closed."""
    quit_at: float = 0.0
    _runs: int = 0
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

    @property
    def arrows(self) -> dict[str, str]:
        """How the arrow keys are written on this terminal."""
        glyphs = self.glyphs
        return {"up": glyphs.up, "down": glyphs.down, "left": glyphs.left, "right": glyphs.right}

    def clock(self, at: datetime) -> str:
        """A time of today as `10:03:12`, another as `2026-11-22 10:03`, in local time."""
        local = at.astimezone()
        return f"{local:%H:%M:%S}" if local.date() == self.options.today() else f"{local:%Y-%m-%d %H:%M}"

    def minute(self, at: datetime) -> str:
        """A time as `2026-11-22 10:03`, in local time."""
        return f"{at.astimezone():%Y-%m-%d %H:%M}"

    # How far it is.

    @property
    def progress(self) -> Progress:
        """How far the preparation has come; worked out once per change."""
        data = self.session.data
        seen = (data.answers, data.results, data.waivers)
        if self._seen is None or any(one is not other for one, other in zip(seen, self._seen, strict=True)):
            self._progress, self._seen = None, seen  # changed here, or by another login
        if self._progress is None:
            self._progress = progress(
                self.catalog, self.session.data, self.options, host=self.host, running=frozenset(self.running)
            )
        return self._progress

    def changed(self) -> None:
        """Answers, findings or what is running have changed."""
        self._progress = None
        self.shell.redraw()

    def part(self, number: int) -> StepProgress:
        """A step as it stands; 0 is the case."""
        return self.progress.case if number == 0 else self.progress.steps[number - 1]

    def standing(self, item: Item) -> str:
        """The item's state as a word of `wording.STATES`."""
        if not item.applies:
            return "not-needed"
        if (
            item.status is Status.NOT_NEEDED
            and not item.required
            and item.value is None
            and item.kind != "check"
        ):
            return "optional"
        if item.waiver is not None and item.status is Status.DONE:
            return "waived"
        if item.status is Status.ATTENTION and item.outcome is not None:
            return wording.BY_OUTCOME.get(item.outcome, "attention")
        return wording.STANDINGS[item.status]

    @property
    def contact(self) -> Text:
        """What the network checks contact."""
        return contact(self.options)

    # Messages.

    def say(self, text: Text, /, *, wrong: bool = False, **values: object) -> None:
        """Show a message; the person finds it again under `!`."""
        self.message = Said(filled(text, **values) if values else text, datetime.now(UTC), wrong)
        self.said.append(self.message)
        self.shell.redraw()

    def hush(self) -> None:
        """Take the message away."""
        self.message = None

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

    # Answers.

    @property
    def writable(self) -> bool:
        """Whether something can be changed; says so when not."""
        if self.session.read_only:
            self.say(wording.IS_READ_ONLY, wrong=True)
            return False
        return True

    def answer(self, question: str, raw: str | None) -> Text | None:
        """Set or clear an answer; the returned sentence says why it was refused."""
        if not self.writable:
            return wording.IS_READ_ONLY
        asked = self.catalog.questions[question]
        if raw is None:
            self.session.answer(question, None, scope=asked.scope)
            self.say(wording.CLEARED)
        else:
            value: Value = raw
            if asked.choice(raw) is None:
                from checks.answers import AnswerError, validate_answer

                try:
                    value = validate_answer(self.catalog, question, raw, self.session.answers)
                except AnswerError as error:
                    refused: Text = error.text
                    return refused
            if self.session.answers.get(question) == value:
                self.say(wording.UNCHANGED)
                return None
            self.session.answer(question, value, scope=asked.scope)
            self.say(wording.ANSWERED, value=self.spoken(question, str(value)))
        self.changed()
        self._check_what_depends_on(question)
        return None

    def spoken(self, question: str, value: str) -> Text:
        """An answer as a person says it: the text of the choice, or the value itself."""
        asked = self.catalog.questions.get(question)
        choice = asked.choice(value) if asked else None
        if choice is not None:
            return choice.text
        shown = show(value, 200) or "-"
        return filled(Text("{value}", "{value}"), value=shown)

    def undo(self, again: bool = False) -> str | None:
        """Take the last answer back, or do it again; the question's id."""
        if not self.writable:
            return None
        question = self.session.redo() if again else self.session.undo()
        if question is None:
            self.say(wording.NOTHING_TO_REDO if again else wording.NOTHING_TO_UNDO)
            return None
        asked = self.catalog.questions.get(question)
        what: object = asked.text if asked else getattr(self.catalog.checks.get(question), "title", question)
        self.say(wording.REDONE if again else wording.UNDONE, what=what)
        self.changed()
        return question

    def note(self, item: str, text: str) -> None:
        """Write a note; an empty one removes it."""
        if self.writable:
            self.session.note(item, text)
            self.say(wording.NOTE_SAVED)
            self.changed()

    # Checks.

    def applicable(self, numbers: Iterable[int] = range(1, 8)) -> list[Check]:
        """The checks of these steps that concern this application and are really run."""
        wanted = set(numbers)
        answers = self.session.answers
        return [
            check
            for check in self.catalog.checks.values()
            if check.step in wanted
            and not check.derived
            and evaluate(check.applies, answers).yes
            and (check.applies.any_of or self.part(check.step).applies)
        ]

    @property
    def run(self) -> Run | None:
        """The run that was begun last, if one is under way."""
        return next(reversed(self.runs.values()), None)

    def check(
        self,
        wanted: Iterable[Check],
        *,
        quiet: bool = False,
        told: bool = True,
        password: Secret | None = None,
    ) -> None:
        """Run checks with all that they build on; `quiet` says nothing at the beginning, `told` False nothing at the end.

        What another run is at already is left to it. `password` is that of the certificate file, for this run alone.
        """
        names = [check.id for check in wanted]
        if not names:
            self.say(wording.NOTHING_TO_CHECK)
            return
        if not self.writable:
            return
        busy = {name for run in self.runs.values() for name in run.left}
        checks = [
            check
            for check in with_prerequisites(names, self.catalog.checks)
            if not check.derived and check.id not in busy
        ]
        if not checks:
            if not quiet:
                self.say(wording.ALREADY_RUNNING)
            return
        self._runs += 1
        run = Run(self._runs, self.shell.news, told, quiet)
        self.runs[run.number] = run
        answers, options, system = dict(self.session.answers), self.options, self.system
        memo = Memo()
        if password is not None:
            memo.once(FILE_PASSWORD, lambda: password)
        run.begin(checks, lambda: Context(system(), answers, options, memo))
        if not quiet:
            self.say(wording.CHECKS_BEGUN, count=len(checks))
        self.shell.redraw()

    def check_untried(self) -> None:
        """Run the checks within this PC that have no finding yet."""
        if self.session.read_only:
            return
        results = self.session.data.results
        wanted = [check for check in self.applicable() if not check.network and check.id not in results]
        wanted = [check for check in wanted if not self.uses_network(check)]
        if wanted:
            self.check(wanted, quiet=True)

    def again(self, wanted: Iterable[Check]) -> list[Check]:
        """Without the certificate file when it was read with its password: read without it would say less."""
        kept = []
        for check in wanted:
            item = self.progress.item(check.id) if check.id == "certificate.file" else None
            if item is None or item.status is not Status.DONE or not self.wants_password():
                kept.append(check)
        return kept

    def wants_password(self) -> bool:
        """Whether the certificate file can only be read whole with a password."""
        from checks.probes.certificate_file import asks_for_password

        return asks_for_password(self.session.answers)

    def uses_network(self, check: Check) -> bool:
        """Whether the check, or one that it builds on, asks the network."""
        return any(c.network for c in with_prerequisites([check.id], self.catalog.checks))

    def _check_what_depends_on(self, question: str) -> None:
        """An answer that a local check looks at makes it worth running again."""
        if self.session.read_only:
            return
        wanted = [
            check
            for check in self.applicable()
            if question in check.needs and not self.uses_network(check)
            if all(name in self.session.answers for name in check.needs)
        ]
        if wanted:
            self.check(wanted, quiet=True, told=False)

    def stop(self) -> None:
        """Stop all runs."""
        if not self.runs:
            self.say(wording.NOTHING_RUNS)
            return
        self._cancel()
        self.say(wording.CHECKS_STOPPED)
        self.changed()

    def _cancel(self) -> None:
        for run in self.runs.values():
            run.cancel.set()
        self.runs.clear()
        self.running.clear()

    def take_news(self, number: int) -> bool:
        """Take in what a run has found; False when that run is over or was stopped."""
        run = self.runs.get(number)
        if run is None:
            return False
        ended = run.ended.is_set()
        for event in run.take():
            name = event.check.id
            if isinstance(event, Started):
                self.running[name] = time.monotonic()
                continue
            self.running.pop(name, None)
            run.left.discard(name)
            run.tally[event.outcome] += 1
            with suppress(ReadOnly):  # another login took the session over meanwhile
                self.session.record(
                    name, event.outcome, event.finding, took_ms=event.took_ms, scope=event.check.scope
                )
        if ended:
            del self.runs[number]
            for name in run.left:
                self.running.pop(name, None)
            if run.error is not None:
                self.say(wording.NO_SYSTEM, wrong=True, why=type(run.error).__name__)
            elif run.told:
                self._tell_result(run)
        self.changed()
        return True

    def _tell_result(self, run: Run) -> None:
        shown, tally = self.message, run.tally
        if run.quiet and set(tally) <= {Outcome.SKIP}:
            return
        self.say(
            wording.CHECKS_DONE,
            good=tally[Outcome.PASS],
            warn=tally[Outcome.WARN],
            bad=tally[Outcome.FAIL],
            unknown=tally[Outcome.UNKNOWN] + tally[Outcome.CRASH],
        )
        if run.quiet and shown is not None:
            self.message = shown  # what the person just did matters more; the result is in the history

    @property
    def slowest(self) -> tuple[Check, float] | None:
        """The check that has been running longest, and for how many seconds."""
        if not self.running:
            return None
        name = min(self.running, key=lambda key: self.running[key])
        return self.catalog.checks[name], time.monotonic() - self.running[name]

    # The rest.

    def copy(self, text: str) -> None:
        """Send text to the terminal's clipboard and say what is known of it."""
        from tui.terminal.clipboard import Copied, copy

        told = {
            Copied.SENT: wording.SENT,
            Copied.TOO_LONG: wording.TOO_LONG,
            Copied.UNSUPPORTED: wording.CANNOT_COPY,
        }
        result = copy(text, self.shell.send_control)
        self.say(told[result], wrong=result is not Copied.SENT)

    def change_language(self) -> None:
        """Japanese or English, at once."""
        self.lang = next_lang(self.lang)
        self.say(wording.LANGUAGE)

    def change_theme(self) -> None:
        """The next theme; without colours there is only one."""
        from tui.styles.themes import THEMES

        if self.theme in THEMES:
            self.theme = THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]
        self.say(wording.THEMES[self.theme])

    def adopt(self, session: Session) -> None:
        """Go on with another session; the old one is saved and closed in the background."""
        self._cancel()
        old, self.session = self.session, session
        closing = threading.Thread(target=old.close, args=(2.0,), daemon=True, name="close")
        closing.start()
        self.closing.append(closing)
        self._progress = None
        del self.views[1:]
        self.shell.adopted()
        self.shell.redraw()
