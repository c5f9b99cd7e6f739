"""`oss-junbi sessions`, `new` and `forget`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from checks.guide import Guide, load_guide
from checks.shown import show
from checks.text import Lang, Text
from state import words as common
from state.file import places
from state.file.places import Folder
from state.layout import lines, local, utc
from state.live import conflict_copies
from state.session_data import Presence, SessionData
from state.shelf.listing import session_files, summaries
from state.shelf.session_index import Summary
from state.shelf.summary import ORDERS, ordered, overview, overview_key
from tui.cli import console, sentences
from tui.cli.opened import Opened, change, guide_meant, look_at, who
from tui.cli.output import columns, deliver, json_text
from tui.cli.problem import UNREADABLE, Problem, filled, nearest
from tui.cli.setup import Setup

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
    """List, begin or remove sessions."""
    command = {"sessions": _list, "new": _new, "forget": _forget}[setup.args.command.name]
    return command(setup)


def readable(folder: Folder) -> Folder:
    """The places, when the sessions can be listed; raises `Problem` (exit 65): not to be seen is not the same as not there."""
    try:
        os.listdir(folder.sessions)
    except FileNotFoundError:
        return folder
    except OSError as error:
        from state.file.named_file import unreadable

        raise Problem(
            sentences.CANNOT_READ, UNREADABLE, file=folder.sessions, why=unreadable(error)
        ) from None
    return folder


def _list(setup: Setup) -> int:
    guide = guide_meant(setup)
    folder = readable(places.locate())
    known = {one.name: one for one in all_summaries(setup, folder)}
    order = next(order for order in ORDERS if order == (setup.args.one("--sort") or ORDERS[0]))
    found = [known[name] for name in ordered(known, known, order)]
    copied = {one.name: conflict_copies.original_of(one.path, known, load_guide) for one in found}
    last = places.last_session(folder)
    if setup.args.format() == "json":
        document = {"schema": 1, "folder": os.fspath(folder.sessions), "last": last,
                    "sessions": [_json(one, guide) | {"copy_of": copied[one.name] or None} for one in found]}  # fmt: skip
        deliver(setup, json_text(document, setup))
        return 0
    cells = columns(setup)
    out = lines(_WHERE.fill({"folder": show(os.fspath(folder.sessions), 300)}, setup.lang), cells)
    for one in found:
        if not copied[one.name]:
            out += ["", *_lines(one, guide, setup.lang, cells, one.name == last)]
            for copy in (name for name, original in copied.items() if original == one.name):
                out += lines(filled(_COPY, copy=copy).to(setup.lang), cells, "  ")
    if not found:
        out += ["", *lines(sentences.NO_SESSION_YET.to(setup.lang), cells)]
    deliver(setup, "\n".join(out) + "\n")
    return 0


def all_summaries(setup: Setup, folder: Folder) -> tuple[Summary, ...]:
    """Every session in short, the one changed last first, with its progress."""
    host = who()[0]

    def describe(guide: Guide, data: SessionData) -> Mapping[str, str | int]:
        return overview(guide, data, setup.options, host)

    return summaries(folder, session_files(folder), load_guide, describe, overview_key(setup.options, host))


def _json(one: Summary, guide: Guide) -> dict[str, Any]:
    procedure = one.values.get(guide.roles.procedure)
    return {
        "name": one.name,
        "file": os.fspath(one.path),
        "procedure": None if procedure is None else str(procedure),
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
    values = {
        "name": show(one.name),
        "done": one.overview.get("done", "?"),
        "all": one.overview.get("all", "?"),
        "changed": local(one.changed),
    }
    mark = f"  ({_LAST.to(lang)})" if last else ""
    out = lines(_LINE.fill(values, lang) + mark, cells, "", "  ")
    if one.error is not None:
        return out + lines(one.error.to(lang), cells, "  ")
    shown = []
    for id_ in guide.roles.row:
        question, value = guide.questions.get(id_), one.values.get(id_)
        if question is not None and value is not None:
            choice = question.choice(str(value))
            shown.append(choice.text.to(lang) if choice else show(str(value)))
    if shown:
        out += lines((" / ").join(shown), cells, "  ")
    if one.overview.get("blocking"):
        out += lines(_BLOCKING.fill({"n": one.overview["blocking"]}, lang), cells, "  ")
    if one.overview.get("due"):
        out += lines(_DUE.fill({"day": one.overview["due"]}, lang), cells, "  ")
    if one.overview.get("exit") == 0:
        out += lines(common.READY.to(lang), cells, "  ")
    return out + [line for other in one.others for line in lines(_in_use(other, lang), cells, "  ")]


def _in_use(other: Presence, lang: Lang) -> str:
    name = f"{other.user}@{other.host} (pid {other.pid})"
    return _IN_USE.fill({"who": name, "since": local(other.since)}, lang)


def _new(setup: Setup) -> int:
    folder = places.locate()
    path = places.session_path(folder, setup.args.positional[0])
    name = path.name.removesuffix(".toml")
    if os.path.lexists(path):
        raise Problem(sentences.SESSION_EXISTS, name=name)
    origin = setup.args.one("--from")
    other = source(setup, folder, origin) if origin else None
    with change(setup, path) as session:
        taken = session.session.take_over(other.data) if other else 0
        # A look is a change as well: it brings an empty session onto the disk.
        session.session.look(cursor=next(iter(session.guide.questions), ""))
        session.settle()
    console.tell(filled(sentences.CREATED, name=name, file=path), setup.lang)
    if origin:
        console.tell(filled(sentences.TAKEN_OVER, name=origin, count=taken), setup.lang)
    return 0


def source(setup: Setup, folder: Folder, name: str) -> Opened:
    """The saved session to take from; raises `Problem` that names the nearest one."""
    found = look_at(places.session_path(folder, name), setup)
    if found is None:
        raise no_such(folder, name)
    return found


def no_such(folder: Folder, name: str) -> Problem:
    """The refusal of a session name that is not there."""
    readable(folder)
    near = nearest(name, [one.name for one in session_files(folder)])
    return Problem(
        sentences.NO_SUCH_SESSION_NEAR if near else sentences.NO_SUCH_SESSION, name=name, near=near
    )


def _names(folder: Folder) -> list[str]:
    try:
        return os.listdir(folder.sessions)
    except OSError:
        return []


def _forget(setup: Setup) -> int:
    if setup.read_only:
        raise Problem(sentences.READ_ONLY, 74)
    folder = places.locate()
    name = setup.args.positional[0]
    path = places.session_path(folder, name)
    beside = [entry for entry in _names(folder) if entry == path.name or entry.startswith(path.name + ".")]
    if not beside:
        raise no_such(folder, name)
    places.forget(path, folder)
    console.tell(filled(sentences.FORGOTTEN, name=name), setup.lang)
    return 0
