"""The lines above and below the panes: product and session, progress, notices, what is next, message, keys."""

from __future__ import annotations

import re

from checks.wrap import cell_width, fit, wrap
from state.model import SaveState
from tui import wording
from tui.commands import BY_ID, key_label
from tui.desk import Desk
from tui.widgets.frame import Row, Span, between, clip, width_of

SUMMARY = ("case.procedure", "case.applicant", "case.role")
"""The case questions whose answers stand in the first line."""


def header(desk: Desk, width: int) -> Row:
    """Product, the case in short, the session, and whether all is saved."""
    saved = (Span("  "), save_state(desk), Span(" "))
    name = Span(desk.data(desk.session.data.name, 60), "muted", "sessions")
    left = [Span(f" {wording.PRODUCT}  ", "title")]
    room = width - width_of((*left, *saved)) - 2
    if width >= 60:
        named = min(cell_width(name.text), max(8, room // 3))
        case = case_summary(desk)
        left += [Span(fit(case, max(4, room - named)), "text", "case"), Span("  ")]
    left.append(name)
    return between(left, saved, width)


def case_summary(desk: Desk) -> str:
    """The case in a few words."""
    words = []
    for question in SUMMARY:
        value = desk.session.answers.get(question)
        if isinstance(value, str):
            words.append(re.split("[（(]", desk.t(desk.spoken(question, value)))[0].strip())
    if not words:
        return desk.t(wording.CASE_OPEN)
    return " ".join((words[0], ("・" if desk.lang == "ja" else ", ").join(words[1:]))).strip()


def save_state(desk: Desk) -> Span:
    """Only what the saver has acknowledged counts as saved."""
    if desk.session.read_only:
        return Span(desk.t(wording.READ_ONLY_SHORT), "notice")
    state: SaveState = desk.session.save_state()
    if state.failing_since is not None:
        since = desk.clock(state.failing_since)
        return Span(desk.t(wording.NOT_SAVED, count=state.unsaved, time=since), "error", "messages")
    if not state.saved:
        return Span(desk.t(wording.SAVING, count=state.unsaved), "notice")
    if state.at is None:
        return Span(desk.t(wording.NOTHING_SAVED), "muted")
    return Span(desk.t(wording.SAVED, time=desk.clock(state.at)), "muted")


def progress_line(desk: Desk, width: int) -> Row:
    """How much is done, what needs action, what is running."""
    progress = desk.progress
    counted = [
        item
        for item in progress.items()
        if item.applies and (item.required or item.status.value != "not-needed")
    ]
    states = [desk.standing(item) for item in counted]
    settled = sum(state in ("done", "waived") for state in states)
    total = sum(state != "not-needed" for state in states)
    attention = sum(state in ("attention", "warn", "unknown", "crash", "stale") for state in states)
    left = sum(state == "to-do" for state in states)
    glyphs = desk.glyphs
    slowest = desk.slowest
    cells = 20 if width >= 100 or (width >= 80 and slowest is None) else 8
    full = cells * settled // total if total else 0
    row = [Span(f" {desk.t(wording.READY)} {settled}/{total} ", "title")]
    if width >= 60:
        bar = glyphs.bar_full * full + glyphs.bar_empty * (cells - full)
        row.append(Span(f"{glyphs.bar_left}{bar}{glyphs.bar_right}  ", "muted"))
    words = desk.t(wording.PROGRESS_TODO, attention=attention, open=left)
    if slowest is not None:
        check, seconds = slowest
        tail = Span(desk.t(wording.PROGRESS_SECONDS, seconds=f"{seconds:.0f}"), "running", "stop")
        running = desk.t(wording.PROGRESS_RUNNING, count=len(desk.running), name=check.title)
        if width >= 60:
            row.append(Span(words + "  "))
        room = width - width_of((*row, tail))
        row += [Span(fit(running, max(6, room)), "running", "stop"), tail]
    elif progress.ready:
        row.append(Span(desk.t(wording.ALL_READY), "done"))
    else:
        row.append(Span(words))
    return clip(row, width)


def notices(desk: Desk, width: int) -> list[Row]:
    """Who else is here, read-only, a clock that is set: absent when there is nothing to say."""
    rows: list[Row] = []
    if desk.others or desk.session.read_only:
        from tui import logins  # only where there is something to say

        rows = [clip((Span(" " + text, "notice", "take_over"),), width) for text in logins.notices(desk)]
    if desk.options.now is not None:
        text = desk.t(wording.CLOCK_SET, time=desk.minute(desk.options.now))
        rows.append(clip((Span(" " + text, "notice"),), width))
    return rows


def next_lines(desk: Desk, width: int, most: int = 2) -> list[Row]:
    """What to do next, on at most so many lines; what has a waiting time says until when."""
    following = desk.progress.next
    if following is None:
        text, act = desk.t(wording.NEXT_NONE if desk.progress.ready else wording.NEXT_LATER), "next_open"
    elif following.step == 0:
        text, act = desk.t(wording.NEXT_CASE, what=following.text), "case"
    else:
        text, act = desk.t(wording.NEXT, what=following.text), "next_open"
    lines = wrap(text, width - 2)
    if len(lines) > most:
        rest = ("" if desk.lang == "ja" else " ").join(lines[most - 1 :])
        lines = [*lines[: most - 1], fit(rest, width - 2)]
    return [clip((Span(" "), Span(line, "title", act)), width) for line in lines]


def next_line(desk: Desk, width: int) -> Row:
    """The same on one line."""
    return next_lines(desk, width, 1)[0]


def message_lines(desk: Desk, width: int, most: int = 1) -> list[Row]:
    """The message, on at most so many lines; the rest is under `!`."""
    if desk.message is None:
        return [clip((), width)]
    role = "error" if desk.message.wrong else "notice"
    lines = wrap(desk.t(desk.message.text), width - 2)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [clip((Span(" "), Span(line, role, "messages")), width) for line in lines]


def footer(desk: Desk, width: int, wanted: tuple[str, ...] | None = None) -> Row:
    """The keys of the main screen, as many as fit; help always stands."""
    row: list[Span] = [Span(" ")]
    names = wanted or tuple(command for command, entry in BY_ID.items() if entry.footer is not None)
    last = _footer_entry(desk, "help") + _footer_entry(desk, "quit") if wanted is None else []
    room = width - 1 - sum(cell_width(span.text) for span in last)
    for name in names:
        if wanted is None and name in ("help", "quit"):
            continue
        entry = _footer_entry(desk, name)
        cells = sum(cell_width(span.text) for span in entry)
        if cells > room:
            continue
        row += entry
        room -= cells
    return clip((*row, *last), width)


def _footer_entry(desk: Desk, name: str) -> list[Span]:
    command = BY_ID[name]
    word = command.footer or command.title
    if name == "move":
        keys = desk.arrows["up"] + desk.arrows["down"]
    elif name == "help":
        keys = command.keys[0]
    else:
        keys = key_label(command.keys[0], desk.lang, desk.arrows)
    return [Span(keys, "key", name), Span(f" {desk.t(word)}  ", "text", name)]


def hint(desk: Desk, width: int, words: str) -> Row:
    """The last line of a screen that is not the main one."""
    return clip((Span(" " + words, "muted", "back"),), width)


def title_line(desk: Desk, width: int, words: str) -> Row:
    """The first line of a screen that is not the main one."""
    return between((Span(" " + words, "title"),), (Span(desk.t(wording.BACK) + " ", "key", "back"),), width)
