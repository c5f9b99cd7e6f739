"""Many PCs' `check --format json` as one: read one file at a time, kept small, nothing trusted."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from checks.catalog import Catalog
from checks.model import Outcome
from checks.record import dataclass, field
from checks.shown import show
from checks.text import Text
from state.check_report import expiry
from state.fleet_files import read
from state.layout import utc

MAX_RESULTS = 2000
MAX_VARIANTS = 20
"""Different sentences kept for one code of one check."""
HORIZON = 60
"""Days ahead in which an expiry is listed."""

WORST: tuple[Outcome, ...] = (
    Outcome.FAIL, Outcome.CRASH, Outcome.UNKNOWN, Outcome.WARN, Outcome.SKIP, Outcome.PASS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as it occurs on one or many PCs."""

    check: str
    outcome: Outcome
    code: str
    text: tuple[str, str]
    """The sentence, Japanese and English."""
    remedy: tuple[str, str]


@dataclass(slots=True)
class Pc:
    """One PC (and user) with its newest run."""

    host: str
    user: str
    platform: str
    finished: str
    cells: dict[str, Found]
    expiries: tuple[tuple[str, date], ...] = ()
    waived: frozenset[str] = frozenset()

    def count(self, *outcomes: Outcome) -> int:
        """How many findings count as one of `outcomes`; accepted exceptions do not."""
        return sum(
            found.outcome in outcomes and found.check not in self.waived for found in self.cells.values()
        )

    def rank(self) -> tuple[int, int, int, str, str]:
        """Sorts the worst first."""
        unknown = self.count(Outcome.UNKNOWN, Outcome.CRASH)
        return (
            -self.count(Outcome.FAIL),
            -unknown,
            -self.count(Outcome.WARN),
            self.host.casefold(),
            self.user,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The same finding on several PCs."""

    check: str
    outcome: Outcome
    code: str
    hosts: tuple[str, ...]
    texts: tuple[tuple[Found, int], ...]
    """Each sentence with the number of PCs that say it, the commonest first."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """A date within the horizon, or already past."""

    host: str
    check: str
    on: date
    days: int


@dataclass(slots=True)
class Fleet:
    """The whole picture."""

    pcs: list[Pc]
    columns: list[str]
    """Ids of the checks, in the catalog's order, then those that this version does not know."""
    groups: list[Group]
    expiries: list[Expiry]
    problems: list[tuple[str, Text]]
    """Files that were not or only partly used, and why."""
    files: int
    replaced: int
    """Runs left out because a newer one of the same PC and user was there."""
    exit: int = 0


@dataclass(slots=True)
class _Words:
    """Every finding once, however many PCs have it."""

    catalog: Catalog
    known: dict[tuple[str, str, str, str], Found] = field(default_factory=dict)
    variants: dict[tuple[str, str], int] = field(default_factory=dict)

    def found(self, check: str, outcome: Outcome, code: str, result: Mapping[str, Any]) -> Found:
        text = _both(result.get("text"))
        key = (check, outcome.value, code, text[0])
        kept = self.known.get(key)
        if kept is not None:
            return kept
        count = self.variants.get((check, code), 0)
        if count >= MAX_VARIANTS:
            key = (check, outcome.value, code, "")
            text = self._generic(check, code)
        self.variants[check, code] = count + 1
        return self.known.setdefault(key, Found(check, outcome, code, text, _both(result.get("remedy"))))

    def _generic(self, check: str, code: str) -> tuple[str, str]:
        known = self.catalog.checks.get(check)
        says = known.says.get(code) if known else None
        return (says.text.ja, says.text.en) if says else ("", "")


def merge(paths: Iterable[Path], catalog: Catalog, today: date) -> Fleet:
    """One picture of all files; what cannot be read is named in `problems`, never raised."""
    words = _Words(catalog)
    newest: dict[tuple[str, str], Pc] = {}
    problems: list[tuple[str, Text]] = []
    files = replaced = 0
    for path in paths:
        files += 1
        run, problem = read(path)
        if problem is not None:
            problems.append((show(os.fspath(path), 160), problem))
        if run is None:
            continue
        pc = _pc(run, words, path, today)
        key = (pc.host.casefold(), pc.user.casefold())
        other = newest.get(key)
        if other is not None:
            replaced += 1
        if other is None or pc.finished >= other.finished:
            newest[key] = pc
    pcs = sorted(newest.values(), key=Pc.rank)
    seen = {check for pc in pcs for check in pc.cells}
    columns = [check for check in catalog.checks if check in seen]
    columns += sorted(seen.difference(columns))
    fleet = Fleet(pcs, columns, _groups(pcs), _expiries(pcs, today), problems, files, replaced)
    fleet.exit = _exit(fleet)
    return fleet


def _pc(run: Mapping[str, Any], words: _Words, path: Path, today: date) -> Pc:
    cells: dict[str, Found] = {}
    ends: list[tuple[str, date]] = []
    waived = set()
    for result in run["results"][:MAX_RESULTS]:
        if not isinstance(result, dict):
            continue
        check = result.get("id")
        try:
            outcome = Outcome(str(result.get("outcome")))
        except ValueError:
            continue
        if not isinstance(check, str) or not check:
            continue
        check = sys.intern(show(check, 60))
        code = sys.intern(_string(result.get("code"), 60))
        cells[check] = words.found(check, outcome, code, result)
        if _accepted(result.get("waiver"), today):
            waived.add(check)
        values = result.get("values")
        until = expiry(values) if isinstance(values, dict) else None
        if until is not None:
            ends.append((check, until))
    host = _string(run.get("host"), 80) or show(path.stem, 80)
    finished = moment_of(run)
    platform = sys.intern(_string(run.get("platform"), 20))
    return Pc(host, _string(run.get("user"), 60), platform, finished, cells, tuple(ends), frozenset(waived))


def _accepted(waiver: object, today: date) -> bool:
    """Whether an exception that came with a finding still holds on that day."""
    if not isinstance(waiver, dict):
        return False
    try:
        return date.fromisoformat(str(waiver.get("until"))[:10]) >= today
    except ValueError:
        return False


def moment_of(run: Mapping[str, Any]) -> str:
    """When a run ended (or else began) in UTC, whatever its zone, so that runs can be compared; empty when it is not known."""
    return _moment(run.get("finished")) or _moment(run.get("started"))


def _moment(value: object) -> str:
    if not isinstance(value, str):
        return ""
    try:
        read = datetime.fromisoformat(value.strip())
        return utc(read if read.tzinfo else read.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""


def _string(value: object, limit: int) -> str:
    return show(value, limit) if isinstance(value, str) else ""


def _both(value: object) -> tuple[str, str]:
    if not isinstance(value, dict):
        return ("", "")
    return (_string(value.get("ja"), 400), _string(value.get("en"), 400))


def _groups(pcs: Iterable[Pc]) -> list[Group]:
    """Findings that are neither passed nor skipped, the worst and commonest first."""
    hosts: dict[tuple[str, Outcome, str], list[str]] = {}
    texts: dict[tuple[str, Outcome, str], dict[Found, int]] = {}
    for pc in pcs:
        for found in pc.cells.values():
            if found.outcome in (Outcome.PASS, Outcome.SKIP) or found.check in pc.waived:
                continue
            key = (found.check, found.outcome, found.code)
            hosts.setdefault(key, []).append(pc.host)
            tally = texts.setdefault(key, {})
            tally[found] = tally.get(found, 0) + 1
    groups = [
        Group(*key, tuple(names), tuple(sorted(texts[key].items(), key=lambda pair: -pair[1])))
        for key, names in hosts.items()
    ]
    return sorted(
        groups, key=lambda group: (WORST.index(group.outcome), -len(group.hosts), group.check, group.code)
    )


def _expiries(pcs: Iterable[Pc], today: date) -> list[Expiry]:
    found = [
        Expiry(pc.host, check, on, (on - today).days)
        for pc in pcs
        for check, on in pc.expiries
        if (on - today).days <= HORIZON
    ]
    return sorted(found, key=lambda end: (end.on, end.host.casefold(), end.check))


def _exit(fleet: Fleet) -> int:
    if any(pc.count(Outcome.FAIL) for pc in fleet.pcs):
        return 1
    unread = not fleet.pcs or fleet.problems
    return 3 if unread or any(pc.count(Outcome.UNKNOWN, Outcome.CRASH) for pc in fleet.pcs) else 0
