"""What a list of sessions tells of each, and the orders it can be in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from checks.guide import load_guide
from checks.model import Options
from checks.rules.conditions import Value
from checks.text import Text
from state.session_data import Answer, SessionData
from state.shelf.session_index import Summary
from state.shelf.summary import ordered, overview, overview_key

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def summary(name: str, more: dict[str, str | int], error: Text | None = None) -> Summary:
    return Summary(name, Path(f"{name}.toml"), NOW, {}, 0, more, error=error)


def told(**values: Value) -> dict[str, str | int]:
    given = {key.replace("__", ".").replace("_", "-"): value for key, value in values.items()}
    answers = {key: Answer(value, NOW, rev) for rev, (key, value) in enumerate(given.items(), 1)}
    data = SessionData("sakura", NOW, NOW, "0", answers=answers)
    return overview(load_guide("oss"), data, Options(now=NOW), "PC-01")


def test_what_is_told_of_a_session() -> None:
    found = told(case__procedure="transfer", documents__event_date=date(2026, 11, 20))
    assert (found["exit"], found["blocking"], found["due"]) == (4, 0, "2026-12-05")
    assert found["next"] == "case.role"
    assert 0 < int(found["done"]) < int(found["all"])
    wrong = told(
        case__procedure="transfer", case__proxy_issuance="yes", proxy_issuance__old_certificate="paper"
    )
    # The answer itself, and the verdict that follows from it.
    assert (wrong["exit"], wrong["blocking"], wrong["due"]) == (1, 2, "")


def test_the_orders() -> None:
    known = {
        "b-ready": summary("b-ready", {"exit": 0, "blocking": 0, "due": "2027-03-01"}),
        "A-open": summary("A-open", {"exit": 4, "blocking": 0, "due": ""}),
        "c-wrong": summary("c-wrong", {"exit": 4, "blocking": 3, "due": "2026-12-01"}),
        "d-failed": summary("d-failed", {"exit": 1, "blocking": 1, "due": "2026-12-24"}),
        "e-worse": summary("e-worse", {"exit": 1, "blocking": 2, "due": "2026-11-30"}),
        "f-unknown": summary("f-unknown", {"exit": 3, "blocking": 1, "due": ""}),
        "g-broken": summary("g-broken", {}, Text("壊れています。", "Damaged.")),
    }
    names = ["h-unread", *known]
    assert ordered(names, known, "changed") == names
    assert ordered(names, known, "name")[:2] == ["A-open", "b-ready"]
    assert ordered(names, known, "blocking") == [
        "e-worse", "d-failed", "f-unknown", "c-wrong", "A-open", "g-broken", "b-ready", "h-unread",
    ]  # fmt: skip
    assert ordered(names, known, "date") == [
        "e-worse", "c-wrong", "d-failed", "b-ready", "A-open", "f-unknown", "g-broken", "h-unread",
    ]  # fmt: skip


def test_the_rules_of_another_day_are_others() -> None:
    later = Options(now=NOW.replace(day=23))
    assert overview_key(Options(now=NOW), "PC-01") != overview_key(later, "PC-01")
    assert overview_key(Options(now=NOW), "PC-01") != overview_key(Options(now=NOW), "PC-02")
