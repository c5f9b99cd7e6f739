"""Reads the card in a child process: a service, driver or card that hangs costs a deadline, and is let go of."""

from __future__ import annotations

import json
from datetime import datetime

from checks import child
from checks.record import dataclass
from checks.shown import show

DEADLINE = 10.0
"""Seconds for all readers together; a contactless card takes about two."""

_MOST_READERS = 8
"""Other readers that are named."""

KINDS = frozenset((
    "my-number", "old-juki-card", "android", "iphone", "unknown-token", "other-card", "silent", "garbage",
    "no-library", "no-service", "no-reader", "no-card", "held", "removed", "denied", "no-answer", "blocked",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """The best card seen, or what kept us from seeing one (`kind`)."""

    kind: str
    signature: bool | None = None
    sign_tries: int | None = None
    auth_tries: int | None = None
    generation: int | None = None
    test: bool | None = False
    auth_until: datetime | None = None
    evidence: tuple[str, ...] = ()
    readers: int = 1
    unread: tuple[str, ...] = ()
    """Readers whose card could not be read, and why."""


def read_card(deadline: float = DEADLINE) -> Reading:
    """What the card in this PC's readers says without a PIN; never raises for what is found."""
    try:
        return parse(child.call("checks.card.card_process:read", b"", deadline=deadline))
    except child.ChildCrash:
        raise
    except child.ChildLate:
        return Reading("blocked", evidence=(f"no answer in {deadline:g} s",))
    except child.ChildError as error:
        return Reading("no-answer", evidence=(show(str(error)),))


def parse(answer: bytes) -> Reading:
    """The child's answer, as far as it is of the kind that it may give."""
    try:
        said = json.loads(answer)
        kind = said["kind"]
        if kind not in KINDS:
            raise ValueError(kind)
        until = said.get("auth_until")
        evidence = [f"reader: {show(str(said['reader']), 80)}"] if said.get("reader") else []
        others, unread = ([show(str(one), 80) for one in said.get(name, ())] for name in ("others", "unread"))
        if said.get("detail"):
            evidence.append(show(str(said["detail"]), 80))
        evidence += [f"another reader: {other}" for other in others[:_MOST_READERS]]
        return Reading(
            kind,
            signature=_flag(said.get("signature")),
            sign_tries=_count(said.get("sign_tries")),
            auth_tries=_count(said.get("auth_tries")),
            generation=_count(said.get("generation")),
            test=_flag(said.get("test", False)),
            auth_until=datetime.fromisoformat(until) if until else None,
            evidence=tuple(evidence),
            readers=1 + len(others),
            unread=tuple(unread),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Reading("no-answer", evidence=("an answer that makes no sense",))


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 15 else None
