"""Under which answers something applies."""

from __future__ import annotations

import pytest

from checks.rules.conditions import ALWAYS, evaluate, parse_when


@pytest.mark.parametrize(
    ("answers", "yes", "open_question"),
    [
        ({}, True, "a"),
        ({"a": "1"}, True, "b"),
        ({"a": "2"}, True, "c"),
        ({"a": "2", "c": "1"}, False, ""),
        ({"b": "2", "c": "1"}, False, ""),
        ({"a": "1", "b": "1"}, True, ""),
        ({"c": "9"}, True, ""),
    ],
)
def test_a_condition_holds_while_it_is_undecided(
    answers: dict[str, str], yes: bool, open_question: str
) -> None:
    when = parse_when([{"a": ["1"], "b": ["1"]}, {"c": ["9"]}])
    holds = evaluate(when, answers)
    assert (holds.yes, holds.open) == (yes, open_question)


@pytest.mark.parametrize("data", ["x", [], {}, [1], {"a": "b"}, {"a": [1]}])
def test_a_condition_of_another_shape_is_refused(data: object) -> None:
    if data == []:
        assert parse_when(data) == ALWAYS
    else:
        with pytest.raises(ValueError):
            parse_when(data)
