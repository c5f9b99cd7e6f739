"""Each table of a session file or PC record, described once: what its entries are, how one is removed, its scope, whether it can be undone.

Reading and writing (`decode.py`, `render.py`, `known_text.py`, `salvage.py`) and in `state/live` merging, changing and undoing
follow this description. A new table is a record and a field in `state/session_data.py`, and one entry of `TABLES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args

from checks.model import Outcome
from checks.record import dataclass
from checks.rules.conditions import Value
from state.file.entry_types import (
    AT,
    REQUIRED,
    REV,
    EntryKey,
    EntryType,
    TomlTable,
    choice,
    day,
    facts,
    flag,
    number,
    strings,
    text,
    time,
    value,
)
from state.session_data import (
    EPOCH,
    MAX_TEXT,
    Answer,
    Cleared,
    Conflict,
    Declaration,
    Draft,
    Entry,
    Kind,
    Pc,
    Result,
    Said,
    SessionData,
    SessionNote,
    Takeover,
    Ui,
    UndoStep,
    Unread,
    Waiver,
)

SCOPES = ("pc", "office", "case")
_HOST, _USER = text("host", sparse=True), text("user", sparse=True)

CLEARED = EntryType(Cleared, (AT, REV))
UNDO_STEP = EntryType(
    UndoStep,
    (text("question", REQUIRED), value("before", None, sparse=True), value("after", None, sparse=True), REV,
     choice("scope", SCOPES, "case", sparse=True), flag("undone"), number("turn", sparse=True), text("pc", sparse=True),
     number("left", sparse=True)),
)  # fmt: skip
TAKEOVER = EntryType(Takeover, (number("number"), text("host"), text("user"), number("pid"), AT))
UI = EntryType(Ui, (text("cursor", sparse=True), strings("folded")))
SESSION = EntryType(dict, (text("name"), time("created"), time("updated"), text("app")))
PC = EntryType(
    lambda extra, **known: Pc(**known),
    (text("machine"), text("host", REQUIRED), text("user", REQUIRED), text("platform"), time("seen"), text("added_by", sparse=True),
     EntryKey("added", AT.read, AT.expected, EPOCH, sparse=True)),
)  # fmt: skip
"""What stands beside these in the head of a PC record."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file: entries by id."""

    name: str
    """In the file and in `SessionData`."""
    kind: Kind
    """What one entry is called in the history and in a conflict."""
    entries: EntryType
    tombstones: str = ""
    """The table that keeps when an entry was removed, so that an older copy cannot bring it back."""
    unread: str = ""
    """Where `SessionData` keeps what stands in the table and is no entry."""
    stamps: str = ""
    """The table of the file that says when each entry was changed, where the table itself holds nothing but texts."""
    dated: bool = True
    """Each entry has a revision, the higher of which wins; else the login wins that saved last."""
    scope: Literal["entry", "item", "case"] = "case"
    """Whether each entry says how far it holds (one of scope `pc` with its host and user), holds as far as its item unless it
    says so, or all belong to the case."""
    says: Callable[[Any], Value | None] | None = None
    """What an entry says, for comparing two that were changed at the same time: that of the loser is kept as a conflict
    until somebody has settled it. None where the newer one simply takes the place of the older."""
    undo: str = ""
    """The list in `[history]` that keeps its changes, empty where nothing is undone."""

    def statements(self, data: SessionData) -> dict[str, Any]:
        """All that is said under each id: an entry, what could not be read as one, or that there is none any more."""
        removed: Mapping[str, Any] = getattr(data, self.tombstones) if self.tombstones else {}
        unread: Mapping[str, Any] = getattr(data, self.unread) if self.unread else {}
        return {**removed, **unread, **getattr(data, self.name)}

    def fields(self, statements: Mapping[str, Any]) -> dict[str, Any]:
        """The same as `SessionData` has it, by field."""
        fields: dict[str, Any] = {name: {} for name in (self.name, self.tombstones, self.unread)}
        for id_, entry in statements.items():
            fields[self._field(entry)][id_] = entry
        fields.pop("", None)
        return fields

    def _field(self, entry: Entry) -> str:
        if isinstance(entry, Cleared):
            return self.tombstones
        return self.unread if isinstance(entry, Unread) else self.name

    def said(self, entry: Any) -> Value | None:
        """What an entry says, None when it says that there is nothing."""
        if self.says is None or entry is None or isinstance(entry, Cleared):
            return None
        if isinstance(entry, Unread):
            return str(entry.entry.get("value", ""))[:MAX_TEXT] or None
        return self.says(entry)

    def headed(self, data: SessionData) -> Iterator[tuple[str, EntryType, dict[str, Any]]]:
        """The tables of the file in which each entry has its own header: name, type, entries."""
        if not self.stamps:
            unread = getattr(data, self.unread) if self.unread else {}
            yield self.name, self.entries, {**getattr(data, self.name), **unread}
        if self.tombstones:
            yield self.tombstones, CLEARED, getattr(data, self.tombstones)


