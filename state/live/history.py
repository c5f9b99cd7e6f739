"""The results of past runs beside the sessions, and what changed between two of them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from checks.model import Outcome
from checks.record import dataclass
from checks.shown import show
from state.errors import StateError
from state.file import files
from state.file.places import Folder, prepare

KEPT = 50
"""Runs kept of each session."""
MAX_BYTES = 16 << 20

_RUN = re.compile(r"(\d{8}T\d{6}Z)(?:-(\d{1,4}))?\.json")

_RANK = {
    Outcome.PASS: 0,
    Outcome.SKIP: 0,
    Outcome.WARN: 1,
    Outcome.UNKNOWN: 2,
    Outcome.CRASH: 2,
    Outcome.FAIL: 3,
}


def keep_run(folder: Folder, session: Path, document: Mapping[str, Any]) -> Path:
    """Keep the document of one run of checks, and of the older ones the newest `KEPT`; raises `CannotWrite`."""
    prepare(folder.history)
    stamp = re.sub(r"[-:]", "", str(document["finished"]))
    stem = _stem(folder, session)
    raw = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")
    path = folder.history / f"{stem}.{stamp}.json"
    with files.as_cannot_write(path):
        path = files.write_beside(files.numbered(path, ".json"), raw)
    for old in runs(folder, session)[:-KEPT]:
        with suppress(OSError):
            files.remove(old)
    return path


def runs(folder: Folder, session: Path) -> list[Path]:
    """The runs kept of a session, the oldest first."""
    stem = _stem(folder, session) + "."
    kept: list[tuple[str, int, str]] = []
    with suppress(OSError):
        for name in os.listdir(folder.history):
            match = _RUN.fullmatch(name, len(stem)) if name.startswith(stem) else None
            if match:
                kept.append((match[1], int(match[2] or 0), name))
    return [folder.history / name for *_, name in sorted(kept)]


def load_run(path: Path) -> dict[str, Any] | None:
    """The document in a file of ours, None when it is none."""
    try:
        raw = files.read(path, MAX_BYTES)
        document = json.loads(raw) if raw else None
    except (StateError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and isinstance(document.get("results"), list) else None


def _stem(folder: Folder, session: Path) -> str:
    """The name under which a session's runs are kept; a file outside the sessions folder is told by its place as well."""
    if session.parent == folder.sessions:
        return session.name
    place = os.path.abspath(session).encode("utf-8", "backslashreplace")
    return f"{session.name[:60]}.{hashlib.sha256(place).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One check that is not as it was."""

    id: str
    kind: Literal["worse", "better", "changed", "added", "removed"]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def values(self) -> dict[str, tuple[object, object]]:
        """The values that differ, as before and after."""
        old = _table(self.before, "values")
        new = _table(self.after, "values")
        return {key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changed between two documents of `check --format json`, in the order of the later one."""
    old, new = _results(before), _results(after)
    changed = []
    for id_, result in new.items():
        was = old.get(id_)
        if was is None:
            changed.append(Difference(id_, "added", None, result))
            continue
        step = _rank(result) - _rank(was)
        if step:
            changed.append(Difference(id_, "worse" if step > 0 else "better", was, result))
        elif any(was.get(key) != result.get(key) for key in ("outcome", "code", "values")):
            changed.append(Difference(id_, "changed", was, result))
    return changed + [Difference(id_, "removed", was, None) for id_, was in old.items() if id_ not in new]


def regressed(changed: list[Difference]) -> bool:
    """Whether anything got worse; a check that was not run before cannot have."""
    return any(difference.kind == "worse" for difference in changed)


def _results(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        show(result["id"], 60): result
        for result in document["results"]
        if isinstance(result, dict) and isinstance(result.get("id"), str)
    }


def _rank(result: Mapping[str, Any]) -> int:
    if isinstance(result.get("waiver"), dict):
        return 0
    try:
        return _RANK[Outcome(str(result.get("outcome")))]
    except ValueError:
        return 2


def _table(result: Mapping[str, Any] | None, key: str) -> Mapping[str, Any]:
    table = result.get(key) if result else None
    return table if isinstance(table, dict) else {}
