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
from tui.cli import console, sentences
from tui.cli.opened import change, look
from tui.cli.output import cannot_write, target
from tui.cli.problem import Problem, filled
from tui.cli.setup import Setup

_NEEDED = Text("export には --scope（office か pc）が必要です。", "export needs --scope (office or pc).")
_EXPORTED = Text("{file} に {count}件を書き出しました。", "Wrote {count|entry|entries} to {file}.")
_IMPORTED = Text(
    "{file} から {count}件を {session} に取り込みました（同じか、こちらが新しいもの: {kept}件、この版が知らないもの: {unknown}件）。",
    "Took over {count|entry|entries} from {file} into {session} ({kept} were the same or newer here, {unknown} are unknown to this "
    "version).",
)


def main(setup: Setup) -> int:
    """Write or read such a file."""
    return _export(setup) if setup.args.command.name == "export" else _import(setup)


def _export(setup: Setup) -> int:
    scope = setup.args.one("--scope")
    if scope is None:
        raise Problem(_NEEDED)
    opened = look(setup)
    if opened is None:
        raise Problem(sentences.NO_SESSION_YET)
    data = entries(opened.data, cast(Scope, scope))
    name = setup.args.positional[0]
    path = target(setup, name)
    try:
        console.write_file(path, Writer().bytes_of(data))
    except (OSError, ValueError) as error:
        raise cannot_write(name, error) from None
    console.tell(filled(_EXPORTED, file=name, count=len(data.answers)), setup.lang)
    return 0


def entries(data: SessionData, scope: Scope) -> SessionData:
    """The answers of a scope alone, without names of people and PCs; findings stay, they speak of one PC."""
    answers = {
        id_: replace(answer, host="", user="")
        for id_, answer in data.answers.items()
        if answer.scope == scope
    }
    return SessionData(scope, data.created, data.updated, data.app, answers=answers, ui=Ui())


def _import(setup: Setup) -> int:
    name = setup.args.positional[0]
    path = Path(name)
    try:
        raw = named_file.read(path, document.MAX_BYTES)
    except named_file.NotRead as error:
        raise Problem(sentences.CANNOT_READ, file=name, why=error.why) from None
    loaded = load.understand(raw, path, load_guide)
    if loaded.refusals:
        raise Problem(loaded.refusals[0])
    for notice in loaded.notices:
        console.tell(notice, setup.lang)
    taken = kept = 0
    with change(setup) as session:
        offered, unknown = acceptable(session.guide, loaded.data)
        wanted = {}
        for id_, answer in offered.items():
            here = session.data.answers.get(id_)
            if here is None:
                wanted[id_] = answer
            elif here.value != answer.value and answer.at > here.at:
                session.answer(id_, answer.value, answer.scope)
                taken += 1
            else:
                kept += 1
        host, user = session.session.host, session.session.user
        fresh = {
            id_: replace(answer, host=host, user=user) if answer.scope == "pc" else answer
            for id_, answer in wanted.items()
        }
        taken += session.session.take_over(replace(loaded.data, answers=fresh, results={}))
        session.settle()
    values = {"file": name, "session": session.path, "count": taken, "kept": kept, "unknown": unknown}
    console.tell(filled(_IMPORTED, **values), setup.lang)
    return 0


def acceptable(guide: Guide, data: SessionData) -> tuple[dict[str, Answer], int]:
    """The answers of the scopes `pc` and `office` that this version knows, and how many it does not."""
    offered: dict[str, Answer] = {}
    unknown = 0
    for id_, answer in data.answers.items():
        question = guide.questions.get(id_)
        if question is None:
            unknown += 1
        elif question.scope in ("pc", "office"):
            offered[id_] = replace(answer, scope=question.scope)
    return offered, unknown
