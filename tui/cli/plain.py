"""`oss-junbi --plain`: the same session by question and answer, line by line, for any terminal and for screen readers."""

from __future__ import annotations

import sys
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from checks.guide import Guide
from checks.record import dataclass, field, replace
from checks.rules.answers import AnswerError, validate_answer
from checks.rules.dates import spoken
from checks.steps import Question
from checks.text import Lang, Text, next_lang
from checks.verdict import verdict
from state import words as common
from state.errors import ReadOnly, TakenOver
from state.file.presence import platform_name
from state.layout import lines
from state.letters.content import value_text
from state.progress import progress
from state.standing import Progress
from tui.cli import console, plain_words
from tui.cli.opened import change, path_of, require_saved, say_age
from tui.cli.problem import OPEN, Problem, filled, joined
from tui.cli.setup import Setup

if TYPE_CHECKING:
    from pathlib import Path

    from checks.runner import Finished
    from state.live.session import Session

LONGEST_LINE = 20_000


class InputEnded(Exception):
    """There is nothing more to read."""


def main(setup: Setup) -> int:
    """Talk until `q` or the end of the input (exit 4; everything is saved by then)."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    path = path_of(setup)
    with change(setup, path, join=True) as session:
        say_age(setup, session.guide)
        talk = Conversation(setup, session.guide, session, path, setup.lang)
        talk.say(plain_words.HELLO, name=session.data.name)
        talk.say(plain_words.NOT_SAVED_HERE if setup.read_only else plain_words.SAVED_IN, file=path)
        for notice in session.notices:
            talk.say(notice)
        talk.say(plain_words.COMMANDS)
        try:
            talk.run()
        except TakenOver as error:
            how = filled(plain_words.TAKEN, name=path.name.removesuffix(".toml"))
            raise Problem(joined(error.text, how), error.exit_code) from error
        except InputEnded:
            console.emit("\n")
            require_saved(session, path)
            ended = plain_words.END_NOT_SAVED if setup.read_only else plain_words.END_SAVED
            console.tell(filled(ended, file=path), talk.lang)
            return OPEN
        require_saved(session, path)
        talk.say(plain_words.BYE)
    return 0


@dataclass(slots=True)
class Conversation:
    setup: Setup
    guide: Guide
    session: Session
    path: Path
    lang: Lang
    later: set[str] = field(default_factory=set)
    """Questions that were passed over."""
    paths: set[str] = field(default_factory=set)
    """Questions for a path that were answered here."""
    next: Question | None = None
    """The question to ask next, whatever is open."""
    over: bool = False

    def run(self) -> None:
        """Ask one question after the other, then take commands; raises `InputEnded`."""
        at_menu = False
        while not self.over:
            question = self._next_question()
            if question is None:
                self._menu(first=not at_menu)
            else:
                self._ask(question)
            at_menu = question is None

    def say(self, text: Text | str, /, **values: object) -> None:
        sentence = text if isinstance(text, str) else filled(text, **values).to(self.lang)
        self._print(lines(sentence, console.width()))

    def _print(self, out: list[str]) -> None:
        console.emit("\n".join(out) + "\n")

    def _read(self, prompt: Text) -> str:
        """One line of input, without its end; raises `InputEnded`."""
        console.emit(prompt.to(self.lang))
        try:
            line = sys.stdin.readline(LONGEST_LINE) if sys.stdin is not None else ""
        except (OSError, ValueError):  # closed, or bytes that the console's encoding does not know
            line = ""
        if not line:
            raise InputEnded
        return line.strip(" \t\r\n")  # a full-width blank is text

    def progress(self) -> Progress:
        session = self.session
        return progress(
            self.guide,
            session.data,
            self.setup.options,
            host=session.host,
            user=session.user,
            platform=platform_name(),
        )

    def _next_question(self) -> Question | None:
        question, self.next = self.next, None
        if question is None:
            for item in self.progress().items():
                unanswered = item.applies and item.required and item.value is None
                if unanswered and item.id in self.guide.questions and item.id not in self.later:
                    question = self.guide.questions[item.id]
                    break
        return None if question is None else question.offered(self.session.data.values())

    def _menu(self, first: bool) -> None:
        if first:
            self.say("")
            self.say(plain_words.ALL_ASKED)
            self._status()
        self.say(plain_words.MENU)
        line = self._read(plain_words.PROMPT_MENU)
        if line and not self._command(line, None):
            self.say(plain_words.NO_COMMAND, given=line)

    def _ask(self, question: Question) -> None:
        self._pose(question)
        line = self._read(plain_words.PROMPT)
        while self._command(line, question):
            if self.next is not None or self.over:
                return
            line = self._read(plain_words.PROMPT)
        self._take(question, line)

    def _pose(self, question: Question) -> None:
        self.say("")
        if question.step:
            title = self.guide.step(question.step).title
            self.say(plain_words.STEP, number=question.step, title=title)
        else:
            self.say(common.CASE)
        self.say(f"{question.text.to(self.lang)} ({question.id})")
        if question.help is not None:
            self.say(question.help.to(self.lang))
        for number, choice in enumerate(question.choices, 1):
            self.say(f"  {number} {choice.text.to(self.lang)}")
        if not question.choices:
            hints = {"date": plain_words.DATE_HINT, "path": plain_words.PATH_HINT}
            self.say(hints.get(question.kind, plain_words.TEXT_HINT))
        item = self.progress().item(question.id)
        if item is not None and item.value is not None:
            self.say(plain_words.NOW, value=value_text(question, item, self.lang))

    def _take(self, question: Question, line: str) -> None:
        """Take the line for the answer; one that is refused is asked for again."""
        if not line:
            self.later.add(question.id)
            return
        raw = line
        typed = unicodedata.normalize("NFKC", line).strip()
        if question.choices and typed.isascii() and typed.isdigit() and len(typed) <= 3:
            if not 1 <= int(typed) <= len(question.choices):
                self.say(plain_words.NO_CHOICE, given=line, most=len(question.choices))
                self.next = self.guide.questions[question.id]
                return
            raw = question.choices[int(typed) - 1].value
        before, today = self.session.data.values(), self.setup.options.today()
        try:
            value = validate_answer(self.guide, question.id, raw, before, today)
        except AnswerError as error:
            self.say(error.text)
            self.next = self.guide.questions[question.id]
            return
        refusal = self.progress().refusal
        if isinstance(value, date):
            self.say(plain_words.UNDERSTOOD, day=spoken(value))
        try:
            self.session.answer(question.id, value, scope=question.scope)
        except ReadOnly as error:
            self.say(error.text)
            self.later.add(question.id)
            return
        self.later.discard(question.id)
        if question.kind == "path":
            self.paths.add(question.id)
        self._saved(plain_words.KEPT)
        choice = question.choice(raw)
        if choice is not None and choice.hint is not None:
            self.say(choice.hint)
        state = self.progress()
        if state.refusal is not None and state.refusal != refusal:
            self.say(state.refusal)
        item, check = state.item(question.id), self.guide.checks.get(question.id)
        if item is not None and item.finding is not None and check is not None:
            said = verdict(check, item.finding.code, item.finding.values)
            if said is not None:
                self.say(said.text)

    def _saved(self, text: Text) -> None:
        """Say that it is saved only when it is."""
        require_saved(self.session, self.path)
        self.say(text)

    def _command(self, line: str, question: Question | None) -> bool:
        """Do what the line commands; False when it is no command but an answer."""
        word, _, rest = line.partition(" ")
        word = unicodedata.normalize("NFKC", word).strip()
        if (
            question is not None
            and question.kind in ("text", "path")
            and (len(word) != 1 or word not in "?q")
        ):
            return False  # a text may be one letter
        alone = {
            "s": self._status,
            "c": self._check,
            "u": self._undo,
            "r": self._report,
            "L": self._switch_language,
        }
        if word in alone and not rest:
            alone[word]()
        elif word == "?" and not rest:
            self.say(plain_words.HELP)
        elif word == "q" and not rest:
            self.over = True
        elif word == "e":
            self._explain(rest.strip() or (question.id if question else ""))
        elif word == "g" and rest:
            self._go(rest.strip())
        elif word == "m" or (word == "d" and not rest):
            if question is None:
                self.say(plain_words.WHICH)
            elif word == "m":
                self.session.note(question.id, rest)
                self._saved(plain_words.NOTED)
            else:
                self.session.answer(question.id, None, scope=question.scope)
                self._saved(plain_words.CLEARED)
        else:
            return False
        return True

    def _status(self) -> None:
        from tui.cli.status import as_lines

        self._print(as_lines(self.guide, self.progress(), self.lang, console.width()))

    def _explain(self, id_: str) -> None:
        from tui.cli.explain import Explanation

        if not id_:
            self.say(plain_words.WHICH)
            return
        explanation = Explanation(self.guide, self.setup.options.today(), self.lang, console.width())
        try:
            self._print(explanation.of(id_))
        except Problem as problem:
            self.say(problem.text)

    def _go(self, id_: str) -> None:
        from tui.cli.answer import question_of

        typed = unicodedata.normalize("NFKC", id_)
        for step in (self.guide.case, *self.guide.steps):
            if typed == str(step.number):
                id_ = step.questions[0].id if step.questions else step.id
        try:
            self.next = question_of(self.guide, id_)
            self.later.discard(self.next.id)
        except Problem as problem:
            self.say(problem.text)

    def _undo(self) -> None:
        undone = self.session.undo()
        if undone is None:
            self.say(plain_words.NOTHING)
            return
        question = self.guide.questions.get(undone)
        self._saved(filled(plain_words.UNDONE, title=question.text if question else undone))

    def _switch_language(self) -> None:
        self.lang = next_lang(self.lang)
        self.say(plain_words.COMMANDS)

    def _report(self) -> None:
        from state.letters.content import record
        from state.letters.plain_text import as_text

        file = "" if self.setup.read_only else str(self.path)
        document = record(self.guide, self.session.data, self.progress(), self.setup.options, self.lang, file)
        console.emit(as_text(document, console.width()))

    def _check(self) -> None:
        """Run all checks, after saying whom they contact."""
        from checks.model import Context
        from checks.runner import Finished, run
        from checks.system import current
        from state.check_report import portal_of
        from tui import wording
        from tui.cli.check import record

        options = self.setup.options.at(self.guide.portal)
        if not options.offline:
            self.say(wording.CONTACTS, contact=filled(wording.CONTACT_PORTAL, portal=portal_of(options)))
            console.emit(plain_words.CONSENT_CHOICES.to(self.lang) + "\n")
            choice = unicodedata.normalize("NFKC", self._read(plain_words.PROMPT))
            if choice not in ("1", "2"):
                return
            options = replace(options, offline=choice == "2")
        self.say(plain_words.CHECKING)
        checks = [check for check in self.guide.checks.values() if not (options.offline and check.network)]
        named = frozenset(check.id for check in checks if self.paths.intersection(check.needs))
        data = self.session.data
        context = Context(current(), data.values(), options, named=named, guide=self.guide, session=data.name)
        for event in run(checks, context):
            if isinstance(event, Finished):
                record(self.session, event)
                self._tell(event)
        require_saved(self.session, self.path)

    def _tell(self, done: Finished) -> None:
        """A result, with what can be done where it is not settled."""
        said = verdict(done.check, done.finding.code, done.finding.values)
        text = said.text.to(self.lang) if said else done.finding.code
        word, title = common.OUTCOMES[done.outcome].to(self.lang), done.check.title.to(self.lang)
        self.say(f"[{word}] {title}: {text}")
        if said is not None and said.remedy is not None and done.outcome.value in ("fail", "warn", "unknown"):
            self.say("  " + said.remedy.to(self.lang).replace("\n", "\n  "))
