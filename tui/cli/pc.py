"""`oss-junbi pc`: the PCs from which applications are sent, and which of them a session uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from checks import FIRST_GUIDE
from checks.guide import load_guide
from checks.model import Outcome
from checks.shown import show
from checks.text import Lang, Text
from checks.verdict import outcome_of
from state import words
from state.errors import StateError
from state.file import load, notices, places, presence
from state.file.machine import machine_id
from state.file.places import Folder
from state.fleet.fleet_pc import WORST
from state.layout import lines, local, utc
from state.live import pc_records
from state.live.open_session import open_record
from state.session_data import SessionData
from tui.cli import sentences
from tui.cli.opened import change, path_of
from tui.cli.output import columns, deliver_json, deliver_lines
from tui.cli.problem import CANNOT_WRITE, Problem, filled, unknown
from tui.cli.setup import Setup

if TYPE_CHECKING:
    from state.live.session import Session

_NO_PC = Text("PCの記録「{name}」はありません。", "There is no PC record '{name}'.")
_PCS = Text("oss-junbi pc list で一覧を表示します。", "'oss-junbi pc list' lists them.")
_NONE = Text(
    "PCの記録はまだありません。申請に使うPCで oss-junbi pc share を実行し、ここで oss-junbi pc add - に貼り付けてください。",
    "There is no PC record yet. Run 'oss-junbi pc share' on the PC to apply from, and paste its text into 'oss-junbi pc add -' here.",
)
_WHERE = Text("PCの記録の場所: {folder}", "PC records are kept in: {folder}")
_LINE = Text("{name}  {user}@{host}  最後に調べた日時 {seen}", "{name}  {user}@{host}  last checked {seen}")
_WORST = Text("最も重い結果: {outcome}", "worst result: {outcome}")
_ADDED = Text("{by} が {at} に取り込みました", "added by {by} on {at}")
_HERE = Text("このPC", "this PC")
_CURRENT = Text("このセッションで使うPC", "used by this session")
_USES = Text(
    "セッション「{session}」は、PC「{name}」から申請します（記録へ移したもの: {count}件）。",
    "Session '{session}' will be sent from the PC '{name}' ({count|entry|entries} moved into its record).",
)
_FORGOTTEN = Text("PCの記録「{name}」を控えごと消しました。", "PC record '{name}' deleted, with its backups.")


def main(setup: Setup) -> int:
    """Do what the first word says; without one list the PCs."""
    verb, *names = setup.args.positional or ("list",)
    if verb not in SUBCOMMANDS:
        raise Problem(sentences.NOT_A_CHOICE, option="pc", given=verb, choices=", ".join(SUBCOMMANDS))
    takes, options, act = SUBCOMMANDS[verb]
    for option in setup.args.command.options:
        if setup.args.has(option) and option not in options.split():
            raise Problem(sentences.OPTION_NOT_HERE, option=option, command=f"pc {verb}")
    if len(names) < len(takes.split()):
        raise Problem(sentences.MISSING_ARGUMENT, command=f"pc {verb}", takes=takes)
    if len(names) > len(takes.split()):
        raise Problem(sentences.TOO_MANY, command=f"pc {verb}", given=names[len(takes.split())])
    return act(setup, *names)


def _list(setup: Setup) -> int:
    folder, current = places.locate(), ""
    loaded = load.load(path_of(setup, folder), load_guide, newer=True)
    if loaded is not None:
        current = loaded.data.pc_name
    listed = [(name, _read(folder, name)) for name in pc_records.record_names(folder)]
    if setup.args.format() == "json":
        pcs = [_json(folder, *one) for one in listed]
        place = os.fspath(folder.pcs)
        deliver_json(setup, {"schema": 1, "folder": place, "current": current or None, "pcs": pcs})
        return 0
    cells, lang = columns(setup), setup.lang
    out = lines(_WHERE.fill({"folder": show(os.fspath(folder.pcs), 300)}, lang), cells)
    for name, record in listed:
        out += ["", *_lines(folder, name, record, name == current, lang, cells)]
    if not listed:
        out += ["", *lines(_NONE.to(lang), cells)]
    deliver_lines(setup, out)
    return 0


def _read(folder: Folder, name: str) -> SessionData | StateError:
    """A record, or why it cannot be read."""
    try:
        record = pc_records.read_record(folder, load_guide, name)
    except StateError as error:
        return error
    path = pc_records.record_path(folder, name)
    return record if record is not None else StateError(notices.no_pc_record(path))


def worst(record: SessionData) -> Outcome | None:
    """The worst that was found on a PC, by what the checks of today say of it; None when nothing was."""
    checks = load_guide(FIRST_GUIDE).checks
    found = {
        (outcome_of(checks[id_], one.code) if id_ in checks else None) or one.outcome
        for id_, one in record.results.items()
    }
    return next((outcome for outcome in WORST if outcome in found), None)


def _is_here(folder: Folder, record: SessionData) -> bool:
    pc = record.pc
    here = pc is not None and pc.is_at(presence.host_name(), presence.user_name())
    return here and pc is not None and pc.machine in ("", machine_id(folder, make=False))


def _json(folder: Folder, name: str, record: SessionData | StateError) -> dict[str, Any]:
    if isinstance(record, StateError) or record.pc is None:
        text = record.text if isinstance(record, StateError) else None
        error = text and {"ja": text.ja, "en": text.en}
        return dict.fromkeys(("host", "user", "platform", "seen", "outcome", "added_by", "here")) | {
            "name": name,
            "error": error,
        }
    pc, outcome = record.pc, worst(record)
    return {
        "name": name,
        "host": pc.host,
        "user": pc.user,
        "platform": pc.platform,
        "seen": utc(pc.seen),
        "outcome": outcome and outcome.value,
        "added_by": pc.added_by or None,
        "here": _is_here(folder, record),
        "error": None,
    }


def _lines(
    folder: Folder, name: str, record: SessionData | StateError, current: bool, lang: Lang, cells: int
) -> list[str]:
    if isinstance(record, StateError) or record.pc is None:
        why = record.text.to(lang) if isinstance(record, StateError) else ""
        return lines(f"{show(name)}: {why}", cells, "", "  ")
    pc, outcome = record.pc, worst(record)
    marks = [
        mark.to(lang) for mark, there in ((_HERE, _is_here(folder, record)), (_CURRENT, current)) if there
    ]
    text = filled(_LINE, name=name, user=pc.user, host=pc.host, seen=local(pc.seen)).to(lang)
    out = lines(text + (f"  ({', '.join(marks)})" if marks else ""), cells, "", "  ")
    if outcome is not None:
        out += lines(filled(_WORST, outcome=words.OUTCOMES[outcome]).to(lang), cells, "  ")
    if pc.added_by:
        out += lines(filled(_ADDED, by=pc.added_by, at=local(pc.added)).to(lang), cells, "  ")
    return out


def _use(setup: Setup, name: str) -> int:
    with change(setup) as session:
        count = use(setup, session, name)
        session_name = session.data.name
    setup.say(_USES, session=session_name, name=name, count=count)
    return 0


def use(setup: Setup, session: Session, name: str) -> int:
    """Names the PC of an open session; gives how many entries moved into the PC's record. Raises `Problem` for no record."""
    folder = places.locate()
    record = open_record(folder, load_guide, name, now=setup.options.moment)
    if record is None:
        raise no_pc(folder, name)
    return session.use(record)


