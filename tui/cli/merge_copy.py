"""`oss-junbi merge`: what a copy of a session holds, and with `--save` takes it into that session."""

from __future__ import annotations

import os
from pathlib import Path

from checks.guide import Guide, load_guide
from checks.text import Lang, Text
from checks.verdict import outcome_of
from state.errors import cannot_write
from state.file import backups, load, places
from state.layout import lines
from state.live import conflict_copies
from state.session_data import Answer, Result, SessionNote, Waiver
from state.words import OUTCOMES
from tui.cli import console
from tui.cli.opened import change, look_at
from tui.cli.output import columns
from tui.cli.problem import CANNOT_WRITE, Problem, filled
from tui.cli.sessions import no_such, readable
from tui.cli.setup import Setup

_NO_COPY = Text(
    "{file} は、同じフォルダーにあるセッションの写しではありません。",
    "{file} is no copy of a session in the same folder.",
)
_HEAD = Text("{copy} は {name} の写しです。", "{copy} is a copy of {name}.")
_LINE = Text("{what}: {before} -> {after}", "{what}: {before} -> {after}")
_SAME = Text("取り込むものはありません。", "There is nothing to take in.")
_HOW = Text(
    "取り込むには、--save を付けて、もう一度実行してください。",
    "Run it again with --save to take this in.",
)
_DONE = Text(
    "{name} に {count}件を取り込みました。写しは {file} として残しました。",
    "Took {count|entry|entries} into {name}. The copy is kept as {file}.",
)
_NOTHING = Text("なし", "none")
_CONFLICTS = Text(
    "両方で違う答えになっていたもの: {count}件。新しいほうを採り、もう一方は画面の項目に表示します。",
    "Answered differently in both: {count}. The newer one is taken; the other is shown at the item on the screen.",
)


def main(setup: Setup) -> int:
    """Show the differences; with `--save` merge and put the copy away."""
    copy, path = _places(setup.args.positional[0])
    name = path.name.removesuffix(".toml")
    opened = look_at(path, setup)
    loaded = load.load(copy, load_guide)
    if opened is None or loaded is None:
        raise no_such(places.locate(), name)
    guide = opened.guide
    after = conflict_copies.merged(opened.data, loaded.data)
    found = conflict_copies.differences(opened.data, after)
    cells = columns(setup)
    out = lines(_HEAD.fill({"copy": copy.name, "name": name}, setup.lang), cells)
    for table, id_, before, now in found:
        values = {"what": _title(guide, id_, setup.lang)}
        values |= {"before": _said(guide, table, id_, before, setup.lang)}
        values |= {"after": _said(guide, table, id_, now, setup.lang)}
        out += lines(filled(_LINE, **values).to(setup.lang), cells, "  ", "      ")
    new = len(after.conflicts) - len(opened.data.conflicts)
    if new > 0:
        out += lines(_CONFLICTS.fill({"count": new}, setup.lang), cells)
    if not found:
        out += lines(_SAME.to(setup.lang), cells)
    if not setup.args.has("--save"):
        console.emit("\n".join([*out, *lines(_HOW.to(setup.lang), cells)]) + "\n")
        return 0
    console.emit("\n".join(out) + "\n")
    with change(setup, path, note=False) as session:
        session.session.take_in(loaded.data)
        session.settle()
        try:
            kept = conflict_copies.put_away(copy, path, backups.stamp(setup.options.moment()))
        except OSError as error:
            raise Problem(cannot_write(copy, error).text, CANNOT_WRITE) from None
    console.tell(filled(_DONE, name=name, count=len(found), file=kept.name), setup.lang)
    return 0


def _places(given: str) -> tuple[Path, Path]:
    """The file of the copy, named as `sessions` shows it or by its path, and that of its session."""
    folder = readable(places.locate())
    copy = Path(given)
    if os.path.basename(given) == given and not given.endswith(".toml"):
        copy = folder.sessions / f"{given}.toml"
    if not os.path.isfile(copy):
        raise no_such(folder, given)
    names = {name.removesuffix(".toml") for name in os.listdir(copy.parent) if name.endswith(".toml")}
    original = conflict_copies.original_of(copy, names, load_guide)
    if not original:
        raise Problem(_NO_COPY, file=copy)
    return copy, copy.with_name(f"{original}.toml")


def _title(guide: Guide, id_: str, lang: Lang) -> str:
    known = guide.questions.get(id_)
    check = guide.checks.get(id_)
    title = known.label if known is not None else check.title if check is not None else None
    return f"{title.to(lang)} ({id_})" if title is not None else id_


def _said(guide: Guide, table: str, id_: str, entry: object, lang: Lang) -> str:
    if isinstance(entry, Answer):
        question = guide.questions.get(id_)
        choice = question.choice(str(entry.value)) if question is not None else None
        return choice.text.to(lang) if choice is not None else str(entry.value)
    if isinstance(entry, Result):
        check = guide.checks.get(id_)
        outcome = (outcome_of(check, entry.code) if check is not None else None) or entry.outcome
        return OUTCOMES[outcome].to(lang)
    if isinstance(entry, SessionNote):
        return entry.text or _NOTHING.to(lang)
    if isinstance(entry, Waiver):
        return entry.reason
    return _NOTHING.to(lang)
