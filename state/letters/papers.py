"""What a session says, as one JSON document and as letters: to an office, a customer, a helpdesk, and the whole record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from checks.guide import Guide
from checks.record import dataclass
from checks.text import Lang
from state.layout import utc
from state.session_data import SessionData
from state.standing import Item, Progress, StepProgress

if TYPE_CHECKING:
    from state.agenda import Agenda


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of a checklist with what belongs to it; all strings are inert and in one language."""

    mark: Literal["done", "open", "none"]
    """Box ticked, box empty, or no box."""
    word: str
    title: str
    id: str = ""
    facts: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    source: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    items: tuple[ChecklistItem, ...] = ()
    state: str = ""
    """The state of the whole part as a word, beside its title."""
    dates: Agenda | None = None
    """The dates of this part, drawn as a line where the format has pictures."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole report in one language, not yet in any format."""

    lang: Lang
    title: str
    head: tuple[tuple[str, str], ...]
    sections: Sequence[Section]
    signature: tuple[str, ...] = ()
    """Labels of the places that a person fills in by hand."""
    print: Literal["", "columns", "dense", "tight"] = ""
    """Small print, in two columns, as one, or smallest in three, so that it fits one page."""


def status_json(data: SessionData, file: str, progress: Progress, guide: Guide) -> dict[str, Any]:
    """The document of `status --format json` and `report --format json`."""
    coming = progress.next
    return {
        "schema": 1,
        "session": data.name,
        "file": file,
        "reference": data.values().get(guide.roles.reference),
        "guide": guide.name,
        "pc": pc_json(data.pc_name, utc(data.pc.seen) if data.pc is not None else ""),
        "fits": _fits(progress, guide.scope.check),
        "ready": progress.ready,
        "exit": progress.exit,
        "case": {item.id: item.value for item in progress.case.items if item.value is not None},
        "steps": [_step(part) for part in progress.steps],
        "next": coming and {"id": coming.id, "text": coming.text.as_json()},
    }


def pc_json(name: str, seen: str) -> dict[str, Any] | None:
    """The PC from which the application will be sent, with the time of the last look at it; None while none is named."""
    return {"name": name, "seen": seen or None} if name else None


def _fits(progress: Progress, check: str) -> dict[str, Any] | None:
    """Whether the application can be filed as answered."""
    item = progress.item(check)
    if item is None or item.finding is None or item.outcome is None:
        return None
    refusal = progress.refusal
    return {
        "code": item.finding.code,
        "outcome": item.outcome.value,
        "text": refusal and refusal.as_json(),
    }


def _step(part: StepProgress) -> dict[str, Any]:
    return {
        "number": part.step.number,
        "id": part.step.id,
        "applies": part.applies,
        "reason": part.reason and part.reason.as_json(),
        "status": part.status.value,
        "done": part.done,
        "open": part.open,
        "items": [_item(item) for item in part.items],
    }


def _item(item: Item) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": item.id,
        "kind": item.kind,
        "applies": item.applies,
        "status": item.status.value,
        "value": item.value,
        "outcome": item.outcome and item.outcome.value,
        "code": item.finding and item.finding.code,
        "at": item.at and utc(item.at),
        "declared": item.declared and item.declared.as_json(),
    }
    if item.waiver is not None:
        document["waiver"] = item.waiver.as_json()
    return document
