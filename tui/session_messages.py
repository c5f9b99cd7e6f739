"""What a person is told of the session: what its file has to say, how saving goes, and who else has it open."""

from __future__ import annotations

from checks.shown import show
from checks.text import Text
from state.session_data import SCHEMA, Presence
from state.sources import age, is_old
from tui.desk import Desk, filled

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
READ_ONLY = Text(
    "読み取り専用で開いています。回答や検査結果は保存されません。",
    "Opened read-only. Answers and check results are not saved.",
)
HERE = Text(
    "{user}@{host} (PID {pid}、{since}から) も使用中。どちらも保存されます。T 引き継ぐ",
    "Also open by {user}@{host} (PID {pid}, since {since}). Both are saved. T takes over.",
)
ALSO = Text(
    "{user}@{host} (PID {pid}、{since}から) も使用中",
    "Also open by {user}@{host} (PID {pid}, since {since}).",
)
READS = Text(
    "{user}@{host} (PID {pid}、{since}から) は見ているだけです",
    "Also open, read-only, by {user}@{host} (PID {pid}, since {since})",
)
MORE = Text("ほか{count}人", "and {count} more")
TAKEN = Text(
    "{user}@{host} (PID {pid}) が{at}に引き継ぎました。見るだけです。T 取り戻す",
    "{user}@{host} (PID {pid}) took over at {at}. Read-only here. T takes it back.",
)


def opened(desk: Desk) -> int:
    """Say what the file has to say, or from when the session is resumed; returns how many of its notices were shown."""
    session = desk.session
    for notice in session.notices:
        desk.say(notice)
    if session.read_only and session.data.schema > SCHEMA:
        desk.say(TOO_NEW)
    elif session.data.answers and not session.notices:
        desk.say(RESUMED, at=desk.minute(session.data.updated))
    if is_old(desk.guide.oldest, today := desk.options.today()):
        desk.say(age(desk.guide.oldest, today))
    for item in session.drafts():
        desk.say(DRAFT_WAITS, what=desk.title_of(item))
    return len(session.notices)


def saved(desk: Desk, shown: int) -> int:
    """Show the notices after the first `shown` ones, and why it cannot be saved; returns how many are shown now."""
    session = desk.session
    for notice in session.notices[shown:]:
        desk.say(notice)
    state = session.save_state()
    if state.failing_since is not None and state.error is not None:
        failing = filled(STILL_HERE, why=state.error)
        if desk.message is None or desk.message.text != failing:
            desk.say(failing, wrong=True)
    return len(session.notices)


def present(desk: Desk) -> list[Presence]:
    """The others that have the session open and may still run; first those that can write."""
    return sorted((other for other in desk.others if other.alive is not False), key=lambda one: one.reads)


def notices(desk: Desk) -> list[str]:
    """The lines above the tree: read-only and why, who else is here; none when there is nothing to say."""
    texts: list[str] = []
    by = desk.session.taken_by
    if by is not None:
        who = {"user": show(by.user, 40), "host": show(by.host, 60), "pid": by.pid}
        texts.append(desk.t(TAKEN, **who, at=desk.clock(by.at)))
    elif desk.session.read_only:
        texts.append(desk.t(READ_ONLY))
    others = present(desk)
    if others:
        first = others[0]
        words = READS if first.reads else ALSO if desk.session.read_only else HERE
        text = desk.t(words, user=first.user, host=first.host, pid=first.pid, since=desk.clock(first.since))
        if len(others) > 1:
            text += " " + desk.t(MORE, count=len(others) - 1)
        texts.append(text)
    return texts
