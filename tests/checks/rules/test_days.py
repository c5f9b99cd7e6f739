"""Every day of a procedure is a day in Japan: the same verdict at the same moment, in whatever zone the PC stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from checks.guide import load_guide
from checks.model import Options
from checks.rules.conditions import Value
from checks.rules.dates import JAPAN
from state.agenda import agenda, as_events, as_json, as_lines, next_date
from state.calendar import ics
from state.progress import progress
from state.session_data import Answer, SessionData, Waiver
from state.standing import Status

GUIDE = load_guide("oss")
FIRST = datetime(2026, 11, 30, tzinfo=JAPAN)
HOURS = [FIRST + timedelta(hours=hour, minutes=30) for hour in range(48)]
LAST, NEXT = date(2026, 11, 30), date(2026, 12, 1)
"""The two days of those hours."""
ZONES = {
    "UTC": "UTC0",
    "Asia/Tokyo": "JST-9",
    "America/New_York": "EST5EDT,M3.2.0,M11.1.0",
    "Pacific/Kiritimati": "<+14>-14",
    "Pacific/Pago_Pago": "<-11>11",
}
"""As POSIX writes them, so that no table of zones is needed."""
JUDGED = {
    "insurance.covers-inspection",
    "documents.deadline",
    "documents.age",
    "certificate.validity",
    "certificate.moved",
}
"""The checks that look at the calendar."""
CASES: dict[str, dict[str, Value]] = {
    "policy-begins": {
        "case.procedure": "new-registration",
        "case.planned-date": LAST,
        "insurance.start": NEXT,
        "insurance.end": date(2030, 1, 1),
        "insurance.inspection-end": date(2029, 11, 30),
    },
    "expiry-over": {
        "case.procedure": "continuous-inspection",
        "insurance.start": date(2026, 11, 20),
        "insurance.end": date(2029, 1, 1),
        "insurance.inspection-end": date(2027, 3, 1),
        "documents.inspection-expiry": LAST,
        "certificate.kind": "gyoseishoshi",
        "certificate.expires-on": LAST,
    },
    "event": {
        "case.procedure": "transfer",
        "documents.event-date": LAST - timedelta(days=15),
        "certificate.kind": "jpki-reader",
        "certificate.moved-house": "yes",
        "certificate.reissued": "yes",
        "certificate.issued-on": LAST - timedelta(days=1),
        "certificate.expires-on": date(2027, 3, 1),
    },
    "papers": {
        "case.procedure": "change",
        "case.garage": "have",
        "documents.event-date": LAST - timedelta(days=20),
        "documents.application-date": LAST - timedelta(days=15),
        "documents.garage-certificate": "yes",
        "documents.garage-issued": date(2026, 10, 31),
        "documents.change-cause": "ready",
        "documents.change-cause-issued": date(2026, 8, 31),
        "certificate.kind": "registry-file",
        "certificate.expires-on": NEXT + timedelta(days=30),
    },
}


def session(name: str) -> SessionData:
    answers = {id_: Answer(value, FIRST, rev) for rev, (id_, value) in enumerate(CASES[name].items(), 1)}
    waivers = {"portal.tls": Waiver("seen to", "tanaka", LAST, FIRST, 50)}
    return SessionData(name, FIRST, FIRST, "0", answers=answers, waivers=waivers)


SESSIONS = [session(name) for name in CASES]


def picture(moment: datetime) -> dict[str, Any]:
    """All that is said of days at that moment; a time of day is left out, since the screen shows it where the PC is."""
    options = Options(now=moment.astimezone(UTC))
    seen: dict[str, Any] = {}
    for data in SESSIONS:
        for item in progress(GUIDE, data, options).items():
            if item.id in JUDGED and item.applies and item.finding is not None:
                values = {key: value for key, value in item.finding.values.items() if not _time_of_day(value)}
                seen[f"{data.name}/{item.id}"] = (item.finding.code, values, item.finding.evidence)
            if item.waiver is not None or item.due is not None:
                seen[f"{data.name}/{item.id}"] = (item.status is Status.DONE, item.due)
        seen[f"{data.name}/next"] = next_date(GUIDE, data, options)
    made = agenda(((GUIDE, data) for data in SESSIONS), options)
    seen["agenda"] = as_json(made, options.moment())
    seen["events"] = ics(as_events(made, "ja"), options.moment(), "x")
    seen["lines"] = [line for line in as_lines(made, "en", 0) if "You can submit it from" not in line]
    return seen


def _time_of_day(value: object) -> bool:
    return isinstance(value, str) and ":" in value


@cache
def in_tokyo() -> tuple[dict[str, Any], ...]:
    """What is said in Japan, hour by hour."""
    return tuple(picture(moment) for moment in HOURS)


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts this process into a zone."""
    settle = getattr(time, "tzset", None)
    if settle is None:
        pytest.skip("the zone of a process cannot be changed on this system")

    def moved(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        settle()

    yield moved
    monkeypatch.undo()
    settle()


@pytest.mark.parametrize("zone", ZONES)
def test_the_same_is_said_in_every_zone(stand: Any, zone: str) -> None:
    stand(ZONES["Asia/Tokyo"])
    expected = in_tokyo()
    stand(ZONES[zone])
    days = {moment.astimezone(UTC).astimezone().date() for moment in HOURS}
    assert (days == {LAST, NEXT}) is (zone == "Asia/Tokyo")
    for moment, said in zip(HOURS, expected, strict=True):
        assert picture(moment) == said, moment


def test_it_changes_at_midnight_in_japan_and_at_no_other_hour(stand: Any) -> None:
    stand(ZONES["UTC"])
    said = in_tokyo()
    codes = [{key: value[0] for key, value in at.items() if key.split("/")[-1] in JUDGED} for at in said]
    turns = [hour for hour in range(1, 48) if codes[hour] != codes[hour - 1]]
    assert turns == [24]
    before, after = codes[0], codes[24]
    assert {key for key in before if before[key] != after[key]} == {
        "policy-begins/insurance.covers-inspection",
        "expiry-over/insurance.covers-inspection",
        "expiry-over/certificate.validity",
        "event/documents.deadline",
        "event/certificate.moved",
        "event/certificate.validity",
        "papers/documents.deadline",
        "papers/documents.age",
        "papers/certificate.validity",
    }
    waived = [hour for hour, at in enumerate(said) if at.get("event/portal.tls")]
    assert waived == list(range(24))


def test_the_days_left_are_counted_in_japan(stand: Any) -> None:
    stand(ZONES["UTC"])
    eve, morning = (
        agenda([(GUIDE, session("event"))], Options(now=at.astimezone(UTC))) for at in (HOURS[23], HOURS[24])
    )
    assert "2026-11-30 (Monday, Reiwa 8) (today)" in "\n".join(as_lines(eve, "en", 0))
    assert "2026-11-30 (Monday, Reiwa 8) (1 day ago)" in "\n".join(as_lines(morning, "en", 0))
