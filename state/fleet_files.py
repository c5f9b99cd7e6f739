"""The files of a fleet: which are meant, and the result in one of them, whole or as far as it goes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from checks.text import Text
from state import given
from state.check_report import SCHEMA

MAX_BYTES = 16 << 20
"""A result file larger than this is not read (16 MiB); an ordinary one has some 60 kB."""

NOT_JSON = Text("JSONとして読めません（書きかけの可能性）", "not readable as JSON (half-written?)")
NOT_OURS = Text("check の結果ではありません", "not a result of 'check'")
PARTIAL = Text("書きかけなので、読めたところまで使いました", "half-written: used as far as it could be read")
NEWER = Text(
    "新しい版の結果なので、わかるところだけ使いました", "of a newer version: used as far as it is understood"
)


def read(path: Path) -> tuple[dict[str, Any] | None, Text | None]:
    """The document in a file, whole or as far as it goes, and what is wrong with it."""
    try:
        raw = given.read(path, MAX_BYTES)
    except given.NotRead as error:
        return None, error.why
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        document = _from_lines(raw)
        if document is None:
            return None, NOT_JSON
        if "finished" not in document:
            return document, PARTIAL
    if (
        isinstance(document, dict) and document.get("event") == "run-started"
    ):  # a stream cut after its first line
        return {**document, "results": []}, PARTIAL
    if not isinstance(document, dict) or not isinstance(document.get("results"), list):
        return None, NOT_OURS
    schema = document.get("schema")
    return document, NEWER if isinstance(schema, int) and schema > SCHEMA else None


def _from_lines(raw: bytes) -> dict[str, Any] | None:
    """The document that a `jsonl` stream stands for, as far as its lines are whole."""
    document: dict[str, Any] | None = None
    for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            event = json.loads(line)
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
            document["finished"] = event.get("finished")
    return document


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
    return [folder / name for name in sorted(names) if name.lower().endswith((".json", ".jsonl"))]
