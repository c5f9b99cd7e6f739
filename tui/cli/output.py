"""Where a command's data goes: standard output, or a file that is written as a whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from checks.text import Text
from tui.cli import console, sentences
from tui.cli.problem import CANNOT_WRITE, Problem
from tui.cli.setup import Setup

_KEPT_HERE = Text(
    "{file} には書き込みません。セッションや設定を保存している場所です。別のファイルを指定してください。",
    "{file} was not written: sessions or settings are stored there. Name another file.",
)


def deliver(setup: Setup, text: str | Iterable[str], *, exact: bool = False, markup: bool = False) -> None:
    """Write `text`, whole or in pieces, to `--output` (UTF-8) or to standard output.

    `exact` keeps its line ends and its encoding, `markup` says that `&#...;` can stand for any character. Raises `Problem`
    (exit 74) when the file cannot be written; the old file is then still there.
    """
    pieces: Iterable[str] = (text,) if isinstance(text, str) else text
    if markup and not carries_all(setup):
        pieces = (piece.encode("ascii", "xmlcharrefreplace").decode("ascii") for piece in pieces)
    if setup.to_file:
        own = os.linesep if not exact and setup.args.format() in ("text", "markdown") else "\n"
        data = (piece.replace("\n", own).encode("utf-8", "backslashreplace") for piece in pieces)
        write(setup, setup.args.one("--output") or "", data)
        setup.say(sentences.WRITTEN, file=setup.args.one("--output"))
    elif exact:
        console.emit_bytes("".join(pieces).encode("utf-8", "backslashreplace"))
    else:
        for piece in pieces:
            console.emit(piece, flush=False)
        console.emit("")


def deliver_lines(setup: Setup, lines: Iterable[str]) -> None:
    deliver(setup, "\n".join(lines) + "\n")


def deliver_json(setup: Setup, document: Any) -> None:
    deliver(setup, json_text(setup, document, indent=2))


def json_text(setup: Setup, document: Any, **form: Any) -> str:
    """The document as JSON; with escapes where the output could not carry every character."""
    import json

    from checks.shown import inert_json

    return inert_json(json.dumps(document, ensure_ascii=not carries_all(setup), **form)) + "\n"


def write(setup: Setup, name: str, data: Iterable[bytes]) -> None:
    """Write a file that the person named.

    Raises `Problem`: exit 2 where that would write over what is kept of the sessions, 74 when the system did not let us.
    """
    from state.file.named_file import unwritable
    from state.file.places import locate

    folder = locate()
    kept = [folder.sessions, folder.history, folder.config, *([setup.state] if setup.state else [])]
    place = _place(name)
    if any(place == each or place.startswith(each + os.sep) for each in map(_place, kept)):
        raise Problem(_KEPT_HERE, file=name)
    try:
        console.write_file(Path(name), data)
    except (OSError, ValueError) as error:
        raise Problem(sentences.CANNOT_WRITE, CANNOT_WRITE, file=name, why=unwritable(error)) from None


def _place(path: str | Path) -> str:
    """Where a file is, links followed; the name itself when it cannot be a file's."""
    try:
        return os.path.normcase(os.path.realpath(path))
    except ValueError:
        return str(path)


def carries_all(setup: Setup) -> bool:
    """Whether the output carries every character: a file always, a console only with the right encoding."""
    return setup.to_file or console.is_unicode(sys.stdout)


def columns(setup: Setup) -> int:
    """Cells to wrap text to: 0 unless it goes to a terminal."""
    return 0 if setup.to_file else console.width()
