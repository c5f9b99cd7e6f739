"""The random id of this machine's data folder: it tells two PCs of one name apart and says nothing about either."""

from __future__ import annotations

import os
import re

from state.errors import SessionUnreadable
from state.file import files
from state.file.places import Folder, prepare

MACHINE = "machine-id"
"""The file in the data folder: 32 hexadecimal digits and a line end."""

_ID = re.compile(rb"[0-9a-f]{32}\Z")


def machine_id(folder: Folder, *, make: bool = True) -> str:
    """The id, 32 hexadecimal digits; made once, by the first who asks. Without `make` it is empty until then.

    Raises `CannotWrite` when it cannot be made, `SessionUnreadable` when something else has the file's name.
    """
    path = folder.data / MACHINE
    try:
        found = files.read(path, 1024)
    except SessionUnreadable:
        if make:
            raise
        found = None
    if found is None or not _ID.match(found.strip()):
        if not make:
            return ""
        prepare(folder.data)
        new = path.with_name(f"{MACHINE}.{os.getpid()}")
        with files.as_cannot_write(path):
            if found is not None:
                files.remove(path)  # cut or edited: no id that anybody could know
            files.remove(new)
            files.write_new(new, os.urandom(16).hex().encode() + b"\n")
            try:
                # Whole or not there at all, and never in the place of one that another process made first.
                files.keep_copy(new, path)
            finally:
                files.remove(new)
            files.sync_folder(folder.data)
        found = files.read(path, 1024) or b""
    return found.strip().decode("ascii", "replace")
