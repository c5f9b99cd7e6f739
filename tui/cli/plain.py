"""`oss-junbi --plain`: the same session by question and answer, line by line, for any terminal and for screen readers."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date

from checks.guide import Guide
from checks.record import dataclass, field, replace
from checks.rules.answers import AnswerError, validate_answer
from checks.rules.dates import spoken
from checks.steps import Question
from checks.text import Lang, Text, next_lang
from checks.verdict import verdict
from state import words as common
from state.errors import TakenOver
from state.layout import lines
from state.letters.content import value_text
from state.progress import progress
from state.standing import Progress
from tui.cli import console, plain_words
from tui.cli.opened import Change, ReadOnly, change, who
from tui.cli.problem import OPEN, Problem, filled
from tui.cli.setup import Setup

LONGEST_LINE = 20_000


class InputEnded(Exception):
    """There is nothing more to read."""


@dataclass(slots=True)
class Talk:
    """One conversation over one session."""

    setup: Setup
    guide: Guide
    session: Change
    lang: Lang
    later: set[str] = field(default_factory=set)
    """Questions that were passed over."""
    paths: set[str] = field(default_factory=set)
    """Questions for a path that were answered here."""
    goto: str = ""
    """The question to ask next, whatever is open."""

    def say(self, text: Text | str, /, **values: object) -> None:
        """One paragraph on standard output."""
        sentence = text if isinstance(text, str) else filled(text, **values).to(self.lang)
        console.emit("\n".join(lines(sentence, console.width())) + "\n")

    def ask(self, prompt: Text) -> str:
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
        """Where things stand."""
        return progress(self.guide, self.session.data, self.setup.options, host=who()[0])


def main(setup: Setup) -> int:
    """Talk until `q` or the end of the input (exit 4; everything is saved by then)."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    with change(setup, join=True) as session:
        talk = Talk(setup, session.guide, session, setup.lang)
        talk.say(plain_words.HELLO, name=session.data.name)
        if setup.read_only:
            talk.say(plain_words.NOT_SAVED_HERE)
        else:
            talk.say(plain_words.SAVED_IN, file=session.path)
        for notice in session.notices:
            talk.say(notice)
        talk.say(plain_words.COMMANDS)
        try:
            _converse(talk)
        except TakenOver as error:
            how = filled(plain_words.TAKEN, name=session.path.name.removesuffix(".toml"))
            said = Text(error.text.ja + how.ja, f"{error.text.en} {how.en}")
            raise Problem(said, error.exit_code) from error
        except InputEnded:
            console.emit("\n")
            session.settle()
            ended = plain_words.END_NOT_SAVED if setup.read_only else plain_words.END_SAVED
            console.tell(filled(ended, file=session.path), talk.lang)
            return OPEN
        session.settle()
        talk.say(plain_words.BYE)
    return 0


def _converse(talk: Talk) -> None:
    told = False
    while True:
        question = _next_question(talk)
        if question is None:
            if not told:
                talk.say("")
                talk.say(plain_words.ALL_ASKED)
                _state(talk)
            talk.say(plain_words.MENU)
            told = True
            line = talk.ask(plain_words.PROMPT_MENU)
            if line and not _command(talk, line, None):
                talk.say(plain_words.NO_COMMAND, given=line)
        else:
            told = False
            _pose(talk, question)
            line = talk.ask(plain_words.PROMPT)
            while _command(talk, line, question) and not talk.goto and talk.session.alive:
                line = talk.ask(plain_words.PROMPT)
            if talk.session.alive and not talk.goto:
                _take(talk, question, line)
        if not talk.session.alive:
            return


def _next_question(talk: Talk) -> Question | None:
    if talk.goto:
        question, talk.goto = talk.guide.questions[talk.goto], ""
        return question.offered(talk.session.data.values())
    for item in talk.progress().items():
        if (
            item.applies
            and item.required
            and item.value is None
            and item.id in talk.guide.questions
            and item.id not in talk.later
        ):
            return talk.guide.questions[item.id].offered(talk.session.data.values())
    return None


