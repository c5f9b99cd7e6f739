"""One PC of a fleet: what its file says, and what that is worth as evidence."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from checks.guide import Guide
from checks.model import Check, Outcome
from checks.record import dataclass, field
from checks.rules.dates import JAPAN
from checks.shown import show
from checks.text import Text
from checks.verdict import GENERIC, outcome_of
from state.check_report import expiry
from state.fleet.collected import FLATTENED, PARTIAL, Reason, moment, moment_of, read
from state.layout import utc

MAX_RESULTS = 2000
MAX_VARIANTS = 20
"""Different sentences kept for one code of one check."""
CLOCKS = timedelta(minutes=5)
"""How far the clocks of a PC and of the merging machine may differ, and that of a PC be set back in a run."""

WORST: tuple[Outcome, ...] = (
    Outcome.FAIL, Outcome.CRASH, Outcome.UNKNOWN, Outcome.WARN, Outcome.SKIP, Outcome.PASS,
)  # fmt: skip

_NO_RESULTS = Reason("no-results", Text("検査の結果が一つもありません", "it holds no result of any check"))
_MALFORMED = Text("読めない結果が{n}件あります", "Results in it that could not be read: {n}")
_OUTCOME = Text("知らない判定があります: {names}", "outcomes that are not known: {names}")
_MISMATCH = Text(
    "判定とコードが合わない結果があります（書き換えか、ほかの版）: {names}",
    "outcomes that do not belong to their codes (altered, or of another version?): {names}",
)
_REPEATED = Text("結果が重なっている検査があります: {names}", "several results of one check: {names}")
_ONLY_SKIPPED = Reason(
    "only-skipped",
    Text("すべての検査が省略され、何も調べていません", "every check was skipped: nothing was looked at"),
)
_NO_END = Reason(
    "no-end",
    Text(
        "検査が終わった日時、終了コード、件数のどれかがありません",
        "the time, exit code or counts of the end of the run are missing",
    ),
)
_CONTRADICTION = Reason(
    "contradiction",
    Text(
        "終了コードか件数が、中の結果と合いません（結果が失われた可能性）",
        "its exit code or counts do not agree with its results (some may be lost)",
    ),
)
_BACKWARDS = Reason(
    "backwards",
    Text(
        "検査が始まる前に終わったことになっています。そのPCの時計を確かめて、もう一度検査してください",
        "it ended before it began: see to the clock of that PC, and run the check again",
    ),
)
_PARTLY = Text(
    "一部しか調べていないのに合格とされています: {names}",
    "said to be in order though not everything was looked at: {names}",
)
_FUTURE = Text(
    "日時が未来です（{when}）。そのPCとこのPCの時計を確かめて、もう一度検査してください",
    "it is dated in the future ({when}): see to the clocks of that PC and of this one, and run the check again",
)


class Standing(StrEnum):
    """What a PC counts as, the worst first."""

    FAILED = "failed"
    NO_RESULT = "no-result"
    """Nothing that failed was seen, but the evidence is missing, incomplete or contradicts itself."""
    UNKNOWN = "unknown"
    IN_ORDER = "in-order"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as it occurs on one or many PCs."""

    check: str
    outcome: Outcome
    code: str
    text: tuple[str, str]
    """The sentence, Japanese and English."""


@dataclass(slots=True)
class Pc:
    """One PC: what the collector calls it, and what its file says."""

    name: str
    file: str
    host: str = ""
    user: str = ""
    platform: str = ""
    machine: str = ""
    finished: str = ""
    cells: dict[str, Found] = field(default_factory=dict)
    expiries: tuple[tuple[str, date], ...] = ()
    waived: frozenset[str] = frozenset()
    reasons: tuple[Reason, ...] = ()
    """Why the evidence is not enough to call the PC in order."""

    @property
    def standing(self) -> Standing:
        """What the PC counts as: a failure that was seen counts however poor the rest of the evidence is."""
        if self.count(Outcome.FAIL):
            return Standing.FAILED
        if self.reasons:
            return Standing.NO_RESULT
        return Standing.UNKNOWN if self.count(Outcome.UNKNOWN, Outcome.CRASH) else Standing.IN_ORDER

    def count(self, *outcomes: Outcome) -> int:
        """How many findings count as one of `outcomes`; accepted exceptions do not."""
        return sum(
            found.outcome in outcomes and found.check not in self.waived for found in self.cells.values()
        )

    def rank(self) -> tuple[int, int, int, int, str]:
        """Sorts the worst first."""
        unknown = self.count(Outcome.UNKNOWN, Outcome.CRASH)
        warned = self.count(Outcome.WARN)
        order = list(Standing).index(self.standing)
        return (order, -self.count(Outcome.FAIL), -unknown, -warned, self.name.casefold())


