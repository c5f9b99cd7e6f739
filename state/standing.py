"""How far things are, as it is told: an item, a step, and the whole preparation. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from checks.model import Finding, Outcome
from checks.record import dataclass
from checks.steps import Step
from checks.text import Text
from state.session_data import Declaration, Waiver


class Status(StrEnum):
    """Where an item or a step stands; derived, never stored."""

    NOT_NEEDED = "not-needed"
    TO_DO = "to-do"
    RUNNING = "running"
    DONE = "done"
    ATTENTION = "attention"
    STALE = "stale"


State: TypeAlias = Literal[
    "done",
    "to-do",
    "running",
    "attention",
    "warn",
    "unknown",
    "crash",
    "stale",
    "waived",
    "declared",
    "optional",
    "not-needed",
]
"""What an item or a step is called, on the screen and on paper alike: its status, told by the outcome where one says more."""

WORST: tuple[State, ...] = ("running", "attention", "crash", "unknown", "warn", "stale", "to-do", "declared")
"""What a step is called by that is not simply done: the first of these that one of its items is called."""

_BY_OUTCOME: Mapping[Outcome, State] = {
    Outcome.WARN: "warn",
    Outcome.UNKNOWN: "unknown",
    Outcome.CRASH: "crash",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One question, document or check as it stands."""

    id: str
    step: int
    position: int
    """Place within the step, from 1."""
    kind: Literal["question", "document", "check"]
    title: Text
    applies: bool
    reason: Text | None
    """Why it does not apply, or which open question decides whether it does."""
    status: Status
    required: bool = True
    value: str | None = None
    """The answer as a string; a date as `2026-11-22`."""
    outcome: Outcome | None = None
    finding: Finding | None = None
    at: datetime | None = None
    """When it was answered or found, in UTC."""
    waiver: Waiver | None = None
    declared: Declaration | None = None
    """The word that settles it, where no look did. It has no outcome then."""
    wait_hours: int = 0
    due: date | None = None
    """The day by which it must be settled, once that is known."""
    found_on: str = ""
    """The host on which it was found, where that is another one than this."""
    elsewhere: str = ""
    """The PC on which alone it can be looked at, where that is another one than this."""

    @property
    def state(self) -> State:
        """What it is called."""
        if not self.applies:
            return "not-needed"
        if (
            self.status is Status.NOT_NEEDED
            and not self.required
            and self.value is None
            and self.kind != "check"
        ):
            return "optional"
        if self.status is Status.DONE and (self.waiver is not None or self.declared is not None):
            return "declared" if self.waiver is None else "waived"
        if self.status is Status.ATTENTION and self.outcome is not None:
            return _BY_OUTCOME.get(self.outcome, "attention")
        return self.status.value

    @property
    def open(self) -> bool:
        """Something is still to be done or seen to."""
        return self.applies and self.status not in (Status.DONE, Status.NOT_NEEDED)

    @property
    def blocking(self) -> bool:
        """Keeps the application from being ready: all that is open but a mere warning."""
        return self.open and not (self.status is Status.ATTENTION and self.outcome is Outcome.WARN)


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step as it stands."""

    step: Step
    applies: bool
    reason: Text | None
    status: Status
    items: tuple[Item, ...]

    @property
    def state(self) -> State:
        """What it is called: what its worst item is."""
        if not self.applies:
            return "not-needed"
        states = {item.state for item in self.items}
        return next((state for state in WORST if state in states), "done")

    @property
    def done(self) -> int:
        """How many of its items are settled."""
        return sum(item.applies and item.status is Status.DONE for item in self.items)

    @property
    def open(self) -> int:
        """How many of its items are not settled yet."""
        return sum(item.open for item in self.items)


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next, and why that."""

    id: str
    step: int
    text: Text


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole preparation as it stands."""

    case: StepProgress
    steps: tuple[StepProgress, ...]
    next: Next | None
    exit: int
    """The exit code of `status`: 0 ready, 1 something failed, 3 could not determine, 4 something is open."""
    refusal: Text | None = None
    """Why the application cannot be filed in the way answered, or why that is not known."""

    @property
    def declared(self) -> int:
        """How many items are settled by somebody's word alone."""
        return sum(item.declared is not None for item in self.items())

    @property
    def ready(self) -> bool:
        """Nothing failed, nothing is open, nothing is unknown."""
        return self.exit == 0

    def items(self) -> Iterable[Item]:
        """All items, the case's first."""
        for part in (self.case, *self.steps):
            yield from part.items

    def item(self, id: str) -> Item | None:  # noqa: A002 - the word the contract uses
        """The item with that id."""
        return next((item for item in self.items() if item.id == id), None)
