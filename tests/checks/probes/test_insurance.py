"""Step 3: the policy must begin in time and last long enough, and the portal must see it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

import pytest

from checks.evidence import evidence_line
from checks.finding import find
from checks.guide import load_guide
from checks.model import Context, Finding, Options, Outcome
from checks.probes.insurance import PROCEDURES, covers_inspection, data_visible
from checks.rules.conditions import Value, evaluate
from checks.rules.dates import add_months
from checks.system.api import System
from checks.verdict import outcome_of, verdict

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
NAMES = {
    "procedure": "case.procedure",
    "planned": "case.planned-date",
    "expiry": "documents.inspection-expiry",
    "present": "insurance.present-end",
    "start": "insurance.start",
    "end": "insurance.end",
    "inspection": "insurance.inspection-end",
    "data_visible": "insurance.data-visible",
}
REGISTERED = {
    "procedure": "new-registration",
    "start": "2026-11-20",
    "end": "2029-12-20",
    "inspection": "2029-11-26",
}
INSPECTED = {
    "procedure": "continuous-inspection",
    "expiry": "2026-12-15",
    "start": "2026-12-15",
    "end": "2029-01-15",
    "inspection": "2028-12-15",
}


def context(**answers: str) -> Context:
    values: dict[str, Value] = {}
    for key, value in answers.items():
        if value:
            values[NAMES[key]] = date.fromisoformat(value) if value[:1].isdigit() else value
    return Context(cast(System, None), values, Options(now=NOW))


def covers(**answers: str) -> Finding:
    finding = find(covers_inspection, context(**answers))
    said = verdict(covers_inspection, finding.code, finding.values)
    assert said is not None, finding
    assert "{" not in said.text.ja + said.text.en
    for line in finding.evidence:
        assert evidence_line(line, "ja", load_guide("oss")).isascii() is False
    return finding


def code(**answers: str) -> str:
    return covers(**answers).code


# The end.


@pytest.mark.parametrize(
    ("end", "inspection", "expected"),
    [
        ("2029-01-01", "2028-12-01", "covers"),
        ("2028-12-02", "2028-12-01", "covers"),
        ("2028-12-01", "2028-12-01", "same-day"),
        ("2028-11-30", "2028-12-01", "too-short"),
        ("2027-12-01", "2028-12-01", "too-short"),
    ],
)
def test_the_end(end: str, inspection: str, expected: str) -> None:
    for procedure in PROCEDURES:
        assert code(procedure=procedure, start="2026-11-27", end=end, inspection=inspection) == expected


@pytest.mark.parametrize(
    ("end", "ja", "en"),
    [("2028-02-28", "2日足りません", "2 days short"), ("2028-02-29", "1日足りません", "1 day short")],
)
def test_too_short_says_by_how_many_days(end: str, ja: str, en: str) -> None:
    finding = covers(procedure="new-registration", start="2026-01-01", end=end, inspection="2028-03-01")
    said = verdict(covers_inspection, finding.code, finding.values)
    assert said is not None
    assert ja in said.text.ja
    assert en in said.text.en
    assert said.remedy is not None
    assert "補正申請" in said.remedy.ja


# The begin.


@pytest.mark.parametrize(
    ("case", "begins", "expected"),
    [
        # A policy that has begun is soon enough, whatever else is answered.
        (REGISTERED, "2026-11-27", "covers"),
        (REGISTERED, "2026-11-28", "unanswered"),
        (REGISTERED | {"planned": "2026-12-04"}, "2026-12-04", "covers"),
        (REGISTERED | {"planned": "2026-12-04"}, "2026-12-05", "gap"),
        (REGISTERED | {"planned": "2026-12-04", "procedure": "used-registration"}, "2026-12-05", "gap"),
        (REGISTERED | {"planned": "2026-11-20"}, "2026-11-27", "covers"),
        (REGISTERED | {"planned": "2026-11-20"}, "2026-11-28", "gap"),
        # For a registration the present certificate and the present policy of some other case say nothing.
        (REGISTERED | {"expiry": "2026-12-30", "present": "2027-01-30"}, "2026-11-28", "unanswered"),
        (INSPECTED, "2026-12-15", "covers"),
        (INSPECTED, "2026-12-16", "gap"),
        (INSPECTED, "2026-11-27", "covers"),
        (INSPECTED | {"expiry": ""}, "2026-11-27", "covers"),
        (INSPECTED | {"expiry": ""}, "2026-11-28", "unanswered"),
        (INSPECTED | {"expiry": "", "planned": "2026-12-20", "present": "2026-12-30"}, "2026-11-28", "unanswered"),
        # The day of filing does not put off the end of the present certificate.
        (INSPECTED | {"planned": "2026-12-30"}, "2026-12-16", "gap"),
        # A present policy that lasts longer does: the new one follows it.
        (INSPECTED | {"present": "2027-01-15"}, "2027-01-15", "covers"),
        (INSPECTED | {"present": "2027-01-15"}, "2027-01-16", "gap"),
        (INSPECTED | {"present": "2026-12-01"}, "2026-12-15", "covers"),
        # After a certificate that has ended a new period begins on the day of the inspection.
        (INSPECTED | {"expiry": "2026-11-26"}, "2026-11-28", "unanswered"),
        (INSPECTED | {"expiry": "2026-11-26", "planned": "2026-11-30"}, "2026-11-30", "covers"),
        (INSPECTED | {"expiry": "2026-11-26", "planned": "2026-11-30"}, "2026-12-01", "gap"),
        (INSPECTED | {"procedure": ""}, "2026-11-28", "unanswered"),
    ],
)  # fmt: skip
def test_the_begin(case: dict[str, str], begins: str, expected: str) -> None:
    assert code(**case | {"start": begins}) == expected


def test_a_gap_names_the_day_by_which_it_had_to_begin() -> None:
    finding = covers(**INSPECTED | {"start": "2027-06-01", "end": "2029-06-01"})
    assert (finding.values["start"], finding.values["by"]) == ("2027-06-01", "2026-12-15")
    assert finding.values["by_era"] == "R8.12.15"


def test_what_is_known_to_be_too_short_is_told_before_what_is_open() -> None:
    assert code(**REGISTERED | {"start": "2027-01-01", "end": "2029-01-01"}) == "too-short"


# Whether the dates can be right.


@pytest.mark.parametrize(
    ("case", "seen"),
    [
        (INSPECTED | {"start": "2026-11-20", "inspection": "2026-12-20"}, "new inspection ends within 3 months"),
        (INSPECTED | {"start": "2026-11-20", "inspection": "2027-02-27"}, "new inspection ends within 3 months"),
        (INSPECTED | {"start": "2026-11-20", "inspection": "2026-11-27"}, "new inspection ends within 3 months"),
        (INSPECTED | {"start": "2026-11-20", "inspection": "2026-11-26"}, "new inspection ends in the past"),
        (INSPECTED | {"expiry": "2027-06-30", "inspection": "2027-06-30"}, "new inspection ends before it begins"),
        (INSPECTED | {"present": "2029-12-28"}, "present policy lasts over 37 months"),
        (REGISTERED | {"inspection": "2026-11-26"}, "new inspection ends in the past"),
        (REGISTERED | {"inspection": "2027-01-10", "planned": "2027-01-10"}, "new inspection ends before it begins"),
        (REGISTERED | {"end": "2026-11-19"}, "policy ends before it begins"),
        (REGISTERED | {"end": "2029-12-21"}, "policy lasts over 37 months"),
        (REGISTERED | {"start": "1999-01-01"}, "policy lasts over 37 months"),
    ],
)  # fmt: skip
def test_dates_that_are_hardly_possible(case: dict[str, str], seen: str) -> None:
    finding = covers(**case)
    assert outcome_of(covers_inspection, finding.code) is Outcome.WARN
    assert (finding.code, seen in finding.evidence) == ("implausible-date", True)


def test_dates_that_are_possible() -> None:
    assert (
        code(**INSPECTED | {"start": "2026-11-20", "inspection": "2027-02-28", "end": "2027-12-20"})
        == "covers"
    )
    assert code(**REGISTERED | {"inspection": "2026-11-27"}) == "covers"
    longest = add_months(date(2026, 11, 20), 37)
    assert code(**REGISTERED | {"end": longest.isoformat()}) == "covers"
    assert code(**INSPECTED | {"present": "2029-12-27"}) == "covers"


def test_the_present_expiry_taken_for_the_new_one_is_never_green() -> None:
    for expiry in (date(2026, 12, 20), date(2027, 2, 1), date(2027, 5, 31), date(2028, 1, 31)):
        day = expiry.isoformat()
        found = code(
            procedure="continuous-inspection",
            expiry=day,
            start="2026-11-20",
            end="2029-12-20",
            inspection=day,
        )
        assert found == "implausible-date", day


# Its sentence, and each thing that it asserts broken alone.


@pytest.mark.parametrize(
    "broken",
    [
        {"start": "2027-06-01"},
        {"start": "", "expiry": "2026-12-15"},
        {"end": "2028-12-14"},
        {"end": "2028-12-15"},
        {"end": ""},
        {"inspection": "2029-02-01"},
        {"inspection": ""},
        {"inspection": "2026-12-20"},
        {"expiry": "2026-12-14"},
        {"expiry": ""},
        {"expiry": "2029-12-15"},
    ],
    ids=str,
)
def test_each_thing_that_is_compared_takes_the_pass_away(broken: dict[str, str]) -> None:
    assert code(**INSPECTED) == "covers"
    assert outcome_of(covers_inspection, code(**INSPECTED | broken)) is not Outcome.PASS


@pytest.mark.parametrize("missing", ["start", "end", "inspection"])
def test_one_date_missing_is_no_verdict(missing: str) -> None:
    assert code(**REGISTERED) == "covers"
    assert code(**REGISTERED | {missing: ""}) == "unanswered"


def test_it_applies_for_three_procedures() -> None:
    for choice in load_guide("oss").questions["case.procedure"].choices:
        holds = evaluate(covers_inspection.applies, {"case.procedure": choice.value})
        assert holds.yes is (choice.value in PROCEDURES)
    assert evaluate(covers_inspection.applies, {}).open == "case.procedure"


@pytest.mark.parametrize(
    ("answer", "expected", "outcome"),
    [("yes", "visible", "pass"), ("no", "not-visible", "warn"), ("", "unanswered", "skip")],
)
def test_whether_the_data_is_visible(answer: str, expected: str, outcome: str) -> None:
    finding = data_visible.probe(context(data_visible=answer))
    assert (finding.code, outcome_of(data_visible, finding.code)) == (expected, outcome)
    assert data_visible.id in load_guide("oss").questions


def test_wrong_kinds_of_values_crash_nothing() -> None:
    odd = Context(cast(System, None), dict.fromkeys(NAMES.values(), "perhaps"), Options(now=NOW))
    assert find(covers_inspection, odd).code == "unanswered"
    assert find(data_visible, odd).code == "unanswered"
