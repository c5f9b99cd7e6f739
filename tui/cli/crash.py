"""A defect of ours: the place is kept in a private file, without messages and variables, which may hold secrets."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime

from checks.text import Text
from tui.cli import sentences
from tui.cli.problem import filled


def keep(error: BaseException) -> Text:
    """Write down where `error` was raised; the sentence that says so."""
    kind = type(error).__name__
    walk = traceback.walk_tb(error.__traceback__)  # module, function and line, the outermost first
    frames = [f"{at.f_globals.get('__name__', '?')}.{at.f_code.co_name}:{line}" for at, line in walk]
    place = frames[-1] if frames else "?"
    try:
        from state.file.places import locate, prepare

        folder = locate().logs
        prepare(folder)
        now = datetime.now(UTC)
        path = folder / f"crash-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
        from checks import __version__

        head = f"oss-junbi {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{now:%Y-%m-%dT%H:%M:%SZ}\n"
        body = "".join(f"{frame}\n" for frame in frames)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{head}{kind}\n{body}")
    except Exception:
        return filled(sentences.BUG_NO_FILE, error=kind, place=place)
    return filled(sentences.BUG, error=kind, file=path)
