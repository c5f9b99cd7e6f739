"""One PC of a fleet: what its file says, and what that is worth as evidence."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from checks.guide import Guide
from checks.model import Check, Outcome
from checks.record import dataclass, field
from checks.rules.dates import JAPAN
from checks.shown import show
from checks.verdict import GENERIC, outcome_of
from state.check_report import exit_code, expiry
from state.fleet.result_files import FileProblem, moment, moment_of, problem, read
from state.layout import utc
from state.session_data import LOOKED

MAX_RESULTS = 2000
MAX_VARIANTS = 20
"""Different sentences kept for one code of one check."""
MAX_CLOCK_ERROR = timedelta(minutes=5)
"""How far the clocks of a PC and of the merging machine may differ, and that of a PC be set back in a run."""

WORST: tuple[Outcome, ...] = (
    Outcome.FAIL, Outcome.CRASH, Outcome.UNKNOWN, Outcome.WARN, Outcome.SKIP, Outcome.PASS,
)  # fmt: skip


class Standing(StrEnum):
    """What a PC counts as, the worst first."""

    FAILED = "failed"
    NO_RESULT = "no-result"
    """Nothing that failed was seen, but the evidence is missing, incomplete or contradicts itself."""
    UNKNOWN = "unknown"
    IN_ORDER = "in-order"


@dataclass(frozen=True, slots=True)
class FleetFinding:
    """One finding as it occurs on one or many PCs."""

    check: str
    outcome: Outcome
    code: str
    text: tuple[str, str]
    """The sentence, Japanese and English."""


@dataclass(slots=True)
class FleetPc:
    """One PC: what the collector calls it, and what its file says."""

    name: str
    file: str
    host: str = ""
    user: str = ""
    platform: str = ""
    machine: str = ""
    finished: str = ""
    cells: dict[str, FleetFinding] = field(default_factory=dict)
    """By id of the check."""
    expiries: list[tuple[str, date]] = field(default_factory=list)
    accepted: dict[str, Literal["waived", "declared"]] = field(default_factory=dict)
    """The checks that do not count by what was found, and why."""
    problems: list[FileProblem] = field(default_factory=list)
    """Why the evidence is not enough to call the PC in order."""

    @property
    def standing(self) -> Standing:
        """What the PC counts as: a failure that was seen counts however poor the rest of the evidence is."""
        if self.count(Outcome.FAIL):
            return Standing.FAILED
        if self.problems:
            return Standing.NO_RESULT
        return Standing.UNKNOWN if self.count(Outcome.UNKNOWN, Outcome.CRASH) else Standing.IN_ORDER

    def count(self, *outcomes: Outcome) -> int:
        """How many findings have one of `outcomes`; accepted exceptions and what is declared do not count."""
        return sum(
            found.outcome in outcomes and found.check not in self.accepted for found in self.cells.values()
        )

    def rank(self) -> tuple[int, int, int, int, str]:
        """Sorts the worst first."""
        failed, unknown = self.count(Outcome.FAIL), self.count(Outcome.UNKNOWN, Outcome.CRASH)
        order = list(Standing).index(self.standing)
        return (order, -failed, -unknown, -self.count(Outcome.WARN), self.name.casefold())


@dataclass(slots=True)
class FindingPool:
    """Every finding once, however many PCs have it."""

    guide: Guide
    known: dict[tuple[str, str, str, str], FleetFinding] = field(default_factory=dict)
    variants: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, check: str, outcome: Outcome, code: str, text: object) -> FleetFinding:
        """The finding with that sentence (`{"ja": …, "en": …}`), the check's own one when there are too many."""
        said = text if isinstance(text, dict) else {}
        both = (_string(said.get("ja"), 400), _string(said.get("en"), 400))
        key = (check, outcome.value, code, both[0])
        if key not in self.known and self.variants.get((check, code), 0) >= MAX_VARIANTS:
            key = (check, outcome.value, code, "")
            known = self.guide.checks.get(check)
            says = known.says.get(code) if known else None
            both = (says.text.fill({}, "ja"), says.text.fill({}, "en")) if says else ("", "")
        if key not in self.known:
            self.variants[check, code] = self.variants.get((check, code), 0) + 1
            self.known[key] = FleetFinding(check, outcome, code, both)
        return self.known[key]


