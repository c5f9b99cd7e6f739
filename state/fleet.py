"""Many PCs' `check --format json` as one: read one file at a time, kept small, nothing trusted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checks.catalog import Catalog
from checks.model import Outcome
from checks.record import dataclass, field
from checks.shown import show
from checks.text import Text
from state.check_report import SCHEMA, expiry

MAX_BYTES = 16 << 20
"""A result file larger than this is not read (16 MiB); an ordinary one has some 60 kB."""
MAX_RESULTS = 2000
MAX_VARIANTS = 20
"""Different sentences kept for one code of one check."""
HORIZON = 60
"""Days ahead in which an expiry is listed."""

WORST: tuple[Outcome, ...] = (
    Outcome.FAIL, Outcome.CRASH, Outcome.UNKNOWN, Outcome.WARN, Outcome.SKIP, Outcome.PASS,
)  # fmt: skip

NOT_FOUND = Text("ファイルがありません", "there is no such file")
NOT_JSON = Text("JSONとして読めません（書きかけの可能性）", "not readable as JSON (half-written?)")
NOT_OURS = Text("check の結果ではありません", "not a result of 'check'")
TOO_LARGE = Text("大きすぎます", "too large")
PARTIAL = Text("書きかけなので、読めたところまで使いました", "half-written: used as far as it could be read")
NEWER = Text(
    "新しい版の結果なので、わかるところだけ使いました", "of a newer version: used as far as it is understood"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as it occurs on one or many PCs."""

    check: str
    outcome: Outcome
    code: str
    text: tuple[str, str]
    """The sentence, Japanese and English."""
    remedy: tuple[str, str]


