"""The words of the engine: what a check is, what it may say, and what it found."""

from __future__ import annotations

import re
from _thread import LockType, allocate_lock
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec, TypeAlias, TypeVar

from checks.record import dataclass, field, replace
from checks.rules.conditions import ALWAYS, Value, When
from checks.rules.dates import in_japan
from checks.text import Text

if TYPE_CHECKING:
    from checks.guide import Guide
    from checks.steps import Portal
    from checks.system.api import System

T = TypeVar("T")
Scope: TypeAlias = Literal["pc", "office", "case"]
Json: TypeAlias = str | int | bool


class Outcome(StrEnum):
    """What one run of a check means for the application."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"
    UNKNOWN = "unknown"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Says:
    """What a check says for one of its codes."""

    outcome: Outcome
    text: Text
    """What is so, with the placeholders of the finding's values."""
    remedy: Text | None = None
    """Why it matters and how to mend it; steps on lines of their own."""
    commands: tuple[str, ...] = ()
    """Commands a person may copy, never run by us; those for one system begin with `windows:`, `macos:`, `linux:`."""
    link: str = ""
    """Id of the official page in the guide's links."""
    not_needed: bool = False
    """For a skip: nothing is left to do, the check does not concern this application or this PC."""
    rows: Mapping[str, Says] = field(default_factory=dict)
    """What it says instead where the finding's value `row` names a rule from a table of the guide."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what a check speaks of it has looked at."""

    looked: int
    """Things that were read and judged."""
    of: int
    """Things that there are, as far as they could be counted."""
    unread: tuple[str, ...] = ()
    """What could not be read or judged, and why: too large, not permitted, of an unknown kind, over a limit."""

    @property
    def complete(self) -> bool:
        return self.looked >= self.of and not self.unread


@dataclass(frozen=True, slots=True)
class Finding:
    """What one run of a check found: a code and values, never a sentence."""

    code: str
    values: Mapping[str, Json] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    """Raw facts as seen, untranslated, already inert and bounded."""
    coverage: Coverage | None = None
    """For a check with more than one thing to look at. The engine turns a pass without all of them into `partly`."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person set for this run; times in seconds."""

    portal: str = ""
    """Host name of the portal; empty: the guide's."""
    port: int = 443
    proxy: str | None = None
    ca_file: str | None = None
    timeout: float | None = None
    offline: bool = False
    now: datetime | None = None
    """The moment the program is told to believe it is; None means the clock."""
    password_fd: int | None = None

    def at(self, portal: Portal) -> Options:
        """These options with the guide's portal where the person named none."""
        return self if self.portal else replace(self, portal=portal.host, port=portal.port)

    def moment(self) -> datetime:
        """Now, in UTC."""
        return self.now if self.now is not None else datetime.now(UTC)

    def today(self) -> date:
        """Today in Japan, in whose calendar every day of the procedures counts, wherever this machine stands."""
        return in_japan(self.moment())


class Memo:
    """Facts asked at most once per run, also when several checks ask at the same time."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._slots: dict[str, tuple[LockType, list[object]]] = {}

    def once(self, key: str, make: Callable[[], T]) -> T:
        """The value of `make()`, made by the first to ask; an exception is not kept."""
        with self._lock:
            lock, box = self._slots.setdefault(key, (allocate_lock(), []))
        with lock:
            if not box:
                box.append(make())
            return box[0]  # type: ignore[return-value]


def _no_guide() -> Guide:
    from checks.guide import Guide

    return Guide()


@dataclass(frozen=True, slots=True)
class SendingPc:
    """What is said of the PC from which the application will be sent."""

    name: str = ""
    """Its record, empty while none is chosen."""
    seen: str = ""
    """The day on which it was last looked at; empty when its record is not here."""
    here: bool = True
    """Whether this machine could send the application itself."""


@dataclass(frozen=True, slots=True)
class Context:
    """All that a probe may look at: the system's facts, the answers, the options, the guide that they belong to."""

    system: System
    answers: Mapping[str, Value] = field(default_factory=dict)
    options: Options = Options()
    memo: Memo = field(default_factory=Memo)
    refused: Mapping[int, Finding] = field(default_factory=dict)
    """By step, what is found instead of what a probe would find, where the application cannot be filed as answered."""
    cancelled: Callable[[], bool] = lambda: False
    """True as soon as the person stopped the run; long probes look now and then."""
    guide: Guide = field(default_factory=_no_guide)
    session: str = ""
    """The name of the session that the answers are of."""
    pc: SendingPc = SendingPc()
    named: frozenset[str] = frozenset()
    """The checks that the person named, or whose paths were typed here: these may follow a path to another machine."""

    def answer(self, question: str) -> str:
        """The answer to a choice or text question, or an empty string."""
        value = self.answers.get(question)
        return value if isinstance(value, str) else ""

    def day(self, question: str) -> date | None:
        """The answer to a date question."""
        value = self.answers.get(question)
        return value if isinstance(value, date) else None


Probe: TypeAlias = Callable[[Context], Finding]


@dataclass(frozen=True, slots=True)
class Check:
    """Something the program finds out by itself, with all it can say about it."""

    id: str
    probe: Probe
    title: Text
    why: Text
    how: Text
    says: Mapping[str, Says]
    source: str = ""
    """Id of the page that the rule comes from; empty: the page that the guide as a whole rests on."""
    requires: tuple[str, ...] = ()
    """Checks that must pass or warn before this one makes sense."""
    applies: When = ALWAYS
    needs: tuple[str, ...] = ()
    """Questions whose answers the finding depends on: a changed answer makes it stale."""
    network: bool = False
    timeout: float = 10.0
    """Seconds until the answer is `unknown`."""
    scope: Scope = "pc"
    fresh_for: float | None = None
    """Days until the finding is stale; None means it holds until an answer changes."""
    derived: bool = False
    """Follows from the answers and the calendar alone, so that its finding is worked out whenever it is shown."""
    waivable: bool = True
    """False where no exception can be accepted."""
    password: str = ""
    """The question for the path of the file that it reads, where a password may protect that."""
    step: int = 0
    """Number of the step that shows it, set by the guide."""
    titles: Mapping[str, Text] = field(default_factory=dict)
    """Titles of the checks in `requires`, set by the guide."""
    shown: bool = True
    """False: no step of the guide lists it, it is run only because another check builds on it."""

    def __post_init__(self) -> None:
        if not re.fullmatch(_ID, self.id) or not self.says:
            raise ValueError(f"not a check: {self.id!r}")


_ID = r"[a-z]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+"

P = ParamSpec("P")


def _decorator(
    made: Callable[Concatenate[str, Probe, P], Check],
) -> Callable[Concatenate[str, P], Callable[[Probe], Check]]:
    def check(id_: str, /, *args: P.args, **fields: P.kwargs) -> Callable[[Probe], Check]:
        return lambda probe: made(id_, probe, *args, **fields)

    return check


check = _decorator(Check)
"""Turns a probe into a `Check` with this id and these fields."""
derived_check = partial(check, scope="case", derived=True)
"""The same for what follows from the answers about the application and from the calendar."""
network_check = partial(check, network=True, fresh_for=1.0)
"""The same for what is seen over the network, which holds for a day."""
