"""Runs of the checks of a PC as the tests of blocks and records make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from checks.guide import load_guide
from checks.model import Check, Finding, Json, Options
from checks.runner import Finished
from checks.text import placeholders
from checks.verdict import GENERIC, says_of
from state.check_report import RunResults
from state.fleet.pc_block import is_of_pc

NOW = datetime(2026, 11, 28, 1, 3, 10, tzinfo=UTC)
GUIDE = load_guide("oss")
OPTIONS = Options(now=NOW).at(GUIDE.portal)
CHECKS = tuple(check for check in GUIDE.checks.values() if is_of_pc(GUIDE, check))
MACHINE = "0123456789abcdef" * 2


def codes_of(check: Check) -> tuple[str, ...]:
    """Every code that the check or the engine may give."""
    return (*check.says, *GENERIC)


def values_for(check: Check, code: str, value: Callable[[str], Json]) -> dict[str, Json]:
    """A value under each name that the sentences of that code need."""
    says = says_of(check, code)
    assert says is not None
    names = placeholders(says.text.en).union(placeholders(says.remedy.en) if says.remedy else ())
    return {name: value(name) for name in sorted(names)}


def finished(check: Check, code: str, values: Mapping[str, Json]) -> Finished:
    """What a check found."""
    says = says_of(check, code)
    assert says is not None
    return Finished(check, says.outcome, Finding(code, values, ("evidence",)), NOW, 3)


def run_of(
    findings: Iterable[Finished],
    *,
    host: str = "DESK-3",
    user: str = "tanaka",
    machine: str = MACHINE,
    at: datetime = NOW,
) -> RunResults:
    """A run on a PC of that name."""
    return RunResults(host, user, "windows", OPTIONS, at, at, tuple(findings), {}, machine=machine)


def full_run(number: int = 0, value: Callable[[str], Json] = lambda name: f"{name} 3") -> RunResults:
    """A run in which every check of the PC has a finding, of its codes that with this number."""
    return run_of(
        finished(check, code, values_for(check, code, value))
        for check in CHECKS
        for code in [codes_of(check)[number % len(codes_of(check))]]
    )
