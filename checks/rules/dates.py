"""Dates as people in Japan write them, both calendars, and the days on which an office is open.

Eras: the Era Name Act and the imperial and cabinet orders under it (Showa from 1926-12-25, Heisei from 1989-01-08,
Reiwa from 2019-05-01). Holidays: the Act on National Holidays (Act No. 178 of 1948) with the changes made for the
Olympic Games of 2020 and 2021. Closed days of offices: the Act on Holidays of Administrative Organs (Act No. 91 of
1988). The days of the equinoxes follow the usual approximation for 1980-2099; the official days are announced in
February of the year before.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone
from functools import cache

from checks.shown import show
from checks.text import Lang, Text

FIRST_YEAR, LAST_YEAR = 1926, 2099
"""Years that a date of ours can be in; outside them it is a slip of the pen."""
JAPAN = timezone(timedelta(hours=9))
"""Every day of the procedures is a day in Japan, wherever the PC believes it is."""
CLOCK_DAYS = 15
"""Days for the papers to reach the office after the application, and for the application after the event."""

_ERAS = (
    ("令和", "R", "Reiwa", date(2019, 5, 1), date(LAST_YEAR, 12, 31)),
    ("平成", "H", "Heisei", date(1989, 1, 8), date(2019, 4, 30)),
    ("昭和", "S", "Showa", date(1926, 12, 25), date(1989, 1, 7)),
)
_DAY = (
    r"(?P<era>令和|平成|昭和|[RHS])? ?(?P<year>[0-9]{1,4}|元) ?"
    r"(?:年 ?(?P<month>[0-9]{1,2}) ?月 ?(?P<day>[0-9]{1,2}) ?日"
    r"|(?P<separator>[-/.]) ?(?P<month_too>[0-9]{1,2}) ?(?P=separator) ?(?P<day_too>[0-9]{1,2}))"
    r"|(?P<year_of_8>[0-9]{4})(?P<month_of_8>[0-9]{2})(?P<day_of_8>[0-9]{2})"
    r"|(?P<month_alone>[0-9]{1,2}) ?(?:/ ?(?P<day_alone>[0-9]{1,2})|月 ?(?P<day_alone_too>[0-9]{1,2}) ?日)"
)
_FROM_TODAY = {"今日": 0, "today": 0, "明日": 1, "tomorrow": 1}
_BARE = 20
"""A year of one or two digits below this is one of Reiwa. From here on 20xx may be meant, as in 26.11.20, or Heisei."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

EXAMPLE = Text(
    "例: 2026-11-22、20261122、令和8年11月22日、R8.11.22",
    "Examples: 2026-11-22, 20261122, R8.11.22",
)


class DateError(ValueError):
    """What was typed is no date; `text` says why, with an example."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def parse_day(typed: str, today: date | None = None) -> date:
    """The calendar day that was typed; raises `DateError` for anything that is not exactly one day.

    `2026-11-22`, `2026/11/22`, `2026.11.22`, `20261122`, `2026年11月22日`, `令和8年11月22日`, `R8.11.22`, `8.11.22` (Reiwa),
    full-width too. With `today` also `11/22`, which is the next such day from today on, and `今日`, `明日`, `today`, `tomorrow`;
    without it these are refused, for a text that is read another day would mean another one.
    """
    plain = " ".join(unicodedata.normalize("NFKC", typed[:100]).translate(_DASHES).split())
    ahead = _FROM_TODAY.get(plain.casefold())
    match = re.fullmatch(_DAY, plain, re.IGNORECASE)
    if ahead is None and match is None:
        raise _refused(typed, "日付として読めません。", "cannot be read as a date.")
    if match is None or match["month_alone"]:
        if today is None:
            raise _refused(typed, "年月日をすべて書いてください。", "needs its year, month and day here.")
        if match is None:
            return today + timedelta(days=ahead or 0)
        return _next(
            typed, int(match["month_alone"]), int(match["day_alone"] or match["day_alone_too"]), today
        )
    year = match["year"] or match["year_of_8"]
    month, day = (
        int(match[name] or match[f"{name}_too"] or match[f"{name}_of_8"]) for name in ("month", "day")
    )
    if match["era"]:
        return _of_era(typed, match["era"].upper(), year, month, day)
    if year == "元" or len(year) == 3:
        raise _refused(typed, "西暦の年は4桁で書いてください。", "needs a year of four digits.")
    if len(year) < 3:
        return _of_bare_year(typed, int(year), month, day, match["separator"] or "年")
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise _refused(typed, "年が範囲の外です。", "has a year that cannot be right.")
    return _existing(typed, int(year), month, day)


def _next(typed: str, month: int, day: int, today: date) -> date:
    """The first such day from today on; 29 February may be up to eight years away."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return _existing(typed, today.year, month, day)


def _of_bare_year(typed: str, year: int, month: int, day: int, separator: str) -> date:
    """`8.11.22` and `8年11月22日` are of Reiwa; what may mean two days is refused with the ways to write either."""
    if year < _BARE and separator in ".年":
        return _of_era(typed, "R", str(year), month, day)
    rest = f"{month}.{day}"
    ways = f"20{year:02}-{month:02}-{day:02}, R{year}.{rest}" + (f", H{year}.{rest}" if year <= 31 else "")
    raise _refused(
        typed,
        f"年が西暦か和暦か決められません。次のどれかで書いてください: {ways}。",
        f"may mean several days. Write one of these: {ways}.",
    )


