"""What a person is told of the other logins on their session, and that one of them took it over."""

from __future__ import annotations

from checks.shown import show
from checks.text import Text
from state.session_data import Presence
from tui.desk import Desk

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
