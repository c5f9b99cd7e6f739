"""`oss-junbi diff`: what changed between two runs; exit 1 when something got worse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checks.guide import Guide
from checks.shown import show
from checks.text import Lang, Text
from state.file import places
from state.fleet.result_files import moment_of, read
from state.layout import lines
from state.live.history import Difference, differences, load_run, regressed, runs
from tui.cli import sentences
from tui.cli.opened import guide_meant, path_of
from tui.cli.output import columns, deliver_json, deliver_lines
from tui.cli.problem import Problem
from tui.cli.setup import Setup

_KINDS = {
    "worse": Text("悪くなったもの", "Worse"),
    "better": Text("良くなったもの", "Better"),
    "changed": Text("内容が変わったもの", "Changed"),
    "added": Text("新しく調べたもの", "Newly looked at"),
    "removed": Text("今回調べていないもの", "No longer looked at"),
}
_NOTHING = Text("変わったものはありません。", "Nothing changed.")
_BETWEEN = Text("{before} から {after} まで", "From {before} to {after}")
_TWO = Text(
    "diff には、結果のファイルを二つ指定するか、何も指定しないでください。",
    "diff takes two result files or none.",
)
_TOO_FEW = Text(
    "保存された検査が二回分ありません。oss-junbi check --save で残せます。",
    "There are no two saved runs yet. 'oss-junbi check --save' keeps one.",
)
_PARTLY = Text("{file}: {why}", "{file}: {why}")
_RUN = {"host": Text("PC", "PC"), "user": Text("ユーザー", "user"), "portal": Text("ポータル", "portal")}
_APART = Text(
    "二つの結果は{what}が違います: {before} と {after}",
    "The two results are of a different {what}: {before} and {after}",
)
_ORDER = Text(
    "一つ目の結果のほうが新しいものです。古いほうを先に指定してください。",
    "The first result is the later one. Name the older one first.",
)
NOT_DETERMINED = 3


def main(setup: Setup) -> int:
    """Compare the two files given, or the last two saved runs of the session."""
    before, after, partial = _named(setup) if setup.args.positional else _saved(setup)
    changes = differences(before, after)
    code = 1 if regressed(changes) else NOT_DETERMINED if partial else 0
    for key, name in _RUN.items():
        old, new = before.get(key), after.get(key)
        if isinstance(old, str) and isinstance(new, str) and old.casefold() != new.casefold():
            setup.say(_APART, what=name, before=old, after=new)
    earlier, later = moment_of(before), moment_of(after)
    if earlier and later and earlier > later:
        setup.say(_ORDER)
    if setup.args.format() == "json":
        deliver_json(setup, as_json(before, after, changes, code))
    else:
        text = as_lines(before, after, changes, guide_meant(setup), setup.lang, columns(setup))
        deliver_lines(setup, text)
    return code


def _named(setup: Setup) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """The two documents, and whether one of them is only a part of its run."""
    if len(setup.args.positional) != 2:
        raise Problem(_TWO)
    documents = []
    partial = False
    for name in setup.args.positional:
        document, problem = read(Path(name))
        if document is None:
            raise Problem(sentences.CANNOT_READ, file=name, why=problem.text if problem else "?")
        if problem is not None:
            setup.say(_PARTLY, file=name, why=problem.text)
            partial = partial or problem.code == "cut"
        documents.append(document)
    return documents[0], documents[1], partial


def _saved(setup: Setup) -> tuple[dict[str, Any], dict[str, Any], bool]:
    folder = places.locate()
    documents = [run for path in runs(folder, path_of(setup, folder)) if (run := load_run(path)) is not None]
    if len(documents) < 2:
        raise Problem(_TOO_FEW, NOT_DETERMINED)
    return documents[-2], documents[-1], False


def as_json(
    before: Mapping[str, Any], after: Mapping[str, Any], changes: list[Difference], code: int
) -> dict[str, Any]:
    """The document of `diff --format json`."""

    def short(result: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return None if result is None else {key: result.get(key) for key in ("outcome", "code", "values")}

    ends = [value if isinstance(value := run.get("finished"), str) else None for run in (before, after)]
    return {
        "schema": 1,
        "exit": code,
        "before": ends[0],
        "after": ends[1],
        "changes": [
            {"id": one.id, "kind": one.kind, "before": short(one.before), "after": short(one.after)}
            for one in changes
        ],
    }


def as_lines(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    changes: list[Difference],
    guide: Guide,
    lang: Lang,
    cells: int,
) -> list[str]:
    """The changes, what got worse first."""
    both = {"before": before, "after": after}
    times = {name: show(str(run.get("finished", "?")), 30) for name, run in both.items()}
    out = lines(_BETWEEN.fill(times, lang), cells)
    for kind, title in _KINDS.items():
        some = [one for one in changes if one.kind == kind]
        if some:
            out += ["", title.to(lang)]
        for one in some:
            check = guide.checks.get(one.id)
            name = f"{check.title.to(lang)} ({one.id})" if check else one.id
            out += lines(f"{name}: {_short(one.before)} -> {_short(one.after)}", cells, "  ", "    ")
            for key, (old, new) in one.values.items():
                change = f"{show(key, 40)}: {show(str(old), 80)} -> {show(str(new), 80)}"
                out += lines(change, cells, "      ")
            text = _sentence(one.after, lang)
            if text and kind in ("worse", "changed"):
                out += lines(text, cells, "      ")
    return out if changes else [*out, _NOTHING.to(lang)]


def _short(result: Mapping[str, Any] | None) -> str:
    if result is None:
        return "-"
    return f"{show(str(result.get('outcome')), 20)} ({show(str(result.get('code')), 60)})"


def _sentence(result: Mapping[str, Any] | None, lang: Lang) -> str:
    text = result.get("text") if result else None
    said = text.get(lang) if isinstance(text, dict) else None
    return show(said, 400) if isinstance(said, str) else ""
