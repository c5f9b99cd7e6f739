"""What can be filed in which way: the rows of a guide's `scope.toml` held against the answers of the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from checks.model import Finding, Outcome
from checks.record import dataclass, field
from checks.rules.conditions import Value, When, evaluate, met
from checks.steps import Basis, CheckId, Id, QuestionId
from checks.text import Text

Code: TypeAlias = Literal["fits", "other-portal", "not-offered", "at-the-counter", "not-known", "unanswered"]

OUTCOMES: Mapping[str, Outcome] = {
    "other-portal": Outcome.FAIL,
    "not-offered": Outcome.FAIL,
    "not-known": Outcome.UNKNOWN,
    "at-the-counter": Outcome.SKIP,
    "fits": Outcome.PASS,
    "unanswered": Outcome.SKIP,
}
"""What each code means for the application; a row has one of those before `unanswered`, and the first decides."""


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One rule on what can be filed in which way."""

    id: Id
    code: Code
    applies: When
    basis: Basis
    refuses: frozenset[int] = frozenset()
    """Numbers of the steps that hold for nothing."""
    text: Text | None = None
    remedy: Text | None = None
    commands: tuple[str, ...] = ()
    """Commands that a person may copy; `{session}` is the name of this session."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """What an unanswered question is taken to be answered with, or, without a value, what it leaves undecided."""

    question: QuestionId
    applies: When
    value: str = ""


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """All rules of a guide on what can be filed in which way."""

    check: CheckId = ""
    """The derived check that shows the verdict."""
    rows: tuple[ScopeRow, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    undecided: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """What the rules say of one application."""

    code: Code
    row: ScopeRow | None = None
    steps: Mapping[int, Finding] = field(default_factory=dict)
    """What is found, instead of what was looked at, of each item in a step that a row refuses or could refuse."""

    @property
    def refusal(self) -> Text | None:
        """Why the application cannot be filed so, or why nobody has confirmed that it can."""
        return None if self.row is None else self.row.text


def judge(scope: ScopeRules, answers: Mapping[str, Value]) -> Fit:
    """Whether the application that the answers describe can be filed as they say."""
    known = dict(answers)
    for default in scope.assumed:
        if default.question not in known and met(default.applies, known):
            known[default.question] = default.value
    holds = [(row, evaluate(row.applies, known)) for row in scope.rows]
    possible = [row for row, whether in holds if whether.yes and row.code != "fits"]
    for code in OUTCOMES:
        row = next(
            (row for row, whether in holds if row.code == code and whether.yes and not whether.open), None
        )
        if row is not None and not (code == "fits" and possible):
            found = Finding("not-known" if code == "not-known" else "out-of-scope", {"row": row.id})
            return Fit(row.code, row, dict.fromkeys(row.refuses, found))
    if holds and not any(whether.open for _, whether in holds):
        return Fit("not-known", None, _refused(scope.rows, "not-known"))
    withheld = any(
        default.question not in known and met(default.applies, known) for default in scope.undecided
    )
    return Fit("unanswered", None, _refused(possible if withheld else (), "unanswered"))


def _refused(rows: Iterable[ScopeRow], code: str) -> dict[int, Finding]:
    """That finding for every step that one of the rows refuses."""
    return {step: Finding(code) for row in rows for step in row.refuses}
