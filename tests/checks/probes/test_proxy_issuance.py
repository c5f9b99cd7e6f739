"""Step 7: the first reason against the proxy service, for every procedure and every answer."""

from __future__ import annotations

from itertools import product
from typing import cast

import pytest

from checks.guide import load_guide
from checks.model import Context, Options, Outcome
from checks.probes import proxy_issuance
from checks.rules.conditions import ALWAYS, Value
from checks.system.api import System

GOOD = {
    "proxy-issuance.face-changes": "no",
    "documents.delivery-papers": "none",
    "proxy-issuance.old-certificate": "ic",
    "proxy-issuance.agent-asked": "yes",
    "proxy-issuance.agent-available": "yes",
}


def code(procedure: str | None, wanted: str | None, **changed: str | None) -> str:
    """The verdict; a question is changed by the last part of its id, and left unanswered by None."""
    short = {name: name.partition(".")[2].replace("-", "_") for name in GOOD}
    given = {"case.procedure": procedure, "case.proxy-issuance": wanted, "case.plate": changed.get("plate")}
    given |= {name: changed.get(short[name], value) for name, value in GOOD.items()}
    answers: dict[str, Value] = {name: value for name, value in given.items() if value}
    return proxy_issuance.eligible.probe(Context(cast(System, None), answers, Options())).code


@pytest.mark.parametrize("procedure", ["transfer", "change", "continuous-inspection"])
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "eligible"),
        ({"delivery_papers": "ready"}, "papers-to-submit"),
        ({"old_certificate": "paper"}, "paper-certificate"),
        ({"agent_asked": "no"}, "agent-not-asked"),
        ({"agent_available": "no"}, "agent-unavailable"),
        ({"delivery_papers": "ready", "old_certificate": "paper"}, "papers-to-submit"),
        ({"old_certificate": "paper", "agent_asked": "no"}, "paper-certificate"),
        ({"agent_asked": "no", "agent_available": "no"}, "agent-not-asked"),
        ({"delivery_papers": None}, "unanswered"),
        ({"old_certificate": None}, "unanswered"),
        ({"agent_asked": None}, "unanswered"),
        ({"agent_available": None}, "unanswered"),
        ({"delivery_papers": None, "old_certificate": "paper"}, "paper-certificate"),
    ],
)
def test_the_first_reason(procedure: str, changed: dict[str, str | None], expected: str) -> None:
    assert code(procedure, "yes", **changed) == expected


@pytest.mark.parametrize(
    ("procedure", "face", "expected"),
    [
        ("transfer", "yes", "face-changes"),
        ("change", "yes", "face-changes"),
        ("continuous-inspection", "yes", "eligible"),
        ("transfer", None, "unanswered"),
        ("change", None, "unanswered"),
        ("continuous-inspection", None, "eligible"),
    ],
)
def test_the_face_matters_for_transfer_and_change_only(
    procedure: str, face: str | None, expected: str
) -> None:
    assert code(procedure, "yes", face_changes=face) == expected


@pytest.mark.parametrize("procedure", ["transfer", "change", "continuous-inspection"])
@pytest.mark.parametrize(
    ("delivery", "expected"),
    [("ready", "papers-to-submit"), ("not-yet", "papers-to-submit"), ("none", "eligible")],
)
def test_papers_that_are_due_at_delivery_exclude_the_service_there_or_not(
    procedure: str, delivery: str, expected: str
) -> None:
    assert code(procedure, "yes", delivery_papers=delivery) == expected


@pytest.mark.parametrize("plate", ["change", "wish", "keep"])
def test_a_new_number_changes_the_face_without_a_question(plate: str) -> None:
    for procedure in ("transfer", "change"):
        for face in ("no", None):
            found = code(procedure, "yes", face_changes=face, plate=plate)
            assert (found == "face-changes") is (plate != "keep")
    assert code("continuous-inspection", "yes", plate=plate) == "eligible"


def test_the_face_comes_first() -> None:
    assert (
        code("transfer", "yes", face_changes="yes", delivery_papers="ready", old_certificate="paper")
        == "face-changes"
    )


@pytest.mark.parametrize("wanted", ["yes", "no", None])
def test_other_procedures_cannot_use_it_whatever_else(wanted: str | None) -> None:
    for choice in load_guide("oss").questions["case.procedure"].choices:
        if choice.value not in ("transfer", "change", "continuous-inspection"):
            assert code(choice.value, wanted, face_changes="yes") == "wrong-procedure"


@pytest.mark.parametrize(
    ("procedure", "wanted", "expected"),
    [
        ("transfer", "no", "not-wanted"),
        (None, "no", "not-wanted"),
        ("transfer", None, "unanswered"),
        (None, "yes", "unanswered"),
        (None, None, "unanswered"),
    ],
)
def test_before_the_case_is_answered(procedure: str | None, wanted: str | None, expected: str) -> None:
    assert code(procedure, wanted) == expected


@pytest.mark.parametrize("wanted", ["yes", None])
@pytest.mark.parametrize("procedure", ["transfer", "change", "continuous-inspection", None])
def test_a_known_exclusion_is_said_while_the_case_is_open(procedure: str | None, wanted: str | None) -> None:
    assert code(procedure, wanted, old_certificate="paper") == "paper-certificate"
    assert code(procedure, wanted, agent_available="no", agent_asked=None) == "agent-unavailable"
    against = procedure != "continuous-inspection"
    assert (code(procedure, wanted, face_changes="yes") == "face-changes") is against


def test_outcomes_and_what_is_not_needed() -> None:
    fails = {"face-changes", "papers-to-submit", "paper-certificate", "agent-not-asked", "agent-unavailable"}
    assert {
        name for name, says in proxy_issuance.eligible.says.items() if says.outcome is Outcome.FAIL
    } == fails
    assert {name for name, says in proxy_issuance.eligible.says.items() if says.not_needed} == {
        "wrong-procedure",
        "not-wanted",
    }
    assert proxy_issuance.eligible.says["unanswered"].outcome is Outcome.SKIP
    assert proxy_issuance.eligible.applies == ALWAYS
    assert proxy_issuance.eligible.derived
    for name in fails:
        assert proxy_issuance.eligible.says[name].remedy is not None


def test_every_combination_has_a_known_code() -> None:
    either = ("yes", "no", None)
    for procedure, wanted, face, papers, old, asked, free in product(
        ("transfer", "continuous-inspection", "new-registration", None),
        either,
        either,
        either,
        ("ic", "paper", None),
        either,
        either,
    ):
        found = code(
            procedure,
            wanted,
            face_changes=face,
            papers_to_submit=papers,
            old_certificate=old,
            agent_asked=asked,
            agent_available=free,
        )
        assert found in proxy_issuance.eligible.says
