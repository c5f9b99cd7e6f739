"""Step 5: the papers that apply, how old they may be, and the two clocks of 15 days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

import pytest

from checks.guide import load_guide
from checks.model import Check, Context, Finding, Options
from checks.probes import documents
from checks.probes.documents import CLOCK_DAYS
from checks.rules.conditions import Value
from checks.system.api import System
from checks.verdict import outcome_of, verdict

TODAY = date(2026, 11, 24)
CASE: dict[str, Value] = {
    "case.proxy-issuance": "no",
    "case.role": "self",
    "case.procedure": "change",
    "case.applicant": "individual",
    "case.channel": "portal",
    "case.route": "full",
    "case.owner-is-user": "yes",
    "case.garage": "not-needed",
}


def context(today: date = TODAY, /, **changed: Value | None) -> Context:
    values: dict[str, Value | None] = {
        **CASE,
        **{k.replace("__", ".").replace("_", "-"): v for k, v in changed.items()},
    }
    noon = datetime(today.year, today.month, today.day, 12).astimezone()
    return Context(
        cast(System, None),
        {k: v for k, v in values.items() if v is not None},
        Options(now=noon),
        guide=load_guide("oss"),
    )


def complete(**changed: Value | None) -> Finding:
    return told(documents.complete, documents.complete.probe(context(**changed)))


def test_all_documents_of_a_change() -> None:
    finding = complete()
    assert (finding.code, finding.values["total"], finding.values["missing"]) == ("open", 2, 2)
    assert finding.evidence == ("documents.inspection-certificate", "documents.change-cause")
    half = complete(documents__inspection_certificate="yes", documents__change_cause="not-yet")
    assert (half.code, half.values["missing"]) == ("open", 1)
    done = complete(documents__inspection_certificate="yes", documents__change_cause="omitted-basic-data")
    assert (done.code, outcome_of(documents.complete, done.code)) == ("complete", "pass")


def test_a_document_that_cannot_be_used_fails() -> None:
    finding = complete(
        case__procedure="continuous-inspection", documents__inspection_certificate="yes",
        documents__compliance_certificate="paper", documents__delivery_papers="none",
    )  # fmt: skip
    assert (finding.code, outcome_of(documents.complete, finding.code)) == ("attention", "fail")
    assert finding.evidence == ("documents.compliance-certificate",)


@pytest.mark.parametrize("question", ["case.procedure", "case.role", "case.route", "case.garage"])
def test_while_the_case_is_open_the_list_is_not_known(question: str) -> None:
    values: dict[str, Value | None] = {"case.procedure": "transfer", "case.role": "self", question: None}
    if question == "case.role":
        values["case.procedure"] = "change"
    finding = complete(**{key.replace(".", "__"): value for key, value in values.items()})
    assert finding.code == "case-open"


def test_answers_to_documents_that_do_not_apply_count_for_nothing() -> None:
    finding = complete(documents__compliance_certificate="paper", documents__garage_map="no")
    assert finding.values["total"] == 2
    assert finding.code == "open"


def told(check: Check, finding: Finding) -> Finding:
    """The finding, once all its placeholders are seen to be filled."""
    said = verdict(check, finding.code, finding.values)
    assert said is not None
    assert "{" not in said.text.ja + said.text.en
    return finding


def aged(today: date = TODAY, /, **changed: Value | None) -> Finding:
    return told(documents.age, documents.age.probe(context(today, **changed)))


@pytest.mark.parametrize(
    ("issued", "code"),
    [
        (date(2026, 11, 24), "fresh"),
        (date(2026, 9, 9), "fresh"),
        (date(2026, 9, 8), "soon"),
        (date(2026, 8, 24), "soon"),
        (date(2026, 8, 23), "too-old"),
        (date(2026, 11, 25), "in-the-future"),
        (None, "unanswered"),
    ],
)
def test_three_months_for_a_paper_that_proves_a_change(issued: date | None, code: str) -> None:
    assert aged(documents__change_cause="paper", documents__change_cause_issued=issued).code == code


@pytest.mark.parametrize(
    ("issued", "code", "outcome"),
    [
        (date(2026, 11, 20), "fresh", "pass"),
        (date(2026, 10, 24), "soon", "warn"),
        (date(2026, 10, 23), "ask", "warn"),
        (date(2026, 9, 1), "ask", "warn"),
    ],
)
def test_sources_disagree_on_garage_certificates_so_they_never_fail(
    issued: date, code: str, outcome: str
) -> None:
    finding = aged(
        case__procedure="transfer",
        case__garage="have",
        documents__garage_certificate="yes",
        documents__garage_issued=issued,
    )
    assert (finding.code, outcome_of(documents.age, finding.code)) == (code, outcome)
    said = verdict(documents.age, "ask", finding.values)
    assert said is not None
    assert said.remedy is not None
    assert "40日" in said.remedy.ja


def test_nine_months_for_a_certificate_of_completion() -> None:
    new: dict[str, Value] = {
        "case__procedure": "new-registration",
        "documents__completion_certificate": "paper",
    }
    assert aged(**new, documents__completion_issued=date(2026, 2, 24)).code == "soon"
    assert aged(**new, documents__completion_issued=date(2026, 2, 23)).code == "too-old"
    electronic = {**new, "documents__completion_certificate": "electronic"}
    assert aged(**electronic, documents__completion_issued=date(2020, 1, 1)).code == "none"


def test_the_worst_paper_is_told_and_all_are_evidence() -> None:
    finding = aged(
        case__route="hybrid", case__garage="have", documents__seal_certificate="ready", documents__seal_issued=date(2026, 7, 1),
        documents__garage_certificate="yes", documents__garage_issued=date(2026, 1, 1),
    )  # fmt: skip
    assert finding.code == "too-old"
    assert finding.values["paper"] == "documents.seal-issued"
    assert finding.values["until"] == "2026-10-01"
    assert len(finding.evidence) == 2


def test_no_dated_paper_nothing_to_do() -> None:
    assert aged(documents__change_cause="omitted-basic-data").code == "none"
    assert documents.age.says["none"].not_needed


def clock(today: date, /, **changed: Value | None) -> Finding:
    return told(documents.deadline, documents.deadline.probe(context(today, **changed)))


@pytest.mark.parametrize(
    ("today", "code", "days"),
    [
        (date(2026, 11, 10), "in-time", 13),
        (date(2026, 11, 17), "in-time", 6),
        (date(2026, 11, 18), "papers-soon", 5),
        (date(2026, 11, 23), "papers-soon", 0),
        (date(2026, 11, 24), "papers-late", -1),
    ],
)
def test_the_papers_have_15_days_after_the_application(today: date, code: str, days: int) -> None:
    # 23 November is a holiday after a weekend: the last working day is Friday the 20th.
    finding = clock(today, documents__application_date=date(2026, 11, 8))
    if code == "in-time" and (date(2026, 11, 20) - today).days <= 5:
        code = "papers-soon"
    assert (finding.code, finding.values["days"]) == (code, days)
    assert finding.values["until"] == "2026-11-23"
    assert finding.values["safe"] == "2026-11-20"


def test_papers_that_arrived_stop_the_clock() -> None:
    finding = clock(
        date(2027, 5, 1), documents__application_date=date(2026, 11, 8), documents__papers_delivered="yes"
    )
    assert (finding.code, outcome_of(documents.deadline, finding.code)) == ("settled", "pass")
    open_ = clock(
        date(2027, 5, 1), documents__application_date=date(2026, 11, 8), documents__papers_delivered="no"
    )
    assert (open_.code, outcome_of(documents.deadline, open_.code)) == ("papers-late", "fail")


@pytest.mark.parametrize("procedure", ["transfer", "change"])
def test_transfer_and_change_are_due_within_15_days_of_the_event(procedure: str) -> None:
    event = date(2026, 11, 1)
    for passed, code in (
        (0, "in-time"),
        (9, "in-time"),
        (10, "event-soon"),
        (15, "event-soon"),
        (16, "event-late"),
    ):
        finding = clock(
            event + timedelta(days=passed), case__procedure=procedure, documents__event_date=event
        )
        assert finding.code == code, passed
    assert outcome_of(documents.deadline, "event-late") == "warn"
    assert clock(TODAY, case__procedure=procedure).code == "unanswered"


def test_the_end_of_the_year_is_counted() -> None:
    finding = clock(date(2026, 12, 20), documents__event_date=date(2026, 12, 18))
    assert finding.values["until"] == "2027-01-02"
    assert finding.values["safe"] == "2026-12-28"


@pytest.mark.parametrize("procedure", ["new-registration", "continuous-inspection", "temporary-deletion"])
def test_other_procedures_have_no_clock_before_the_application(procedure: str) -> None:
    assert clock(TODAY, case__procedure=procedure, documents__event_date=date(2026, 1, 1)).code == "none"
    assert documents.deadline.says["none"].not_needed


def test_papers_that_have_arrived_are_never_too_old() -> None:
    old: dict[str, Value | None] = {
        "case__procedure": "change",
        "case__applicant": "individual",
        "documents__change_cause": "paper",
        "documents__change_cause_issued": date(2026, 1, 1),
    }
    assert aged(TODAY, **old).code == "too-old"
    assert aged(TODAY, **old, documents__papers_delivered="yes").code == "delivered"
    assert aged(TODAY, case__procedure="transfer", documents__papers_delivered="yes").code == "none"


def test_the_question_and_the_check_count_the_same_days() -> None:
    question = load_guide("oss").questions["documents.papers-delivered"]
    assert (question.due_from, question.due_days) == ("documents.application-date", CLOCK_DAYS)
    assert load_guide("oss").questions[question.due_from].kind == "date"
