"""What can be seen of TLS before it is encrypted (RFC 8446 section 5, RFC 5246 section 7): enough to name a cause.

OpenSSL says "wrong version number" for a login page, a mail server and a server with TLS 1.0 alike, and shows neither the
version that was chosen nor an alert that it has no name for.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from checks.record import dataclass

_ALERT, _HANDSHAKE, _DATA = 21, 22, 23
_FATAL = 2
_SERVER_HELLO = 2
_LONGEST = 16384 + 2048
TLS_1_2 = 0x0303

ALERTS = {
    **{one.value: one.name.removeprefix("ALERT_DESCRIPTION_").lower() for one in ssl.AlertDescription},
    86: "inappropriate_fallback",
    90: "user_canceled",
    109: "missing_extension",
    116: "certificate_required",
    120: "no_application_protocol",
}
"""Python's names, and those of RFC 8446 section 6 that it lacks or spells differently."""


@dataclass(slots=True)
class PlainRecords:
    """What a server has sent in the clear."""

    is_tls: bool = True
    """False as soon as the first bytes can be no TLS record."""
    version: int = 0
    """Version in the ServerHello, 0 until one was seen."""
    alert: int | None = None
    warned: bool = False
    """Whether there was an alert that is not fatal: the other side speaks TLS."""


def plain_records(data: bytes | bytearray) -> PlainRecords:
    """Look at all that a server has sent so far, up to where it is encrypted."""
    seen = PlainRecords()
    if (
        data[:1] not in (b"", b"\x15", b"\x16")
        or data[1:2] not in (b"", b"\x03")
        or (len(data) >= 5 and int.from_bytes(data[3:5], "big") > _LONGEST)
    ):
        seen.is_tls = False
    hello = b""
    for kind, content in _records(data) if seen.is_tls else ():
        if kind == _ALERT and len(content) == 2:
            if content[0] == _FATAL:
                seen.alert = content[1]
            else:
                seen.warned = True
        elif kind == _HANDSHAKE and not seen.version:
            hello += content
            if len(hello) < 6:
                continue
            if hello[0] != _SERVER_HELLO:
                break
            seen.is_tls = hello[4] == 3
            seen.version = int.from_bytes(hello[4:6], "big")
        elif kind != _HANDSHAKE:
            break  # ChangeCipherSpec: from here on everything is encrypted
    return seen


def _records(data: bytes | bytearray) -> Iterator[tuple[int, bytes | bytearray]]:
    """Kind and content of the whole records, up to one that is longer than any may be."""
    at = 0
    while at + 5 <= len(data):
        end = at + 5 + int.from_bytes(data[at + 3 : at + 5], "big")
        if end > min(len(data), at + 5 + _LONGEST):
            return
        yield data[at], data[at + 5 : end]
        at = end


def holds_data(data: bytes) -> bool:
    """Whether there is a whole encrypted record among the records that begin at the start of `data`."""
    return any(kind == _DATA for kind, _ in _records(data))
