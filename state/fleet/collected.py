"""The files of a fleet: which are meant, what the collector calls each PC, and the result in one of them as far as it goes."""

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
"""A result file larger than this is not read (16 MiB); an ordinary one has some 60 kB."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is no full evidence: a code for machines and a sentence for people."""

    code: str
    text: Text


EMPTY = Reason(
    "empty",
    Text(
        "空のファイルです。そのPCでもう一度検査して、集め直してください",
        "the file is empty: run the check on that PC again and collect it anew",
    ),
)
NOT_JSON = Reason(
    "not-json",
    Text(
        "JSONとして読めません（書きかけか、ほかの出力の混入）",
        "not readable as JSON (half-written, or mixed with other output?)",
    ),
)
NOT_OURS = Reason("not-a-result", Text("check の結果ではありません", "not a result of 'check'"))
PARTIAL = Reason(
    "cut", Text("書きかけなので、読めたところまで使いました", "half-written: used as far as it could be read")
)
TWICE = Reason(
    "repeated-key",
    Text(
        "同じキーが二度書かれている所があり、どちらが正しいか分かりません",
        "a key stands twice in one object: which of the two holds is not known",
    ),
)
NEWER = Reason(
    "newer",
    Text(
        "新しい版の結果なので、わかるところだけ使いました",
        "of a newer version: used as far as it is understood",
    ),
)
NO_SCHEMA = Reason(
    "no-schema",
    Text(
        "書式の版（schema）がないか、正しい番号ではありません",
        "the version of its format (schema) is missing or no such number",
    ),
)
FLATTENED = Reason(
    "flattened",
    Text(
        "結果の中身が文字列につぶれています。PowerShellの ConvertTo-Json に -Depth 9 を付けるか、"
        "check --format json の出力をそのまま保存してください",
        "results were flattened to strings: give PowerShell's ConvertTo-Json -Depth 9, or keep the output of "
        "'check --format json' as it is",
    ),
)


def read(path: Path) -> tuple[dict[str, Any] | None, Reason | None]:
    """The document in a file, whole or as far as it goes, and what is wrong with it.

    Any encoding of JSON is read, with a byte order mark or without: PowerShell 5 writes UTF-16 with `>`.
    """
    try:
        raw = named_file.read(path, MAX_BYTES)
    except named_file.NotRead as error:
        return None, Reason("not-read", error.why)
    if not raw.strip(b"\0 \t\r\n"):
        return None, EMPTY
    twice: list[str] = []
    try:
        document = _parsed(raw, twice)
    except (ValueError, RecursionError):
        document = _from_lines(raw.decode(json.detect_encoding(raw), "replace"), twice)
        if document is None:
            return None, NOT_JSON
        if "exit" not in document:
            return document, PARTIAL
    if not isinstance(document, dict):
        return None, NOT_OURS
    if (
        document.get("event") == "run-started" and "results" not in document
    ):  # a stream cut after its first line
        return {**document, "results": []}, PARTIAL
    results = document.get("results")
    if not isinstance(results, list):
        return None, FLATTENED if isinstance(results, str) else NOT_OURS
    if twice:
        return document, TWICE
    schema = document.get("schema")
    if type(schema) is not int or schema < 1:
        return document, NO_SCHEMA
    return document, NEWER if schema > SCHEMA else None


def _parsed(raw: str | bytes, twice: list[str]) -> Any:
    """The value that JSON text stands for; keys that one object has more than once are added to `twice`."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return found

    return json.loads(raw, object_pairs_hook=once)


def _from_lines(text: str, twice: list[str]) -> dict[str, Any] | None:
    """The document that a `jsonl` stream stands for, as far as its lines are whole."""
    document: dict[str, Any] | None = None
    for line in text.split("\n"):
        try:
            event = _parsed(line, twice)
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
    """The files meant: a folder stands for its `.json` files, a pattern for what it matches (no shell does it on Windows)."""
    import glob

    for name in names:
        path = Path(name)
        if os.path.isdir(name):
            yield from _results_in(path)
        elif any(char in name for char in "*?[") and not os.path.lexists(name):
            matched = sorted(glob.glob(name))
            yield from (Path(match) for match in matched) if matched else (path,)
        else:
            yield path


def _results_in(folder: Path) -> list[Path]:
    """The result files of a folder; the folder itself, to be named as unreadable, when it cannot be listed."""
    try:
        names = os.listdir(folder)
    except OSError:
        return [folder]
    return [folder / name for name in sorted(names) if name.lower().endswith(_ENDINGS)]


_ENDINGS = (".json", ".jsonl")


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
    twice = Counter(stems)
    parts = [(stem if twice[stem] == 1 else place).parts for stem, place in zip(stems, places, strict=True)]
    while len(parts) > 1 and min(map(len, parts)) > 1 and len({each[-1] for each in parts}) == 1:
        parts = [each[:-1] for each in parts]
    return list(zip(_apart(parts), files, strict=True))


def _apart(parts: Sequence[Sequence[str]]) -> list[str]:
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
