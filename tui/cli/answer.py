"""`oss-junbi answer ID=VALUE…`: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checks.guide import Catalog, load_catalog
from checks.rules.answers import AnswerError, validate_answers
from checks.rules.conditions import Value
from checks.rules.dates import spoken
from tui.cli import console, sentences
from tui.cli.ids import question_of
from tui.cli.opened import change, look
from tui.cli.problem import Problem, filled
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Validate every assignment, then set them all in one save."""
    catalog = load_catalog()
    given = assignments(catalog, setup.args.positional)
    opened = look(setup)
    before: dict[str, Value] = opened.data.values() if opened else {}
    today = setup.options.today()
    validated(catalog, given, before, today)
    with change(setup) as session:
        # Once more against what is there now: another login may have answered in between.
        values = validated(catalog, given, session.opened().data.values(), today)
        for id_, value in values.items():
            session.answer(id_, value, catalog.questions[id_].scope)
        session.settle()
    for id_, value in values.items():
        if isinstance(value, date):
            console.tell(filled(sentences.UNDERSTOOD, id=id_, day=spoken(value)), setup.lang)
    console.tell(filled(sentences.ANSWERED, file=session.path, count=len(values)), setup.lang)
    return 0


def assignments(catalog: Catalog, words_given: tuple[str, ...]) -> dict[str, str]:
    """Question and raw value of each `ID=VALUE`; raises `Problem` for what is none."""
    given: dict[str, str] = {}
    for word in words_given:
        id_, equals, value = word.partition("=")
        if not equals or not id_:
            raise Problem(sentences.NOT_ID_VALUE, given=word)
        question_of(catalog, id_)
        if given.setdefault(id_, value) != value:
            raise Problem(sentences.TWICE, id=id_)
    return given


def validated(
    catalog: Catalog, given: Mapping[str, str], before: Mapping[str, Value], today: date
) -> dict[str, Value | None]:
    """The values to set, None to clear; each judged against all the others as they will be then."""
    try:
        return validate_answers(catalog, given, before, today)
    except AnswerError as error:
        raise Problem(error.text) from None
