"""What is next, and why something is not needed, by the guide that is shipped."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks.guide import load_guide
from checks.model import Options
from checks.rules.conditions import Value
from state.progress import progress
from state.session_data import Answer, SessionData
from state.standing import Progress

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def real(**values: Value) -> Progress:
    """The real guide's steps with these answers and nothing found."""
    values = {key.replace("__", ".").replace("_", "-"): value for key, value in values.items()}
    answers = {key: Answer(value, NOW, rev) for rev, (key, value) in enumerate(values.items(), 1)}
    return progress(load_guide("oss"), SessionData("test", NOW, NOW, "0", answers=answers), Options(now=NOW))


CASE: dict[str, Value] = {
    "case__role": "self", "case__vehicle": "registered", "case__procedure": "change", "case__applicant": "individual",
    "case__use": "private", "case__channel": "portal", "case__plate": "keep",
    "case__route": "full", "case__owner_is_user": "yes", "case__garage": "not-needed", "case__proxy_issuance": "no",
    "certificate__kind": "jpki-reader",
}  # fmt: skip


def test_once_it_is_sent_the_papers_clock_comes_first_with_its_date() -> None:
    before = real(**CASE).item("documents.papers-delivered")
    assert before is not None
    assert (before.open, before.due) == (False, None)
    found = real(**CASE, documents__application_date=date(2026, 12, 18))
    assert found.next is not None
    assert found.next.id == "documents.papers-delivered"
    # The last day is a Saturday in the year-end closing.
    assert "2027年1月2日" in found.next.text.ja
    assert "最後の開庁日 2026-12-28" in found.next.text.ja
    assert "2027-01-02" in found.next.text.en
    assert "last working day 2026-12-28" in found.next.text.en
    item = found.item("documents.papers-delivered")
    assert item is not None
    assert item.blocking
    assert item.due == date(2027, 1, 2)
    for value, first in (("no", True), ("yes", False)):
        found = real(
            **CASE, documents__application_date=date(2026, 12, 18), documents__papers_delivered=value
        )
        assert found.next is not None
        assert (found.next.id == "documents.papers-delivered") is first


def test_the_question_that_may_cost_a_day_comes_before_what_costs_none() -> None:
    first = real(case__procedure="change").next
    assert first is not None
    assert first.id == "case.role"
    found = real(**CASE, certificate__card_obtained="yes")
    assert found.next is not None
    assert found.next.id == "certificate.moved-house"
    assert "24" not in found.next.text.ja
    found = real(**CASE, certificate__card_obtained="yes", certificate__moved_house="yes")
    assert found.next is not None
    assert found.next.id == "certificate.reissued"
    found = real(**CASE, certificate__card_obtained="yes", certificate__moved_house="no")
    assert found.next is not None
    assert found.next.id == "root.managed-pc"


@pytest.mark.parametrize(
    ("item", "procedure", "garage", "ja"),
    [
        ("documents.images-path", "continuous-inspection", "apply-together", "継続検査"),
        ("documents.images-path", "continuous-inspection", "have", "継続検査"),
        ("documents.images-path", "transfer", "have", "紙の証明書がある"),
        ("insurance.renamed", "change", "have", "変更登録"),
    ],
)
def test_the_reason_names_the_answer_that_rules_it_out(
    item: str, procedure: str, garage: str, ja: str
) -> None:
    found = real(**{**CASE, "case__procedure": procedure, "case__garage": garage}).item(item)
    assert found is not None
    assert not found.applies
    assert found.reason is not None
    assert ja in found.reason.ja
    assert found.reason.en.startswith("Not needed, because")
