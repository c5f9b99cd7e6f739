"""The child's part: looks at every reader and answers with what the best card says, or with the trouble met."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from checks.card import card, reader
from checks.card.card import Card, Transport, Trouble
from checks.system import pcsc
from checks.system.api import Unavailable

_UNREAD = ("held", "garbage", "silent", "removed", "denied", "no-answer")
_RANK = (
    "my-number",
    "iphone",
    "android",
    "unknown-token",
    *_UNREAD,
    "old-juki-card",
    "other-card",
    "no-card",
)
"""What counts where several readers have something: the card looked for first, then what may be hiding it."""


def read(payload: bytes) -> bytes:
    """The best card as JSON, `no-library` where PC/SC is not installed; the payload says nothing."""
    try:
        with pcsc.context() as service:
            names = service.readers()
            found = look(partial(reader.card, service), names) if names else {"kind": "no-reader"}
    except pcsc.Failed as error:
        found = {"kind": reader.trouble(error).code, "detail": error.reason}
    except Unavailable as error:
        found = {"kind": "no-library", "detail": error.reason}
    return json.dumps(found).encode()


def look(card_in: Callable[[str], AbstractContextManager[Transport]], names: Sequence[str]) -> dict[str, Any]:
    """What is in the readers, as plain data: all that may leave this process."""
    found: list[dict[str, Any]] = []
    for name in names:
        seen: dict[str, Any] = {"reader": name}
        try:
            with card_in(name) as transport:
                inside = card.read(transport)
            seen |= {field: getattr(inside, field) for field in Card.__match_args__}
            seen["auth_until"] = inside.auth_until.isoformat() if inside.auth_until else None
        except Trouble as trouble:
            seen |= {"kind": trouble.code, "detail": trouble.detail}
        found.append(seen)
    best = min(found, key=_place)
    others = [f"{one['reader']}: {one['kind']}" for one in found if one is not best]
    unread = [f"{one['reader']}: {one['kind']}" for one in found if one["kind"] in _UNREAD]
    return {**best, "others": others, "unread": unread}


def _place(seen: dict[str, Any]) -> tuple[int, bool]:
    """Where something stands among what the readers have, the best first."""
    kind = seen["kind"]
    return _RANK.index(kind) if kind in _RANK else len(_RANK), seen.get("signature") is not True
