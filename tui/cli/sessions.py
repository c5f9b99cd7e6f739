"""`oss-junbi sessions`, `new`, `take-over` and `forget`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from checks import FIRST_GUIDE
from checks.guide import Guide, load_guide
from checks.rules.answers import validate_answers
from checks.shown import show
from checks.text import Lang, Text
from state import words as common
from state.file import files, places, presence
from state.file.named_file import unreadable
from state.file.places import Folder
from state.layout import lines, local, utc
from state.letters.papers import pc_json
from state.live import conflict_copies
from state.live.pc_records import record_names
from state.session_data import Presence, SessionData
from state.shelf.listing import session_files, summaries
from state.shelf.session_index import Summary
from state.shelf.summary import ORDERS, ordered, overview, overview_key
from tui.cli import sentences
from tui.cli.opened import StoredSession, change, guide_meant, look
from tui.cli.output import columns, deliver_json, deliver_lines
from tui.cli.pc import no_pc, use
from tui.cli.problem import CANNOT_WRITE, UNREADABLE, Problem, filled, unknown
from tui.cli.setup import Setup

_NO_SESSION = Text("セッション「{name}」はありません。", "There is no session '{name}'.")
_SESSIONS = Text("oss-junbi sessions で一覧を表示します。", "'oss-junbi sessions' lists them.")
_EXISTS = Text("セッション「{name}」はすでにあります。", "Session '{name}' already exists.")
_CREATED = Text("セッション「{name}」を作りました: {file}", "Session '{name}' created: {file}")
_TAKEN_OVER = Text("「{name}」から引き継いだもの: {count}件", "{count|entry|entries} copied from '{name}'.")
_FORGOTTEN = Text(
    "セッション「{name}」を控えと記録ごと消しました。", "Session '{name}' deleted, with its backups and logs."
)
_CLAIMED = Text("セッション「{name}」を引き継ぎました。", "Session '{name}' taken over.")
_READS = Text(
    "次の保存から見るだけになります: {who}（{since} から使用中）",
    "Read-only from its next save: {who} (open since {since})",
)
_NOBODY = Text("ほかに開いているログインは見当たりません。", "No other login has it open.")
_WHERE = Text("セッションの場所: {folder}", "Sessions are kept in: {folder}")
_LINE = Text("{name}  準備 {done}/{all}  更新 {changed}", "{name}  ready {done}/{all}  changed {changed}")
_DUE = Text("次の期日 {day}", "next date {day}")
_BLOCKING = Text("要対応・不明 {n}件", "{n} to see to")
_IN_USE = Text("使用中: {who}（{since} から）", "in use by {who} (since {since})")
_COPY = Text(
    "写しがあります: {copy}（oss-junbi merge で内容を確かめて取り込めます）",
    "has a copy: {copy} (oss-junbi merge shows what it holds and takes it in)",
)
_LAST = Text("続きから始まるセッション", "resumed by default")


def main(setup: Setup) -> int:
    """List, create, take over or delete sessions."""
    commands = {"sessions": _list, "new": _new, "take-over": _take_over, "forget": _forget}
    return commands[setup.args.command.name](setup)


def readable(folder: Folder) -> Folder:
    """The places, when the sessions can be listed; raises `Problem` (exit 65): not to be seen is not the same as not there."""
    try:
        os.listdir(folder.sessions)
    except FileNotFoundError:
        pass
    except OSError as error:
        why = unreadable(error)
        raise Problem(sentences.CANNOT_READ, UNREADABLE, file=folder.sessions, why=why) from None
    return folder


def _list(setup: Setup) -> int:
    folder, guide, host = readable(places.locate()), guide_meant(setup), presence.host_name()

    def describe(guide: Guide, data: SessionData) -> Mapping[str, str | int]:
        return overview(guide, data, setup.options, host, presence.platform_name())

    stored = summaries(folder, session_files(folder), load_guide, describe, overview_key(setup.options, host))
    known = {one.name: one for one in stored}  # the one changed last first
    order = next(order for order in ORDERS if order == (setup.args.one("--sort") or ORDERS[0]))
    sessions = [known[name] for name in ordered(known, known, order)]
    copied = {one.name: conflict_copies.original_of(one.path, known, load_guide) for one in sessions}
    last = places.last_session(folder)
    if setup.args.format() == "json":
        listing = [_json(one, guide) | {"copy_of": copied[one.name] or None} for one in sessions]
        place = os.fspath(folder.sessions)
        deliver_json(setup, {"schema": 1, "folder": place, "last": last, "sessions": listing})
        return 0
    cells = columns(setup)
    out = lines(_WHERE.fill({"folder": show(os.fspath(folder.sessions), 300)}, setup.lang), cells)
    for one in sessions:
        if not copied[one.name]:
            out += ["", *_lines(one, guide, setup.lang, cells, one.name == last)]
            for copy in (name for name, original in copied.items() if original == one.name):
                out += lines(filled(_COPY, copy=copy).to(setup.lang), cells, "  ")
    if not sessions:
        out += ["", *lines(sentences.NO_SESSION_YET.to(setup.lang), cells)]
    deliver_lines(setup, out)
    return 0


def _json(one: Summary, guide: Guide) -> dict[str, Any]:
    procedure = one.values.get(guide.roles.procedure)
    return {
        "name": one.name,
        "file": os.fspath(one.path),
        "procedure": None if procedure is None else str(procedure),
        "reference": one.values.get(guide.roles.reference),
        "guide": one.overview.get("guide") or None,
        "pc": pc_json(str(one.overview.get("pc", "")), str(one.overview.get("seen", ""))),
        "case": {key: str(value) for key, value in one.values.items()},
        "done": one.overview.get("done", 0),
        "all": one.overview.get("all", 0),
        "blocking": one.overview.get("blocking", 0),
        "exit": 65 if one.error else one.overview.get("exit", 4),
        "next": one.overview.get("next") or None,
        "due": one.overview.get("due") or None,
        "answers": one.answers,
        "changed": utc(one.changed),
        "in_use_by": [
            {"host": other.host, "user": other.user, "pid": other.pid, "since": utc(other.since)}
            for other in one.others
        ],
        "error": None if one.error is None else {"ja": one.error.ja, "en": one.error.en},
    }


def _lines(one: Summary, guide: Guide, lang: Lang, cells: int, last: bool) -> list[str]:
    values = {"name": show(one.name), "done": "?", "all": "?", **one.overview, "changed": local(one.changed)}
    mark = f"  ({_LAST.to(lang)})" if last else ""
    out = lines(_LINE.fill(values, lang) + mark, cells, "", "  ")
    if one.error is not None:
        return out + lines(one.error.to(lang), cells, "  ")
    case = []
    for id_ in (guide.roles.reference, *guide.roles.row):
        question, value = guide.questions.get(id_), one.values.get(id_)
        if question is not None and value is not None:
            choice = question.choice(str(value))
            case.append(choice.text.to(lang) if choice else show(str(value)))
    below = [" / ".join(case)] if case else []
    if one.overview.get("blocking"):
        below.append(_BLOCKING.fill({"n": one.overview["blocking"]}, lang))
    if one.overview.get("due"):
        below.append(_DUE.fill({"day": one.overview["due"]}, lang))
    if one.overview.get("exit") == 0:
        below.append(common.READY.to(lang))
    for other in one.others:
        below.append(_IN_USE.fill({"who": _login(other), "since": local(other.since)}, lang))
    return out + [line for text in below for line in lines(text, cells, "  ")]


def _new(setup: Setup) -> int:
    folder, origin, file = places.locate(), setup.args.one("--from"), setup.args.one("--vehicle")
    path = places.session_path(folder, setup.args.positional[0])
    name = path.name.removesuffix(".toml")
    if os.path.lexists(path):
        raise Problem(_EXISTS, name=name)
    other = look(setup, places.session_path(folder, origin)) if origin else None
    if other is not None and not other.exists:
        raise no_such(folder, origin or "")
    guide = setup.args.one("--guide") or (other.data.guide if other else "")
    typed: dict[str, str] = {}
    if file is not None:
        from tui.cli import vehicle

        guide, typed = vehicle.for_new(setup, file, guide)
    # A name that is not there, or an answer that is none, is refused before anything is made.
    values = validate_answers(load_guide(guide := guide or FIRST_GUIDE), typed, {})
    pc = setup.args.one("--pc") or (other.own.pc_name if other and other.data.pc is not None else "")
    if pc and pc not in record_names(folder):
        raise no_pc(folder, pc)  # as well
    with change(setup, path, guide=guide) as session:
        if pc and session.own.pc_name != pc:
            use(setup, session, pc)
        same_car = other is not None and _is_same_car(other, guide)
        taken = session.take_over(other.data, procedure=True, same_car=same_car) if other else 0
        for id_, value in values.items():
            session.answer(id_, value, scope=session.guide.questions[id_].scope)
        # A look is a change as well: it brings an empty session onto the disk.
        session.look(cursor=next(iter(session.guide.questions), ""))
    setup.say(_CREATED, name=name, file=path)
    for name_, count in ((origin, taken), (file, len(values))):
        if name_ is not None:
            setup.say(_TAKEN_OVER, name=name_, count=count)
    return 0


def _is_same_car(origin: StoredSession, guide: str) -> bool:
    """Whether it goes on with the same vehicle, whose application belongs to another portal."""
    from checks.rules.answers import standing_answers
    from checks.rules.scope import judge

    fit = judge(origin.guide.scope, standing_answers(origin.guide, origin.data.values()))
    return origin.data.guide != guide and fit.code == "other-portal"


def _take_over(setup: Setup) -> int:
    """Make every other login that has the session open one that can only read, and say which."""
    folder, name = places.locate(), setup.args.positional[0]
    path = places.session_path(folder, name)
    if not os.path.lexists(path):
        raise no_such(folder, name)
    with change(setup, path, note=False) as session:
        session.claim()
    setup.say(_CLAIMED, name=path.name.removesuffix(".toml"))
    others = presence.present(path.with_name(path.name + ".here"))
    for other in others:
        setup.say(_READS, who=_login(other), since=local(other.since))
    if not others:
        setup.say(_NOBODY)
    return 0


def _login(one: Presence) -> str:
    return f"{one.user}@{one.host} (pid {one.pid})"


def no_such(folder: Folder, name: str) -> Problem:
    """The refusal of a session name that is not there."""
    return unknown(_NO_SESSION, name, [one.name for one in session_files(readable(folder))], _SESSIONS)


def _forget(setup: Setup) -> int:
    if setup.read_only:
        raise Problem(sentences.READ_ONLY, CANNOT_WRITE)
    folder, name = places.locate(), setup.args.positional[0]
    path = places.session_path(folder, name)
    if not any(
        entry == path.name or entry.startswith(path.name + ".") for entry in files.names(folder.sessions)
    ):
        raise no_such(folder, name)
    places.forget(path, folder)
    setup.say(_FORGOTTEN, name=name)
    return 0
