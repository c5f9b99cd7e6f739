"""Reads the cards in this PC's readers in a child process: a service, driver or card that hangs costs a deadline.

`read_card` runs in the program, `read` in the child, which looks at every reader and answers with what the best card
says, or with the trouble met.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any

from checks import child
from checks.card import card, reader
from checks.card.card import CardState, Transport, Trouble
from checks.shown import show
from checks.system import pcsc
from checks.system.api import Unavailable

DEADLINE = 10.0
"""Seconds for all readers together; a contactless card takes about two."""

_UNREAD = ("held", "garbage", "silent", "removed", "denied", "no-answer")
_RANK = (
    *("my-number", "iphone", "android", "unknown-token"),
    *_UNREAD,
    *("old-juki-card", "other-card", "no-card"),
)
"""What counts where several readers have something: the card looked for first, then what may be hiding it."""

_SENT = ("kind", "signature", "sign_tries", "auth_tries", "generation", "test", "detail")
KINDS = frozenset({*_RANK, "no-library", "no-service", "no-reader", "blocked"})


def read_card(deadline: float = DEADLINE) -> CardState:
    """What the card in this PC's readers says without a PIN; never raises for what is found."""
    try:
        return parse(child.call("checks.card.contents:read", b"", deadline=deadline))
    except child.ChildCrash:
        raise
    except child.ChildLate:
        return CardState("blocked", evidence=(f"no answer in {deadline:g} s",))
    except child.ChildError as error:
        return CardState("no-answer", evidence=(show(str(error)),))


def read(payload: bytes) -> bytes:
    """The best card as JSON, `no-library` where PC/SC is not installed; the payload says nothing."""
    try:
        with pcsc.context() as service:
            names = service.readers()
            seen = look(partial(reader.card, service), names) if names else {"kind": "no-reader"}
    except pcsc.PcscError as error:
        seen = {"kind": reader.trouble(error).code, "detail": error.reason}
    except Unavailable as error:
        seen = {"kind": "no-library", "detail": error.reason}
    return json.dumps(seen).encode()


def look(card_in: Callable[[str], AbstractContextManager[Transport]], names: Sequence[str]) -> dict[str, Any]:
    """What is in the readers, as plain data: all that may leave this process."""
    states: dict[str, CardState] = {}
    for name in names:
        try:
            with card_in(name) as transport:
                states[name] = card.read(transport)
        except Trouble as trouble:
            states[name] = CardState(trouble.code, detail=trouble.detail)
    best = min(names, key=lambda name: _place(states[name]))
    state = states[best]
    until = state.auth_until
    return {
        **{name: getattr(state, name) for name in _SENT},
        "auth_until": until.isoformat() if until else None,
        "reader": best,
        "others": [f"{name}: {states[name].kind}" for name in names if name != best],
        "unread": [f"{name}: {states[name].kind}" for name in names if states[name].kind in _UNREAD],
    }


def _place(state: CardState) -> tuple[int, bool]:
    """Where something stands among what the readers have, the best first."""
    return _RANK.index(state.kind) if state.kind in _RANK else len(_RANK), state.signature is not True


def parse(answer: bytes) -> CardState:
    """The child's answer, as far as it is of the kind that it may give."""
    try:
        said = json.loads(answer)
        if said["kind"] not in KINDS:
            raise ValueError("kind")
        until = said.get("auth_until")
        evidence = [f"reader: {show(str(said['reader']), 80)}"] if said.get("reader") else []
        others, unread = ([show(str(one), 80) for one in said.get(name, ())] for name in ("others", "unread"))
        if said.get("detail"):
            evidence.append(show(str(said["detail"]), 80))
        evidence += [f"another reader: {other}" for other in others[:8]]
        return CardState(
            said["kind"],
            _flag(said.get("signature")),
            _count(said.get("sign_tries")),
            _count(said.get("auth_tries")),
            _count(said.get("generation")),
            test=_flag(said.get("test", False)),
            auth_until=datetime.fromisoformat(until) if until else None,
            evidence=tuple(evidence),
            readers=1 + len(others),
            unread=tuple(unread),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return CardState("no-answer", evidence=("an answer that makes no sense",))


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 15 else None
