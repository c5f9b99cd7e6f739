"""What a session or a PC record holds, as values that never change: whoever changes something makes a new `SessionData`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from checks import FIRST_GUIDE
from checks.model import Json, Outcome, Scope
from checks.record import dataclass, field
from checks.rules.conditions import Value
from checks.text import Text

SCHEMA = 2
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
MAX_BY = 200
"""Characters of the name of whoever accepts an exception or declares something."""
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
    """What stands in the file as an answer but is none to its question: kept as it is, counts as not answered."""

    entry: Mapping[str, object]
    """The whole table, `value` included."""
    at: datetime
    rev: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """The trace of an answer, waiver or declaration that was taken back, so that an older copy cannot bring it back."""

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
class SessionNote:
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
    scope: Literal["", "pc", "case"] = ""
    """How far it holds, where the person has said it; else as far as its item."""
    extra: Extra = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        """As documents show it."""
        return {"reason": self.reason, "by": self.by, "until": self.until.isoformat()}


Said: TypeAlias = Literal["official-check", "person"]
"""Whose word a declaration rests on: the official check program's, or that of the person named."""
LOOKED = (Outcome.PASS, Outcome.WARN, Outcome.FAIL)
"""Outcomes of a check that could look; they take the place of a declaration, the others found nothing out."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A check settled by somebody's word where no look was possible; `on` is the day of which it speaks."""

    by: str
    said: Said
    on: date
    at: datetime
    rev: int
    extra: Extra = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        """As documents show it."""
        return {"by": self.by, "said": self.said, "on": self.on.isoformat()}


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


Entry: TypeAlias = Answer | Unread | Cleared | Result | SessionNote | Draft | Waiver | Declaration
"""What stands in a table under an id."""
Kind: TypeAlias = Literal["answer", "result", "waiver", "declaration", "draft", "note"]
"""What an entry is called, by its table."""


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One change that can be undone: what stood at the id `question` before and after it.

    Of an answer that is its value, of any other entry the entry itself at `EPOCH` and revision 0. `rev` is the revision
    of the change, `turn` that of its last undo or redo.
    """

    question: str
    before: Value | Entry | None
    after: Value | Entry | None
    rev: int
    scope: Scope = "case"
    undone: bool = False
    turn: int = 0
    kind: Kind = "answer"
    pc: str = ""
    """The PC record in which it was made; empty for the session itself."""
    left: int = 0
    """The revision at which it, or the last turn of it, left the entry in that record."""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The side that lost when two logins changed the same thing: `lost` is its value, None when it was cleared."""

    kind: Kind
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
class Pc:
    """The head of a PC record: one PC as one user sees it. The record's name is that of its `SessionData`."""

    machine: str
    """The random id of its data folder, empty where that is not known."""
    host: str
    user: str
    platform: str
    seen: datetime
    """When it was last looked at."""
    added_by: str = ""
    """Who added the record here from another machine, empty for one made on the PC itself."""
    added: datetime = EPOCH

    def is_at(self, host: str, user: str) -> bool:
        """Whether it speaks of this user's PC."""
        return (self.host, self.user) == (host, user)


@dataclass(frozen=True, slots=True)
class SessionData:
    """All of a session, or of a PC record, at one moment."""

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
    notes: Mapping[str, SessionNote] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    """By item and login, as `draft_key` writes them."""
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    withdrawn: Mapping[str, Cleared] = field(default_factory=dict)
    """The traces of waivers that were taken back."""
    declared: Mapping[str, Declaration] = field(default_factory=dict)
    undeclared: Mapping[str, Cleared] = field(default_factory=dict)
    """The traces of declarations that were taken back or gave way to a look."""
    ui: Ui = Ui()
    history: tuple[UndoStep, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    takeover: Takeover | None = None
    pc: Pc | None = None
    """Of a record its head; of a session as it is shown, the head of the record that it names."""
    session_extra: Extra = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)

    @property
    def guide(self) -> str:
        """The name of the guide that it follows."""
        name = self.session_extra.get("guide")
        return name if isinstance(name, str) else FIRST_GUIDE

    @property
    def pc_name(self) -> str:
        """The PC from which the application will be sent, empty while that is not said."""
        name = self.session_extra.get("pc")
        return name if isinstance(name, str) else ""

    def values(self) -> dict[str, Value]:
        """The answers alone, by question."""
        return {question: answer.value for question, answer in self.answers.items()}


@dataclass(frozen=True, slots=True)
class Recovered:
    """A good copy of a session: what it holds, from when, and where it was read."""

    data: SessionData
    at: datetime
    """When the copy's last change was made."""
    source: Path
    kind: Literal["backup", "temporary", "shift-jis", "utf-16", "damaged"]
    copied: int = 0
    """Answers of the copy alone."""
    answers: int = 0
    """Answers, and withdrawals of one, that are newer in the damaged file and could be read there."""
    others: int = 0
    """Findings, notes, waivers and declarations of which the same is true."""


@dataclass(frozen=True, slots=True)
class SaveState:
    """What is on the disk: `saved` is true only when everything is, file and folder synced."""

    saved: bool
    at: datetime | None
    """When the last save was complete."""
    failing_since: datetime | None
    unsaved: int
    """Changes that are in memory alone."""
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
