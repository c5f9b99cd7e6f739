"""The result files of a fleet: which files are meant, what the collector calls each PC, and the run in one of them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks.record import dataclass
from checks.shown import show
from checks.text import Text
from state.check_report import SCHEMA
from state.file import named_file
from state.layout import utc

MAX_BYTES = 16 << 20
"""A result file larger than this is not read; an ordinary one has some 60 kB."""
_ENDINGS = (".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a file is not full evidence: a code for machines and a sentence for people."""

    code: str
    text: Text


_PROBLEMS = {
    "empty": Text(
        "空のファイルです。そのPCでもう一度検査して、集め直してください",
        "the file is empty: run the check on that PC again and collect it anew",
    ),
    "not-json": Text(
        "JSONとして読めません（書きかけか、ほかの出力の混入）",
        "not readable as JSON (half-written, or mixed with other output?)",
    ),
    "not-a-result": Text("check の結果ではありません", "not a result of 'check'"),
    "cut": Text(
        "書きかけなので、読めたところまで使いました", "half-written: used as far as it could be read"
    ),
    "repeated-key": Text(
        "同じキーが二度書かれている所があり、どちらが正しいか分かりません",
        "a key stands twice in one object: which of the two holds is not known",
    ),
    "newer": Text(
        "新しい版の結果なので、わかるところだけ使いました",
        "of a newer version: used as far as it is understood",
    ),
    "no-schema": Text(
        "書式の版（schema）がないか、正しい番号ではありません",
        "the version of its format (schema) is missing or no such number",
    ),
    "flattened": Text(
        "結果の中身が文字列につぶれています。PowerShellの ConvertTo-Json に -Depth 9 を付けるか、"
        "check --format json の出力をそのまま保存してください",
        "results were flattened to strings: give PowerShell's ConvertTo-Json -Depth 9, or keep the output of "
        "'check --format json' as it is",
    ),
    "malformed": Text("読めない結果が{n}件あります", "Results in it that could not be read: {n}"),
    "unknown-outcome": Text("知らない判定があります: {names}", "outcomes that are not known: {names}"),
    "mismatch": Text(
        "判定とコードが合わない結果があります（書き換えか、ほかの版）: {names}",
        "outcomes that do not belong to their codes (altered, or of another version?): {names}",
    ),
    "repeated": Text("結果が重なっている検査があります: {names}", "several results of one check: {names}"),
    "partly": Text(
        "一部しか調べていないのに合格とされています: {names}",
        "said to be in order though not everything was looked at: {names}",
    ),
    "no-results": Text("検査の結果が一つもありません", "it holds no result of any check"),
    "only-skipped": Text(
        "すべての検査が省略され、何も調べていません", "every check was skipped: nothing was looked at"
    ),
    "no-end": Text(
        "検査が終わった日時、終了コード、件数のどれかがありません",
        "the time, exit code or counts of the end of the run are missing",
    ),
    "contradiction": Text(
        "終了コードか件数が、中の結果と合いません（結果が失われた可能性）",
        "its exit code or counts do not agree with its results (some may be lost)",
    ),
    "backwards": Text(
        "検査が始まる前に終わったことになっています。そのPCの時計を確かめて、もう一度検査してください",
        "it ended before it began: see to the clock of that PC, and run the check again",
    ),
    "future": Text(
        "日時が未来です（{when}）。そのPCとこのPCの時計を確かめて、もう一度検査してください",
        "it is dated in the future ({when}): see to the clocks of that PC and of this one, and run the check again",
    ),
}


def problem(code: str, **values: object) -> FileProblem:
    """The problem of that code, its sentence filled with `values`."""
    return FileProblem(code, _PROBLEMS[code].filled(values))


def read(path: Path) -> tuple[dict[str, Any] | None, FileProblem | None]:
    """The document in a file, whole or as far as it goes, and what is wrong with it."""
    try:
        return understand(named_file.read(path, MAX_BYTES))
    except named_file.NotRead as error:
        return None, FileProblem("not-read", error.why)


