"""Older file formats, brought to the present one step at a time on plain tables.

`MIGRATIONS[n]` turns the tables of schema n into those of n + 1 and is never changed once released; each has a file before
and a file after in `tests/data/state/`, kept for ever.

Schema 0, written by versions before the first release: `schema = 0`, `[session]` with name and created, `[answers]` with
bare values (`"case.procedure" = "transfer"`), `[notes]` as today; no results, no revisions, no end table, no checksum.

Schema 1, written by version 0.1: the same tables as today, with the entries about every PC in the session itself. Which of
them move to the record of a PC needs its file too, and is decided where a session is opened to be changed
(`state/live/pc_entries.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from checks.text import Text
from state.file.entry_types import Invalid, TomlTable
from state.session_data import EPOCH, SCHEMA


def _from_0(tables: TomlTable) -> TomlTable:
    """Bare answers become tables with the session's own time, numbered in the order in which they stand."""
    session = tables.get("session", {})
    at = session.get("created", EPOCH) if isinstance(session, dict) else EPOCH
    answers = tables.get("answers", {})
    if not isinstance(answers, dict):
        raise Invalid(("answers",), Text("表 (テーブル) が必要です", "a table is expected"))
    moved: TomlTable = {}
    for rev, (question, value) in enumerate(answers.items(), 1):
        if isinstance(value, dict | list):
            raise Invalid(("answers", question), Text("値そのものが必要です", "a bare value is expected"))
        moved[question] = {"value": value, "at": at if isinstance(at, datetime) else EPOCH, "rev": rev}
    return {**tables, "schema": 1, "answers": moved}


def _from_1(tables: TomlTable) -> TomlTable:
    """The tables stay as they are."""
    return {**tables, "schema": 2}


MIGRATIONS: tuple[Callable[[TomlTable], TomlTable], ...] = (_from_0, _from_1)
"""One function for each older schema, in order."""

SAME_TABLES = (1, 2)
"""The schemas whose tables and entries are those of today: a copy of one is as good as ours."""

assert len(MIGRATIONS) == SCHEMA


def migrate(tables: TomlTable, schema: int) -> TomlTable:
    """The tables in the present format; raises `Invalid` for the first value that no version wrote."""
    for step in MIGRATIONS[schema:]:
        tables = step(tables)
    return tables
