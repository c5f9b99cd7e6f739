"""Dates: what is read, what is refused, the Japanese calendar, and the days on which offices are open."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.rules.dates import (
    DateError,
    add_months,
    both,
    era_short,
    holidays,
    is_business_day,
    next_business_day,
    parse_day,
    previous_business_day,
    wareki,
)

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "令和8年11月22日", "R8.11.22", "20261122", "８．１１．２２", "8.11.22", "08.11.22", "8年11月22日", "r8.11.22", "R08/11/22",
        "R8-11-22", "２０２６／１１／２２", "２０２６－１１－２２", "令和８年１１月２２日", "Ｒ８．１１．２２", "㋿8年11月22日",
        " 2026-11-22 ", "令和 8年 11月 22日", "2026\u221211\u221222",
    ],
)  # fmt: skip
def test_one_day_written_in_many_ways(typed: str) -> None:
    assert parse_day(typed) == DAY


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("R1.12.31", date(2019, 12, 31)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("H1.1.8", date(1989, 1, 8)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S1.12.25", date(1926, 12, 25)),
        ("2028-2-29", date(2028, 2, 29)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_the_first_and_last_days_of_the_eras(typed: str, day: date) -> None:
    assert parse_day(typed) == day


@pytest.mark.parametrize(
    "typed",
    [
        "2026-02-30", "2026年2月30日", "2027-02-29", "令和8年2月30日", "2026-13-01", "2026-00-10", "2026-01-00",
        "0000-01-01", "0026-11-22", "26-11-22", "9999-01-01", "令和0年1月1日", "R0.1.1", "平成31年5月1日", "平成32年1月1日",
        "昭和64年1月8日", "昭和65年1月1日", "令和元年4月30日", "R1.4.30", "H0.1.1", "M45.7.30", "明治45年7月30日",
        "11-22", "2026-11", "2026-11/22", "2026-11-22T10:00", "22.11.2026", "令和8年11月", "R8", "元-11-22",
        "", " ", "きょう", "2026-11-2２2", "٢٠٢٦-١١-٢٢", "-2026-11-22", "2026--11-22", "2026-11-22\n2026-11-23", "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_exactly_one_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_day(typed)
    text = caught.value.text
    assert "2026-11-22" in text.ja
    assert "令和8年11月22日" in text.ja
    assert "2026-11-22" in text.en
    assert len(text.ja) < 200
    assert "\n" not in text.ja + text.en


def test_what_was_typed_is_shown_harmlessly() -> None:
    with pytest.raises(DateError) as caught:
        parse_day("\x1b[31m{day}\u202e")
    assert "\x1b" not in caught.value.text.ja
    assert "\u202e" not in caught.value.text.en


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("11/22", date(2026, 11, 22)),
        ("11/21", date(2027, 11, 21)),
        ("１１／２３", date(2026, 11, 23)),
        ("11月30日", date(2026, 11, 30)),
        ("2/29", date(2028, 2, 29)),
        ("今日", DAY),
        ("today", DAY),
        ("明日", date(2026, 11, 23)),
        ("Tomorrow", date(2026, 11, 23)),
    ],
)
def test_a_day_told_from_today(typed: str, day: date) -> None:
    assert parse_day(typed, DAY) == day
    with pytest.raises(DateError, match="year, month and day"):
        parse_day(typed)


@pytest.mark.parametrize("typed", ["2/30", "13/1", "0/1", "13月1日"])
def test_a_day_that_never_comes_is_refused(typed: str) -> None:
    with pytest.raises(DateError, match="not a day of the calendar"):
        parse_day(typed, DAY)


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("8/11/20", ("2008-11-20", "R8.11.20", "H8.11.20")),
        ("8-11-20", ("2008-11-20", "R8.11.20")),
        ("26.11.20", ("2026-11-20", "R26.11.20", "H26.11.20")),
        ("26年11月20日", ("2026-11-20", "R26.11.20")),
    ],
)
def test_what_may_mean_two_days_is_refused_with_the_ways_to_write_either(
    typed: str, ways: tuple[str, ...]
) -> None:
    with pytest.raises(DateError) as caught:
        parse_day(typed, DAY)
    assert all(way in caught.value.text.ja and way in caught.value.text.en for way in ways)
    for way in ways:
        parse_day(way)


@given(st.dates(date(1926, 12, 25), date(2099, 12, 31)))
def test_every_day_survives_both_calendars(day: date) -> None:
    assert parse_day(wareki(day)) == day
    assert parse_day(era_short(day)) == day
    assert parse_day(day.isoformat()) == day
    assert parse_day(f"{day.year}年{day.month}月{day.day}日") == day


@given(st.text(max_size=30))
def test_nothing_but_a_date_error_comes_out(typed: str) -> None:
    with suppress(DateError):
        parse_day(typed)


def test_a_day_in_both_calendars() -> None:
    assert both(DAY, "ja") == "2026年11月22日（令和8年、日曜日）"
    assert both(DAY, "en") == "2026-11-22 (Sunday, Reiwa 8)"
    assert both(date(2019, 5, 1), "ja") == "2019年5月1日（令和元年、水曜日）"
    assert wareki(DAY) == "令和8年11月22日"
    assert era_short(DAY) == "R8.11.22"
    assert era_short(date(1920, 1, 2)) == "1920-01-02"
    assert wareki(date(2019, 4, 30)) == "平成31年4月30日"
    assert wareki(date(1920, 1, 2)) == "1920年1月2日"


# From the Cabinet Office's published lists of holidays.
YEARS = {
    2020: "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 11-23",
    2021: "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23",
    2023: "01-01 01-02 01-09 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-23 10-09 11-03 11-23",
    2024: "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 "
    "11-03 11-04 11-23",
    2025: "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24",
    2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
    2027: "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23",
}


@pytest.mark.parametrize(("year", "days"), YEARS.items())
def test_the_holidays_of_a_year(year: int, days: str) -> None:
    assert sorted(day.strftime("%m-%d") for day in holidays(year)) == days.split()


def test_a_day_between_two_holidays_is_one() -> None:
    assert date(2032, 9, 21) in holidays(2032)
    assert date(2026, 9, 22) in holidays(2026)


@pytest.mark.parametrize("year", range(2020, 2051))
def test_every_year_has_its_holidays_and_no_working_sunday(year: int) -> None:
    assert 16 <= len(holidays(year)) <= 22
    for day in holidays(year):
        assert not is_business_day(day)


def test_the_closing_at_the_end_of_the_year() -> None:
    assert is_business_day(date(2026, 12, 28))
    assert next_business_day(date(2026, 12, 29)) == date(2027, 1, 4)
    assert previous_business_day(date(2027, 1, 3)) == date(2026, 12, 28)
    assert next_business_day(date(2026, 11, 21)) == date(2026, 11, 24)
    assert previous_business_day(date(2026, 5, 6)) == date(2026, 5, 1)
    assert next_business_day(date(2026, 11, 24)) == date(2026, 11, 24)


@given(st.dates(date(2020, 1, 1), date(2050, 12, 1)))
def test_a_working_day_is_never_far(day: date) -> None:
    assert timedelta(0) <= next_business_day(day) - day <= timedelta(days=10)
    assert timedelta(0) <= day - previous_business_day(day) <= timedelta(days=10)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 22), 1, date(2027, 1, 22)),
        (date(2027, 4, 30), -2, date(2027, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 1), 9, date(2026, 12, 1)),
    ],
)
def test_months_are_counted_to_the_same_day(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then
