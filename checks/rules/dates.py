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
PLACES = ("past", "today", "coming")
"""Where a day lies, seen from today."""

_ERAS = (
    ("令和", "R", "Reiwa", date(2019, 5, 1), date(LAST_YEAR, 12, 31)),
    ("平成", "H", "Heisei", date(1989, 1, 8), date(2019, 4, 30)),
    ("昭和", "S", "Showa", date(1926, 12, 25), date(1989, 1, 7)),
)
_DAY = (
    r"(?:(?P<era>令和|平成|昭和|[RHS])? ?(?P<year>[0-9]{1,4}|元) ?(?P<separator>[-/.]) ?)?"
    r"(?P<month>[0-9]{1,2}) ?(?(separator)(?P=separator)|/) ?(?P<day>[0-9]{1,2})"
)
_OTHER_FORMS = (
    (r"年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日$", r".\1.\2"),
    (r"^([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日$", r"\1/\2"),
    (r"^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3"),
)
"""How what is written otherwise is written as `_DAY` has it."""
_FROM_TODAY = {"今日": 0, "today": 0, "明日": 1, "tomorrow": 1}
_BARE = 20
"""A year of one or two digits below this is one of Reiwa. From here on 20xx may be meant, as in 26.11.20, or Heisei."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_REFUSED = Text(
    "「{typed}」は{why}例: 2026-11-22、20261122、令和8年11月22日、R8.11.22",
    '"{typed}" {why} Examples: 2026-11-22, 20261122, R8.11.22',
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
    if plain.casefold() in _FROM_TODAY and today is not None:
        return today + timedelta(days=_FROM_TODAY[plain.casefold()])
    for pattern, written in _OTHER_FORMS:
        plain = re.sub(pattern, written, plain)
    match = re.fullmatch(_DAY, plain, re.IGNORECASE)
    if match is None and plain.casefold() not in _FROM_TODAY:
        raise _refused(typed, "日付として読めません。", "cannot be read as a date.")
    if match is None or (today is None and not match["year"]):
        raise _refused(
            typed, "受け付けられません。年月日をすべて書いてください。", "needs its year, month and day here."
        )
    month, day, year = int(match["month"]), int(match["day"]), match["year"]
    if today is not None and not year:
        return _next(typed, month, day, today)
    if match["era"]:
        return _of_era(typed, match["era"].upper(), year, month, day)
    if year == "元" or len(year) == 3:
        raise _refused(
            typed, "受け付けられません。西暦の年は4桁で書いてください。", "needs a year of four digits."
        )
    if len(year) < 3:
        return _of_bare_year(typed, int(year), month, day, match["separator"])
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise _refused(typed, "受け付けられません。年が範囲の外です。", "has a year that cannot be right.")
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
    if year < _BARE and separator == ".":
        return _of_era(typed, "R", str(year), month, day)
    rest = f"{month}.{day}"
    ways = f"20{year:02}-{month:02}-{day:02}, R{year}.{rest}" + (f", H{year}.{rest}" if year <= 31 else "")
    raise _refused(
        typed,
        f"受け付けられません。年が西暦か和暦か決められません。次のどれかで書いてください: {ways}。",
        f"may mean several days. Write one of these: {ways}.",
    )


def _of_era(typed: str, era: str, year: str, month: int, day: int) -> date:
    name, _, english, first, last = next(entry for entry in _ERAS if era in entry[:2])
    count = 1 if year == "元" else int(year)
    # Outside these years nothing of the era is left to look at.
    if count < 1 or first.year + count - 1 > last.year:
        raise _refused(typed, f"受け付けられません。{name}にない年です。", f"is not a year of {english}.")
    found = _existing(typed, first.year + count - 1, month, day)
    if not first <= found <= last:
        raise _refused(typed, f"受け付けられません。{name}にない日です。", f"is not a day of {english}.")
    return found


def _existing(typed: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _refused(typed, "暦にない日です。", "is not a day of the calendar.") from None


def _refused(typed: str, ja: str, en: str) -> DateError:
    shown = show(typed, 40).replace("{", "(").replace("}", ")")
    return DateError(_REFUSED.filled({"typed": shown, "why": Text(ja, en)}))


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
    name, _, _, year = _era(day)
    return f"{name}{_spelled(year)}年{day.month}月{day.day}日"


def era_short(day: date) -> str:
    """The day in the Japanese calendar as forms abbreviate it, `R8.11.22`: the same in both languages."""
    _, letter, _, year = _era(day)
    return f"{letter}{year}.{day.month}.{day.day}" if letter else day.isoformat()


def era_values(**days: date) -> dict[str, str]:
    """Values of a finding: each day as `NAME` in ISO 8601 and as `NAME_era` in the Japanese calendar."""
    return {f"{name}_era": era_short(day) for name, day in days.items()} | {
        name: day.isoformat() for name, day in days.items()
    }


def both(day: date, lang: Lang) -> str:
    """The day in both calendars with its weekday: `2026年11月22日（令和8年、日曜日）`, `2026-11-22 (Sunday, Reiwa 8)`."""
    name, _, english, year = _era(day)
    if lang == "ja":
        also = f"{name}{_spelled(year)}年、" if name else ""
        return f"{day.year}年{day.month}月{day.day}日（{also}{_WEEKDAYS_JA[day.weekday()]}曜日）"
    also = f", {english} {year}" if english else ""
    return f"{day.isoformat()} ({_WEEKDAYS_EN[day.weekday()]}{also})"


def spoken(day: date) -> Text:
    """The day in both calendars, in both languages."""
    return Text(both(day, "ja"), both(day, "en"))


def _era(day: date) -> tuple[str, str, str, int]:
    """The era's name in Japanese, its letter, its name in English, and the year in it; no names before Showa."""
    for name, letter, english, first, last in _ERAS:
        if first <= day <= last:
            return name, letter, english, day.year - first.year + 1
    return "", "", "", day.year


def _spelled(year: int) -> str:
    return "元" if year == 1 else str(year)


def place_in_time(day: date, today: date) -> str:
    """Where the day lies: one of `PLACES`."""
    return PLACES[1 if day == today else 2 if day > today else 0]


def end_of_day(day: date, days: int = 0) -> datetime:
    """The moment in Japan at which the day so many days after `day` ends."""
    try:
        return datetime.combine(day + timedelta(days=days + 1), time(), JAPAN)
    except OverflowError:
        return datetime.combine(date.max, time(), JAPAN)


def usable(issued: date) -> datetime:
    """The moment from which a certificate on a card or phone that was issued on that day can be used for certain.

    About 24 hours after its issue; as the hour is not known, they are counted from the end of the day in Japan.
    """
    return end_of_day(issued, 1)


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
    named |= {_monday(year, 1, 2), _monday(year, 9, 3)}
    named |= {date(year, 3, _equinox(year, 20.8431)), date(year, 9, _equinox(year, 23.2488))}
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


def _equinox(year: int, base: float) -> int:
    """The day of the month on which it falls."""
    since = year - 1980
    return int(base + 0.242194 * since) - since // 4
