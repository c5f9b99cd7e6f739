"""Step 3: the policy must cover the whole new inspection period, and the portal must see it."""

from __future__ import annotations

from datetime import date
from typing import cast

import pytest

from checks.catalog import load_catalog
from checks.model import Context, Options
from checks.probes.insurance import PROCEDURES, covers_inspection, data_visible
from checks.runner import find
from checks.system.api import System
from checks.verdict import outcome_of, verdict
from checks.when import Value, evaluate


def context(**answers: Value) -> Context:
    values = {f"insurance.{key.replace('_', '-')}": value for key, value in answers.items()}
    return Context(cast(System, None), values, Options())


@pytest.mark.parametrize(
    ("start", "end", "inspection", "code", "outcome"),
    [
        ("2026-12-01", "2029-01-01", "2028-12-01", "covers", "pass"),
        ("2026-12-01", "2028-12-02", "2028-12-01", "covers", "pass"),
        ("2026-12-01", "2028-12-01", "2028-12-01", "same-day", "warn"),
        ("2026-12-01", "2028-11-30", "2028-12-01", "too-short", "fail"),
        ("2026-12-01", "2027-12-01", "2028-12-01", "too-short", "fail"),
        ("2040-01-01", "2042-02-01", "2042-01-01", "covers", "pass"),
        ("1999-01-01", "2042-02-01", "2042-01-01", "covers", "pass"),
        ("2026-12-10", "2028-12-10", "2026-12-09", "starts-late", "fail"),
        ("2026-12-10", "2028-12-10", "2026-12-10", "covers", "pass"),
    ],
)
def test_the_dates(start: str, end: str, inspection: str, code: str, outcome: str) -> None:
    days = [date.fromisoformat(day) for day in (start, end, inspection)]
    finding = covers_inspection.probe(context(start=days[0], end=days[1], inspection_end=days[2]))
    assert finding.code == code
    said = verdict(covers_inspection, finding.code, finding.values)
    assert said is not None
    assert "{" not in said.text.ja + said.text.en
    assert outcome_of(covers_inspection, finding.code) == outcome


def test_too_short_says_by_how_many_days() -> None:
    finding = covers_inspection.probe(
        context(start=date(2026, 1, 1), end=date(2028, 2, 28), inspection_end=date(2028, 3, 1))
    )
    assert finding.values["days"] == 2
    said = verdict(covers_inspection, finding.code, finding.values)
    assert said is not None
    assert "2日足りません" in said.text.ja
    assert "2 days short" in said.text.en
    assert said.remedy is not None
    assert "補正申請" in said.remedy.ja


@pytest.mark.parametrize("missing", ["start", "end", "inspection_end"])
def test_one_date_missing_is_no_verdict(missing: str) -> None:
    dates = {"start": date(2026, 1, 1), "end": date(2028, 2, 1), "inspection_end": date(2028, 1, 1)}
    del dates[missing]
    assert covers_inspection.probe(context(**dates)).code == "unanswered"


def test_it_applies_for_three_procedures() -> None:
    for choice in load_catalog().questions["case.procedure"].choices:
        holds = evaluate(covers_inspection.applies, {"case.procedure": choice.value})
        assert holds.yes is (choice.value in PROCEDURES)
    assert evaluate(covers_inspection.applies, {}).open == "case.procedure"


@pytest.mark.parametrize(
    ("answer", "code", "outcome"),
    [("yes", "visible", "pass"), ("no", "not-visible", "warn"), (None, "unanswered", "skip")],
)
def test_whether_the_data_is_visible(answer: str | None, code: str, outcome: str) -> None:
    finding = data_visible.probe(context() if answer is None else context(data_visible=answer))
    assert (finding.code, outcome_of(data_visible, finding.code)) == (code, outcome)
    assert data_visible.id in load_catalog().questions


def test_wrong_kinds_of_values_crash_nothing() -> None:
    odd = context(start="2026-01-01", end="x", inspection_end="", data_visible="perhaps")
    assert find(covers_inspection, odd).code == "unanswered"
    assert find(data_visible, odd).code == "unanswered"
