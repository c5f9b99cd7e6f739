"""`oss-junbi answer ID=VALUE…`: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checks.guide import Guide
from checks.rules.answers import AnswerError, validate_answers
from checks.rules.conditions import Value
from checks.rules.dates import spoken
from tui.cli import console, sentences
from tui.cli.ids import question_of
from tui.cli.opened import change, look_or_empty
from tui.cli.problem import Problem, filled
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Validate every assignment, then set them all in one save."""
    opened = look_or_empty(setup)
    guide = opened.guide
    given = assignments(guide, setup.args.positional)
    before = opened.data.values()
    today = setup.options.today()
    validated(guide, given, before, today)
    with change(setup) as session:
        # Once more against what is there now: another login may have answered in between.
        values = validated(guide, given, session.opened().data.values(), today)
        for id_, value in values.items():
            session.answer(id_, value, guide.questions[id_].scope)
        session.settle()
    for id_, value in values.items():
        if isinstance(value, date):
            console.tell(filled(sentences.UNDERSTOOD, id=id_, day=spoken(value)), setup.lang)
    console.tell(filled(sentences.ANSWERED, file=session.path, count=len(values)), setup.lang)
    return 0


def assignments(guide: Guide, words_given: tuple[str, ...]) -> dict[str, str]:
    """Question and raw value of each `ID=VALUE`; raises `Problem` for what is none."""
    given: dict[str, str] = {}
    for word in words_given:
        id_, equals, value = word.partition("=")
        if not equals or not id_:
            raise Problem(sentences.NOT_ID_VALUE, given=word)
        question_of(guide, id_)
        if given.setdefault(id_, value) != value:
            raise Problem(sentences.TWICE, id=id_)
    return given


def validated(
    guide: Guide, given: Mapping[str, str], before: Mapping[str, Value], today: date
) -> dict[str, Value | None]:
    """The values to set, None to clear; each judged against all the others as they will be then."""
    try:
        return validate_answers(guide, given, before, today)
    except AnswerError as error:
        raise Problem(error.text) from None
