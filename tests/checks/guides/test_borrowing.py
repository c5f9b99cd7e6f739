"""Entries that a guide has in common with another: whole, narrowed to what the guide knows, and refused where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from checks.guide import load_guide
from checks.guides.borrowing import with_borrowed
from checks.rules.scope import judge
from checks.text import Text

OTHER: dict[str, dict[str, Any]] = {
    "case": {
        "basis": {"checked": "day"},
        "question": [
            {
                "id": "a.b",
                "kind": "choice",
                "text": "words",
                "basis": {"page": "there"},
                "choices": [{"value": "x"}, {"value": "y", "applies": {"case.way": ["gone"]}}],
                "applies": [{"case.way": ["one", "gone"]}, {"case.gone": ["yes"]}],
            }
        ],
    },
    "links": {"links": {"there": {"url": "u"}, "unused": {"url": "v"}}},
}
WAY = {"id": "case.way", "kind": "choice", "choices": [{"value": "one"}, {"value": "two"}]}


def other(name: str) -> Mapping[str, Mapping[str, Any]]:
    assert name == "other"
    return OTHER


def refuse(file: str, entry: str, word: str, why: Text) -> Exception:
    return ValueError(f"{file} {entry} {word} {why.en}")


def test_an_entry_is_whole_and_its_conditions_are_narrowed() -> None:
    own = {"step1": {"question": [WAY, {"id": "a.b", "as_in": "other", "text": "own words"}]}}
    made = with_borrowed(own, other, refuse)
    entry = made["step1"]["question"][1]
    assert entry["text"] == "own words"
    assert entry["basis"] == {"checked": "day", "page": "there"}
    assert entry["applies"] == [{"case.way": ["one"]}]
    assert made["links"]["links"] == {"there": {"url": "u"}}
    assert "applies" not in entry["choices"][1]
    assert OTHER["case"]["question"][0]["applies"][0] == {"case.way": ["one", "gone"]}
    assert OTHER["case"]["question"][0]["choices"][1]["applies"] == {"case.way": ["gone"]}


def test_an_entry_that_is_not_there_is_refused_by_name() -> None:
    own = {"step1": {"question": [{"id": "a.c", "as_in": "other"}]}}
    with pytest.raises(ValueError, match=r"step1 a\.c other that guide has no such entry"):
        with_borrowed(own, other, refuse)


def test_a_whole_file_is_taken_but_for_entries_of_ones_own_and_items_that_are_not_there() -> None:
    there: dict[str, dict[str, Any]] = {
        "step1": {"note": [{"id": "n.one"}, {"id": "n.two"}], "step": {"checks": ["c.d"]}},
        "symptoms": {
            "symptom": [
                {"id": "s.a", "items": ["n.one", "n.two"], "help": "words"},
                {"id": "s.b", "items": ["n.two", "c.d"]},
                {"id": "s.c", "items": ["n.one", "c.d"]},
                {"id": "s.d", "items": ["n.two"]},
                {"id": "s.e", "items": ["n.one"]},
            ]
        },
    }
    own: dict[str, dict[str, Any]] = {
        "step1": {"note": [{"id": "n.one"}], "step": {"checks": ["c.d"]}},
        "symptoms": {
            "as_in": "other",
            "symptom": [
                {"id": "s.a", "as_in": "other", "items": ["a slip"]},
                {"id": "s.e", "as_in": "other", "items": []},
            ],
        },
    }
    made = with_borrowed(own, lambda _name: there, refuse)["symptoms"]["symptom"]
    assert made == [
        {"id": "s.a", "items": ["a slip"], "help": "words"},
        {"id": "s.b", "items": ["c.d"]},
        {"id": "s.c", "items": ["n.one", "c.d"]},
    ]


def test_the_guide_of_kei_cars_has_five_steps_and_shares_what_is_the_same() -> None:
    kei, oss = load_guide("kei"), load_guide("oss")
    assert len(kei.steps) == 5
    same = kei.questions.keys() & oss.questions.keys()
    assert len(same) > 25
    for id_ in same - {"case.procedure", "case.channel", "case.proxy-issuance"}:
        if "kei" not in kei.questions[id_].basis.page:
            assert kei.questions[id_].text == oss.questions[id_].text
    assert kei.portal.host != oss.portal.host


def test_a_kei_car_fits_only_where_a_row_says_so() -> None:
    kei = load_guide("kei")
    asked = ("case.role", "case.use", "case.procedure", "case.channel")
    fitting = set()
    for values in product(*((None, *(one.value for one in kei.questions[id_].choices)) for id_ in asked)):
        answers = {id_: value for id_, value in zip(asked, values, strict=True) if value}
        fit = judge(kei.scope, answers)
        if fit.code == "fits":
            assert not fit.steps
            fitting.add(values)
        elif fit.code != "unanswered":
            assert fit.steps, answers
    # A dealer or another agent on the screen is confirmed by no source; in bulk the role makes no difference.
    screen = set(
        product(
            ("self", "employee", "gyoseishoshi"),
            ("private",),
            ("new-registration", "continuous-inspection"),
            ("portal",),
        )
    )
    roles = (None, *(one.value for one in kei.questions["case.role"].choices))
    bulk = set(product(roles, ("private",), ("new-registration", "continuous-inspection"), ("bulk",)))
    assert fitting == screen | bulk