def no_pc(folder: Folder, name: str) -> Problem:
    """The refusal of the name of a PC that has no record here."""
    return unknown(_NO_PC, name, pc_records.record_names(folder), _PCS)


def _forget(setup: Setup, name: str) -> int:
    if setup.read_only:
        raise Problem(sentences.READ_ONLY, CANNOT_WRITE)
    folder, more = places.locate(), []
    if setup.state is not None:
        loaded = load.load(setup.state, load_guide, newer=True)
        more = [os.fspath(setup.state)] if loaded is not None and loaded.data.pc_name == name else []
    if not pc_records.forget_record(folder, load_guide, name, more):
        raise no_pc(folder, name)
    setup.say(_FORGOTTEN, name=name)
    return 0


def _late(name: str) -> Callable[..., int]:
    """What `pc_share.py` does, imported when it is asked for."""

    def act(setup: Setup, *names: str) -> int:
        done: int = getattr(import_module("tui.cli.pc_share"), name)(setup, *names)
        return done

    return act


SUBCOMMANDS: Mapping[str, tuple[str, str, Callable[..., int]]] = {
    "list": ("", "--format --output", _list),
    "check": ("", "--save --format --output", _late("check")),
    "share": ("", "--output", _late("share")),
    "add": ("FILE|-", "--name", _late("add")),
    "use": ("NAME", "", _use),
    "forget": ("NAME", "", _forget),
}
"""What each takes, its options of those of `pc`, and what does it."""
