"""What can be filed in which way: the rows of a guide's `scope.toml` held against the answers of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from checks.model import Finding, Outcome
from checks.record import dataclass, field
from checks.rules.conditions import Value, When, evaluate
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
class Row:
    """One rule on what can be filed in which way."""

    id: Id
    code: Code
    applies: When
    basis: Basis
    refuses: frozenset[int] = frozenset()
    """Numbers of the steps that hold for nothing."""
    text: Text | None = None
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Default:
    """What an unanswered question is taken to be answered with, or, without a value, what it leaves undecided."""

    question: QuestionId
    applies: When
    value: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """All rules of a guide on what can be filed in which way."""

    rows: tuple[Row, ...] = ()
    assumed: tuple[Default, ...] = ()
    undecided: tuple[Default, ...] = ()
    check: CheckId = ""
    """The derived check that tells the verdict."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What the rules say of one application."""

    code: Code
    row: Row | None = None
    steps: Mapping[int, Finding] = field(default_factory=dict)
    """What is found, instead of what was looked at, of each item in a step that a row refuses or could refuse."""

    @property
    def refused(self) -> bool:
        """The application cannot be filed so, or nobody has confirmed that it can."""
        return self.code not in ("fits", "unanswered")


def judge(scope: Scope, answers: Mapping[str, Value]) -> Fit:
    """Whether the application that the answers describe can be filed as they say."""
    known = dict(answers)
    for default in scope.assumed:
        if default.question not in known and _met(default.applies, known):
            known[default.question] = default.value
    met = [row for row in scope.rows if _met(row.applies, known)]
    possible = [row for row in scope.rows if row.code != "fits" and evaluate(row.applies, known).yes]
    for code in OUTCOMES:
        row = next((row for row in met if row.code == code), None)
        if row is None or (code == "fits" and possible):
            continue
        found = Finding("not-known" if code == "not-known" else "out-of-scope", {"row": row.id})
        return Fit(row.code, row, dict.fromkeys(row.refuses, found))
    open_ = any(evaluate(row.applies, known).open for row in scope.rows)
    if scope.rows and not open_:
        everything = frozenset().union(*(row.refuses for row in scope.rows))
        return Fit("not-known", None, dict.fromkeys(everything, Finding("not-known")))
    withheld = any(
        default.question not in known and _met(default.applies, known) for default in scope.undecided
    )
    steps = frozenset().union(*(row.refuses for row in possible)) if withheld else frozenset()
    return Fit("unanswered", None, dict.fromkeys(steps, Finding("unanswered")))


def _met(when: When, answers: Mapping[str, Value]) -> bool:
    holds = evaluate(when, answers)
    return holds.yes and not holds.open
