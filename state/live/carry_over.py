"""What the next session takes over from another one: the one place where that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.guide import Guide
from checks.model import Outcome, Scope
from checks.record import replace
from checks.rules.answers import AnswerError, admitted
from checks.steps import Question
from state.file.tables import ANSWERS, DECLARED, RESULTS
from state.session_data import Answer, SessionData


def carried_over(
    guide: Guide, other: SessionData, login: tuple[str, str] | None, *, procedure: bool, same_car: bool
) -> dict[str, Mapping[str, Any]]:
    """By table and id what of `other` holds in a session with that guide: what is of scope `office`, and of scope `pc`.

    Entries of the scope `pc` only from that login (host and user), none without one. With `procedure` the procedure comes along, for
    the next car. With `same_car` all that is said of the car comes along: its application belongs to another portal.
    Of a session with another guide only answers that this one takes, and no finding about the other's portal. An answer stored with the scope `case` goes
    by what the guide says of its question.
    """
    same, values = other.guide == guide.name, other.values()

    def holds(scope: Scope, entry: Any) -> bool:
        return (
            scope == "office"
            or (scope == "case" and same_car)
            or (scope == "pc" and login == (entry.host, entry.user))
        )

    def takes(question: Question | None, answer: Answer) -> bool:
        if question is None or same:
            return same
        try:
            return admitted(question, answer.value) == answer.value
        except AnswerError:
            return False

    answers, results, declared = {}, {}, {}
    for id_, answer in other.answers.items():
        question = guide.questions.get(id_)
        scope = answer.scope
        if question is not None and scope == "case":
            scope = question.scope_with(values)
        if not takes(question, answer):
            continue
        if holds(scope, answer):
            answers[id_] = replace(answer, scope=scope)
        elif procedure and id_ == guide.roles.procedure:
            answers[id_] = answer
    for id_, result in other.results.items():
        known = same or (id_ in guide.checks and not guide.checks[id_].network)
        if known and holds(result.scope, result):
            results[id_] = result
    for id_, declaration in other.declared.items():
        look = other.results.get(id_)
        failed = look is not None and look.outcome is Outcome.FAIL
        scope = guide.checks[id_].scope if id_ in guide.checks else "case"
        if (scope == "office" or (scope == "pc" and login is not None)) and not failed:
            declared[id_] = declaration
    return {ANSWERS.name: answers, RESULTS.name: results, DECLARED.name: declared}
