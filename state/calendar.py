"""Dates as an iCalendar file (RFC 5545): CRLF, lines folded at 75 octets, everything from outside escaped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from checks import __version__
from checks.record import dataclass

FOLD = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True)
class Event:
    """A day to keep in mind."""

    key: str
    """What stays the same when the day changes; the UID is made of it."""
    on: date
    summary: str
    description: str = ""
    url: str = ""
    remind_days: int = 7
    """Days before at which a calendar may remind."""


def ics(events: Iterable[Event], now: datetime, title: str) -> str:
    """The calendar; all-day events that take no time. The same event always has the same UID."""
    out = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//oss-junbi//oss-junbi {__version__}//JA",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(title)}",
        f"X-WR-CALNAME:{_text(title)}",
    ]
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        out += _event(event, stamp)
    return "".join(f"{_folded(line)}\r\n" for line in [*out, "END:VCALENDAR"])


def _event(event: Event, stamp: str) -> list[str]:
    digest = hashlib.sha256(event.key.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    out = [
        "BEGIN:VEVENT",
        f"UID:{digest}@oss-junbi",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{min(event.on, date.max - timedelta(days=1)) + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(event.summary)}",
    ]
    if event.description:
        out.append(f"DESCRIPTION:{_text(event.description)}")
    if re.fullmatch(r"https?://[!-~]+", event.url):
        out.append(f"URL:{event.url}")
    out += ["TRANSP:TRANSPARENT"]
    if event.remind_days > 0:
        out += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(event.summary)}",
            f"TRIGGER:-P{event.remind_days}D",
            "END:VALARM",
        ]
    return [*out, "END:VEVENT"]


def _text(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11); controls other than line breaks are left out."""
    text = re.sub(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", " ", text.replace("\r\n", "\n").replace("\r", "\n")
    )
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never within a character; each further piece begins with a blank."""
    raw, pieces = line.encode("utf-8"), []
    while len(raw) > FOLD:
        end = FOLD
        while raw[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        pieces.append(raw[:end])
        raw = b" " + raw[end:]
    return b"\r\n".join([*pieces, raw]).decode("utf-8")
