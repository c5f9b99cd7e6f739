"""When the application can be sent at the earliest, and the dates that matter, in order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from checks.guide import load_guide
from checks.model import Finding
from checks.rules.conditions import Value
from checks.rules.dates import JAPAN
from checks.rules.deadlines import OFFICE_KINDS, DueDate, Wait, deadlines, earliest_sending

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=JAPAN)  # a Wednesday
CARD: dict[str, Value] = {
    "case.procedure": "change",
    "certificate.kind": "jpki-reader",
    "certificate.card-obtained": "yes",
}


GUIDE = load_guide("oss")


def days(answers: dict[str, Value], findings: dict[str, Finding] | None = None) -> dict[str, DueDate]:
    return {found.id: found for found in deadlines(GUIDE, answers, NOW, findings)}


def earliest(
    answers: dict[str, Value], now: datetime, findings: dict[str, Finding] | None = None
) -> tuple[datetime, tuple[Wait, ...]]:
    sending = earliest_sending(GUIDE, answers, now, findings)
    assert sending.moment is not None
    return sending.moment, sending.waits


def test_with_nothing_to_wait_for_it_can_be_sent_at_once() -> None:
    moment, reasons = earliest(CARD, NOW)
    assert moment == NOW
    assert [reason.id for reason in reasons] == ["case.hours"]
    assert "2026年11月25日" in reasons[0].text.ja


def test_at_a_weekend_it_is_looked_at_later() -> None:
    saturday = datetime(2026, 11, 21, 12, tzinfo=JAPAN)
    moment, reasons = earliest(CARD, saturday)
    assert moment == saturday
    assert "2026年11月24日" in reasons[-1].text.ja


@pytest.mark.parametrize(
    "more",
    [{"certificate.card-obtained": "no"}, {"certificate.moved-house": "yes", "certificate.reissued": "no"}],
)
def test_a_certificate_yet_to_be_issued_takes_a_day(more: dict[str, Value]) -> None:
    moment, reasons = earliest({**CARD, **more}, NOW)
    assert moment == NOW + timedelta(hours=24)
    assert "24時間" in reasons[0].text.ja
    assert reasons[0].basis.page == "jpki-wait"


def test_a_certificate_of_today_is_waited_for_until_the_next_day_is_over() -> None:
    moment, reasons = earliest({**CARD, "certificate.issued-on": date(2026, 11, 25)}, NOW)
    assert moment == datetime(2026, 11, 27, tzinfo=JAPAN)
    assert moment - NOW >= timedelta(hours=24)
    assert reasons[0].id == "certificate.issued-on"
    assert earliest({**CARD, "certificate.issued-on": date(2026, 11, 20)}, NOW)[0] == NOW


def test_an_end_that_comes_near_is_told() -> None:
    moment, reasons = earliest({**CARD, "certificate.expires-on": date(2026, 12, 20)}, NOW)
    assert moment == NOW
    assert [reason.id for reason in reasons] == ["certificate.expires-on", "case.hours"]
    assert "2026年12月20日" in reasons[0].text.ja
    assert len(earliest({**CARD, "certificate.expires-on": date(2027, 12, 20)}, NOW)[1]) == 1
    read = earliest(CARD, NOW, {"certificate.file": Finding("expires-soon", {"until": "2026-12-01"})})
    assert read[1][0].id == "certificate.file"
    endless = {"certificate.file": Finding("ok", {"until": "9999-12-31"})}
    assert "certificate.file" not in {deadline.id for deadline in deadlines(GUIDE, CARD, NOW, endless)}


def test_files_need_no_day_of_waiting() -> None:
    answers: dict[str, Value] = {
        "certificate.kind": "registry-file",
        "certificate.issued-on": date(2026, 11, 25),
    }
    assert earliest(answers, NOW)[0] == NOW


def test_insurance_data_takes_an_hour() -> None:
    inspection: dict[str, Value] = {
        **CARD,
        "case.procedure": "continuous-inspection",
        "insurance.contract": "yes",
    }
    assert earliest(inspection, NOW)[0] == NOW + timedelta(hours=1)
    assert earliest({**inspection, "insurance.data-visible": "no"}, NOW)[0] == NOW + timedelta(hours=1)
    assert earliest({**inspection, "insurance.data-visible": "yes"}, NOW)[0] == NOW
    assert earliest({**CARD, "insurance.data-visible": "no"}, NOW)[0] == NOW
    both = earliest({**inspection, "certificate.card-obtained": "no"}, NOW)
    assert both[0] == NOW + timedelta(hours=24)
    assert [reason.id for reason in both[1]] == [
        "insurance.data-visible",
        "certificate.card-obtained",
        "case.hours",
    ]


def test_the_roots_are_always_there_and_all_is_in_order() -> None:
    found = deadlines(GUIDE, {}, NOW)
    assert [(entry.day, entry.kind) for entry in found] == [
        (date(2027, 4, 15), "root"),
        (date(2029, 5, 29), "root"),
    ]
    many = deadlines(GUIDE, {"case.procedure": "continuous-inspection", "insurance.end": date(2028, 1, 1),
                      "documents.inspection-expiry": date(2026, 12, 30)}, NOW)  # fmt: skip
    assert [entry.day for entry in many] == sorted(entry.day for entry in many)


def test_the_clocks() -> None:
    event = days({"case.procedure": "transfer", "documents.event-date": date(2026, 12, 18)})[
        "documents.event-date"
    ]
    assert (event.day, event.safe, event.kind) == (date(2027, 1, 2), date(2026, 12, 28), "law")
    sent: dict[str, Value] = {"case.procedure": "transfer", "documents.event-date": date(2026, 11, 1),
                              "documents.application-date": date(2026, 11, 10)}  # fmt: skip
    found = days(sent)
    assert "documents.event-date" not in found
    assert found["documents.application-date"].day == date(2026, 11, 25)
    assert found["documents.application-date"].safe is None
    assert "documents.application-date" not in days({**sent, "documents.papers-delivered": "yes"})


def test_papers_insurance_inspection_certificate() -> None:
    found = days({
        "case.procedure": "continuous-inspection", "insurance.start": date(2026, 12, 1), "insurance.end": date(2029, 1, 1),
        "insurance.inspection-end": date(2028, 12, 1), "documents.inspection-expiry": date(2026, 12, 31),
        "certificate.expires-on": date(2027, 3, 1), "insurance.present-end": date(2027, 1, 31),
    })  # fmt: skip
    assert {name: (entry.day, entry.kind) for name, entry in found.items() if entry.kind != "root"} == {
        "insurance.start": (date(2026, 12, 1), "insurance"),
        "insurance.end": (date(2029, 1, 1), "insurance"),
        "insurance.present-end": (date(2027, 1, 31), "insurance"),
        "insurance.inspection-end": (date(2028, 12, 1), "inspection"),
        "documents.inspection-expiry": (date(2026, 12, 31), "inspection"),
        "documents.inspection-expiry.window": (date(2026, 10, 31), "inspection"),
        "certificate.expires-on": (date(2027, 3, 1), "certificate"),
    }
    hybrid: dict[str, Value] = {"case.procedure": "transfer", "case.channel": "portal", "case.route": "hybrid", "documents.seal-certificate": "ready",
                                "documents.seal-issued": date(2026, 9, 30)}  # fmt: skip
    seal = days(hybrid)["documents.seal-issued"]
    assert (seal.day, seal.safe, seal.kind) == (date(2026, 12, 30), date(2026, 12, 28), "paper")
    assert "印鑑証明書" in seal.text.ja
    assert "documents.seal-issued" not in days({**hybrid, "case.route": "full"})


@pytest.mark.parametrize("check", ["certificate.file", "certificate.auth-expiry"])
@pytest.mark.parametrize(
    ("value", "day"),
    [("2027-03-01", date(2027, 3, 1)), ("2027-02-30", None), ("soon", None), (5, None), ("", None)],
)
def test_a_certificate_that_a_check_has_read(check: str, value: str | int, day: date | None) -> None:
    others = {
        "portal.tls": Finding("x", {"until": "2027-01-01"}),
        "certificate.moved": Finding("x", {"until": "2027-01-01"}),
    }
    found = days({}, {check: Finding("x", {"until": value}), **others})
    assert (found[check].day if check in found else None) == day
    assert not set(others) & set(found)


def test_the_checks_that_read_a_certificate_exist() -> None:
    checks = load_guide("oss").checks
    for name in ("certificate.file", "certificate.auth-expiry"):
        assert "{until}" in "".join(says.text.ja for says in checks[name].says.values())


def test_every_deadline_has_a_source_and_a_working_day() -> None:
    guide = load_guide("oss")
    everything: dict[str, Value] = {
        q.id: date(2026, 12, 18)
        for q in guide.questions.values()
        if q.kind == "date" and q.id != "documents.application-date"
    }
    for procedure in ("transfer", "continuous-inspection", "new-registration"):
        for entry in deadlines(GUIDE, {**everything, "case.procedure": procedure}, NOW):
            assert entry.basis.page in guide.pages
            assert entry.safe is None or entry.kind in OFFICE_KINDS


def test_what_is_over_is_called_over_and_a_new_certificate_takes_a_day() -> None:
    moment, reasons = earliest({**CARD, "certificate.expires-on": date(2026, 11, 1)}, NOW)
    assert moment == NOW + timedelta(hours=24)
    assert [reason.id for reason in reasons] == [
        "certificate.card-obtained",
        "certificate.expires-on",
        "case.hours",
    ]
    assert "切れました" in reasons[1].text.ja
    assert reasons[1].text.en.startswith("Over since 2026-11-01")
    today = earliest({**CARD, "certificate.expires-on": NOW.date()}, NOW)
    assert today[0] == NOW
    assert "来ます" in today[1][0].text.ja


def test_in_the_evening_it_is_looked_at_on_the_next_working_day() -> None:
    for hour, day in ((17, "2026年11月25日"), (18, "2026年11月26日"), (23, "2026年11月26日")):
        assert day in earliest(CARD, NOW.replace(hour=hour))[1][-1].text.ja
    last = NOW.replace(month=12, day=28, hour=20)
    assert "2027年1月4日" in earliest(CARD, last)[1][-1].text.ja


def test_once_it_is_sent_there_is_nothing_to_wait_for() -> None:
    sent = {**CARD, "documents.application-date": date(2026, 11, 20), "certificate.card-obtained": "no"}
    moment, reasons = earliest(sent, NOW)
    assert moment == NOW
    assert [reason.id for reason in reasons] == ["documents.application-date"]
    assert "2026年11月20日" in reasons[0].text.ja
    # A day to come is a plan, not a fact.
    planned = {**CARD, "documents.application-date": date(2026, 11, 27)}
    assert earliest(planned, NOW)[1][-1].id == "case.hours"


def test_papers_that_have_arrived_grow_old_no_more() -> None:
    paper: dict[str, Value] = {
        "case.procedure": "change",
        "case.garage": "have",
        "documents.garage-certificate": "yes",
        "documents.garage-issued": date(2026, 11, 1),
    }
    found = days(paper)["documents.garage-issued"]
    assert found.day == date(2026, 12, 1)
    assert "(about 1 month after issue)" in found.text.en
    assert "documents.garage-issued" not in days({**paper, "documents.papers-delivered": "yes"})