def _of_era(typed: str, era: str, year: str, month: int, day: int) -> date:
    name, _, english, first, last = next(entry for entry in _ERAS if era in entry[:2])
    count = 1 if year == "元" else int(year)
    # Outside these years nothing of the era is left to look at.
    if count < 1 or first.year + count - 1 > last.year:
        raise _refused(typed, f"{name}にない年です。", f"is not a year of {english}.")
    found = _existing(typed, first.year + count - 1, month, day)
    if not first <= found <= last:
        raise _refused(typed, f"{name}にない日です。", f"is not a day of {english}.")
    return found


def _existing(typed: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _refused(typed, "暦にない日です。", "is not a day of the calendar.") from None


def _refused(typed: str, ja: str, en: str) -> DateError:
    shown = show(typed, 40).replace("{", "(").replace("}", ")")
    return DateError(Text(f"「{shown}」は{_as_subject(ja)}{EXAMPLE.ja}", f'"{shown}" {en} {EXAMPLE.en}'))


def _as_subject(ja: str) -> str:
    return ja if ja.startswith(("日付", "暦")) else f"受け付けられません。{ja}"


def japan_time(moment: datetime) -> datetime:
    """The moment by Japanese clocks; the last one of the calendar where that is past its end.

    Certificates without an end carry the last second of the year 9999 (RFC 5280, 4.1.2.5).
    """
    try:
        return moment.astimezone(JAPAN)
    except OverflowError:
        return datetime.max.replace(tzinfo=JAPAN)


def in_japan(moment: datetime) -> date:
    """The day in Japan at that moment, whatever its zone."""
    return japan_time(moment).date()


def wareki(day: date) -> str:
    """The day in the Japanese calendar, `令和8年11月22日`; before Showa in the Western one."""
    era = _era_of(day)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{era[0]}{_era_year(day)}年{day.month}月{day.day}日"


def era_short(day: date) -> str:
    """The day in the Japanese calendar as forms abbreviate it, `R8.11.22`: the same in both languages."""
    era = _era_of(day)
    if era is None:
        return day.isoformat()
    return f"{era[1]}{day.year - era[3].year + 1}.{day.month}.{day.day}"


def both(day: date, lang: Lang) -> str:
    """The day in both calendars with its weekday: `2026年11月22日（令和8年、日曜日）`, `2026-11-22 (Sunday, Reiwa 8)`."""
    era = _era_of(day)
    weekday = day.weekday()
    if lang == "ja":
        also = f"{era[0]}{_era_year(day)}年、" if era else ""
        return f"{day.year}年{day.month}月{day.day}日（{also}{_WEEKDAYS_JA[weekday]}曜日）"
    also = f", {era[2]} {day.year - era[3].year + 1}" if era else ""
    return f"{day.isoformat()} ({_WEEKDAYS_EN[weekday]}{also})"


def spoken(day: date) -> Text:
    """The day in both calendars, in both languages."""
    return Text(both(day, "ja"), both(day, "en"))


def _era_of(day: date) -> tuple[str, str, str, date, date] | None:
    return next((entry for entry in _ERAS if entry[3] <= day <= entry[4]), None)


def _era_year(day: date) -> str:
    era = _era_of(day)
    count = day.year - era[3].year + 1 if era else day.year
    return "元" if count == 1 else str(count)


def usable(issued: date) -> datetime:
    """The moment from which a certificate on a card or phone that was issued on that day can be used for certain.

    About 24 hours after its issue; as the hour is not known, they are counted from the end of the day in Japan.
    """
    try:
        return datetime.combine(issued + timedelta(days=2), time(), JAPAN)
    except OverflowError:
        return datetime.combine(date.max, time(), JAPAN)


def add_months(day: date, months: int) -> date:
    """The same day so many months later or earlier, the month's last day where it has none such (Civil Code, 143)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def is_business_day(day: date) -> bool:
    """Whether offices of the state are open: no weekend, no holiday, not from 29 December to 3 January."""
    closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not closed and day not in holidays(day.year)


def next_business_day(day: date) -> date:
    """That day, or the first one after it on which offices are open."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def previous_business_day(day: date) -> date:
    """That day, or the last one before it on which offices were open."""
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


@cache
def holidays(year: int) -> frozenset[date]:
    """The national holidays of a year from 2020 on, with the substitute days and the days between two holidays."""
    named = {date(year, month, day) for month, day in _FIXED}
    named |= {_monday(year, 1, 2), _monday(year, 9, 3), _vernal(year), _autumnal(year)}
    moved = _MOVED.get(year)
    named |= moved if moved else {_monday(year, 7, 3), date(year, 8, 11), _monday(year, 10, 2)}
    days = set(named)
    for day in named:
        if day.weekday() == 6:
            substitute = day + timedelta(days=1)
            while substitute in named:
                substitute += timedelta(days=1)
            days.add(substitute)
    between = {day + timedelta(days=1) for day in named if day + timedelta(days=2) in named}
    return frozenset(days | (between - named))


_FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (11, 3), (11, 23))
_MOVED = {
    2020: {date(2020, 7, 23), date(2020, 7, 24), date(2020, 8, 10)},
    2021: {date(2021, 7, 22), date(2021, 7, 23), date(2021, 8, 8)},
}
"""Marine Day, Sports Day and Mountain Day in the years of the Games."""


def _monday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (number - 1))


def _vernal(year: int) -> date:
    return date(year, 3, _equinox(year, 20.8431))


def _autumnal(year: int) -> date:
    return date(year, 9, _equinox(year, 23.2488))


def _equinox(year: int, base: float) -> int:
    since = year - 1980
    return int(base + 0.242194 * since) - since // 4
