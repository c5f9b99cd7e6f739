"""What the next car's session takes over: the office's, the PC's and the procedure, and what it then still asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from checks.guide import load_guide
from checks.model import Finding, Options, Outcome
from checks.rules.conditions import Value
from checks.steps import Question
from state.live.carry_over import carried_over
from state.progress import progress
from state.session_data import EPOCH, Answer, Declaration, Result, SessionData
from tests.support.helpers_session import on_disk, opened

OSS = load_guide("oss")
NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
LOGIN = ("PC-01", "hanako")
SAID = Declaration("田中", "person", date(2026, 11, 20), NOW, 50)


def session(values: Mapping[str, Value], **more: Any) -> SessionData:
    """A session in which these answers were stored with the scope that their questions have by themselves."""
    answers = {
        id_: Answer(value, NOW, rev, OSS.questions[id_].scope)
        for rev, (id_, value) in enumerate(values.items(), 1)
    }
    answers = {
        id_: replace(one, host=LOGIN[0], user=LOGIN[1]) if one.scope == "pc" else one
        for id_, one in answers.items()
    }
    return SessionData("x", NOW, NOW, "0", answers=answers, **more)


def best(question: Question, values: Mapping[str, Value]) -> Value:
    """An answer that leaves nothing to do."""
    usual = {
        "case.vehicle": "registered", "case.use": "private", "case.owner-is-user": "yes", "case.plate": "keep",
        "case.garage": "have", "documents.outside-list": "no", "documents.delivery-papers": "none",
        "certificate.moved-house": "no", "certificate.register-changed": "no", "certificate.office-changed": "no",
    }  # fmt: skip
    if question.kind == "date":
        return date(2026, 11, 25)
    good = [choice.value for choice in question.offered(values).choices if choice.standing == "done"]
    return usual.get(question.id, good[0] if good else "x")


def asked(begun: SessionData, wanted: Mapping[str, Value]) -> tuple[SessionData, list[str]]:
    """The session with every required question answered, and which questions these were, one after the other."""
    data = begun
    questions: list[str] = []
    while True:
        items = progress(OSS, data, Options(now=NOW)).items()
        id_ = next(
            (i.id for i in items if i.applies and i.required and i.value is None and i.id in OSS.questions),
            None,
        )
        if id_ is None:
            return data, questions
        questions.append(id_)
        values = data.values()
        data = session({**values, id_: wanted.get(id_) or best(OSS.questions[id_], values)})


def next_car(data: SessionData, procedure: bool = True) -> SessionData:
    entries: dict[str, Any] = dict(carried_over(OSS, data, LOGIN, procedure=procedure, same_car=False))
    return SessionData("y", NOW, NOW, "0", **entries)


CAR = "case.vehicle case.use case.owner-is-user case.proxy-issuance documents.page-read documents.outside-list documents.inspection-certificate"
INSPECTION = "insurance.contract insurance.start insurance.end insurance.inspection-end insurance.data-visible documents.compliance-certificate documents.delivery-papers"
TRANSFER = "case.garage case.plate insurance.renamed documents.transfer-deed documents.power-of-attorney documents.delegate-file documents.garage-certificate documents.garage-issued documents.event-date"
PROXY = "proxy-issuance.old-certificate proxy-issuance.agent-asked proxy-issuance.agent-available"


@pytest.mark.parametrize(
    ("wanted", "first", "then"),
    [
        (
            {"case.procedure": "continuous-inspection", "case.role": "dealer", "case.channel": "bulk",
             "case.proxy-issuance": "yes", "certificate.kind": "agent", "documents.compliance-certificate": "electronic"},
            37,
            f"{CAR} {INSPECTION} {PROXY} case.applicant documents.compliance-chassis documents.application-kind "
            "documents.power-of-attorney documents.user-consent proxy-issuance.updated-by",
        ),
        (
            {"case.procedure": "continuous-inspection", "case.role": "self", "case.channel": "portal", "case.route": "full",
             "case.proxy-issuance": "no", "certificate.kind": "jpki-reader"},
            34,
            f"{CAR} {INSPECTION} case.route",
        ),
        (
            {"case.procedure": "transfer", "case.role": "gyoseishoshi", "case.channel": "portal", "case.route": "full",
             "case.proxy-issuance": "yes", "certificate.kind": "gyoseishoshi"},
            40,
            f"{CAR} {TRANSFER} {PROXY} case.applicant case.route documents.delivery-papers proxy-issuance.face-changes",
        ),
        (
            {"case.procedure": "transfer", "case.role": "employee", "case.channel": "portal", "case.route": "full",
             "case.proxy-issuance": "no", "certificate.kind": "registry-file", "case.applicant": "corporation"},
            35,
            f"{CAR} {TRANSFER} case.route",
        ),
    ],
    ids=["inspection by a workshop", "inspection by the owner", "transfer by a gyoseishoshi", "transfer by a company"],
)  # fmt: skip
def test_the_next_car_is_asked_what_is_the_cars_alone(
    wanted: dict[str, Value], first: int, then: str
) -> None:
    whole, questions = asked(session({}), wanted)
    assert (len(questions), len(set(questions))) == (first, first)
    _, questions = asked(next_car(whole), wanted)
    assert sorted(questions) == sorted(then.split())
    _, questions = asked(next_car(whole, procedure=False), wanted)
    assert "case.procedure" in questions


def test_a_customers_certificate_is_not_the_next_customers() -> None:
    theirs: dict[str, Value] = {"certificate.card-obtained": "yes", "certificate.password-known": "yes"}
    for role, kind, applicant, carried in (
        ("dealer", "jpki-reader", "individual", set()),
        ("dealer", "registry-file", "corporation", set()),
        ("dealer", "registry-file", "individual", {"certificate.password-known"}),
        ("gyoseishoshi", "gyoseishoshi", None, {"certificate.password-known"}),
        ("self", "jpki-reader", "individual", set(theirs)),
        (None, None, None, set()),
    ):
        given = {"case.role": role, "certificate.kind": kind, "case.applicant": applicant}
        data = session({**theirs, **{name: value for name, value in given.items() if value}})
        answers = next_car(data).answers
        assert answers.keys() & theirs.keys() == carried
        assert {answers[id_].scope for id_ in carried} <= {"office"}


def test_declarations_about_the_pc_come_along_unless_a_look_has_failed() -> None:
    failed = Result(Outcome.FAIL, "missing", {}, (), NOW, 9, "PC-09", "x")
    data = session(
        {}, declared=dict.fromkeys(("pc.extension", "pc.addon", "documents.images", "gone.check"), SAID)
    )
    assert next_car(replace(data, results={"pc.addon": failed})).declared == {"pc.extension": SAID}


def test_with_another_guide_only_what_both_know_comes_along() -> None:
    data = session({"case.procedure": "transfer", "case.channel": "portal", "payment.page-read": "yes"})
    entries: dict[str, Any] = dict(
        carried_over(load_guide("kei"), data, LOGIN, procedure=False, same_car=False)
    )
    assert entries["answers"].keys() == {"case.channel"}


def test_what_was_taken_over_is_on_the_disk(tmp_path: Path) -> None:
    old = opened(tmp_path / "old.toml")
    old.answer("case.procedure", "transfer")
    old.answer("case.vehicle", "registered")
    old.declare("pc.extension", replace(SAID, at=EPOCH, rev=0))
    old.record("pc.os", "pass", Finding("supported"))
    assert old.close(10)
    new = opened(tmp_path / "new.toml")
    assert new.take_over(old.data, procedure=True) == 3
    assert new.close(10)
    kept = on_disk(tmp_path / "new.toml")
    assert tuple(map(set, (kept.answers, kept.declared, kept.results))) == (
        {"case.procedure"},
        {"pc.extension"},
        {"pc.os"},
    )
    assert kept.answers["case.procedure"].at == old.data.answers["case.procedure"].at
