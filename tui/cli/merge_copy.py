"""`oss-junbi merge`: what a copy of a session holds, and with `--save` takes it into that session."""

from __future__ import annotations

import os
from pathlib import Path

from checks.guide import Guide, load_guide
from checks.text import Text
from checks.verdict import outcome_of
from state.errors import cannot_write
from state.file import backups, load, places
from state.file.tables import TABLES
from state.layout import lines
from state.live import conflict_copies
from state.session_data import Answer, Result
from state.words import OUTCOMES
from tui.cli import console
from tui.cli.opened import change, look, require_saved
from tui.cli.output import columns
from tui.cli.problem import Problem, filled
from tui.cli.sessions import no_such, readable
from tui.cli.setup import Setup

_NO_COPY = Text(
    "{file} は、同じフォルダーにあるセッションの写しではありません。",
    "{file} is not a copy of a session in the same folder.",
)
_HEAD = Text("{copy} は {name} の写しです。", "{copy} is a copy of {name}.")
_LINE = Text("{what}: {before} -> {after}", "{what}: {before} -> {after}")
_SAME = Text("取り込むものはありません。", "There is nothing to merge.")
_HOW = Text(
    "取り込むには、--save を付けて、もう一度実行してください。",
    "Run the command again with --save to merge it.",
)
_DONE = Text(
    "{name} に {count}件を取り込みました。写しは {file} として残しました。",
    "{count|entry|entries} merged into {name}. The copy is kept as {file}.",
)
_NOTHING = Text("なし", "none")
_CONFLICTS = Text(
    "両方で違う答えになっていたもの: {count}件。新しいほうを採り、もう一方は画面の項目に表示します。",
    "Answered differently in both: {count}. The newer answer is used; the other is shown with the item on the screen.",
)


def main(setup: Setup) -> int:
    """Show the differences; with `--save` merge and put the copy away."""
    copy, path = _places(setup.args.positional[0])
    name = path.name.removesuffix(".toml")
    stored, loaded = look(setup, path), load.load(copy, load_guide)
    if not stored.exists or loaded is None:
        raise no_such(places.locate(), name)
    merged = conflict_copies.merged(stored.own, loaded.data)
    differences = conflict_copies.differences(stored.own, merged)
    guide, lang, cells = stored.guide, setup.lang, columns(setup)
    out = lines(_HEAD.fill({"copy": copy.name, "name": name}, lang), cells)
    for table, id_, *sides in differences:
        before, after = (_shown(guide, table, id_, side) for side in sides)
        line = filled(_LINE, what=_title(guide, id_), before=before, after=after)
        out += lines(line.to(lang), cells, "  ", "      ")
    conflicts = len(merged.conflicts) - len(stored.own.conflicts)
    if conflicts > 0:
        out += lines(_CONFLICTS.fill({"count": conflicts}, lang), cells)
    if not differences:
        out += lines(_SAME.to(lang), cells)
    if not setup.args.has("--save"):
        out += lines(_HOW.to(lang), cells)
    console.emit("\n".join(out) + "\n")
    if not setup.args.has("--save"):
        return 0
    with change(setup, path, note=False) as session:
        session.take_in(loaded.data)
        require_saved(session, path)
        try:
            kept = conflict_copies.put_away(copy, path, backups.stamp(setup.options.moment()))
        except OSError as error:
            raise cannot_write(copy, error) from None
    setup.say(_DONE, name=name, count=len(differences), file=kept.name)
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


def _title(guide: Guide, id_: str) -> Text:
    question, check = guide.questions.get(id_), guide.checks.get(id_)
    title = question.label if question is not None else check.title if check is not None else None
    return _same(id_) if title is None else Text(f"{title.ja} ({id_})", f"{title.en} ({id_})")


def _shown(guide: Guide, table: str, id_: str, entry: object) -> Text:
    if isinstance(entry, Answer):
        question = guide.questions.get(id_)
        choice = question.choice(str(entry.value)) if question is not None else None
        return choice.text if choice is not None else _same(str(entry.value))
    if isinstance(entry, Result):
        check = guide.checks.get(id_)
        return OUTCOMES[(outcome_of(check, entry.code) if check is not None else None) or entry.outcome]
    said = next(one for one in TABLES if one.name == table).said(entry)
    return _same(str(said)) if said else _NOTHING


def _same(text: str) -> Text:
    """The same in every language."""
    return Text(text, text)
