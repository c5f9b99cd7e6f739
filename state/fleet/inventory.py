"""Many PCs' `check --format json` as one: read one file at a time, kept small, nothing trusted.

Every file is a row and counts, whatever is in it. Nothing stands in the place of anything else: of two files that seem
to be of one machine both count, and a warning names them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from checks.guide import Guide
from checks.model import Outcome
from checks.record import dataclass
from checks.rules.dates import JAPAN
from checks.text import Text
from state.fleet.fleet_pc import WORST, FindingPool, FleetFinding, FleetPc, Standing, pc_of
from state.fleet.result_files import FileProblem, named

HORIZON = 60
"""Days ahead in which an expiry is listed."""
NAMES = 8
"""PCs named in one warning; the rest is counted."""

_MACHINE = Text(
    "一台のPC（識別番号が同じ）の結果が{n}件あります: {names}。別の名前で二度集めたか、データごと複製したPCです。",
    "{n} results are of one machine (the same random id): {names}. It was collected under several names, or cloned "
    "with its data.",
)
_HOST = Text(
    "ホスト名が {host}、ユーザーが {user} の結果が{n}件あります: {names}。"
    "一台のPCを二度集めたか、複製などで同じ名前になったPCです。",
    "{n} results say host {host}, user {user}: {names}. One PC was collected twice, or several PCs have one name, as "
    "clones do.",
)


@dataclass(frozen=True, slots=True)
class Group:
    """The same finding on several PCs."""

    check: str
    outcome: Outcome
    code: str
    pcs: tuple[FleetPc, ...]
    texts: tuple[tuple[FleetFinding, int], ...]
    """Each sentence with the number of PCs that say it, the commonest first."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """A date within the horizon, or already past."""

    pc: FleetPc
    check: str
    on: date
    days: int


@dataclass(slots=True)
class Fleet:
    pcs: list[FleetPc]
    columns: list[str]
    """Ids of the checks, in the guide's order, then those that this version does not know."""
    groups: list[Group]
    expiries: list[Expiry]
    warnings: list[tuple[tuple[FleetPc, ...], FileProblem]]
    """PCs that may be one and the same."""

    @property
    def exit(self) -> int:
        """1 something failed, 3 a PC is unknown or gave no usable result, or there is none at all, else 0."""
        counts = self.counts()
        if counts[Standing.FAILED]:
            return 1
        return 0 if counts[Standing.IN_ORDER] == len(self.pcs) > 0 else 3

    def counts(self) -> dict[Standing, int]:
        """How many PCs there are of each standing: together all of them."""
        counts = Counter(pc.standing for pc in self.pcs)
        return {standing: counts[standing] for standing in Standing}


def merge(paths: Iterable[Path], guide: Guide, now: datetime) -> Fleet:
    """One picture of all files, one row each; what is wrong with a file stands in its row, nothing is raised."""
    pool = FindingPool(guide)
    today = now.astimezone(JAPAN).date()
    pcs = sorted((pc_of(name, path, pool, now) for name, path in named(paths)), key=FleetPc.rank)
    seen = {check for pc in pcs for check in pc.cells}
    columns = [check for check in guide.checks if check in seen]
    columns += sorted(seen.difference(columns))
    expiries = [Expiry(pc, check, on, (on - today).days) for pc in pcs for check, on in pc.expiries]
    near = [end for end in expiries if end.days <= HORIZON]
    near.sort(key=lambda end: (end.on, end.pc.name.casefold(), end.check))
    return Fleet(pcs, columns, _groups(pcs), near, _same_machine(pcs))


def _same_machine(pcs: Iterable[FleetPc]) -> list[tuple[tuple[FleetPc, ...], FileProblem]]:
    """Rows that say to be of one machine: by its random id, or by host and user."""
    machines: dict[str, list[FleetPc]] = {}
    hosts: dict[tuple[str, str], list[FleetPc]] = {}
    for pc in pcs:
        if pc.machine:
            machines.setdefault(pc.machine, []).append(pc)
        if pc.host:
            hosts.setdefault((pc.host.casefold(), pc.user.casefold()), []).append(pc)
    by_id = [some for some in machines.values() if len(some) > 1]
    by_name = [some for some in hosts.values() if len(some) > 1 and some not in by_id]
    found = []
    for code, text, groups in (("same-machine", _MACHINE, by_id), ("same-host", _HOST, by_name)):
        for some in groups:
            names = ", ".join(pc.name for pc in some[:NAMES]) + (" .." if len(some) > NAMES else "")
            values = {"n": len(some), "names": names, "host": some[0].host, "user": some[0].user or "-"}
            found.append((tuple(some), FileProblem(code, text.filled(values))))
    return found


def _groups(pcs: Iterable[FleetPc]) -> list[Group]:
    """Findings that are neither passed nor skipped, the worst and commonest first."""
    having: dict[tuple[str, Outcome, str], list[FleetPc]] = {}
    texts: dict[tuple[str, Outcome, str], Counter[FleetFinding]] = {}
    for pc in pcs:
        for found in pc.cells.values():
            if found.outcome not in (Outcome.PASS, Outcome.SKIP) and found.check not in pc.accepted:
                key = (found.check, found.outcome, found.code)
                having.setdefault(key, []).append(pc)
                texts.setdefault(key, Counter())[found] += 1
    groups = [Group(*key, tuple(some), tuple(texts[key].most_common())) for key, some in having.items()]
    return sorted(
        groups, key=lambda group: (WORST.index(group.outcome), -len(group.pcs), group.check, group.code)
    )
