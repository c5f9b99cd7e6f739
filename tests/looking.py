"""One check on one machine, held to what every finding must be."""

from __future__ import annotations

from datetime import UTC, datetime

from checks.model import Check, Context, Finding, Options
from checks.runner import find
from checks.system.api import System
from checks.verdict import outcome_of

NOVEMBER = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def look(check: Check, system: System, now: datetime = NOVEMBER, **options: object) -> Finding:
    """What the check finds there; it has a sentence for it and has not crashed."""
    finding = find(check, Context(system, options=Options(now=now, **options)))  # type: ignore[arg-type]
    assert finding.code != "crash", finding
    assert outcome_of(check, finding.code) is not None, finding
    return finding
