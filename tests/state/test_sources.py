"""The source of a statement in words: no date that is not known, what the passage speaks of, and when it may be gone by."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from checks.record import replace
from checks.steps import OLD_AFTER, Basis, Confidence, Page
from checks.text import Text
from state.sources import CONFIDENCE, age, dated, doubts, is_old, source_lines

DAY = date(2026, 11, 22)
PAGE = Page("page", "https://page.example/", Text("案内", "Guide"), DAY)
BASIS = Basis("page", DAY, "official")


@pytest.mark.parametrize(
    ("page", "read", "ja", "en"),
    [
        (PAGE, DAY, "日付のない写し、2026-11-22閲覧", "undated copy, read 2026-11-22"),
        (
            replace(PAGE, page_date="2021-11"),
            DAY,
            "2021-11付、2026-11-22閲覧",
            "dated 2021-11, read 2026-11-22",
        ),
        (
            replace(PAGE, read=None),
            DAY,
            "ページは未読、2026-11-22に調査",
            "not read itself, looked up 2026-11-22",
        ),
        (replace(PAGE, read=None), None, "未読", "not read"),
        (replace(PAGE, read=None, official=False), None, "日付のない写し", "undated copy"),
        (
            replace(PAGE, read=None, official=False),
            DAY,
            "日付のない写し、2026-11-22閲覧",
            "undated copy, read 2026-11-22",
        ),
    ],
)
def test_a_page_has_its_own_date_or_is_an_undated_copy(
    page: Page, read: date | None, ja: str, en: str
) -> None:
    assert dated(page, read, "ja") == ja
    assert dated(page, read, "en") == en


def test_the_source_says_of_what_the_passage_speaks_and_how_sure_it_is() -> None:
    page = replace(PAGE, scope=Text("変更登録", "changes"))
    assert source_lines(page, DAY, "en", BASIS) == (
        "Guide (undated copy, read 2026-11-22)", "The page speaks of: changes", "from an official page",
    )  # fmt: skip
    narrow = replace(BASIS, scope=Text("法人", "corporations"), confidence="secondary")
    said = source_lines(page, DAY, "ja", narrow)
    assert said[1:] == ("このページの対象: 法人", "未確認: 公式ページ以外の情報")


def test_what_may_have_changed_says_so_from_its_day_on() -> None:
    due = replace(BASIS, changes_by=date(2027, 4, 15))
    before, after = date(2027, 4, 14), date(2027, 4, 15)
    assert "may change from 2027-04-15 on" in source_lines(PAGE, before, "en", due)
    assert doubts(due, before, "en") == ()
    assert "may change" not in " ".join(source_lines(PAGE, after, "en", due))
    assert "Possibly gone by since 2027-04-15" in source_lines(PAGE, after, "en", due)[-1]
    assert "もう変わったかもしれません" in doubts(due, after, "ja")[0]


def test_what_was_read_long_ago_says_so() -> None:
    assert doubts(BASIS, DAY + timedelta(OLD_AFTER), "en") == ()
    assert "181 days" in doubts(BASIS, DAY + timedelta(OLD_AFTER + 1), "en")[0]
    assert not is_old(DAY, DAY + timedelta(OLD_AFTER))
    assert is_old(DAY, DAY + timedelta(OLD_AFTER + 1))
    said = age(DAY, DAY + timedelta(200))
    assert "200 days" in said.en
    assert "200日" in said.ja


@pytest.mark.parametrize("kind", sorted(CONFIDENCE))
def test_only_what_is_official_or_computed_is_beyond_doubt(kind: Confidence) -> None:
    said = doubts(replace(BASIS, confidence=kind), DAY, "ja")
    assert bool(said) == (kind not in ("official", "computed"))
    assert all(text.startswith("未確認") for text in said)
    assert CONFIDENCE[kind].ja in source_lines(PAGE, DAY, "ja", replace(BASIS, confidence=kind))


def test_the_rule_of_a_check_is_as_sure_as_its_page() -> None:
    assert source_lines(PAGE, DAY, "en")[-1] == "from an official page"
    assert "could not be read" in source_lines(replace(PAGE, read=None), DAY, "en")[-1]
    others = source_lines(replace(PAGE, read=None, official=False), DAY, "en")
    assert others == ("Guide (undated copy)", CONFIDENCE["secondary"].en)
