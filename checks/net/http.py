"""As much HTTP/1.1 (RFC 9112) as asking for the head of an answer takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from checks.record import dataclass

LARGEST_HEAD = 64 * 1024
"""Bytes after which a head that has not ended is refused."""


class NotHttp(ValueError):
    """The answer is not HTTP, or larger than any honest one."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status and header of an answer; all text as outsiders wrote it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    rest: bytes = b""
    """What came after the head."""

    def header(self, name: str) -> str:
        """The first header of that name (lower case), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def keeps_open(self) -> bool:
        """Whether another question may follow on the same connection."""
        return "close" not in self.header("connection").lower()


def read_head(receive: Callable[[], bytes]) -> Head:
    """Read until the head ends; answers of status 1xx are passed over.

    Raises `NotHttp` for anything else, `ConnectionError` when the answer ends early, and what `receive` raises.
    """
    data = b""
    while True:
        end = data.find(b"\r\n\r\n")
        blank = end + 4
        if end < 0:
            end = data.find(b"\n\n")
            blank = end + 2
        if end >= 0:
            head = _parse(data[:end], data[blank:])
            if not 100 <= head.status < 200 or head.status == 101:
                return head
            data = head.rest
            continue
        if data and not b"HTTP/".startswith(data[:5]):
            raise NotHttp("no status line")
        if len(data) > LARGEST_HEAD:
            raise NotHttp("head too large")
        more = receive()
        if not more:
            raise ConnectionResetError("closed before the end of the head")
        data += more


def _parse(data: bytes, rest: bytes) -> Head:
    first, *lines = data.decode("latin-1").replace("\r\n", "\n").split("\n")
    parts = first.split(" ", 2)
    if len(parts) < 2 or not parts[0].startswith("HTTP/") or not (parts[1].isascii() and parts[1].isdigit()):
        raise NotHttp("no status line")
    if len(parts[1]) != 3:
        raise NotHttp("no status")
    pairs = (line.partition(":") for line in lines[:200])
    return Head(int(parts[1]), tuple((name.strip().lower(), value.strip()) for name, _, value in pairs), rest)


def request(host: str, port: int, path: str, default_port: int = 443, method: str = "HEAD") -> bytes:
    """The bytes of a question for the head of a page."""
    named = f"[{host}]" if ":" in host else host
    if port != default_port:
        named += f":{port}"
    lines = (f"{method} {path} HTTP/1.1", f"Host: {named}", "User-Agent: oss-junbi", "Accept: */*")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def date(text: str) -> datetime | None:
    """The moment a `Date` header names, in UTC; None when it names none."""
    try:
        moment = parsedate_to_datetime(text[:64])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