def _pose(talk: Talk, question: Question) -> None:
    talk.say("")
    step = talk.guide.step(question.step)
    talk.say(
        plain_words.STEP if question.step else common.CASE, number=step.number, title=step.title.to(talk.lang)
    )
    talk.say(f"{question.text.to(talk.lang)} ({question.id})")
    if question.help is not None:
        talk.say(question.help.to(talk.lang))
    for number, choice in enumerate(question.choices, 1):
        talk.say(f"  {number} {choice.text.to(talk.lang)}")
    if not question.choices:
        talk.say(
            {"date": plain_words.DATE_HINT, "path": plain_words.PATH_HINT}.get(
                question.kind, plain_words.TEXT_HINT
            )
        )
    item = talk.progress().item(question.id)
    if item is not None and item.value is not None:
        talk.say(plain_words.NOW, value=value_text(question, item, talk.lang))


def _take(talk: Talk, question: Question, line: str) -> None:
    if not line:
        talk.later.add(question.id)
        return
    raw = line
    if question.choices:
        typed = unicodedata.normalize("NFKC", line).strip()
        if typed.isascii() and typed.isdigit() and len(typed) <= 3:
            number = int(typed)
            if not 1 <= number <= len(question.choices):
                talk.say(plain_words.NO_CHOICE, given=line, most=len(question.choices))
                talk.goto = question.id
                return
            raw = question.choices[number - 1].value
    try:
        today = talk.setup.options.today()
        value = validate_answer(talk.guide, question.id, raw, talk.session.data.values(), today)
    except AnswerError as error:
        talk.say(error.text)
        talk.goto = question.id
        return
    refusal = talk.progress().refusal
    if isinstance(value, date):
        talk.say(plain_words.UNDERSTOOD, day=spoken(value))
    try:
        talk.session.answer(question.id, value, question.scope)
    except ReadOnly as error:
        talk.say(error.text)
        talk.later.add(question.id)
        return
    talk.later.discard(question.id)
    if question.kind == "path":
        talk.paths.add(question.id)
    _kept(talk, plain_words.KEPT)
    choice = question.choice(raw)
    if choice is not None and choice.hint is not None:
        talk.say(choice.hint)
    state = talk.progress()
    if state.refusal is not None and state.refusal != refusal:
        talk.say(state.refusal)
    item = state.item(question.id)
    check = talk.guide.checks.get(question.id)
    if item is not None and item.finding is not None and check is not None:
        said = verdict(check, item.finding.code, item.finding.values)
        if said is not None:
            talk.say(said.text)


def _kept(talk: Talk, text: Text) -> None:
    """Say that it is saved only when it is."""
    talk.session.settle()
    talk.say(text)


def _command(talk: Talk, line: str, question: Question | None) -> bool:
    """Do what the line commands; False when it is no command but an answer."""
    word, _, rest = line.partition(" ")
    word = unicodedata.normalize("NFKC", word).strip()
    simple: dict[str, Callable[[], None]] = {
        "?": lambda: talk.say(plain_words.HELP),
        "s": lambda: _state(talk),
        "c": lambda: _check(talk),
        "u": lambda: _undo(talk),
        "r": lambda: _report(talk),
        "L": lambda: _switch(talk),
        "q": lambda: talk.session.leave(),
        "d": lambda: _clear(talk, question),
        "e": lambda: _explain(talk, question.id if question else ""),
    }
    free = question is not None and question.kind in ("text", "path") and len(word) == 1 and word not in "?q"
    if not rest and word in simple and not free:
        simple[word]()
        return True
    if word == "e" and rest and not free:
        _explain(talk, rest.strip())
        return True
    if word == "g" and rest and not free:
        _go(talk, rest.strip())
        return True
    if word == "m" and not free:
        if question is None:
            talk.say(plain_words.WHICH)
        else:
            talk.session.note(question.id, rest)
            _kept(talk, plain_words.NOTED)
        return True
    return False


