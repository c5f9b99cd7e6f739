"""The lines above and below the panes: product and session, progress, notices, what is next, message, keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from checks.text import Text
from checks.wrap import cell_width, fit, wrap
from state.words import DECLARED_COUNT
from tui import session_messages, wording
from tui.commands import BY_ID, key_label
from tui.desk import Desk
from tui.widgets.frame import Row, Span, between, clip, width_of

SAVED = Text("保存済 {time}", "Saved {time}")
SAVING = Text("保存中 {count}件", "Saving {count}")
NOT_SAVED = Text("保存できません {count}件 {time}から", "NOT SAVED: {count} since {time}")
NOTHING_SAVED = Text("未保存", "Not saved yet")
READ_ONLY_SHORT = Text("読み取り専用", "Read-only")
READY = Text("準備", "Ready")
TO_FIX = Text("要対応 {n}", "To fix {n}")
TO_REVIEW = Text("要確認 {n}", "Review {n}")
STILL_OPEN = Text("未回答 {n}", "Open {n}")
PROGRESS_RUNNING = Text("検査中 {count}: {name}", "Checking {count}: {name}")
PROGRESS_SECONDS = Text(" {seconds}秒", " {seconds} s")
NEXT = Text("次にやること: {what}", "Next: {what}")
NEXT_NONE = Text("次にやることはありません。申請できます。", "Nothing left to do. You can apply.")
NEXT_LATER = Text("次にやることはありません。", "Nothing left to do.")
CASE_OPEN = Text("申請の内容は未回答です", "Application not described yet")
NEXT_CASE = Text("次にやること: 申請の内容を答える。{what}", "Next: describe your application. {what}")
CLOCK_SET = Text("日時を {time} として表示しています (OSS_JUNBI_NOW)", "Clock set to {time} (OSS_JUNBI_NOW)")
BACK = Text("Esc 戻る", "Esc back")
BACK_WORD = Text("戻る", "back")

FOOTER = ("open", "answer", "next_open", "recheck", "check_all", "filter", "case", "move")
"""The last line of the main screen, as far as it has room; that arrows move is known without being said."""


def header(desk: Desk, width: int) -> Row:
    """Product, the case in short, the session, and whether all is saved."""
    saved = (Span("  "), save_state(desk), Span(" "))
    name = Span(session_name(desk), "muted", "sessions")
    left = [Span(f" {wording.PRODUCT}  ", "title")]
    room = width - width_of((*left, *saved)) - 2
    if width >= 60:
        named = min(cell_width(name.text), max(8, room // 3))
        case = case_summary(desk)
        left += [Span(fit(case, max(4, room - named)), "text", "case"), Span("  ")]
    left.append(name)
    return between(left, saved, width)


def session_name(desk: Desk) -> str:
    """The file's name, by which the session is found and opened; with its own name where the file was copied."""
    own = desk.data(desk.session.data.name, 60)
    file = desk.data(desk.session.path.name.removesuffix(".toml"), 60)
    called = desk.session.answers.get(desk.guide.roles.reference, "")
    name = file if file == own else f"{file} ({own})"
    return f"{desk.data(str(called), 60)} / {name}" if called else name


def case_summary(desk: Desk) -> str:
    """The case in a few words."""
    answers, names = desk.session.answers, desk.guide.roles.title
    texts = [desk.t(desk.spoken(name, str(answers[name]))) for name in names if name in answers]
    words = [re.split("[（(]", text)[0].strip() for text in texts]
    if not words:
        return desk.t(CASE_OPEN)
    return ", ".join(words) if desk.lang == "en" else f"{words[0]} {'・'.join(words[1:])}".strip()


