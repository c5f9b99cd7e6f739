"""What a guide consists of: pages, notes, questions, documents, steps, and what it says of its service as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeAlias

from checks.model import Scope
from checks.record import dataclass, replace
from checks.rules.conditions import ALWAYS, Value, When, met
from checks.text import Text

Id: TypeAlias = Annotated[str, "id"]
"""The id of an entry, which stands once in a guide."""
PageId: TypeAlias = Annotated[str, "page"]
QuestionId: TypeAlias = Annotated[str, "question"]
CheckId: TypeAlias = Annotated[str, "check"]
StepId: TypeAlias = Annotated[str, "step"]
ItemId: TypeAlias = Annotated[str, "item"]
RootName: TypeAlias = Annotated[str, "root"]
"""Ids that refer to an entry; what reads the files (`checks/guides/entries.py`) sees that there is one."""

Confidence: TypeAlias = Literal["official", "secondary", "computed", "inferred", "unread"]
"""How a fact is known: from the text of an official page, mostly as a stored copy; reported by others; worked out from
primary data; our own inference; or not known, because the official page could not be read and is only linked."""

OLD_AFTER = 180
"""Days after which a statement should be looked up again."""

NoteKind: TypeAlias = Literal["purpose", "rule", "tip", "caution", "info"]

TakesKind: TypeAlias = Literal["choice", "yesno", "date", "text", "path"]

Standing: TypeAlias = Literal["done", "to-do", "attention"]
"""What an answer means for the item: settled, still to be done, or something to see to."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the guide refers to."""

    id: str
    url: str
    title: Text
    read: date | None = None
    """The day on which its text was last read for this guide; None when it could not be read."""
    official: bool = True
    page_date: str = ""
    """The date that the page itself bears, `2026-07-17`, `2026-07` or `2026`; empty for a copy without one."""
    scope: Text | None = None
    """Of which procedures, applicants or places it speaks, where not of all."""
    covers: When = ALWAYS
    """That as answers of the case. Of all guides, so that they are not those of one; a test compares it with `applies`."""
    guide: str = ""
    """The guide whose service it is about; empty for a page that helps whichever guide shows a check."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a statement comes from."""

    page: PageId
    checked: date
    """The day on which the statement was last compared with its source."""
    confidence: Confidence
    changes_by: date | None = None
    """The day by which it is to change, as far as is known; from then on it may be gone by."""
    scope: Text | None = None
    """Of what the passage speaks, where not of the same as the page."""
    covers: When = ALWAYS


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that the guide says about a step."""

    id: Id
    kind: NoteKind
    text: Text
    basis: Basis
    applies: When = ALWAYS


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer of a question."""

    value: str
    text: Text
    standing: Standing = "done"
    hint: Text | None = None
    """What follows from this answer, or what to do then."""
    formerly: tuple[str, ...] = ()
    """What it is called in answers under a former id of its question."""
    applies: When = ALWAYS
    """When it can be chosen; never while a question that this depends on is unanswered."""

    def offered(self, answers: Mapping[str, Value]) -> bool:
        """Whether it can be chosen beside these answers."""
        return met(self.applies, answers)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person can answer."""

    id: Id
    step: int
    """Number of the step, 0 for the case."""
    kind: TakesKind
    text: Text
    basis: Basis
    help: Text | None = None
    """How to find the answer out."""
    choices: tuple[Choice, ...] = ()
    """For `yesno` the two choices `yes` and `no`; empty for dates, texts and paths."""
    applies: When = ALWAYS
    required: bool = True
    """False: an unanswered question does not count as open."""
    scope: Scope = "case"
    office: When | None = None
    """With which answers it is the office's although its scope is the case: the certificate is the office's own then."""
    formerly: tuple[Id, ...] = ()
    """Ids that it had, under which its answer may still be given or stand in a file."""
    after: QuestionId = ""
    """For a date: the question whose date must not be later than this one's."""
    wait_hours: int = 0
    """How long it takes, once begun, until the application can go on."""
    due_from: QuestionId = ""
    """A date question: as soon as it is answered, this one is open, even if it is not required."""
    due_days: int = 0
    """Days after that date by which this must be settled."""
    document: bool = False
    """Shown and counted as a document to get ready."""
    short: Text | None = None
    """At most 24 cells, for the tree; None where the question itself is as short as that."""

    @property
    def label(self) -> Text:
        """The question in a few words."""
        return self.short or self.text

    def offered(self, answers: Mapping[str, Value]) -> Question:
        """The question with the choices that can be chosen beside these answers."""
        if not any(choice.applies.any_of for choice in self.choices):
            return self
        return replace(self, choices=tuple(choice for choice in self.choices if choice.offered(answers)))

    def scope_with(self, answers: Mapping[str, Value]) -> Scope:
        """How far its answer holds beside these answers."""
        return "office" if self.office is not None and met(self.office, answers) else self.scope

    def renewed(self, value: object) -> object:
        """An answer that was given under a former id, as it is called here."""
        return next((choice.value for choice in self.choices if value in choice.formerly), value)

    def choice(self, value: str) -> Choice | None:
        """The choice with that value."""
        return next((choice for choice in self.choices if choice.value == value), None)


