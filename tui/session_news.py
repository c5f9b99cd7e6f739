"""What a person is told of their session: when it opens, and when its saver has news. No Textual here."""

from __future__ import annotations

from checks.text import Text
from state.session_data import SCHEMA
from tui.desk import Desk
from tui.shell import filled

RESUMED = Text("前回（{at}）の続きです", "Resumed from {at}")
TOO_NEW = Text(
    "新しい版で作られたセッションのため、読み取り専用で開きました。",
    "This session was saved by a newer version, so it is open read-only.",
)
DRAFT_WAITS = Text(
    "書きかけの文があります: {what}（メモはm、回答はSpaceで続きを書けます）",
    "Unfinished draft: {what} (m continues a note, Space an answer)",
)
STILL_HERE = Text("{why}入力内容は画面に残っています。", "{why} Your input is still on the screen.")


def opened(desk: Desk) -> int:
    """Say what the file has to say, or from when it goes on; returns how many notices of the session are said."""
    session = desk.session
    for notice in session.notices:
        desk.say(notice, wrong=False)
    if session.read_only and session.data.schema > SCHEMA:
        desk.say(TOO_NEW)
    elif session.data.answers and not session.notices:
        desk.say(RESUMED, at=desk.minute(session.data.updated))
    for item in session.drafts():
        desk.say(DRAFT_WAITS, what=title_of(desk, item))
    return len(session.notices)


def title_of(desk: Desk, item: str) -> Text:
    """What a step, a question or a check is called."""
    guide = desk.guide
    steps = {step.id: step.title for step in (guide.case, *guide.steps)}
    question, check = guide.questions.get(item), guide.checks.get(item)
    return (
        question.label
        if question is not None
        else check.title
        if check is not None
        else steps.get(item, Text(item, item))
    )


def saved(desk: Desk, said: int) -> int:
    """Say the notices after the first `said` ones, and why it cannot be saved; returns how many notices are said."""
    session = desk.session
    for notice in session.notices[said:]:
        desk.say(notice)
    state = session.save_state()
    if state.failing_since is not None and state.error is not None:
        failing = filled(STILL_HERE, why=state.error)
        if desk.message is None or desk.message.text != failing:
            desk.say(failing, wrong=True)
    return len(session.notices)