@dataclass(slots=True)
class _Evidence:
    """The results of a PC's file as they are read, and what is wrong with them."""

    pc: FleetPc
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    """Of each outcome; exceptions included, as in the document."""
    counting: set[Outcome] = field(default_factory=set)
    """Outcomes that were no accepted exception when the run was made."""
    doubtful: dict[str, list[str]] = field(default_factory=dict)
    """The results that have a problem, by its code."""

    def doubt(self, code: str, name: str = "") -> None:
        self.doubtful.setdefault(code, []).append(name)

    def add(self, result: object, pool: FindingPool, today: date) -> None:
        if not isinstance(result, dict):
            return self.doubt("flattened" if isinstance(result, str) else "malformed")
        values, coverage, waiver = result.get("values"), result.get("coverage"), result.get("waiver")
        if isinstance(values, str) or isinstance(coverage, str):
            self.doubt("flattened")
        check = sys.intern(_string(result.get("id"), 60))
        code = sys.intern(_string(result.get("code"), 60))
        outcome = outcome_named(result.get("outcome"))
        if outcome is None:
            return self.doubt("unknown-outcome", f"{check or '?'} = {show(str(result.get('outcome')), 20)}")
        sound = coverage is None or isinstance(coverage, str) or is_coverage(coverage, outcome)
        if not (check and code and isinstance(values, (dict, str)) and sound):
            self.doubt("malformed")
        if not _belongs(pool.guide.checks.get(check), code, outcome):
            self.doubt("mismatch", f"{check}: {code} = {outcome.value}")
        if outcome is Outcome.PASS and isinstance(coverage, dict) and sound and not is_complete(coverage):
            self.doubt("partly", check)
        declared = isinstance(result.get("declared"), dict)
        if declared and outcome in LOOKED:  # no word outweighs a look
            self.doubt("mismatch", f"{check}: declared = {outcome.value}")
            declared = False
        if not declared and (outcome is not Outcome.SKIP or result.get("prerequisite") is not True):
            self.counts[outcome] += 1  # see RunResults.counts
        if waiver is None and not declared:
            self.counting.add(outcome)
        cells = self.pc.cells
        if check in cells:
            self.doubt("repeated", check)
            self.pc.accepted.pop(check, None)
            if WORST.index(cells[check].outcome) <= WORST.index(outcome):
                return None
        elif declared or _is_waived(waiver, today):
            self.pc.accepted[check] = "declared" if declared else "waived"
        cells[check] = pool.add(check, outcome, code, result.get("text"))
        until = expiry(values) if isinstance(values, dict) else None
        if until is not None:
            self.pc.expiries.append((check, until))
        return None

    def problems(self) -> list[FileProblem]:
        """Why what was read is not all that the run has found."""
        found = []
        for code in ("flattened", "malformed", "unknown-outcome", "mismatch", "repeated", "partly"):
            names = self.doubtful.get(code, [])
            if names:
                listed = ", ".join(names[:3]) + (" .." if len(names) > 3 else "")
                found.append(problem(code, n=len(names), names=listed))
        if not self.pc.cells and not found:
            found.append(problem("no-results"))
        elif self.pc.cells and all(each.outcome is Outcome.SKIP for each in self.pc.cells.values()):
            found.append(problem("only-skipped"))
        return found


def pc_of(name: str, path: Path, pool: FindingPool, now: datetime) -> FleetPc:
    """The PC that the collector calls `name`, from its file; whatever is in there, or is not, gives a row."""
    run, wrong = read(path)
    pc = FleetPc(name, show(str(path), 160))
    if wrong is not None:
        pc.problems.append(wrong)
    if run is None:
        return pc
    pc.host, pc.user = _string(run.get("host"), 80), _string(run.get("user"), 60)
    pc.platform = sys.intern(_string(run.get("platform"), 20))
    pc.machine, pc.finished = _string(run.get("machine"), 60), moment_of(run)
    evidence = _Evidence(pc)
    for result in run["results"][:MAX_RESULTS]:
        evidence.add(result, pool, now.astimezone(JAPAN).date())
    for _ in run["results"][MAX_RESULTS:]:
        evidence.doubt("malformed")
    began, ended = moment(run.get("started")), moment(run.get("finished"))
    if wrong is None or wrong.code != "cut":
        pc.problems += evidence.problems()
        if not ended or type(run.get("exit")) is not int or not isinstance(run.get("counts"), dict):
            pc.problems.append(problem("no-end"))
        elif not pc.problems and (run["exit"], run["counts"]) != (
            exit_code(evidence.counting),
            evidence.counts,
        ):
            pc.problems.append(problem("contradiction"))
    latest = max(began, ended)
    if latest > utc(now + MAX_CLOCK_ERROR):
        pc.problems.append(problem("future", when=latest))
    elif began and ended and datetime.fromisoformat(began) - datetime.fromisoformat(ended) > MAX_CLOCK_ERROR:
        pc.problems.append(problem("backwards"))
    return pc


def outcome_named(word: object) -> Outcome | None:
    """The outcome that a word means, in capitals too; None for any other."""
    try:
        return Outcome(word.strip().lower()) if isinstance(word, str) else None
    except ValueError:
        return None


def _belongs(check: Check | None, code: str, outcome: Outcome) -> bool:
    """Whether the outcome is what the check, or else the engine, gives to that code.

    A code that neither knows is one of another version: there the outcome that was stored counts.
    """
    if check is None:
        if code == "partly":  # a check may make it a warning
            return outcome in (Outcome.WARN, Outcome.UNKNOWN)
        return code not in GENERIC or outcome is GENERIC[code].outcome
    return outcome_of(check, code) in (None, outcome)


def is_coverage(value: object, outcome: Outcome) -> bool:
    """Whether it has the form of a coverage: two counts, of which a pass cannot have looked at more than there is, and names."""
    if not isinstance(value, dict):
        return False
    looked, of, unread = value.get("looked"), value.get("of"), value.get("unread", [])
    if type(looked) is not int or type(of) is not int or min(looked, of) < 0:
        return False
    named = isinstance(unread, list) and all(isinstance(name, str) for name in unread)
    return named and (looked <= of or outcome is not Outcome.PASS)


def is_complete(coverage: Mapping[str, Any]) -> bool:
    return bool(coverage["looked"] >= coverage["of"]) and not coverage.get("unread")


def _is_waived(waiver: object, today: date) -> bool:
    """Whether an exception that came with a finding still holds on that day."""
    try:
        return isinstance(waiver, dict) and date.fromisoformat(str(waiver.get("until"))[:10]) >= today
    except ValueError:
        return False


def _string(value: object, limit: int) -> str:
    return show(value, limit) if isinstance(value, str) else ""
