"""The one door for answers: what was typed or stands in a file, turned into an answer or refused with the reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from checks.guide import Guide
from checks.rules.conditions import Value
from checks.rules.dates import FIRST_YEAR, LAST_YEAR, DateError, parse_day
from checks.shown import show
from checks.steps import Question
from checks.text import Text

TEXT_LIMIT = 200
"""Characters of a free answer."""
PATH_LIMIT = 1000
"""Characters of a path."""

_NOT_QUOTED = Text("1行の文を引用符の中に書いてください。", "Write one line of text in quotes.")
_NO_CHOICE = Text("「{raw}」は選べません。選べる値: {allowed}", '"{raw}" is not one of its values: {allowed}')
_EMPTY = Text("空の答えは受け付けられません。", "An empty answer is not taken.")
_CONTROLS = Text(
    "「{raw}」には制御文字があります。1行の文にしてください。",
    '"{raw}" holds control characters. Give one line of text.',
)
_TOO_LONG = Text(
    "「{raw}」は長すぎます（{limit}文字まで）。", '"{raw}" is too long (at most {limit} characters).'
)
_ORDER = {
    "before": Text(
        "「{day}」は「{other}」（{bound}）より前です。どちらかの日付を直してください。",
        '"{day}" lies before "{other}" ({bound}). Put one of the two right.',
    ),
    "after": Text(
        "「{day}」は「{other}」（{bound}）より後です。どちらかの日付を直してください。",
        '"{day}" lies after "{other}" ({bound}). Put one of the two right.',
    ),
}
_YES = {"yes", "y", "はい"}
_NO = {"no", "n", "いいえ"}


class AnswerError(ValueError):
    """A value that a question does not take; `text` names the question, and with `why` the value and what it takes."""

    exit_code = 2

    def __init__(self, text: Text, why: Text) -> None:
        super().__init__(text.en)
        self.text, self.why = text, why


def validate_answer(
    guide: Guide, question_id: str, raw: str, answers: Mapping[str, Value], today: date | None = None
) -> Value:
    """The answer that `raw` means; raises `AnswerError` when it is none, `KeyError` for an unknown question.

    A date is also held against the dates in `answers` that must come before or after it. `today` as for `parse_day`.
    """
    question = guide.questions[question_id]
    value = parse_answer(question.offered(answers), raw, today)
    check_order(guide, question_id, {**answers, question_id: value})
    return value


def validate_answers(
    guide: Guide, typed: Mapping[str, str], answers: Mapping[str, Value], today: date | None = None
) -> dict[str, Value | None]:
    """The values of several answers given at once, None for one that is cleared by an empty value.

    Each is judged against all the others as they will be then. Raises `AnswerError` or `KeyError` for the first
    that cannot be taken.
    """
    values = {
        name: parse_answer(guide.questions[name], raw, today) if raw.strip() else None
        for name, raw in typed.items()
    }
    then = {name: value for name, value in {**answers, **values}.items() if value is not None}
    for name, value in values.items():
        if value is not None:
            question = guide.questions[name].offered(then)
            if question.choices:
                parse_answer(question, typed[name])
            check_order(guide, name, then)
    return values


def standing_answers(guide: Guide, answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers without choices that cannot be chosen beside the others: those questions count as unanswered."""
    return {
        name: value
        for name, value in answers.items()
        if name not in guide.questions
        or (choice := guide.questions[name].choice(str(value))) is None
        or choice.offered(answers)
    }


def admitted(question: Question, found: object) -> Value:
    """The answer that a value in a file means; raises `AnswerError`.

    A text, a path or a compact date may stand there as a number. A day that depends on when it is read is refused.
    """
    if isinstance(found, date) and not isinstance(found, datetime):
        if question.kind == "date" and FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
        return parse_answer(question, found.isoformat())
    if isinstance(found, str):
        return parse_answer(question, found)
    if type(found) is int and abs(found) < 10**12:
        return parse_answer(question, str(found))
    if question.kind in ("text", "path"):
        raise _refused(question, _NOT_QUOTED)
    return parse_answer(question, str(found).lower() if isinstance(found, bool) else type(found).__name__)


def refusal(question: Question, found: object) -> Text:
    """Why a value in a file is no answer, and what would be one; raises `ValueError` for one that is."""
    try:
        admitted(question, found)
    except AnswerError as error:
        return error.text
    raise ValueError(question.id)


def parse_answer(question: Question, raw: str, today: date | None = None) -> Value:
    """The answer that `raw` means, whatever else is answered; raises `AnswerError`. `today` as for `parse_day`."""
    if question.kind == "date":
        try:
            return parse_day(raw, today)
        except DateError as error:
            raise _refused(question, error.text) from error
    if question.kind in ("choice", "yesno"):
        return _choice(question, raw)
    return _free(question, raw)


def _choice(question: Question, raw: str) -> str:
    typed = _plain(raw[:200])
    if question.kind == "yesno" and typed in _YES | _NO:
        return "yes" if typed in _YES else "no"
    short: list[str] = []
    for choice in question.choices:
        words = (_plain(choice.text.ja), _plain(choice.text.en))
        if typed in (_plain(choice.value), *words):
            return choice.value
        if typed in (word.partition("(")[0].strip() for word in words):
            short.append(choice.value)
    if len(short) == 1:  # the screen's first line leaves out what stands in brackets
        return short[0]
    allowed = ", ".join(choice.value for choice in question.choices)
    raise _refused(question, _NO_CHOICE.filled({"raw": _shown(raw), "allowed": allowed}))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _free(question: Question, raw: str) -> str:
    text = raw.strip() if question.kind == "path" else raw.strip(" \t\r\n")
    limit = PATH_LIMIT if question.kind == "path" else TEXT_LIMIT
    if not text.strip():
        raise _refused(question, _EMPTY)
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise _refused(question, _CONTROLS.filled({"raw": _shown(raw)}))
    if len(text) > limit:
        raise _refused(question, _TOO_LONG.filled({"raw": _shown(raw), "limit": limit}))
    return text


def check_order(guide: Guide, question_id: str, answers: Mapping[str, Value]) -> None:
    """Raise `AnswerError` when the date of that question contradicts another answered date."""
    question = guide.questions[question_id]
    value = answers.get(question_id)
    if not isinstance(value, date):
        return
    for other in guide.questions.values():
        bound = answers.get(other.id)
        if not isinstance(bound, date):
            continue
        side = "before" if other.id == question.after else "after" if other.after == question_id else ""
        if side and (value < bound if side == "before" else value > bound):
            values = {"day": value, "other": other.text, "bound": bound}
            raise _refused(question, _ORDER[side].filled(values))


def _refused(question: Question, why: Text) -> AnswerError:
    return AnswerError(
        Text(
            f"{question.id}（{question.text.ja}）: {why.ja}", f"{question.id} ({question.text.en}): {why.en}"
        ),
        why,
    )


def _shown(raw: str) -> str:
    return show(raw, 60).replace("{", "(").replace("}", ")")
