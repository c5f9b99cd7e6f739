"""`oss-junbi answer ID=VALUE…`: all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from checks.guide import Guide
from checks.rules.answers import validate_answers
from checks.rules.dates import spoken
from checks.steps import Question
from tui.cli import sentences
from tui.cli.opened import StoredSession, change, look
from tui.cli.problem import Problem, unknown_item
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    stored = look(setup)
    store(setup, stored, assignments(stored.guide, setup.args.positional))
    return 0


def store(setup: Setup, stored: StoredSession, typed: Mapping[str, str]) -> None:
    """Validate every answer, then set them all in one save; raises `AnswerError`."""
    guide, today = stored.guide, setup.options.today()
    validate_answers(guide, typed, stored.data.values(), today)
    with change(setup, stored.path) as session:
        # Once more against what is there now: another login may have answered in between.
        values = validate_answers(guide, typed, session.data.values(), today)
        for id_, value in values.items():
            session.answer(id_, value, scope=guide.questions[id_].scope)
    for id_, value in values.items():
        if isinstance(value, date):
            setup.say(sentences.UNDERSTOOD, id=id_, day=spoken(value))
    setup.say(sentences.ANSWERED, file=stored.path, count=len(values))


def assignments(guide: Guide, words: Iterable[str]) -> dict[str, str]:
    """Question and value, as it was typed, of each `ID=VALUE`; raises `Problem` for what is none."""
    typed: dict[str, str] = {}
    for word in words:
        id_, equals, value = word.partition("=")
        if not equals or not id_:
            raise Problem(sentences.NOT_ID_VALUE, given=word)
        question = question_of(guide, id_)
        if id_ != question.id:
            id_, value = question.id, str(question.renewed(value))
        if typed.setdefault(id_, value) != value:
            raise Problem(sentences.TWICE, id=id_)
    return typed


def question_of(guide: Guide, id: str) -> Question:  # noqa: A002 - the word the contract uses
    """The question that has or had that id; raises `Problem` that names the nearest one."""
    question = guide.question(id)
    if question is not None:
        return question
    raise (
        Problem(sentences.NOT_A_QUESTION, id=id) if id in guide.checks else unknown_item(id, guide.questions)
    )