def save_state(desk: Desk) -> Span:
    """Only what the saver has acknowledged counts as saved."""
    if desk.session.read_only:
        return Span(desk.t(READ_ONLY_SHORT), "notice")
    state = desk.session.save_state()
    if state.failing_since is not None:
        since = desk.clock(state.failing_since)
        return Span(desk.t(NOT_SAVED, count=state.unsaved, time=since), "error", "messages")
    if not state.saved:
        return Span(desk.t(SAVING, count=state.unsaved), "notice")
    if state.at is None:
        return Span(desk.t(NOTHING_SAVED), "muted")
    return Span(desk.t(SAVED, time=desk.clock(state.at)), "muted")


def progress_line(desk: Desk, width: int) -> Row:
    """How much is done, what needs action, what is running."""
    progress, glyphs = desk.progress, desk.glyphs
    states = [
        item.state
        for item in progress.items()
        if item.applies and (item.required or item.status.value != "not-needed")
    ]
    settled = sum(state in ("done", "waived", "declared") for state in states)
    total = sum(state != "not-needed" for state in states)
    review = sum(state in ("warn", "unknown", "crash", "stale") for state in states)
    slowest = desk.runs.slowest
    cells = 20 if width >= 100 or (width >= 80 and slowest is None) else 8
    full = cells * settled // total if total else 0
    row = [Span(f" {desk.t(READY)} {settled}/{total} ", "title")]
    if width >= 60:
        bar = glyphs.bar_full * full + glyphs.bar_empty * (cells - full)
        row.append(Span(f"{glyphs.bar_left}{bar}{glyphs.bar_right}  ", "muted"))
    counts = [(TO_FIX, states.count("attention")), (STILL_OPEN, states.count("to-do"))]
    if slowest is None or width >= 80:  # beside what is running only where there is room for both
        more = ((TO_REVIEW, review), (DECLARED_COUNT, progress.declared))
        counts[1:1] = [(text, number) for text, number in more if number]
    words = ("  " if width >= 60 else " ").join(desk.t(text, n=number) for text, number in counts)
    if slowest is not None:
        name, seconds = slowest
        tail = Span(desk.t(PROGRESS_SECONDS, seconds=f"{seconds:.0f}"), "running", "stop")
        running = desk.t(PROGRESS_RUNNING, count=len(desk.runs.running), name=desk.guide.checks[name].title)
        if width >= 60:
            row.append(Span(words + "  "))
        room = width - width_of((*row, tail))
        row += [Span(fit(running, max(6, room)), "running", "stop"), tail]
    elif progress.ready:
        row.append(Span(desk.t(wording.ALL_READY), "done"))
        if progress.declared:
            row.append(Span(f"  {desk.t(DECLARED_COUNT, n=progress.declared)}", "notice"))
    else:
        row.append(Span(words))
    return clip(row, width)


def notices(desk: Desk, width: int) -> list[Row]:
    """What stops the application, who else is here, read-only, a clock that is set: absent when there is nothing to say."""
    refusal, now = desk.progress.refusal, desk.options.now
    spans = [Span(text, "notice", "take_over") for text in session_messages.notices(desk)]
    if refusal is not None:
        spans = [Span(line, "attention", "case") for line in wrap(desk.t(refusal), width - 2)[:2]] + spans
    if now is not None:
        spans.append(Span(desk.t(CLOCK_SET, time=desk.minute(now)), "notice"))
    return [clip((Span(" ", span.role, span.act), span), width) for span in spans]


def next_lines(desk: Desk, width: int, most: int = 2, key: str = "", act: str = "") -> list[Row]:
    """What to do next, on at most so many lines; `key` takes one there and stands at the end, a click does `act`."""
    following = desk.progress.next
    if following is None:
        text, key = desk.t(NEXT_NONE if desk.progress.ready else NEXT_LATER), ""
    else:
        case = following.id in desk.guide.questions and following.step == 0 and key
        text = desk.t(NEXT_CASE if case else NEXT, what=following.text)
    tail = f" ({key})" if key else ""
    lines = wrap(text + tail, width - 2)
    if len(lines) > most:
        rest = wrap(text, width - 2)[most - 1 :]
        whole = ("" if desk.lang == "ja" else " ").join(rest)
        lines = [*lines[: most - 1], fit(whole, width - 2 - cell_width(tail)) + tail]
    return [clip((Span(" "), Span(line, "title", act)), width) for line in lines]