@dataclass(slots=True)
class Pc:
    """One PC (and user) with its newest run."""

    host: str
    user: str
    platform: str
    finished: str
    cells: dict[str, Found]
    expiries: tuple[tuple[str, date], ...] = ()
    waived: frozenset[str] = frozenset()

    def count(self, *outcomes: Outcome) -> int:
        """How many findings count as one of `outcomes`; accepted exceptions do not."""
        return sum(
            found.outcome in outcomes and found.check not in self.waived for found in self.cells.values()
        )

    def rank(self) -> tuple[int, int, int, str, str]:
        """Sorts the worst first."""
        unknown = self.count(Outcome.UNKNOWN, Outcome.CRASH)
        return (
            -self.count(Outcome.FAIL),
            -unknown,
            -self.count(Outcome.WARN),
            self.host.casefold(),
            self.user,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The same finding on several PCs."""

    check: str
    outcome: Outcome
    code: str
    hosts: tuple[str, ...]
    texts: tuple[tuple[Found, int], ...]
    """Each sentence with the number of PCs that say it, the commonest first."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """A date within the horizon, or already past."""

    host: str
    check: str
    on: date
    days: int


@dataclass(slots=True)
class Fleet:
    """The whole picture."""

    pcs: list[Pc]
    columns: list[str]
    """Ids of the checks, in the catalog's order, then those that this version does not know."""
    groups: list[Group]
    expiries: list[Expiry]
    problems: list[tuple[str, Text]]
    """Files that were not or only partly used, and why."""
    files: int
    replaced: int
    """Runs left out because a newer one of the same PC and user was there."""
    exit: int = 0


@dataclass(slots=True)
class _Words:
    """Every finding once, however many PCs have it."""

    catalog: Catalog
    known: dict[tuple[str, str, str, str], Found] = field(default_factory=dict)
    variants: dict[tuple[str, str], int] = field(default_factory=dict)

    def found(self, check: str, outcome: Outcome, code: str, result: Mapping[str, Any]) -> Found:
        text = _both(result.get("text"))
        key = (check, outcome.value, code, text[0])
        kept = self.known.get(key)
        if kept is not None:
            return kept
        count = self.variants.get((check, code), 0)
        if count >= MAX_VARIANTS:
            key = (check, outcome.value, code, "")
            text = self._generic(check, code)
        self.variants[check, code] = count + 1
        return self.known.setdefault(key, Found(check, outcome, code, text, _both(result.get("remedy"))))

    def _generic(self, check: str, code: str) -> tuple[str, str]:
        known = self.catalog.checks.get(check)
        says = known.says.get(code) if known else None
        return (says.text.ja, says.text.en) if says else ("", "")


def merge(paths: Iterable[Path], catalog: Catalog, today: date) -> Fleet:
    """One picture of all files; what cannot be read is named in `problems`, never raised."""
    words = _Words(catalog)
    newest: dict[tuple[str, str], Pc] = {}
    problems: list[tuple[str, Text]] = []
    files = replaced = 0
    for path in paths:
        files += 1
        run, problem = read(path)
        if problem is not None:
            problems.append((show(path.name, 120), problem))
        pc = None if run is None else _pc(run, words, path)
        if pc is None:
            continue
        key = (pc.host.casefold(), pc.user.casefold())
        other = newest.get(key)
        if other is not None:
            replaced += 1
        if other is None or pc.finished >= other.finished:
            newest[key] = pc
    pcs = sorted(newest.values(), key=Pc.rank)
    seen = {check for pc in pcs for check in pc.cells}
    columns = [check for check in catalog.checks if check in seen]
    columns += sorted(seen.difference(columns))
    fleet = Fleet(pcs, columns, _groups(pcs), _expiries(pcs, today), problems, files, replaced)
    fleet.exit = _exit(fleet)
    return fleet


def read(path: Path) -> tuple[dict[str, Any] | None, Text | None]:
    """The document in a file, whole or as far as it goes, and what is wrong with it."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None, NOT_FOUND
    except (OSError, ValueError) as error:
        why = show(getattr(error, "strerror", None) or type(error).__name__, 80)
        return None, Text(why, why)
    if len(raw) > MAX_BYTES:
        return None, TOO_LARGE
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        document = _from_lines(raw)
        if document is None:
            return None, NOT_JSON
        if "finished" not in document:
            return document, PARTIAL
    if (
        isinstance(document, dict) and document.get("event") == "run-started"
    ):  # a stream cut after its first line
        return {**document, "results": []}, PARTIAL
    if not isinstance(document, dict) or not isinstance(document.get("results"), list):
        return None, NOT_OURS
    schema = document.get("schema")
    return document, NEWER if isinstance(schema, int) and schema > SCHEMA else None


def _from_lines(raw: bytes) -> dict[str, Any] | None:
    """The document that a `jsonl` stream stands for, as far as its lines are whole."""
    document: dict[str, Any] | None = None
    for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(event, dict):
            break
        kind = event.get("event")
        if kind == "run-started":
            document = {**event, "results": []}
        elif document is not None and kind == "finished":
            document["results"].append(event)
        elif document is not None and kind == "run-finished":
            document["finished"] = event.get("finished")
    return document


def _pc(run: Mapping[str, Any], words: _Words, path: Path) -> Pc | None:
    cells: dict[str, Found] = {}
    ends: list[tuple[str, date]] = []
    waived = set()
    for result in run["results"][:MAX_RESULTS]:
        if not isinstance(result, dict):
            continue
        check = result.get("id")
        try:
            outcome = Outcome(str(result.get("outcome")))
        except ValueError:
            continue
        if not isinstance(check, str) or not check:
            continue
        check = sys.intern(show(check, 60))
        code = sys.intern(_string(result.get("code"), 60))
        cells[check] = words.found(check, outcome, code, result)
        if isinstance(result.get("waiver"), dict):
            waived.add(check)
        values = result.get("values")
        until = expiry(values) if isinstance(values, dict) else None
        if until is not None:
            ends.append((check, until))
    host = _string(run.get("host"), 80) or show(path.stem, 80)
    finished = _string(run.get("finished") or run.get("started"), 40)
    platform = sys.intern(_string(run.get("platform"), 20))
    return Pc(host, _string(run.get("user"), 60), platform, finished, cells, tuple(ends), frozenset(waived))


def _string(value: object, limit: int) -> str:
    return show(value, limit) if isinstance(value, str) else ""


def _both(value: object) -> tuple[str, str]:
    if not isinstance(value, dict):
        return ("", "")
    return (_string(value.get("ja"), 400), _string(value.get("en"), 400))


def _groups(pcs: Iterable[Pc]) -> list[Group]:
    """Findings that are neither passed nor skipped, the worst and commonest first."""
    hosts: dict[tuple[str, Outcome, str], list[str]] = {}
    texts: dict[tuple[str, Outcome, str], dict[Found, int]] = {}
    for pc in pcs:
        for found in pc.cells.values():
            if found.outcome in (Outcome.PASS, Outcome.SKIP) or found.check in pc.waived:
                continue
            key = (found.check, found.outcome, found.code)
            hosts.setdefault(key, []).append(pc.host)
            tally = texts.setdefault(key, {})
            tally[found] = tally.get(found, 0) + 1
    groups = [
        Group(*key, tuple(names), tuple(sorted(texts[key].items(), key=lambda pair: -pair[1])))
        for key, names in hosts.items()
    ]
    return sorted(
        groups, key=lambda group: (WORST.index(group.outcome), -len(group.hosts), group.check, group.code)
    )


def _expiries(pcs: Iterable[Pc], today: date) -> list[Expiry]:
    found = [
        Expiry(pc.host, check, on, (on - today).days)
        for pc in pcs
        for check, on in pc.expiries
        if (on - today).days <= HORIZON
    ]
    return sorted(found, key=lambda end: (end.on, end.host.casefold(), end.check))


def _exit(fleet: Fleet) -> int:
    if any(pc.count(Outcome.FAIL) for pc in fleet.pcs):
        return 1
    unread = not fleet.pcs or fleet.problems
    return 3 if unread or any(pc.count(Outcome.UNKNOWN, Outcome.CRASH) for pc in fleet.pcs) else 0


def expand(names: Iterable[str]) -> Iterator[Path]:
    """The files meant: a folder stands for its `.json` files, a pattern for what it matches (no shell does it on Windows)."""
    import glob

    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from sorted(entry for entry in path.iterdir() if entry.suffix in (".json", ".jsonl"))
        elif any(char in name for char in "*?[") and not path.exists():
            matched = sorted(glob.glob(name))
            yield from (Path(match) for match in matched) if matched else (path,)
        else:
            yield path
