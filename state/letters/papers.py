"""What a session says, as one JSON document and as documents for an office, a customer or a helpdesk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from checks.guide import Guide
from checks.record import dataclass
from checks.text import Lang, Text
from state.layout import utc
from state.session_data import SessionData
from state.standing import Item, Progress, StepProgress

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a checklist with what belongs to it; all strings are inert and in one language."""

    mark: Literal["done", "open", "none"]
    """Box ticked, box empty, or no box."""
    word: str
    """The state as a word."""
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
    """One part of a document."""

    title: str
    text: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    entries: tuple[Entry, ...] = ()
    state: str = ""
    """The state of the whole part as a word, beside its title."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language, not yet in any format."""

    lang: Lang
    title: str
    head: tuple[tuple[str, str], ...]
    sections: Sequence[Section]
    signature: tuple[str, ...] = ()
    """Labels of the places that a person fills in by hand."""
    print: Literal["", "columns", "dense"] = ""
    """Small print, in two columns or as one, so that it fits one page."""


def status_json(data: SessionData, file: str, progress: Progress, guide: Guide) -> dict[str, Any]:
    """The document of `status --format json` and `report --format json`."""
    return {
        "schema": SCHEMA,
        "session": data.name,
        "file": file,
        "fits": _fits(guide, progress),
        "ready": progress.ready,
        "exit": progress.exit,
        "case": {item.id: item.value for item in progress.case.items if item.value is not None},
        "steps": [_step(part) for part in progress.steps],
        "next": None
        if progress.next is None
        else {"id": progress.next.id, "text": _text(progress.next.text)},
    }


def _fits(guide: Guide, progress: Progress) -> dict[str, Any] | None:
    """Whether the application can be filed as answered."""
    item = progress.item(guide.scope.check)
    if item is None or item.finding is None or item.outcome is None:
        return None
    refusal = progress.refusal
    return {
        "code": item.finding.code, "outcome": item.outcome.value,
        "text": None if refusal is None else _text(refusal),
    }  # fmt: skip


def _step(part: StepProgress) -> dict[str, Any]:
    return {
        "number": part.step.number,
        "id": part.step.id,
        "applies": part.applies,
        "reason": None if part.reason is None else _text(part.reason),
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
        "outcome": None if item.outcome is None else item.outcome.value,
        "code": None if item.finding is None else item.finding.code,
        "at": None if item.at is None else utc(item.at),
    }
    if item.waiver is not None:
        waiver = item.waiver
        document["waiver"] = {"reason": waiver.reason, "by": waiver.by, "until": waiver.until.isoformat()}
    return document


def _text(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}
