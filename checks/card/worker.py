"""The child's part: looks at every reader and answers with what the best card says, or with the trouble met."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from checks.card import card, pcsc
from checks.card.card import Card, Transport, Trouble

_UNREAD = ["held", "garbage", "silent", "removed", "denied", "no-answer"]
_RANK = [
    "my-number",
    "iphone",
    "android",
    "unknown-token",
    *_UNREAD,
    "old-juki-card",
    "other-card",
    "no-card",
]
"""What counts where several readers have something: the card looked for first, then what may be hiding it."""


class Service(Protocol):
    """Something that has readers with cards."""

    def card(self, reader: str) -> AbstractContextManager[Transport]:
        """The card in that reader; raises `Trouble`."""


def read(payload: bytes) -> bytes:
    """The best card as JSON; the payload says nothing."""
    try:
        with pcsc.readers() as (service, names):
            return json.dumps(look(service, names)).encode()
    except Trouble as trouble:
        return json.dumps({"kind": trouble.code, "detail": trouble.detail}).encode()


def look(service: Service, names: Sequence[str]) -> dict[str, Any]:
    """What is in the readers, as plain data."""
    found: list[dict[str, Any]] = []
    for name in names:
        try:
            with service.card(name) as transport:
                seen = described(card.read(transport))
        except Trouble as trouble:
            seen = {"kind": trouble.code, "detail": trouble.detail}
        found.append({**seen, "reader": name})
    best = min(found, key=_place)
    others = [f"{one['reader']}: {one['kind']}" for one in found if one is not best]
    unread = [f"{one['reader']}: {one['kind']}" for one in found if one["kind"] in _UNREAD]
    return {**best, "others": others, "unread": unread}


def _place(seen: dict[str, Any]) -> tuple[int, bool]:
    """Where something stands among what the readers have, the best first."""
    kind = seen["kind"]
    return _RANK.index(kind) if kind in _RANK else len(_RANK), seen.get("signature") is not True


def described(seen: Card) -> dict[str, Any]:
    """A card as plain data: what may leave this process."""
    return {
        "kind": seen.kind,
        "signature": seen.signature,
        "sign_tries": seen.sign_tries,
        "auth_tries": seen.auth_tries,
        "generation": seen.generation,
        "test": seen.test,
        "auth_until": seen.auth_until.isoformat() if seen.auth_until else None,
        "detail": seen.detail,
    }
