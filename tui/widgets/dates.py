"""A date said back in both calendars while it is typed."""

from __future__ import annotations

from datetime import date

from checks.text import Text
from tui.desk import Desk
from tui.shell import filled

WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日")
DATE = Text("{western}（{era}、{day}曜日）", "{western} ({day}, {era})")
ERAS = (
    (date(2019, 5, 1), "令和", "Reiwa"),
    (date(1989, 1, 8), "平成", "Heisei"),
    (date(1926, 12, 25), "昭和", "Showa"),
)
"""First day of each era that a date of ours can be in."""


def spoken(day: date) -> Text:
    """The date in both calendars with its weekday."""
    found = next(((start, ja, en) for start, ja, en in ERAS if day >= start), None)
    if found is None:
        return filled(Text("{day}", "{day}"), day=day)
    start, ja, en = found
    year = day.year - start.year + 1
    era_ja = f"{ja}{'元' if year == 1 else year}年"
    return filled(
        DATE,
        western=Text(f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}"),
        era=Text(era_ja, f"{en} {year}"),
        day=Text(WEEKDAYS[day.weekday()], f"{day:%A}"),
    )


def spoken_date(desk: Desk, typed: str) -> str:
    """What was typed, as it is understood; empty when it is no date yet."""
    from checks.dates import DateError, parse_day

    try:
        return desk.t(spoken(parse_day(typed)))
    except DateError:
        return ""
