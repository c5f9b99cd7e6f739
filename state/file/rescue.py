"""A session kept under another name: what a login had not saved yet when another one took the session over."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from checks.record import replace
from state.errors import StateError
from state.file import document, files
from state.file.render import Writer
from state.session_data import SessionData

_ROOM = (52, 140)
"""Characters and bytes of the name that are kept, so that the new one is a session name as well."""


def free(path: Path, word: str) -> Path:
    """A name beside `path` that nobody has yet, `NAME-word`, `NAME-word-2`, ..."""
    stem = path.name.removesuffix(".toml")[: _ROOM[0]]
    while len(stem.encode("utf-8", "replace")) > _ROOM[1]:
        stem = stem[:-1]
    stem = f"{stem}-{word}"
    found = path.with_name(f"{stem}.toml")
    for more in range(2, 10_000):
        if not os.path.lexists(found):
            break
        found = path.with_name(f"{stem}-{more}.toml")
    return found


def keep(path: Path, data: SessionData, word: str = "unsaved") -> tuple[Path, bytes]:
    """A new session file beside `path` with all of `data`, synced; its place and bytes. Raises `CannotWrite`."""
    with files.as_cannot_write(path):
        while True:
            beside = free(path, word)
            name = beside.name.removesuffix(".toml")
            raw = Writer().bytes_of(replace(data, name=name, takeover=None))
            try:
                files.write_new(beside, raw)
            except FileExistsError:
                continue
            files.sync_folder(beside.parent)
            return beside, raw


def take_away(kept: tuple[Path, bytes]) -> bool:
    """Removes a file that `keep` made and that nobody has touched since; False when it stays."""
    path, raw = kept
    with suppress(OSError, StateError):
        if files.read(path, document.MAX_BYTES) == raw:
            return files.remove(path)
    return False
