"""Both guides, every procedure by channel, role, vehicle, use, route and proxy service: who is refused, who can get ready.

What a row refuses shows nothing as right; what is offered is answered to the end and ready; every question is asked and every
choice offered on some path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from zlib import crc32

import pytest

from checks.guide import Guide, load_guide
from checks.guides.entries import names
from checks.model import Check, Options, Outcome
from checks.rules.conditions import Value, evaluate
from checks.rules.scope import judge
from checks.steps import Question
from state.progress import progress
from state.session_data import Answer, Result, SessionData
from state.standing import Progress, Status

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
WALKED = (
    "case.vehicle", "case.use", "case.procedure", "case.channel", "case.role", "case.route", "case.proxy-issuance",
)  # fmt: skip
DAYS = {
    "insurance.end": date(2028, 12, 20), "insurance.inspection-end": date(2028, 12, 10),
    "documents.inspection-expiry": date(2026, 12, 10), "insurance.present-end": date(2026, 12, 11),
    "certificate.expires-on": date(2029, 1, 1), "case.planned-date": date(2026, 11, 30),
}  # fmt: skip
"""An application that is filed in time; every other date is 2026-11-20."""
SMOOTH = {
    "case.owner-is-user": "yes", "case.garage": "not-needed", "case.plate": "keep", "certificate.kind": "jpki-reader",
    "proxy-issuance.face-changes": "no", "proxy-issuance.papers-to-submit": "no", "proxy-issuance.old-certificate": "ic",
    "documents.delivery-papers": "none", "certificate.moved-house": "no", "certificate.register-changed": "no",
}  # fmt: skip
"""What somebody answers for whom nothing stands in the way."""


def combinations(guide: Guide) -> Iterator[dict[str, Value]]:
    """Every combination of answers to the questions that decide, without those that a combination is not asked."""
    asked = [guide.questions[id_] for id_ in WALKED if id_ in guide.questions]
    seen = set()
    for picked in product(*([choice.value for choice in question.choices] for question in asked)):
        answers: dict[str, Value] = {
            question.id: value for question, value in zip(asked, picked, strict=True)
        }
        for question in asked:
            if not evaluate(question.applies, answers).yes:
                del answers[question.id]
        if (key := tuple(answers.items())) not in seen:
            seen.add(key)
            yield answers


def walk(guide: Guide, answers: Mapping[str, Value], turn: int = -1) -> dict[str, Value]:
    """The answers after every question that is asked on the way is answered: smoothly, or with the choice of that turn."""
    given = dict(answers)
    for _ in range(20):
        asked = [
            question
            for question in guide.questions.values()
            if question.id not in given and _asked(question, given)
        ]
        if not asked:
            return given
        for question in asked:
            if _asked(question, given):
                given[question.id] = _pick(question.offered(given), turn)
    raise AssertionError(f"the questions never end: {answers}")


def _asked(question: Question, given: Mapping[str, Value]) -> bool:
    holds = evaluate(question.applies, given)
    return holds.yes and not holds.open


def _pick(question: Question, turn: int) -> Value:
    if question.kind == "date":
        return DAYS.get(question.id, date(2026, 11, 20))
    if not question.choices:
        return "x"
    if turn >= 0:
        # Another one for each question, so that no two go together on every path.
        return question.choices[crc32(f"{question.id} {turn}".encode()) % len(question.choices)].value
    done = [choice.value for choice in question.choices if choice.standing == "done"]
    if question.id == "certificate.kind" and "agent" in done:
        return "agent"  # in bulk filing the agent's system signs
    smooth = SMOOTH.get(question.id)
    return smooth if smooth in done else done[0]


def stand(guide: Guide, answers: Mapping[str, Value]) -> Progress:
    """How it stands with these answers, and with every look at a PC a pass."""
    return progress(
        guide,
        SessionData(
            "test", NOW, NOW, "0",
            answers={id_: Answer(value, NOW, 1) for id_, value in answers.items()}, results=_passes(guide.name),
        ),
        Options(now=NOW),
    )  # fmt: skip


@cache
def _passes(name: str) -> Mapping[str, Result]:
    return {
        check.id: Result(Outcome.PASS, _pass(check), {}, (), NOW, 1)
        for check in load_guide(name).checks.values()
        if not check.derived
    }


def _pass(check: Check) -> str:
    return next(code for code, says in check.says.items() if says.outcome is Outcome.PASS)


def kei_code(answers: Mapping[str, Value]) -> str:
    """What must be said of a kei car, written down from the sources without the table."""
    if answers["case.channel"] == "counter":
        return "at-the-counter"
    if answers["case.procedure"] == "other":
        return "not-offered"
    on_screen = answers["case.channel"] == "portal"
    if answers["case.use"] != "private":
        new = answers["case.procedure"] == "new-registration"
        return "not-offered" if new and on_screen else "not-known"
    return "not-known" if on_screen and answers["case.role"] in ("dealer", "other-agent") else "fits"


def test_each_combination_of_a_kei_car_is_told_what_the_sources_say() -> None:
    guide, codes = load_guide("kei"), set()
    for answers in combinations(guide):
        fit = judge(guide.scope, answers)
        assert fit.code == kei_code(answers), answers
        codes.add(fit.code)
    assert codes == {"fits", "not-offered", "not-known", "at-the-counter"}


@pytest.mark.parametrize("name", names())
def test_what_is_refused_shows_nothing_as_right_and_what_is_offered_can_be_made_ready(name: str) -> None:
    guide = load_guide(name)
    kinds: dict[object, tuple[int, dict[str, Value]]] = {}
    for count, answers in enumerate(combinations(guide)):
        fit = judge(guide.scope, answers)
        # Of what is refused, one of each row, role, procedure and vehicle; of what is offered, everything.
        free = ("case.proxy-issuance", "case.use", "case.route") if fit.refusal is not None else ("case.use",)
        key = (fit.row and fit.row.id, *((id_, value) for id_, value in answers.items() if id_ not in free))
        kinds.setdefault(key, (count, answers))
    refused = offered = 0
    for _, answers in kinds.values():
        given = walk(guide, answers)
        found, fit = stand(guide, given), judge(guide.scope, given)
        if fit.code == "fits":
            offered += 1
            waiting = [item.id for item in found.items() if item.blocking]
            assert found.ready, (answers, waiting)
            assert all(item.finding is None or item.finding.code != "out-of-scope" for item in found.items())
            continue
        refused += 1
        assert fit.refusal is not None, answers
        assert not found.ready
        assert found.refusal == fit.refusal
        assert (found.exit == 1) is (fit.code in ("other-portal", "not-offered")), answers
        for number in fit.steps:
            for item in found.steps[number - 1].items:
                assert item.outcome is not Outcome.PASS, (answers, item.id)
                assert item.status is not Status.DONE, (answers, item.id)
    assert offered > 20
    assert refused > 20


@pytest.mark.parametrize("name", names())
def test_every_question_is_asked_and_every_choice_offered_on_some_path(name: str) -> None:
    guide = load_guide(name)
    asked: dict[str, set[Value]] = {}
    paths = list(combinations(guide))
    for turn, answers in enumerate(paths[:: max(1, len(paths) // 1500)]):
        for id_, value in walk(guide, answers, turn).items():
            asked.setdefault(id_, set()).add(value)
    assert asked.keys() == guide.questions.keys()
    for question in guide.questions.values():
        if question.choices:
            assert {choice.value for choice in question.choices} == asked[question.id], question.id
