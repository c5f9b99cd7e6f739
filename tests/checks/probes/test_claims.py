"""A sentence that says "all" is held to what was compared: each part broken alone takes it away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import cast

import pytest

from checks.finding import find
from checks.guide import load_guide
from checks.model import Context, Options, Outcome
from checks.rules.conditions import Value, evaluate
from checks.system.api import System

GUIDE = load_guide("oss")
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
FRESH, OLD = date(2026, 11, 20), date(2019, 1, 1)
SAYS_ALL = re.compile(
    r"すべて|全部|どれも|含みます|そろって|\b(all|every|everybody|complete|covers|whole)\b", re.IGNORECASE
)
TESTED = {
    "payment.ready ready": "checks/probes/test_payment.py",
    "documents.complete complete": "below",
    "documents.age fresh": "below",
    "documents.images ready": "checks/probes/test_images.py: one of them that cannot be read leaves no pass",
}
CASE: dict[str, Value] = {
    "case.role": "dealer", "case.vehicle": "registered", "case.use": "private", "case.applicant": "individual",
    "case.channel": "portal", "case.route": "hybrid", "case.owner-is-user": "no", "case.garage": "have",
    "case.proxy-issuance": "no",
}  # fmt: skip


def code(check: str, answers: Mapping[str, Value]) -> str:
    return find(GUIDE.checks[check], Context(cast(System, None), answers, Options(now=NOW), guide=GUIDE)).code


def filled(procedure: str) -> dict[str, Value]:
    """The case with every question of step 5 answered as well as can be."""
    answers: dict[str, Value] = {**CASE, "case.procedure": procedure}
    for question in GUIDE.step(5).questions:
        if evaluate(question.applies, answers).yes and question.id != "documents.papers-delivered":
            done = [choice.value for choice in question.choices if choice.standing == "done"]
            if done or question.kind == "date":
                answers[question.id] = done[0] if done else FRESH
    return answers


def test_no_other_pass_speaks_of_all() -> None:
    found = {
        f"{check.id} {code}"
        for check in GUIDE.checks.values()
        for code, says in check.says.items()
        if says.outcome is Outcome.PASS and SAYS_ALL.search(says.text.ja + says.text.en)
    }
    assert found == set(TESTED)


@pytest.mark.parametrize("procedure", ["new-registration", "used-registration", "transfer", "change"])
def test_complete_means_each_document_that_applies(procedure: str) -> None:
    answers = filled(procedure)
    assert code("documents.complete", answers) == "complete"
    documents = [q for q in GUIDE.step(5).questions if q.document and evaluate(q.applies, answers).yes]
    assert len(documents) > 2
    for question in documents:
        without = {name: value for name, value in answers.items() if name != question.id}
        assert code("documents.complete", without) != "complete", question.id
        for choice in question.choices:
            if choice.standing != "done":
                assert code("documents.complete", {**answers, question.id: choice.value}) != "complete"


@pytest.mark.parametrize("procedure", ["new-registration", "transfer", "change"])
def test_fresh_means_each_paper_with_a_date(procedure: str) -> None:
    answers = filled(procedure)
    dated = [
        rule.question
        for rule in GUIDE.deadlines.dates
        if rule.kind == "paper" and evaluate(GUIDE.questions[rule.question].applies, answers).yes
    ]
    answers |= dict.fromkeys(dated, FRESH)
    assert code("documents.age", answers) == "fresh"
    assert dated
    for name in dated:
        assert code("documents.age", {**answers, name: OLD}) != "fresh", name
        assert (
            code("documents.age", {key: value for key, value in answers.items() if key != name}) != "fresh"
        ), name
    # While it is open which papers are needed, those that are known do not speak for all.
    assert (
        code("documents.age", {key: value for key, value in answers.items() if key != "case.garage"})
        != "fresh"
    )
