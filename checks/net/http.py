"""As much HTTP/1.1 (RFC 9112) as asking for the head of an answer takes.

`http.client` is not used for it: it takes a cut connection for the end of a head, 103 for the final answer and `2_00` for
a status, leaves out the headers behind a malformed line (a redirect would look like a page), bounds lines and headers but
not their sum, and waits for the end of a line that cannot be HTTP. A stream of ours that made up for what can be made up
for is longer than this reader, and rests on names that are not documented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from checks.record import dataclass

LARGEST_HEAD = 64 * 1024
"""Bytes that may come before a head, those of status 1xx before it included, has ended."""
_END = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"HTTP/1\.[0-9] ([1-9][0-9]{2})( .*)?", re.DOTALL)


class NotHttp(ValueError):
    """The answer is not HTTP/1, or larger than any honest one."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer; all text as outsiders wrote it."""

    status: int
    headers: Mapping[str, str]
    """The first header of each name, the name in lower case."""
    rest: bytes = b""


def read_head(receive: Callable[[], bytes]) -> Head:
    """Read until the head of the final answer ends (101 is one); those of status 1xx are passed over.

    Raises `NotHttp` for anything else, `ConnectionError` when the answer ends early, and what `receive` raises.
    """
    data = bytearray()
    start = seen = 0
    while len(data) <= LARGEST_HEAD:
        end = _END.search(data, max(start, seen - 3))
        if end is not None:
            status, headers = _parse(data[start : end.start()].decode("latin-1"))
            if status >= 200 or status == 101:
                return Head(status, headers, bytes(data[end.end() :]))
            start = seen = end.end()
            continue
        if not b"HTTP/1.".startswith(bytes(data[start : start + 7])):
            raise NotHttp("no status line")
        seen = len(data)
        data += receive()
        if len(data) == seen:
            raise ConnectionResetError("closed before the end of the head")
    raise NotHttp("head too large")


def _parse(text: str) -> tuple[int, dict[str, str]]:
    first, *lines = re.sub(r"\r?\n[ \t]+", " ", text).split("\n")  # a folded header is one (section 5.2)
    status = _STATUS_LINE.fullmatch(first.rstrip())
    if status is None:
        raise NotHttp("no status line")
    pairs = (line.partition(":") for line in reversed(lines))
    return int(status[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


def authority(host: str, port: int, usual: int = 0) -> str:
    """Host and port as in a URL (RFC 3986): brackets around an IPv6 address, no port where it is the usual one."""
    named = f"[{host}]" if ":" in host else host
    return named if port == usual else f"{named}:{port}"


def request(method: str, target: str, host: str, *headers: str) -> bytes:
    """The bytes of a question that has no body; `host` as `authority` gives it."""
    lines = (f"{method} {target} HTTP/1.1", f"Host: {host}", "User-Agent: oss-junbi", "Accept: */*", *headers)
    return "\r\n".join((*lines, "", "")).encode("ascii")


def date(text: str) -> datetime | None:
    """The moment a `Date` header names, in UTC; None when it names none."""
    try:
        moment = parsedate_to_datetime(text[:64])
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
