"""Answering the session's questions, taking answers back, and writing notes; each says what it has done."""

from __future__ import annotations

from checks.rules.conditions import Value
from checks.text import Text
from tui import checking, wording
from tui.desk import Desk

ANSWERED = Text("回答しました: {value}（uで取り消し）", "Answered: {value} (u to undo)")
CLEARED = Text("未回答に戻しました（uで取り消し）", "Answer cleared (u to undo)")
UNCHANGED = Text("回答は変わっていません", "Answer unchanged")
UNDONE = Text("取り消しました: {what}", "Undone: {what}")
REDONE = Text("やり直しました: {what}", "Redone: {what}")
NOTHING_TO_UNDO = Text("取り消せる回答はありません", "Nothing to undo")
NOTHING_TO_REDO = Text("やり直せる回答はありません", "Nothing to redo")
NOTE_SAVED = Text("メモを書きました", "Note saved")


def answer(desk: Desk, question: str, raw: str | None) -> Text | None:
    """Set or clear an answer; the returned sentence says why it was refused."""
    if not desk.writable:
        return wording.IS_READ_ONLY
    entry = desk.guide.questions[question]
    if raw is None:
        desk.session.answer(question, None, scope=entry.scope)
        desk.say(CLEARED)
    else:
        value: Value = raw
        if entry.choice(raw) is None:
            from checks.rules.answers import AnswerError, validate_answer

            try:
                value = validate_answer(desk.guide, question, raw, desk.session.answers, desk.options.today())
            except AnswerError as error:
                return error.why  # the question stands above the field
        desk.typed[question] = value
        if desk.session.answers.get(question) == value:
            desk.say(UNCHANGED)
            return None
        desk.session.answer(question, value, scope=entry.scope)
        desk.say(ANSWERED, value=desk.spoken(question, str(value)))
    desk.changed()
    checking.begin_those_of(desk, question)
    return None


def undo(desk: Desk, again: bool = False) -> str | None:
    """Take the last answer back, or do it again; the question's id."""
    if not desk.writable:
        return None
    question = desk.session.redo() if again else desk.session.undo()
    if question is None:
        desk.say(NOTHING_TO_REDO if again else NOTHING_TO_UNDO)
        return None
    known = desk.guide.questions.get(question)
    desk.say(REDONE if again else UNDONE, what=known.text if known else desk.title_of(question))
    desk.changed()
    return question


def note(desk: Desk, item: str, text: str) -> None:
    """Write a note; an empty one removes it."""
    if desk.writable:
        desk.session.note(item, text)
        desk.session.draft(item, "note", "")
        desk.say(NOTE_SAVED)
        desk.changed()
