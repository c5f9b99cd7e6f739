"""Reads a certificate file for the checklist and for the screen: in a child process, with limits, keeping no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from checks import child, dates
from checks.certfile import worker
from checks.model import Finding, Json
from checks.secret import Secret
from checks.shown import show

DEADLINE = 8.0
"""Seconds for opening one file."""
PASSWORD = 1024
"""Bytes of the longest password taken."""

CODES = frozenset(
    [
        "ok",
        "expires-soon",
        "old-encryption",
        "unknown-family",
        "other-family",
        "certificate-only",
        "pem-with-key",
        "password-needed",
        "wrong-password",
        "expired",
        "not-yet-valid",
        "self-signed",
        "test-certificate",
        "authentication-only",
        "no-key",
        "no-certificate",
        "key-mismatch",
        "damaged",
        "truncated",
        "empty",
        "not-pkcs12",
        "unsupported",
        "too-costly",
        "too-big",
        "directory",
        "not-a-file",
        "missing",
        "unreadable",
        "no-answer",
    ]
)
_TEXTS = ("family", "issuer", "until", "start", "cipher")
_NUMBERS = ("days", "bytes")


def read_file(
    path: str,
    password: Secret | bytes | None,
    now: datetime,
    deadline: float = DEADLINE,
    *,
    kind: str = "",
) -> Finding:
    """What is in the certificate file at `path`, judged at `now`; never raises for what the file is.

    `password` as UTF-8, None when none was given; `deadline` in seconds; `kind` is the answer to `certificate.kind`.
    The codes are those of the check `certificate.file`; the values hold family, issuer and last day, nothing else.
    """
    secret = Secret(password) if isinstance(password, bytes) else password
    del password
    if secret is not None and len(secret) > PASSWORD:
        return Finding("wrong-password", {}, ("longer than any password",))
    try:
        order = worker.pack(str(Path(path).absolute()), secret, now, kind)
    except ValueError:
        return Finding("missing")
    try:
        answer = child.call("checks.certfile.worker:read", order, deadline=deadline)
    except child.ChildLate as error:
        return Finding("too-costly", {}, (str(error),))
    except (child.ChildError, ValueError) as error:
        return Finding("no-answer", {}, (show(str(error)),))
    return _finding(answer)


def _finding(answer: bytes) -> Finding:
    """What the child said, as far as it is of the kind that it may say."""
    try:
        said = json.loads(answer)
        code, values, evidence = said["code"], said["values"], said["evidence"]
        if code not in CODES:
            raise ValueError(code)
        kept: dict[str, Json] = {name: show(str(values[name]), 80) for name in _TEXTS if name in values}
        kept |= {name: int(values[name]) for name in _NUMBERS if name in values}
        return Finding(code, kept | _japanese(kept), tuple(show(str(line), 160) for line in evidence[:6]))
    except (ValueError, KeyError, TypeError):
        return Finding("no-answer", {}, ("an answer that makes no sense",))


def _japanese(values: Mapping[str, Json]) -> dict[str, Json]:
    """The last day in the Japanese calendar as well."""
    try:
        return {"wareki": dates.wareki(date.fromisoformat(str(values["until"])))}
    except (KeyError, ValueError):
        return {}