def message_lines(desk: Desk, width: int, height: int) -> list[Row]:
    """The message, on at most three lines, fewer on a low screen; the rest is under `!`."""
    if desk.message is None:
        return [clip((), width)]
    most = 3 if height >= 20 else 2 if height >= 14 else 1
    role = "error" if desk.message.wrong else "notice"
    lines = wrap(desk.t(desk.message.text), width - 2)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [clip((Span(" "), Span(line, role, "messages")), width) for line in lines]


Entry: TypeAlias = tuple[Span, ...]
"""A key and its word in the last line; a click on it does what the key does."""


def entry(desk: Desk, name: str, word: Text | None = None, key: str = "") -> Entry:
    """The entry of a command, by its first key or by `key`; one that goes several ways has a place to click for each."""
    command = BY_ID[name]
    text = f" {desk.t(word or command.footer or command.title)}"
    ways = command.ways if name != "step" else ()
    joint = "" if ways and ways[0] in desk.arrows else " "
    keys = [(way, f"{name} {way}") for way in ways] or [(key or command.keys[0], name)]
    labels = [(joint if n else "") + key_label(key, desk.arrows) for n, (key, _) in enumerate(keys)]
    spans = [Span(label, "key", act) for label, (_, act) in zip(labels, keys, strict=True)]
    return (*spans, Span(text, "text", keys[-1][1]))


def key_entry(desk: Desk, key: str, word: Text, label: str = "") -> Entry:
    """The entry of a key that only means something on the screen that draws it."""
    act = f"key {key}"
    return Span(label or key_label(key, desk.arrows), "key", act), Span(f" {desk.t(word)}", "text", act)


def keys_line(width: int, entries: Iterable[Entry], last: Iterable[Entry] = (), count: str = "") -> Row:
    """The last line: whole entries only, as many as fit; those in `last` always stand. `count` ends the line."""
    ends = [span for one in last for span in (*one, Span("  "))]
    room = width - 1 - width_of(ends) - cell_width(count)
    row: list[Span] = [Span(" ")]
    for one in entries:
        cells = width_of(one) + 2
        if cells <= room:
            row += (*one, Span("  "))
            room -= cells
    return clip((*row, *ends, *((Span(count, "muted"),) if count else ())), width)


def footer(desk: Desk, width: int, wanted: tuple[str, ...] | None = None) -> Row:
    """The keys of the main screen, as many as fit; help always stands."""
    last = ("help", "quit") if wanted is None else ("help",)
    entries = [entry(desk, name) for name in wanted or FOOTER]
    return keys_line(width, entries, [entry(desk, name) for name in last])


def leaving(desk: Desk, *, typing: bool = False) -> list[Entry]:
    """The entries that end the last line of a screen which is not the main one: back, and help."""
    return [entry(desk, "back", BACK_WORD), entry(desk, "help", key="f1" if typing else "")]


def rule(desk: Desk, width: int) -> Row:
    """A line from edge to edge."""
    return clip((Span(desk.glyphs.rule * width, "rule"),), width)


def title_line(desk: Desk, width: int, words: str, *, saved: bool = False) -> Row:
    """The first line of a screen that is not the main one; `saved` says there whether all is saved, and that it is not before all else."""
    title, right = Span(" " + words, "title"), [Span(" "), Span(desk.t(BACK) + " ", "key", "back")]
    state = [Span(" "), save_state(desk), Span(" ")]
    wrong = desk.session.save_state().failing_since is not None
    if saved and (wrong or width_of((title, *state, *right)) <= width):
        right = [*state, *right]
    return between((title,), right, width)
