"""A session kept under another name: what a login had not saved yet when another one took the session over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from checks.record import replace
from state.errors import StateError
from state.file import document, files
from state.file.render import Writer
from state.session_data import SessionData

_ROOM = (52, 140)
"""Characters and bytes of the name that are kept, so that the new one is a session name as well."""


def free_name(path: Path, word: str) -> Path:
    """A name beside `path` that nobody has yet: `NAME-word`, `NAME-word-2`, ..."""
    return next(name for name in _names(path, word) if not os.path.lexists(name))


def _names(path: Path, word: str) -> Iterator[Path]:
    stem = path.name.removesuffix(".toml")[: _ROOM[0]]
    while len(stem.encode("utf-8", "replace")) > _ROOM[1]:
        stem = stem[:-1]
    return files.numbered(path.with_name(f"{stem}-{word}.toml"), ".toml")


def save_copy(path: Path, data: SessionData, word: str = "unsaved") -> tuple[Path, bytes]:
    """A new session file beside `path` with all of `data`, synced; its place and bytes. Raises `CannotWrite`."""
    with files.as_cannot_write(path):
        for copy in _names(path, word):
            raw = Writer().bytes_of(replace(data, name=copy.name.removesuffix(".toml"), takeover=None))
            with suppress(FileExistsError):
                files.write_new(copy, raw)
                files.sync_folder(copy.parent)
                return copy, raw
        raise FileExistsError


def remove_copy(copy: tuple[Path, bytes]) -> None:
    """Removes a file that `save_copy` made, unless somebody has changed it since."""
    path, raw = copy
    with suppress(OSError, StateError):
        if files.read(path, document.MAX_BYTES) == raw:
            files.remove(path)