def understand(raw: bytes) -> tuple[dict[str, Any] | None, FileProblem | None]:
    """The same of what a file holds.

    Any encoding of JSON is read, with a byte order mark or without: PowerShell 5 writes UTF-16 with `>`.
    """
    if not raw.strip(b"\0 \t\r\n"):
        return None, problem("empty")
    repeated: list[str] = []
    try:
        document = _parsed(raw, repeated)
    except (ValueError, RecursionError):
        document = _from_lines(raw.decode(json.detect_encoding(raw), "replace"), repeated)
        if document is None:
            return None, problem("not-json")
        if "exit" not in document:
            return document, problem("cut")
    if not isinstance(document, dict):
        return None, problem("not-a-result")
    results = document.get("results")
    if document.get("event") == "run-started" and "results" not in document:  # a stream of one line
        return {**document, "results": []}, problem("cut")
    if not isinstance(results, list):
        return None, problem("flattened" if isinstance(results, str) else "not-a-result")
    schema = document.get("schema")
    if repeated:
        return document, problem("repeated-key")
    if type(schema) is not int or schema < 1:
        return document, problem("no-schema")
    return document, problem("newer") if schema > SCHEMA else None


def _parsed(raw: str | bytes, repeated: list[str]) -> Any:
    """The value that JSON text stands for; keys that one object has more than once are added to `repeated`."""

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(key for key, _ in pairs)
        repeated.extend(key for key, count in counts.items() if count > 1)
        return dict(pairs)

    return json.loads(raw, object_pairs_hook=made)


def _from_lines(text: str, repeated: list[str]) -> dict[str, Any] | None:
    """The document that a `jsonl` stream stands for, as far as its lines are whole."""
    document: dict[str, Any] | None = None
    for line in text.split("\n"):
        try:
            event = _parsed(line, repeated)
        except (ValueError, RecursionError):
            break
        if not isinstance(event, dict):
            break
        kind = event.get("event")
        if kind == "run-started":
            document = {**event, "results": []}
        elif document is not None and kind == "finished":
            document["results"].append(event)
        elif document is not None and kind == "run-finished":
            document.update({key: event.get(key) for key in ("finished", "exit", "counts")})
    return document


def moment_of(run: Mapping[str, Any]) -> str:
    """When a run ended (or else began) in UTC, whatever its zone, so that runs can be compared; empty when it is not known."""
    return moment(run.get("finished")) or moment(run.get("started"))


def moment(value: object) -> str:
    """A time of a document in UTC, to the second; empty when it is none."""
    if not isinstance(value, str):
        return ""
    try:
        when = datetime.fromisoformat(value.strip())
        return utc(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""


def expand(names: Iterable[str]) -> Iterator[Path]:
    """The files meant: a folder stands for its `.json` files, a pattern for what it matches (no shell does it on Windows).

    A folder that cannot be listed stands for itself, to be named as unreadable.
    """
    import glob

    for name in names:
        path = Path(name)
        if os.path.isdir(name):
            try:
                inside = sorted(os.listdir(path))
            except OSError:
                yield path
            else:
                yield from (path / each for each in inside if each.lower().endswith(_ENDINGS))
        elif any(char in name for char in "*?[") and not os.path.lexists(name):
            yield from map(Path, sorted(glob.glob(name)) or [name])
        else:
            yield path


def named(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    """Each file once, with what the collector calls the PC that it is of; every name differs.

    That is the file's name without `.json` or `.jsonl`. Where all files are called the same (`pc-01/check.json`,
    `pc-02/check.json`) it is the name of the nearest folder in which they differ. Of files that share a name in other
    folders (`tokyo/pc-01.json`, `osaka/pc-01.json`) each has the folder before its name and is a PC of its own: whether
    those are two offices or two days cannot be known from the files, since clones of one PC agree in all they say, and
    a later result in the place of an earlier one would hide a failing PC.
    """
    files = list({os.path.normcase(os.path.abspath(path)): path for path in paths}.values())
    places = [Path(os.path.abspath(path)) for path in files]
    stems = [place.with_suffix("") if place.name.lower().endswith(_ENDINGS) else place for place in places]
    counts = Counter(stems)
    parts = [(stem if counts[stem] == 1 else place).parts for stem, place in zip(stems, places, strict=True)]
    while len(parts) > 1 and min(map(len, parts)) > 1 and len({each[-1] for each in parts}) == 1:
        parts = [each[:-1] for each in parts]
    return list(zip(_distinct(parts), files, strict=True))


def _distinct(parts: Sequence[Sequence[str]]) -> list[str]:
    """The last part of each, with as many before it as it takes to tell them apart."""
    depths = [1] * len(parts)
    while True:
        labels = [show("/".join(each[-depth:]), 120) for each, depth in zip(parts, depths, strict=True)]
        counts = Counter(labels)
        alike = [at for at, label in enumerate(labels) if counts[label] > 1 and depths[at] < len(parts[at])]
        if not alike:
            return labels
        for at in alike:
            depths[at] += 1
