"""The child's part: takes a path and a password from a pipe, opens the file, answers with a code."""

from __future__ import annotations

import errno
import json
import os
import stat
import struct
from datetime import datetime

from checks.certfile.content import look
from checks.certfile.judging import Asked, Found
from checks.secret import Secret

LARGEST = 1024 * 1024
"""Bytes of the largest file that is read; certificate files have 2 to 30 kB."""


def pack(path: str, password: Secret | None, asked: Asked) -> Secret:
    """The order for `read`: a length, an order in JSON, and the password as it is."""
    answers = (asked.kind, asked.listed, asked.medium)
    head = json.dumps(
        {"path": path, "now": asked.now.isoformat(), "answers": answers, "password": password is not None}
    ).encode()
    return Secret(struct.pack(">I", len(head)) + head + (password.reveal() if password else b""))


def read(payload: bytes) -> bytes:
    """Do what `pack` ordered; the answer is JSON with all that was found."""
    (size,) = struct.unpack_from(">I", payload)
    order = json.loads(payload[4 : 4 + size])
    password = Secret(payload[4 + size :]) if order["password"] else None
    found = contents(order["path"])
    if not isinstance(found, Found):
        found = look(found, password, Asked(datetime.fromisoformat(order["now"]), *order["answers"]))
    names = ("code", "values", "evidence", "of", "unread")
    return json.dumps({name: getattr(found, name) for name in names}).encode()


def contents(path: str) -> bytes | Found:
    """All bytes of an ordinary file of sensible size, or why not."""
    try:
        before = os.stat(path)
        if stat.S_ISDIR(before.st_mode):
            return Found("directory")
        if not stat.S_ISREG(before.st_mode):
            return Found("not-a-file")
        # A pipe that takes the file's place between the two calls must not hold us up.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags | getattr(os, "O_NOCTTY", 0))
    except (FileNotFoundError, NotADirectoryError):
        return Found("missing")
    except PermissionError:
        return Found("unreadable", {}, ["permission denied"])
    except (OSError, ValueError) as error:
        return Found("unreadable", {}, [_reason(error)])
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            return Found("not-a-file")
        if about.st_size > LARGEST:
            return Found("too-big", {"bytes": about.st_size})
        data = bytearray()
        while len(data) <= LARGEST and (chunk := os.read(descriptor, 65536)):
            data += chunk
        return Found("too-big", {"bytes": len(data)}) if len(data) > LARGEST else bytes(data)
    except OSError as error:
        return Found("unreadable", {}, [_reason(error)])
    finally:
        os.close(descriptor)


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return errno.errorcode.get(number, type(error).__name__) if number else type(error).__name__