@dataclass(frozen=True, slots=True)
class Symptom:
    """What people see when something is wrong, and what is behind it."""

    id: Id
    seen: tuple[str, ...]
    """The spellings that are typed or pasted."""
    causes: tuple[Text, ...]
    """The likely ones, the most often reported first."""
    help: Text
    items: tuple[ItemId, ...]
    """The questions, checks and notes that help."""
    basis: Basis


@dataclass(frozen=True, slots=True)
class Step:
    """One of the service's official steps, or the case (number 0)."""

    number: int
    id: Id
    title: Text
    short: Text
    """At most 20 cells, for the tree."""
    link: PageId
    """The official page."""
    applies: When = ALWAYS
    not_needed: Text | None = None
    """Why it does not apply, said when it does not."""
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    checks: tuple[CheckId, ...] = ()
    """The checks that it shows, in this order."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Where the service is reached."""

    host: str
    port: int = 443
    pages: tuple[str, ...] = ("/",)
    """Paths that are asked whether they answer; the first one also for the time."""
    roots: tuple[RootName, ...] = ()
    """Names of the root certificates that its chain should end at, of those in `checks/pki/anchors.py`."""


@dataclass(frozen=True, slots=True)
class VehicleAnswer:
    """What a fact of an inspection certificate (`checks/shakensho/vehicle_facts.py`) answers."""

    fact: str
    question: QuestionId
    value: str = ""
    """The fact must have this value; empty: any, which is the answer."""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What sentences that guides share call things of the service: `{office}` and `{service}` in them."""

    office: Text = Text("窓口", "the office")
    """Who decides on an application, and where a certificate is collected in person."""
    service: Text = Text("OSS", "OSS")
    """The service in short."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The questions that the program itself needs; empty where the guide has none for it."""

    procedure: QuestionId = ""
    """The question that is the procedure applied for."""
    title: tuple[QuestionId, ...] = ()
    """The questions whose answers stand in the first line of the screen."""
    row: tuple[QuestionId, ...] = ()
    """The questions whose answers tell sessions in a list apart."""
    reference: QuestionId = ""
    """The question what a person calls the application."""
    vehicles: tuple[str, ...] = ()
    """The kinds of vehicle that the service is for, as an inspection certificate has them; none named: any."""
    certificate: tuple[VehicleAnswer, ...] = ()
    """What an inspection certificate answers."""


@dataclass(frozen=True, slots=True)
class OfficialCheck:
    """The service's own program that looks at a PC."""

    settles: tuple[CheckId, ...]
    """The checks whose matter it speaks of."""
    basis: Basis


@dataclass(frozen=True, slots=True)
class OfficeMatter:
    """Questions that are the office's own affair in some applications."""

    items: frozenset[QuestionId]
    applies: When = ALWAYS
    """In which; as long as that is not answered they are asked."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a customer is told of a paper: where it is to be had, and how old it may be."""

    item: QuestionId
    text: Text


@dataclass(frozen=True, slots=True)
class Sending:
    """The PCs from which an application can be sent, and how a finding tells one."""

    platforms: tuple[str, ...]
    """Their systems, as `System.platform` names them."""
    check: CheckId
    """What looks at the system of a PC."""
    value: str
    """A value that its finding has on those systems alone."""
    basis: Basis


@dataclass(frozen=True, slots=True)
class CustomerLetter:
    """What a customer is asked for."""

    steps: frozenset[StepId] = frozenset()
    """The steps of which a customer can say or bring something; all where none is named."""
    leave_out: tuple[OfficeMatter, ...] = ()
    """Questions of those steps that a customer can neither answer nor bring the paper for."""
    bring: tuple[Request, ...] = ()
    passwords: frozenset[QuestionId] = frozenset()
    """Questions beside which the letter says that nobody may write the password itself."""


@dataclass(frozen=True, slots=True)
class SupportLetter:
    """What a helpdesk is told beside what is wrong."""

    always: frozenset[CheckId] = frozenset()
    """Checks whose findings it gets also where nothing is wrong."""
    certificates: frozenset[CheckId] = frozenset()
    """Checks whose evidence holds the certificates that the portal sent."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Whose part of the preparation the papers for others name."""

    customer: CustomerLetter = CustomerLetter()
    support: SupportLetter = SupportLetter()
