"""iCalendar: read again by the rules of RFC 5545."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from state.calendar import Event, ics

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


def unfolded(text: str) -> list[str]:
    """The content lines; every physical line keeps to 75 octets and ends with CRLF."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    lines: list[str] = []
    for line in text[:-2].split("\r\n"):
        assert len(line.encode("utf-8")) <= 75
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def value(lines: list[str], name: str) -> str:
    found = next(line for line in lines if line.startswith(f"{name}:"))
    return found.partition(":")[2]


def plain(text: str) -> str:
    out, escaped = "", False
    for char in text:
        if escaped:
            out += "\n" if char in "nN" else char
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            assert char not in ";,"
            out += char
    return out


def test_an_event_has_what_the_standard_demands() -> None:
    event = Event(
        "s/insurance.end",
        date(2026, 12, 31),
        "自賠責保険の終期; 正午, まで\\",
        "説明\n二行目 " + "長い" * 60,
        "https://example.jp/a",
    )
    lines = unfolded(ics([event], NOW, "準備"))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert value(lines, "VERSION") == "2.0"
    assert value(lines, "DTSTAMP") == "20261122T010203Z"
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert plain(value(lines, "SUMMARY")) == "自賠責保険の終期; 正午, まで\\"
    assert plain(value(lines, "DESCRIPTION")) == "説明\n二行目 " + "長い" * 60
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1


def test_the_last_day_of_the_calendar_has_no_day_after_it() -> None:
    assert "DTSTART;VALUE=DATE:99991231" in ics([Event("x", date.max, "end")], NOW, "t")


def test_the_uid_follows_the_entry_and_not_its_day() -> None:
    one, other = (Event("a", date(2026, 12, day), "x") for day in (1, 2))
    third = Event("b", date(2026, 12, 1), "x")
    uids = [value(unfolded(ics([event], NOW, "t")), "UID") for event in (one, other, third)]
    assert uids[0] == uids[1] != uids[2]


def test_an_address_that_could_break_the_line_is_left_out() -> None:
    assert "URL" not in ics([Event("a", date(2026, 12, 1), "x", url="https://x/\r\nBEGIN:VEVENT")], NOW, "t")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_survives(summary: str, key: str) -> None:
    lines = unfolded(ics([Event(key, date(2026, 12, 1), summary)], NOW, "t"))
    assert [line for line in lines if line.startswith(("BEGIN", "END"))].count("BEGIN:VEVENT") == 1
    plain(value(lines, "SUMMARY"))