@dataclass(slots=True)
class Words:
    """Every finding once, however many PCs have it."""

    guide: Guide
    known: dict[tuple[str, str, str, str], Found] = field(default_factory=dict)
    variants: dict[tuple[str, str], int] = field(default_factory=dict)

    def found(self, check: str, outcome: Outcome, code: str, result: Mapping[str, Any]) -> Found:
        """The finding of a result, shared with the PCs that say the same."""
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
        return self.known.setdefault(key, Found(check, outcome, code, text))

    def _generic(self, check: str, code: str) -> tuple[str, str]:
        known = self.guide.checks.get(check)
        says = known.says.get(code) if known else None
        return (says.text.fill({}, "ja"), says.text.fill({}, "en")) if says else ("", "")


@dataclass(slots=True)
class _Evidence:
    """The results of one file as they are read, and what is wrong with them."""

    cells: dict[str, Found] = field(default_factory=dict)
    expiries: list[tuple[str, date]] = field(default_factory=list)
    waived: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    """Of each outcome; exceptions included, as in the document."""
    counting: set[Outcome] = field(default_factory=set)
    """Outcomes that were no accepted exception when the run was made."""
    malformed: int = 0
    flattened: bool = False
    unknown: list[str] = field(default_factory=list)
    mismatched: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    partly: list[str] = field(default_factory=list)

    def add(self, result: object, words: Words, today: date) -> None:
        """Take one result in; what is wrong with it is remembered."""
        if not isinstance(result, dict):
            self.flattened = self.flattened or isinstance(result, str)
            self.malformed += not isinstance(result, str)
            return
        values, coverage = result.get("values"), result.get("coverage")
        self.flattened = self.flattened or isinstance(values, str) or isinstance(coverage, str)
        check = sys.intern(_string(result.get("id"), 60))
        code = sys.intern(_string(result.get("code"), 60))
        outcome = _outcome(result.get("outcome"))
        if outcome is None:
            self.unknown.append(f"{check or '?'} = {show(str(result.get('outcome')), 20)}")
            return
        sound = coverage is None or isinstance(coverage, str) or _sound(coverage, outcome)
        self.malformed += not (check and code and isinstance(values, (dict, str)) and sound)
        if not _belongs(words.guide.checks.get(check), code, outcome):
            self.mismatched.append(f"{check}: {code} = {outcome.value}")
        if outcome is Outcome.PASS and isinstance(coverage, dict) and sound and not _complete(coverage):
            self.partly.append(check)
        if outcome is not Outcome.SKIP or result.get("prerequisite") is not True:  # see Run.counted
            self.counts[outcome] += 1
        if result.get("waiver") is None:
            self.counting.add(outcome)
        if check in self.cells:
            self.repeated.append(check)
            self.waived.discard(check)
            if WORST.index(self.cells[check].outcome) <= WORST.index(outcome):
                return
        elif _accepted(result.get("waiver"), today):
            self.waived.add(check)
        self.cells[check] = words.found(check, outcome, code, result)
        until = expiry(values) if isinstance(values, dict) else None
        if until is not None:
            self.expiries.append((check, until))

    def reasons(self) -> list[Reason]:
        """Why what was read is not all that the run has found."""
        found = []
        if self.flattened:
            found.append(FLATTENED)
        if self.malformed:
            found.append(Reason("malformed", _MALFORMED.filled({"n": self.malformed})))
        for code, text, names in (
            ("unknown-outcome", _OUTCOME, self.unknown),
            ("mismatch", _MISMATCH, self.mismatched),
            ("repeated", _REPEATED, self.repeated),
            ("partly", _PARTLY, self.partly),
        ):
            if names:
                listed = ", ".join(names[:3]) + (" .." if len(names) > 3 else "")
                found.append(Reason(code, text.filled({"names": listed})))
        if not self.cells and not found:
            found.append(_NO_RESULTS)
        elif self.cells and all(each.outcome is Outcome.SKIP for each in self.cells.values()):
            found.append(_ONLY_SKIPPED)
        return found

    def agrees(self, run: Mapping[str, Any]) -> bool:
        """Whether exit code and counts of the document are those of its results."""
        uncertain = self.counting & {Outcome.UNKNOWN, Outcome.CRASH}
        code = 1 if Outcome.FAIL in self.counting else 3 if uncertain else 0
        return (run["exit"], run["counts"]) == (code, self.counts)


