"""The dates of a session as text and as calendar entries."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks.guide import load_guide
from checks.model import Options
from checks.rules.conditions import Value
from state.agenda import agenda, as_events, as_lines
from state.session_data import Answer, SessionData

NOW = datetime(2026, 12, 30, 3, 0, tzinfo=UTC)


def data(**values: Value) -> SessionData:
    given = {key.replace("__", ".").replace("_", "-"): value for key, value in values.items()}
    answers = {key: Answer(value, NOW, rev) for rev, (key, value) in enumerate(given.items(), 1)}
    return SessionData("sakura", NOW, NOW, "0", answers=answers)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "There is no waiting period: you can submit it as soon as everything is ready."),
        ({"certificate__expires_on": date(2027, 1, 10)}, "There is no waiting period"),
        ({"certificate__kind": "jpki-reader", "certificate__card_obtained": "no"}, "if everything is ready."),
        ({"documents__application_date": date(2026, 12, 28)}, "It has been submitted."),
        ({"case__vehicle": "kei"}, "It cannot be filed as answered"),
        ({"case__vehicle": "registered", "case__channel": "counter"}, "filed at the counter"),
    ],
)
def test_what_is_said_of_the_moment(values: dict[str, Value], said: str) -> None:
    text = " ".join(
        line.strip()
        for line in as_lines(agenda([(load_guide("oss"), data(**values))], Options(now=NOW)), "en", 200)
    )
    assert said in text


def test_a_clock_that_ends_while_offices_are_closed_stays_in_the_calendar() -> None:
    # The last working day, 28 December, is over; the clock itself still runs.
    sent = data(documents__application_date=date(2026, 12, 18))
    made = agenda([(load_guide("oss"), sent)], Options(now=NOW))
    days = {event.key: event.on for event in as_events(made, "ja")}
    assert days["sakura/documents.application-date"] == date(2027, 1, 2)
    before = agenda([(load_guide("oss"), sent)], Options(now=NOW.replace(day=20)))
    days = {event.key: event.on for event in as_events(before, "ja")}
    assert days["sakura/documents.application-date"] == date(2026, 12, 28)
