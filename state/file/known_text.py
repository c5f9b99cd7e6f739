"""The texts of a session's entries that are on the disk already, so that the first save after opening makes only what changed.

Measured from an installed wheel with a session of 25 kB, CPU time beside `python -c pass`, the best of 21 rounds in turns:
`answer` takes 6.3 x with this module and 7.5 x without (one first save 1.4 in place of 20 ms).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from state.file import document
from state.file.tables import TABLES, row_lists
from state.session_data import SessionData, Unread

Texts: TypeAlias = Iterator[tuple[tuple[str, str], tuple[object, str]]]
KnownText: TypeAlias = dict[tuple[str, str], tuple[object, str]]
"""By table and id: what was written, and as which text."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = re.compile(r'[^"\\\x00-\x1f\x7f]*')
_OPENS = re.compile(r"^[ \t]*\[", re.MULTILINE)


def known_text(data: SessionData, raw: bytes) -> KnownText:
    """The texts of a file that was read as `data`; none unless it bears our seal, for only then it is as we wrote it.

    Without texts over several lines a line that begins with a bracket is a header, so an entry ends where the next begins.
    Anybody can make a seal: of a text that has a header elsewhere than after a blank line nothing is used, for what looks
    like one entry might hold a second table.
    """
    text = raw[: max(0, raw.rfind(b"# sha256 "))].decode("utf-8", "replace")
    if document.seal(text) != raw or '"""' in text or "'''" in text:
        return {}
    blocks = {}
    parts = text.split("\n\n[")[1:]
    if len(parts) != len(_OPENS.findall(text)):
        return {}
    for block in parts:
        header, _, rest = block.partition("]\n")
        blocks[header] = rest.rstrip("\n") + "\n"
    return dict([*_entries(data, blocks), *_rows(data, blocks)])


def _entries(data: SessionData, blocks: Mapping[str, str]) -> Texts:
    headed = [part for table in TABLES if table.dated for part in table.headed(data)]
    for name, _, entries in headed:
        for key, entry in entries.items():
            # What a newer version put in may be a table of its own, and an entry without a time is of the time of the file,
            # which changes: both are written anew.
            if isinstance(entry, Unread) or entry.extra or not _QUOTED.fullmatch(key):
                continue
            header = f"{name}.{key}" if _BARE.fullmatch(key) else f'{name}."{key}"'
            if "\nat = " in f"\n{blocks.get(header, '')}":
                yield (name, key), (entry, f"[{header}]\n{blocks[header]}")


def _rows(data: SessionData, blocks: Mapping[str, str]) -> Texts:
    for name, lists in row_lists(data).items():
        for key, rows in lists.items():
            begun = f"\n{blocks.get(name, '')}".partition(f"\n{key} = [\n")[2]
            lines = begun.partition("\n]\n")[0].split("\n")
            # Only a list inside can make a row go on in the next line.
            whole = all(
                line.startswith("    { ") and line.endswith(" },") and "[" not in line for line in lines
            )
            if whole and len(lines) == len(rows):
                for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
                    yield (name, f"{key} {number}"), (row, line + "\n")
