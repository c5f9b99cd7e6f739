"""The pieces of a session's text that are on the disk already, so that the first save after opening makes only what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from state.file import document
from state.session_data import SessionData

Pieces: TypeAlias = dict[tuple[str, str], tuple[object, str]]
"""By group and name: what was written, and as which text."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = re.compile(r'[^"\\\x00-\x1f\x7f]*')
_OPENS = re.compile(r"^[ \t]*\[", re.MULTILINE)


def pieces_of(data: SessionData, raw: bytes) -> Pieces:
    """The pieces of a file that was read as `data`; none unless it bears our seal, for only then it is as we wrote it.

    Without texts over several lines a line that begins with a bracket is a header, so a piece ends where the next begins.
    Anybody can make a seal: of a text that has a header elsewhere than after a blank line nothing is used, for a piece of it
    might hold a second table.
    """
    text = raw[: max(0, raw.rfind(b"# sha256 "))].decode("utf-8", "replace")
    if document.seal(text) != raw or '"""' in text or "'''" in text:
        return {}
    blocks = {}
    pieces = text.split("\n\n[")[1:]
    if len(pieces) != len(_OPENS.findall(text)):
        return {}
    for block in pieces:
        header, _, rest = block.partition("]\n")
        blocks[header] = rest.rstrip("\n") + "\n"
    return dict([*_entries(data, blocks), *_rows(data, blocks)])


def _entries(
    data: SessionData, blocks: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], tuple[object, str]]]:
    groups: dict[str, Mapping[str, Any]] = {
        "answers": data.answers,
        "cleared": data.cleared,
        "results": data.results,
        "waivers": data.waivers,
        "withdrawn": data.withdrawn,
    }
    for name, entries in groups.items():
        for key, entry in entries.items():
            header = f"{name}.{key}" if _BARE.fullmatch(key) else f'{name}."{key}"'
            # What a newer version put in may be a table of its own, and an entry without a time is of the time of the file,
            # which changes: both are written anew.
            if not _QUOTED.fullmatch(key) or entry.extra:
                continue
            if "\nat = " in f"\n{blocks.get(header, '')}":
                yield (name, key), (entry, f"[{header}]\n{blocks[header]}")


def _rows(
    data: SessionData, blocks: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], tuple[object, str]]]:
    lists: dict[tuple[str, str], list[object]] = {
        ("history", "changes"): [one for one in data.history if one.kind == "answer"],
        ("history", "waivers"): [one for one in data.history if one.kind == "waiver"],
        ("conflicts", "entries"): list(data.conflicts),
    }
    for (name, key), rows in lists.items():
        begun = f"\n{blocks.get(name, '')}".partition(f"\n{key} = [\n")[2]
        lines = begun.partition("\n]\n")[0].split("\n")
        # Only a list inside can make a row go on in the next line.
        whole = all(line.startswith("    { ") and line.endswith(" },") and "[" not in line for line in lines)
        if whole and len(lines) == len(rows):
            for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
                yield (name, f"{key} {number}"), (row, line + "\n")
