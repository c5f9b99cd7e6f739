"""Copies that a synchronising program or a person makes beside a session file, and how they come back into it.

Names as OneDrive ("conflicting copies", support.microsoft.com), Dropbox ("conflicted copy", help.dropbox.com), Syncthing
(docs.syncthing.net/users/syncing.html), Nextcloud, Explorer and Finder give them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from checks.guide import Guides
from checks.record import replace
from state.errors import StateError
from state.file import files, load
from state.file.tables import TABLES
from state.live.merge import merge
from state.session_data import Answer, Entry, SessionData

_ADDED = (
    r"\.sync-conflict-[0-9]{8}-[0-9]{6}(?:-[A-Z0-9]{5,9})?",
    r" ?[(（][^()（）]*(?:conflicted copy|競合コピー)[^()（）]*[)）](?: ?\([0-9]{1,3}\))?",
    r" - (?:コピー|Copy)(?: ?[(（][0-9]{1,3}[)）])?",
    r" ?のコピー ?[0-9]{0,3}",
    r" copy(?: [0-9]{1,3})?",
    r" ?[(（][0-9]{1,3}[)）]",
    r" [0-9]{1,3}",
    r"-(?=[A-Z0-9-]{0,14}[A-Z])[A-Z0-9][A-Z0-9-]{0,14}(?:-[0-9]{1,2})?",  # OneDrive: the name of the PC
)
_COPY = re.compile("|".join(f"(?:{added})" for added in _ADDED))


def called_after(name: str, names: Container[str]) -> str:
    """The session whose copy a file's name may be; empty when no session has the beginning of that name."""
    for end in range(len(name) - 1, 0, -1):
        if name[:end] in names and _COPY.fullmatch(name, end):
            return name[:end]
    return ""


def original_of(path: Path, names: Container[str], guides: Guides) -> str:
    """The session whose copy a file is: its name says so, and the session in it bears the other's name."""
    stem = path.name.removesuffix(".toml")
    original = called_after(stem, names)
    if original:
        with suppress(StateError):
            loaded = load.load(path, guides, newer=True)
            if loaded is not None and loaded.data.name == original:
                return original
    return ""


def merged(ours: SessionData, copy: SessionData) -> SessionData:
    """A session with all that its copy holds. What one side changed after it had the other's value is no conflict."""
    copy = replace(copy, name=ours.name, ui=ours.ui, takeover=ours.takeover, app=ours.app, schema=ours.schema)
    base = replace(
        SessionData(ours.name, ours.created, ours.created, ours.app), takeover=ours.takeover, ui=ours.ui
    )
    past: dict[str, Answer] = {}
    for older, newer in ((ours, copy), (copy, ours)):
        seen = [(step.question, step.rev, step.after) for step in newer.history]
        past |= {
            name: answer for name, answer in older.answers.items() if (name, answer.rev, answer.value) in seen
        }
    return merge(replace(base, answers=past), ours, copy)


def differences(ours: SessionData, after: SessionData) -> list[tuple[str, str, Entry | None, Entry | None]]:
    """What a merge changes: table, id, what is there and what comes, in the order of the tables."""
    changed: list[tuple[str, str, Entry | None, Entry | None]] = []
    for table in (table.name for table in TABLES if table.dated):
        one, other = getattr(ours, table), getattr(after, table)
        changed += [
            (table, name, one.get(name), other.get(name))
            for name in sorted(one.keys() | other.keys())
            if one.get(name) != other.get(name)
        ]
    return changed


def put_away(copy: Path, session: Path, stamp: str) -> Path:
    """Gives a copy that was merged a name beside its session, under which it is kept; raises `OSError`."""
    names = files.numbered(session.with_name(f"{session.name}.merged-{stamp}"))
    kept = next(name for name in names if not os.path.lexists(name))
    files.replace(copy, kept)
    return kept