def pc_of(name: str, path: Path, words: Words, now: datetime) -> Pc:
    """The PC that the collector calls `name`, from its file; whatever is in there, or is not, gives a row."""
    run, problem = read(path)
    file = show(str(path), 160)
    reasons = [problem] if problem is not None else []
    if run is None:
        return Pc(name, file, reasons=tuple(reasons))
    evidence = _Evidence()
    for result in run["results"][:MAX_RESULTS]:
        evidence.add(result, words, now.astimezone(JAPAN).date())
    evidence.malformed += max(0, len(run["results"]) - MAX_RESULTS)
    code, counts = run.get("exit"), run.get("counts")
    if problem is not PARTIAL:
        reasons += evidence.reasons()
        if not moment(run.get("finished")) or type(code) is not int or not isinstance(counts, dict):
            reasons.append(_NO_END)
        elif not reasons and not evidence.agrees(run):
            reasons.append(_CONTRADICTION)
    began, ended = moment(run.get("started")), moment(run.get("finished"))
    latest = max(began, ended)
    if latest > utc(now + CLOCKS):
        reasons.append(Reason("future", _FUTURE.filled({"when": latest})))
    elif began and ended and datetime.fromisoformat(began) - datetime.fromisoformat(ended) > CLOCKS:
        reasons.append(_BACKWARDS)
    return Pc(
        name,
        file,
        _string(run.get("host"), 80),
        _string(run.get("user"), 60),
        sys.intern(_string(run.get("platform"), 20)),
        _string(run.get("machine"), 60),
        moment_of(run),
        evidence.cells,
        tuple(evidence.expiries),
        frozenset(evidence.waived),
        tuple(reasons),
    )


def _outcome(word: object) -> Outcome | None:
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


def _sound(coverage: object, outcome: Outcome) -> bool:
    """Whether it has the form of a coverage: two counts, of which a pass cannot have looked at more than there is, and names."""
    if not isinstance(coverage, dict):
        return False
    looked, of, unread = coverage.get("looked"), coverage.get("of"), coverage.get("unread", [])
    if type(looked) is not int or type(of) is not int or min(looked, of) < 0:
        return False
    named = isinstance(unread, list) and all(isinstance(name, str) for name in unread)
    return named and (looked <= of or outcome is not Outcome.PASS)


def _complete(coverage: Mapping[str, Any]) -> bool:
    """Whether a sound coverage says that all there was has been looked at."""
    return bool(coverage["looked"] >= coverage["of"]) and not coverage.get("unread")


def _accepted(waiver: object, today: date) -> bool:
    """Whether an exception that came with a finding still holds on that day."""
    if not isinstance(waiver, dict):
        return False
    try:
        return date.fromisoformat(str(waiver.get("until"))[:10]) >= today
    except ValueError:
        return False


def _string(value: object, limit: int) -> str:
    return show(value, limit) if isinstance(value, str) else ""


def _both(value: object) -> tuple[str, str]:
    if not isinstance(value, dict):
        return ("", "")
    return (_string(value.get("ja"), 400), _string(value.get("en"), 400))
