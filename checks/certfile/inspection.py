"""Reads a certificate file for the checklist and for the screen: in a child process, with limits, keeping no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from checks import child
from checks.certfile import file_process
from checks.certfile.judging import CODES, Asked
from checks.model import Coverage, Finding, Json
from checks.rules import dates
from checks.secret import Secret
from checks.shown import show

DEADLINE = 4.5
"""Seconds for opening one file; its process has ended after five, and with it the only use of a password."""
PASSWORD = 1024
"""Bytes of the longest password taken."""

_TEXTS = ("family", "issuer", "until", "start", "cipher")
_NUMBERS = ("days", "bytes")
_LINES = 10
"""Lines of evidence that are taken."""


def read_file(
    path: str, password: Secret | bytes | None, asked: Asked, deadline: float = DEADLINE
) -> Finding:
    """What is in the certificate file at `path`; never raises for what the file is.

    `password` as UTF-8, None when none was given; `deadline` in seconds. The code is one of `CODES`;
    the values hold family, issuer and last day, nothing else. Raises `ChildCrash` for a defect of
    ours.
    """
    secret = Secret(password) if isinstance(password, bytes) else password
    del password
    if secret is not None and len(secret) > PASSWORD:
        return Finding("wrong-password", {}, ("longer than any password",))
    try:
        order = file_process.pack(str(Path(path).absolute()), secret, asked)
    except ValueError:
        return Finding("missing")
    try:
        answer = child.call("checks.certfile.file_process:read", order, deadline=deadline)
    except child.ChildCrash:
        raise
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
        of, unread = int(said["of"]), tuple(show(str(name), 80) for name in said["unread"])
        return Finding(
            code,
            kept | _japanese(kept),
            tuple(show(str(line), 160) for line in evidence[:_LINES]),
            Coverage(max(0, of - len(unread)), of, unread),
        )
    except (ValueError, KeyError, TypeError):
        return Finding("no-answer", {}, ("an answer that makes no sense",))


def _japanese(values: Mapping[str, Json]) -> dict[str, Json]:
    """The last day in the Japanese calendar as well, or that there is none."""
    try:
        day = date.fromisoformat(str(values["until"]))
    except (KeyError, ValueError):
        return {}
    if day == date.max:
        return {"wareki": "期限の定めなし", "wareki_en": "no end is set"}
    return {"wareki": dates.wareki(day)}