def _state(talk: Talk) -> None:
    from tui.cli.status import as_lines

    console.emit("\n".join(as_lines(talk.guide, talk.progress(), talk.lang, console.width())) + "\n")


def _explain(talk: Talk, id_: str) -> None:
    from tui.cli.explain import explained

    if not id_:
        talk.say(plain_words.WHICH)
        return
    try:
        out = explained(talk.guide, id_, talk.setup.options.today(), talk.lang, console.width())
    except Problem as problem:
        talk.say(problem.text)
        return
    console.emit("\n".join(out) + "\n")


def _go(talk: Talk, id_: str) -> None:
    from tui.cli.ids import question_of

    typed = unicodedata.normalize("NFKC", id_)
    if typed in tuple("01234567"):
        step = talk.guide.step(int(typed))
        id_ = step.questions[0].id if step.questions else step.id
    try:
        talk.goto = question_of(talk.guide, id_).id
        talk.later.discard(talk.goto)
    except Problem as problem:
        talk.say(problem.text)


def _clear(talk: Talk, question: Question | None) -> None:
    if question is None:
        talk.say(plain_words.WHICH)
        return
    talk.session.answer(question.id, None, question.scope)
    _kept(talk, plain_words.CLEARED)


def _undo(talk: Talk) -> None:
    undone = talk.session.undo()
    if undone is None:
        talk.say(plain_words.NOTHING)
        return
    known = talk.guide.questions.get(undone)
    _kept(talk, filled(plain_words.UNDONE, title=known.text.to(talk.lang) if known else undone))


def _switch(talk: Talk) -> None:
    talk.lang = next_lang(talk.lang)
    talk.say(plain_words.COMMANDS)


def _report(talk: Talk) -> None:
    from state.letters.content import office
    from state.letters.plain_text import as_text

    file = "" if talk.setup.read_only else str(talk.session.path)
    document = office(talk.guide, talk.session.data, talk.progress(), talk.setup.options, talk.lang, file)
    console.emit(as_text(document, console.width()))


def _check(talk: Talk) -> None:
    """Run all checks, after saying whom they contact."""
    from state.check_report import portal_of
    from tui import wording

    options = talk.setup.options
    if not options.offline:
        talk.say(
            wording.CONTACTS, contact=filled(wording.CONTACT_PORTAL, portal=portal_of(options)).to(talk.lang)
        )
        console.emit(plain_words.CONSENT_CHOICES.to(talk.lang) + "\n")
        asked = unicodedata.normalize("NFKC", talk.ask(plain_words.PROMPT))
        if asked not in ("1", "2"):
            return
        options = replace(options, offline=asked == "2")
    talk.say(plain_words.CHECKING)
    from checks.model import Context
    from checks.runner import Finished, run
    from checks.system import current

    wanted = [check for check in talk.guide.checks.values() if not (options.offline and check.network)]
    named = frozenset(check.id for check in wanted if talk.paths.intersection(check.needs))
    context = Context(
        system=current(),
        answers=talk.session.data.values(),
        options=options.at(talk.guide.portal),
        named=named,
        guide=talk.guide,
    )
    _tell_findings(talk, (event for event in run(wanted, context) if isinstance(event, Finished)))
    talk.session.settle()


def _tell_findings(talk: Talk, events: Iterable[object]) -> None:
    from checks.runner import Finished

    for event in events:
        if not isinstance(event, Finished):
            continue
        talk.session.record(event)
        said = verdict(event.check, event.finding.code, event.finding.values)
        word = common.OUTCOMES[event.outcome].to(talk.lang)
        title, text = event.check.title.to(talk.lang), said.text.to(talk.lang) if said else event.finding.code
        talk.say(plain_words.CHECKED, word=word, title=title, text=text)
        if (
            said is not None
            and said.remedy is not None
            and event.outcome.value in ("fail", "warn", "unknown")
        ):
            talk.say("  " + said.remedy.to(talk.lang).replace("\n", "\n  "))