ANSWERS = Table(
    "answers", "answer",
    EntryType(Answer, (value("value"), AT, REV, choice("scope", SCOPES, "case"), _HOST, _USER)),
    tombstones="cleared", unread="unread", scope="entry", says=lambda answer: answer.value, undo="changes",
)  # fmt: skip
RESULTS = Table(
    "results", "result",
    EntryType(
        Result,
        (choice("outcome", Outcome, made=Outcome), text("code"), facts("values"), strings("evidence"), AT, REV, _HOST, _USER,
         number("took_ms"), choice("scope", SCOPES, "pc")),
    ),
    scope="entry",
)  # fmt: skip
WAIVERS = Table(
    "waivers", "waiver",
    EntryType(
        Waiver,
        (text("reason", REQUIRED), text("by", REQUIRED), day("until"), AT, REV, choice("scope", ("pc", "case"), "", sparse=True)),
    ),
    scope="item", tombstones="withdrawn", says=lambda waiver: f"{waiver.reason} ({waiver.by}, {waiver.until.isoformat()})", undo="waivers",
)  # fmt: skip
DECLARED = Table(
    "declared", "declaration",
    EntryType(Declaration, (text("by", REQUIRED), choice("said", get_args(Said)), day("on"), AT, REV)),
    scope="item", tombstones="undeclared", says=lambda one: f"{one.by} ({one.said}, {one.on.isoformat()})", undo="declarations",
)  # fmt: skip
DRAFTS = Table(
    "drafts", "draft", EntryType(Draft, (AT, text("note", sparse=True), text("answer", sparse=True))), dated=False
)  # fmt: skip
NOTES = Table(
    "notes", "note", EntryType(SessionNote, (AT, REV)), scope="item", stamps="note-changes", says=lambda note: note.text or None
)  # fmt: skip

TABLES = (ANSWERS, RESULTS, WAIVERS, DECLARED, DRAFTS, NOTES)
"""In the order in which they are written."""
UNDOABLE: Mapping[Kind, Table] = {table.kind: table for table in TABLES if table.undo}

CONFLICT = EntryType(
    Conflict,
    (choice("kind", [table.kind for table in TABLES if table.says]), text("id", REQUIRED), value("lost", None, sparse=True), AT, REV,
     number("over")),
)  # fmt: skip

KNOWN = (
    "schema", "session", "pc", "takeover",
    *(name for table in TABLES for name in (table.name, table.tombstones, table.stamps) if name),
    "ui", "history", "conflicts", "end",
)  # fmt: skip
"""The top-level keys of this format."""


def highest_rev(data: SessionData) -> int:
    """The highest revision in use; the next change gets one more."""
    revs = [max(step.rev, step.turn) for step in data.history]
    for table in TABLES:
        if table.dated:
            revs += [entry.rev for entry in table.statements(data).values()]
    return max(revs, default=0)


def row_lists(data: SessionData) -> dict[str, dict[str, tuple[Any, ...]]]:
    """The tables that hold lists instead of entries: by table and key, the rows."""
    return {
        "history": {
            table.undo: tuple(step for step in data.history if step.kind == table.kind)
            for table in UNDOABLE.values()
        },
        "conflicts": {"entries": data.conflicts},
    }


def row_table(row: UndoStep | Conflict) -> TomlTable:
    """One row of such a list as a table."""
    if isinstance(row, Conflict):
        return CONFLICT.write(row)
    table = UNDO_STEP.write(row)
    bare = UNDOABLE[row.kind].entries.write_bare
    return table | {
        side: bare(table[side]) for side in ("before", "after") if side in table and row.kind != "answer"
    }
