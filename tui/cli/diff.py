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
from tui.cli import console, sentences
from tui.cli.opened import guide_meant, path_of
from tui.cli.output import columns, deliver, json_text
from tui.cli.problem import Problem, filled
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
    partly = False
    if setup.args.positional:
        before, after, partly = _given(setup)
    else:
        before, after = _saved(setup)
    found = differences(before, after)
    code = 1 if regressed(found) else NOT_DETERMINED if partly else 0
    for notice in _apart(before, after):
        console.tell(notice, setup.lang)
    if setup.args.format() == "json":
        deliver(setup, json_text(as_json(before, after, found, code), setup))
    else:
        text = as_lines(before, after, found, guide_meant(setup), setup.lang, columns(setup))
        deliver(setup, "\n".join(text) + "\n")
    return code


def _given(setup: Setup) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """The two documents, and whether one of them is only a part of its run."""
    if len(setup.args.positional) != 2:
        raise Problem(_TWO)
    documents = []
    partly = False
    for name in setup.args.positional:
        document, problem = read(Path(name))
        if document is None:
            raise Problem(sentences.CANNOT_READ, file=name, why=problem.text if problem else "?")
        if problem is not None:
            console.tell(filled(_PARTLY, file=name, why=problem.text), setup.lang)
            partly = partly or problem.code == "cut"
        documents.append(document)
    return documents[0], documents[1], partly


def _apart(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Text]:
    """What makes the two runs hard to compare: another PC, user or portal, or the wrong order."""
    found = []
    for key, name in _RUN.items():
        old, new = before.get(key), after.get(key)
        if isinstance(old, str) and isinstance(new, str) and old.casefold() != new.casefold():
            found.append(filled(_APART, what=name, before=old, after=new))
    earlier, later = moment_of(before), moment_of(after)
    if earlier and later and earlier > later:
        found.append(_ORDER)
    return found


def _saved(setup: Setup) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = places.locate()
    found = [run for path in runs(folder, path_of(setup, folder)) if (run := load_run(path)) is not None]
    if len(found) < 2:
        raise Problem(_TOO_FEW, NOT_DETERMINED)
    return found[-2], found[-1]


def as_json(
    before: Mapping[str, Any], after: Mapping[str, Any], found: list[Difference], code: int
) -> dict[str, Any]:
    """The document of `diff --format json`."""

    def short(result: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return None if result is None else {key: result.get(key) for key in ("outcome", "code", "values")}

    return {
        "schema": 1,
        "exit": code,
        "before": _finished(before),
        "after": _finished(after),
        "changes": [
            {"id": one.id, "kind": one.kind, "before": short(one.before), "after": short(one.after)}
            for one in found
        ],
    }


def _finished(run: Mapping[str, Any]) -> str | None:
    value = run.get("finished")
    return value if isinstance(value, str) else None


def as_lines(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    found: list[Difference],
    guide: Guide,
    lang: Lang,
    cells: int,
) -> list[str]:
    """The changes, what got worse first."""
    times = {
        "before": show(str(before.get("finished", "?")), 30),
        "after": show(str(after.get("finished", "?")), 30),
    }
    out = lines(_BETWEEN.fill(times, lang), cells)
    for kind, title in _KINDS.items():
        some = [one for one in found if one.kind == kind]
        if some:
            out += ["", title.to(lang)]
        for one in some:
            check = guide.checks.get(one.id)
            name = f"{check.title.to(lang)} ({one.id})" if check else one.id
            out += lines(f"{name}: {_short(one.before)} -> {_short(one.after)}", cells, "  ", "    ")
            for key, (old, new) in one.values.items():
                out += lines(
                    f"{show(key, 40)}: {show(str(old), 80)} -> {show(str(new), 80)}", cells, "      "
                )
            text = _sentence(one.after, lang)
            if text and kind in ("worse", "changed"):
                out += lines(text, cells, "      ")
    return out if found else [*out, _NOTHING.to(lang)]


def _short(result: Mapping[str, Any] | None) -> str:
    if result is None:
        return "-"
    return f"{show(str(result.get('outcome')), 20)} ({show(str(result.get('code')), 60)})"


def _sentence(result: Mapping[str, Any] | None, lang: Lang) -> str:
    text = result.get("text") if result else None
    said = text.get(lang) if isinstance(text, dict) else None
    return show(said, 400) if isinstance(said, str) else ""
