"""What a session holds, as values that never change: whoever changes something makes a new `SessionData`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

from checks import FIRST_GUIDE
from checks.model import Json, Outcome, Scope
from checks.record import dataclass, field
from checks.rules.conditions import Value
from checks.text import Text

SCHEMA = 1
"""The number of the file format that this version writes."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that nobody wrote down."""


def here(at: datetime) -> datetime:
    """The same time where the person is; in UTC where that is beyond the calendar, or the system cannot tell.

    A file may hold the last second of the year 9999, and Windows knows no local time before 1970.
    """
    try:
        return at.astimezone()
    except (OverflowError, ValueError, OSError):
        return at.astimezone(UTC)


MAX_TEXT = 2_000
"""Characters of an answer, a reason or a name."""
MAX_NOTE = 10_000
"""Characters of one note."""
MAX_HISTORY = 100
"""Changes that can be undone."""
MAX_CONFLICTS = 50
"""Losing sides of conflicts that are kept until they are settled."""
MAX_REV = 2**62
"""Larger revisions are a damaged or invented file."""

Extra: TypeAlias = Mapping[str, object]
"""Keys and tables of a file that this version does not know; kept as they are."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to a question. Host and user are kept for the scope `pc` alone."""

    value: Value
    at: datetime
    rev: int
    scope: Scope = "case"
    host: str = ""
    user: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands in the file as an answer and is none that the question takes: kept as found, counts as not answered."""

    entry: Mapping[str, object]
    """The whole table, `value` included."""
    at: datetime
    rev: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """The trace of an answer or waiver that was taken back, so that an older copy cannot bring it back."""

    at: datetime
    rev: int
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: a code and values, never a sentence."""

    outcome: Outcome
    code: str
    values: Mapping[str, Json]
    evidence: tuple[str, ...]
    at: datetime
    rev: int
    host: str = ""
    user: str = ""
    took_ms: int = 0
    scope: Scope = "pc"
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Free text about a step or an item; an empty one is a note that was removed."""

    text: str
    at: datetime
    rev: int
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What one login was typing about a step or an item when it was last seen: a note, an answer, or both."""

    at: datetime
    note: str = ""
    answer: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted exception, good until the end of the day `until`."""

    reason: str
    by: str
    until: date
    at: datetime
    rev: int
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a waiver says, as the history keeps it."""

    reason: str
    by: str
    until: date


@dataclass(frozen=True, slots=True)
class Takeover:
    """Who took the session over last: whoever had it open before may only read from then on.

    `number` is one more than that of the takeover before. A login that comes later joins as always.
    """

    number: int
    host: str
    user: str
    pid: int
    at: datetime
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ui:
    """Where the person was."""

    cursor: str = ""
    folded: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One change that can be undone. `rev` is the change's own, `turn` that of its last undo or redo.

    Of an answer, or of a waiver: then `question` is what it is for, and `before` and `after` are its terms.
    """

    question: str
    before: Value | Terms | None
    after: Value | Terms | None
    rev: int
    scope: Scope = "case"
    undone: bool = False
    turn: int = 0
    kind: Literal["answer", "waiver"] = "answer"
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The side that lost when two logins changed the same thing: `lost` is its value, None when it was cleared."""

    kind: Literal["answer", "note", "waiver"]
    id: str
    lost: Value | None
    at: datetime
    rev: int
    over: int
    """The revision that was kept instead."""
    extra: Extra = field(default_factory=dict)


def draft_key(item: str, host: str, user: str) -> str:
    """Under which name a login's draft about an item stands in the file."""
    return f"{item}@{host}/{user}"


@dataclass(frozen=True, slots=True)
class SessionData:
    """All of a session at one moment."""

    name: str
    created: datetime
    updated: datetime
    app: str
    schema: int = SCHEMA
    answers: Mapping[str, Answer] = field(default_factory=dict)
    unread: Mapping[str, Unread] = field(default_factory=dict)
    """By question; of no question that stands in `answers` or `cleared` too."""
    cleared: Mapping[str, Cleared] = field(default_factory=dict)
    results: Mapping[str, Result] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    """By item and login, as `draft_key` writes them."""
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    withdrawn: Mapping[str, Cleared] = field(default_factory=dict)
    """The traces of waivers that were taken back."""
    ui: Ui = Ui()
    history: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    takeover: Takeover | None = None
    session_extra: Extra = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)

    @property
    def guide(self) -> str:
        """The name of the guide that it follows."""
        name = self.session_extra.get("guide")
        return name if isinstance(name, str) else FIRST_GUIDE

    def values(self) -> dict[str, Value]:
        """The answers alone, by question."""
        return {question: answer.value for question, answer in self.answers.items()}

    def top(self) -> int:
        """The highest revision in use; the next change gets one more."""
        revs = [entry.rev for table in self.tables() for entry in table.values()]
        revs += [max(change.rev, change.turn) for change in self.history]
        return max(revs, default=0)

    def tables(self) -> tuple[Mapping[str, Answer | Unread | Cleared | Result | Note | Waiver], ...]:
        """The tables whose entries carry a revision."""
        return (
            self.answers, self.unread, self.cleared, self.results, self.notes, self.waivers, self.withdrawn
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaveState:
    """What is on the disk: `saved` is true only when everything is, file and folder synced."""

    saved: bool
    at: datetime | None
    """When the last save was complete."""
    failing_since: datetime | None
    unsaved: int
    """Changes that are held in memory alone."""
    error: Text | None
    exit_code: int = 0
    """What a command should end with when it has to give up now: 0, 65, 74 or 75."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Another process that has the session open. `alive` is None when its host cannot be asked."""

    host: str
    user: str
    pid: int
    since: datetime
    alive: bool | None
    reads: bool = False
    """It was taken over from and can only read."""
