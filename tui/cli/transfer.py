"""`oss-junbi export` and `import`: the entries of a scope in a file of their own, to set many PCs up once.

The file is a session file like any other, sealed and checked in the same way.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from checks.guide import Guide, load_guide
from checks.model import Scope
from checks.record import replace
from checks.text import Text
from state.file import document, load, named_file
from state.file.render import Writer
from state.session_data import Answer, SessionData, Ui
from tui.cli import sentences
from tui.cli.opened import change, guide_meant, look, path_of
from tui.cli.output import write
from tui.cli.problem import Problem
from tui.cli.setup import Setup

_NEEDED = Text("export には --scope（office か pc）が必要です。", "export needs --scope (office or pc).")
_EXPORTED = Text("{file} に {count}件を書き出しました。", "{count|entry|entries} written to {file}.")
_IMPORTED = Text(
    "{file} から {count}件を {session} に取り込みました（同じか、こちらが新しいもの: {kept}件、この版が知らないもの: {unknown}件）。",
    "{count|entry|entries} from {file} imported into {session} ({kept} the same or newer here, {unknown} unknown to this version).",
)


def main(setup: Setup) -> int:
    return _export(setup) if setup.args.command.name == "export" else _import(setup)


def _export(setup: Setup) -> int:
    scope = setup.args.one("--scope")
    if scope not in ("office", "pc"):
        raise Problem(_NEEDED)
    stored = look(setup)
    if not stored.exists:
        raise Problem(sentences.NO_SESSION_YET)
    data = entries(stored.guide, stored.data, cast(Scope, scope))
    name = setup.args.positional[0]
    write(setup, name, (Writer().bytes_of(data),))
    setup.say(_EXPORTED, file=name, count=len(data.answers))
    return 0


def entries(guide: Guide, data: SessionData, scope: Scope) -> SessionData:
    """The answers of a scope alone, without names of people and PCs; findings stay, they speak of one PC."""
    values = data.values()
    answers = {
        id_: replace(answer, scope=scope, host="", user="")
        for id_, answer in data.answers.items()
        if scope == (guide.questions[id_].scope_with(values) if id_ in guide.questions else answer.scope)
    }
    return SessionData(scope, data.created, data.updated, data.app, answers=answers, ui=Ui())


def _import(setup: Setup) -> int:
    name = setup.args.positional[0]
    try:
        raw = named_file.read(Path(name), document.MAX_BYTES)
    except named_file.NotRead as error:
        raise Problem(sentences.CANNOT_READ, file=name, why=error.why) from None
    loaded = load.understand(raw, Path(name), load_guide)
    if loaded.refusals:
        raise Problem(loaded.refusals[0])
    for notice in loaded.notices:
        setup.say(notice)
    path = path_of(setup)
    offered, unknown = acceptable(guide_meant(setup), loaded.data)
    taken = kept = 0
    with change(setup, path) as session:
        fresh = {}
        for id_, answer in offered.items():
            here = session.data.answers.get(id_)
            if here is None and answer.scope == "pc" and session.pc_record is not None:
                session.answer(id_, answer.value, scope="pc")
                taken += 1
            elif here is None:
                pc = answer.scope == "pc"
                fresh[id_] = replace(answer, host=session.host, user=session.user) if pc else answer
            elif here.value != answer.value and answer.at > here.at:
                session.answer(id_, answer.value, scope=answer.scope)
                taken += 1
            else:
                kept += 1
        taken += session.take_over(replace(loaded.data, answers=fresh, results={}))
    setup.say(_IMPORTED, file=name, session=path, count=taken, kept=kept, unknown=unknown)
    return 0


def acceptable(guide: Guide, data: SessionData) -> tuple[dict[str, Answer], int]:
    """The answers of the scopes `pc` and `office` that this version knows, and how many it does not."""
    known = {id_: guide.questions[id_] for id_ in data.answers if id_ in guide.questions}
    values = data.values()
    scopes = {id_: question.scope_with(values) for id_, question in known.items()}
    offered = {
        id_: replace(data.answers[id_], scope=scope)
        for id_, scope in scopes.items()
        if scope in ("pc", "office")
    }
    return offered, len(data.answers) - len(known)
