"""Reads a certificate file for the checklist and for the screen: in a child process, with limits, keeping no secret.

`read_file` runs in the program, `answer` in the child, which takes a path and a password from a pipe and answers with a
code.
"""

from __future__ import annotations

import errno
import json
import os
import struct
from datetime import date, datetime
from pathlib import Path

from checks import child
from checks.certfile.content import look
from checks.certfile.judging import CODES, Criteria
from checks.model import Coverage, Finding, Json
from checks.rules import dates
from checks.secret import Secret
from checks.shown import show
from checks.system.bounded_files import NotRegular, open_regular

DEADLINE = 4.5
"""Seconds for opening one file; its process has ended after five, and with it the only use of a password."""
PASSWORD = 1024
"""Bytes of the longest password taken."""
LARGEST = 1024 * 1024
"""Bytes of the largest file that is read; certificate files have 2 to 30 kB."""

_TEXTS = ("family", "issuer", "until", "start", "cipher")
_NUMBERS = ("days", "bytes")


def read_file(path: str, password: Secret | None, criteria: Criteria, deadline: float = DEADLINE) -> Finding:
    """What is in the certificate file at `path`; never raises for what the file is.

    `password` as UTF-8, None when none was given; `deadline` in seconds. The code is one of `CODES`; the values hold
    family, issuer and last day, nothing else. Raises `ChildCrash` for a defect of ours.
    """
    if password is not None and len(password) > PASSWORD:
        return Finding("wrong-password", {}, ("longer than any password",))
    try:
        order = _order(str(Path(path).absolute()), password, criteria)
    except ValueError:
        return Finding("missing")
    try:
        return _finding(child.call("checks.certfile.inspection:answer", order, deadline=deadline))
    except child.ChildCrash:
        raise
    except child.ChildLate as error:
        return Finding("too-costly", {}, (str(error),))
    except (child.ChildError, ValueError) as error:
        return Finding("no-answer", {}, (show(str(error)),))


def _order(path: str, password: Secret | None, criteria: Criteria) -> Secret:
    """What `answer` is to do: a length, an order in JSON, and the password as it is."""
    answers = (criteria.kind, criteria.listed, criteria.medium)
    head = json.dumps(
        {"path": path, "now": criteria.now.isoformat(), "answers": answers, "password": password is not None}
    ).encode()
    return Secret(struct.pack(">I", len(head)) + head + (password.reveal() if password else b""))


def answer(payload: bytes) -> bytes:
    """The child's part: do what `_order` says, and answer in JSON with all that was found."""
    (size,) = struct.unpack_from(">I", payload)
    order = json.loads(payload[4 : 4 + size])
    password = Secret(payload[4 + size :]) if order["password"] else None
    data = contents(order["path"])
    if isinstance(data, Finding):
        finding = data
    else:
        finding = look(data, password, Criteria(datetime.fromisoformat(order["now"]), *order["answers"]))
    coverage = finding.coverage or Coverage(1, 1)
    about = {"code": finding.code, "values": finding.values, "evidence": finding.evidence}
    return json.dumps({**about, "of": coverage.of, "unread": coverage.unread}).encode()


def contents(path: str) -> bytes | Finding:
    """All bytes of an ordinary file of sensible size, or why not."""
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST + 1)
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except NotRegular:
        return Finding("directory" if os.path.isdir(path) else "not-a-file")
    except (FileNotFoundError, NotADirectoryError):
        return Finding("missing")
    except PermissionError:
        return Finding("unreadable", {}, ("permission denied",))
    except (OSError, ValueError) as error:
        name = errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)
        return Finding("unreadable", {}, (name,))
    return data if size <= LARGEST else Finding("too-big", {"bytes": size})


def _finding(said: bytes) -> Finding:
    """What the child said, as far as it is of the kind that it may say."""
    try:
        document = json.loads(said)
        code, values, evidence = document["code"], document["values"], document["evidence"]
        if code not in CODES:
            raise ValueError(code)
        kept: dict[str, Json] = {name: show(str(values[name]), 80) for name in _TEXTS if name in values}
        kept |= {name: int(values[name]) for name in _NUMBERS if name in values}
        of, unread = int(document["of"]), tuple(show(str(name), 80) for name in document["unread"])
        return Finding(
            code,
            kept | _japanese(str(kept.get("until", ""))),
            tuple(show(str(line), 160) for line in evidence[:10]),
            Coverage(max(0, of - len(unread)), of, unread),
        )
    except (ValueError, KeyError, TypeError):
        return Finding("no-answer", {}, ("an answer that makes no sense",))


def _japanese(until: str) -> dict[str, Json]:
    """The last day in the Japanese calendar as well, or that there is none."""
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return {}
    if day == date.max:
        return {"wareki": "期限の定めなし", "wareki_en": "no end is set"}
    return {"wareki": dates.wareki(day)}
