"""Typed answers: what is taken, what is refused, and what the refusal says.

Covers checks.rules.conditions.
"""

from __future__ import annotations

from datetime import date

import pytest

from checks.guide import load_guide
from checks.rules.answers import PATH_LIMIT, TEXT_LIMIT, AnswerError, validate_answer, validate_answers
from checks.rules.conditions import Value

GUIDE = load_guide("oss")


def value(question: str, raw: str, **answers: Value) -> Value:
    return validate_answer(
        GUIDE, question, raw, {key.replace("__", ".").replace("_", "-"): v for key, v in answers.items()}
    )


@pytest.mark.parametrize(
    "raw",
    ["transfer", " transfer ", "TRANSFER", "ｔｒａｎｓｆｅｒ", "移転登録（名義変更）", "移転登録(名義変更)"],
)
def test_a_choice_by_value_or_by_its_words(raw: str) -> None:
    assert value("case.procedure", raw) == "transfer"


@pytest.mark.parametrize(
    ("raw", "taken"),
    [
        ("yes", "yes"),
        ("はい", "yes"),
        ("ｙｅｓ", "yes"),
        ("Y", "yes"),
        ("no", "no"),
        ("いいえ", "no"),
        ("ｎｏ", "no"),
    ],
)
def test_yes_and_no(raw: str, taken: str) -> None:
    assert value("case.owner-is-user", raw) == taken


@pytest.mark.parametrize("raw", ["true", "1", "", "maybe", "yes no", "不明"])
def test_what_is_neither_yes_nor_no_is_refused(raw: str) -> None:
    with pytest.raises(AnswerError) as caught:
        value("case.owner-is-user", raw)
    assert "case.owner-is-user" in caught.value.text.ja
    assert "yes, no" in caught.value.text.ja
    assert "yes, no" in caught.value.text.en


def test_a_refusal_names_question_value_and_choices() -> None:
    with pytest.raises(AnswerError) as caught:
        value("case.garage", "ガレージ")
    text = caught.value.text
    for part in ("case.garage", "ガレージ", "have, apply-together, not-needed"):
        assert part in text.ja
        assert part in text.en


def test_a_refusal_shows_hostile_values_harmlessly() -> None:
    with pytest.raises(AnswerError) as caught:
        value("case.garage", "\x1b]52;c;AAAA\x07{value}" + "x" * 9000)
    assert "\x1b" not in caught.value.text.ja
    assert len(caught.value.text.ja) < 300


def test_every_choice_of_every_question_is_taken() -> None:
    for question in GUIDE.questions.values():
        for choice in question.choices:
            beside: dict[str, Value] = {
                name: next(iter(values)) for group in choice.applies.any_of for name, values in group
            }
            assert validate_answer(GUIDE, question.id, choice.value, beside) == choice.value


def test_dates_in_any_spelling_become_dates() -> None:
    assert value("insurance.start", "Ｒ８．１１．２２") == date(2026, 11, 22)
    with pytest.raises(AnswerError, match="2026-11-22"):
        value("insurance.start", "2026-02-30")


def test_an_end_before_its_start_is_refused_from_both_sides() -> None:
    start, end = date(2026, 12, 1), date(2028, 12, 1)
    with pytest.raises(AnswerError, match=r"insurance\.end"):
        value("insurance.end", "2026-11-30", insurance__start=start)
    with pytest.raises(AnswerError, match=r"insurance\.start"):
        value("insurance.start", "2028-12-02", insurance__end=end)
    assert value("insurance.end", "2026-12-01", insurance__start=start) == start
    assert value("insurance.start", "2026-12-01", insurance__end=end) == start


def test_several_answers_are_judged_against_each_other() -> None:
    before: dict[str, Value] = {"insurance.start": date(2026, 1, 1), "insurance.end": date(2026, 2, 1)}
    given = {"insurance.start": "2027-01-01", "insurance.end": "2029-01-01", "case.procedure": ""}
    assert validate_answers(GUIDE, given, before) == {
        "insurance.start": date(2027, 1, 1),
        "insurance.end": date(2029, 1, 1),
        "case.procedure": None,
    }
    with pytest.raises(AnswerError):
        validate_answers(GUIDE, {"insurance.start": "2027-01-01"}, before)
    assert validate_answers(GUIDE, {"insurance.start": "2027-01-01", "insurance.end": ""}, before)
    with pytest.raises(KeyError):
        validate_answers(GUIDE, {"no.such": "yes"}, {})


def test_free_text_is_bounded_and_of_one_line() -> None:
    assert value("proxy-issuance.agent", "  さくら整備（品川） ") == "さくら整備（品川）"
    assert value("proxy-issuance.agent", "x" * TEXT_LIMIT)
    for raw in ("x" * (TEXT_LIMIT + 1), "a\nb", "a\x00b", "\x1b[0m", " ", "a\u2028b", "\ud800"):
        with pytest.raises(AnswerError):
            value("proxy-issuance.agent", raw)


def test_a_path_may_be_longer() -> None:
    assert value("documents.images-path", "~/車庫 証明/" + "x" * 300)
    with pytest.raises(AnswerError):
        value("documents.images-path", "x" * (PATH_LIMIT + 1))


def test_an_unknown_question_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        value("no.such", "yes")
