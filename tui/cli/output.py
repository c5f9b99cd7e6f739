"""Where a command's data goes: standard output, or a file that is written as a whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from checks.text import Text
from tui.cli import console, sentences
from tui.cli.problem import CANNOT_WRITE, Problem, filled
from tui.cli.setup import Setup

_KEPT_HERE = Text(
    "{file} には書き込みません。セッションや設定を保存している場所です。別のファイルを指定してください。",
    "{file} is not written: sessions or settings are kept there. Name another file.",
)


def deliver(setup: Setup, text: str, *, exact: bool = False) -> None:
    """Write `text` to `--output` (UTF-8) or to standard output; `exact` keeps its line ends as they are.

    Raises `Problem` (exit 74) when the file cannot be written; the old file is then still there.
    """
    name = setup.args.one("--output")
    if name is None or name == "-":
        if exact:
            console.emit_bytes(text.encode("utf-8", "backslashreplace"))
        else:
            console.emit(text)
        return
    newline = os.linesep if not exact and setup.args.format() in ("text", "markdown") else "\n"
    data = (text.replace("\n", newline) if newline != "\n" else text).encode("utf-8", "backslashreplace")
    path = target(setup, name)
    try:
        console.write_file(path, data)
    except (OSError, ValueError) as error:
        raise cannot_write(name, error) from None
    console.tell(filled(sentences.WRITTEN, file=name), setup.lang)


def deliver_pieces(setup: Setup, pieces: Iterable[str]) -> None:
    """The same for what is too large to be one string; line ends stay as they are."""
    name = setup.args.one("--output")
    if name is None or name == "-":
        for piece in pieces:
            console.emit(piece, flush=False)
        console.emit("")
        return
    path = target(setup, name)
    try:
        console.write_pieces(path, (piece.encode("utf-8", "backslashreplace") for piece in pieces))
    except (OSError, ValueError) as error:
        raise cannot_write(name, error) from None
    console.tell(filled(sentences.WRITTEN, file=name), setup.lang)


def target(setup: Setup, name: str) -> Path:
    """The file to write; raises `Problem` (exit 2) where that would write over what is kept of the sessions."""
    from state.file.places import locate

    folder = locate()
    kept = [folder.sessions, folder.history, folder.config, *([setup.state] if setup.state else [])]
    place = _place(name)
    if any(place == each or place.startswith(each + os.sep) for each in map(_place, kept)):
        raise Problem(_KEPT_HERE, file=name)
    return Path(name)


def _place(path: str | Path) -> str:
    """Where a file is, links followed; the name itself when it cannot be a file's."""
    try:
        return os.path.normcase(os.path.realpath(path))
    except ValueError:
        return str(path)


def cannot_write(name: str, error: OSError | ValueError) -> Problem:
    """The refusal (exit 74) that says why the system did not let us write a file that the person named."""
    from state.file.named_file import unwritable

    return Problem(sentences.CANNOT_WRITE, CANNOT_WRITE, file=name, why=unwritable(error))


def whole(setup: Setup) -> bool:
    """Whether the output carries every character: a file always, a console only with the right encoding."""
    return setup.args.one("--output") not in (None, "-") or console.is_unicode(sys.stdout)


def json_text(document: Any, setup: Setup) -> str:
    """The document as JSON; with escapes where the output could not carry every character."""
    import json

    from checks.shown import inert_json

    return inert_json(json.dumps(document, ensure_ascii=not whole(setup), indent=2)) + "\n"


def columns(setup: Setup) -> int:
    """Cells to wrap text to: 0 unless it goes to a terminal."""
    return 0 if setup.args.one("--output") not in (None, "-") else console.width()
