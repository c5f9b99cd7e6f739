"""The dated facts of `data/pc.toml`, and how old they are."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from checks.record import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """One table with its source; `entry` gives what it holds."""

    name: str
    checked: date
    confidence: str
    page: str
    entries: Mapping[str, Any]

    def words(self, key: str) -> tuple[str, ...]:
        return tuple(self.entries[key])

    def number(self, key: str) -> int:
        return int(self.entries[key])

    def day(self, key: str) -> date:
        return cast(date, self.entries[key])

    def moment(self, key: str) -> datetime:
        """A point in time, with its zone."""
        return cast(datetime, self.entries[key])

    def age(self, today: date) -> int:
        """Days since the facts were compared with their source."""
        return (today - self.checked).days


@cache
def tables() -> Mapping[str, Any]:
    """The whole file."""
    try:
        compiled: Mapping[str, Any] = importlib.import_module("checks.data.compiled").TABLES
    except ModuleNotFoundError:
        return parse()
    return compiled


def parse() -> Mapping[str, Any]:
    """The file itself; an installed package also has it as a Python module, made when it was built."""
    import tomllib
    from pathlib import Path

    return tomllib.loads((Path(__file__).parent / "data" / "pc.toml").read_text("utf-8"))


@cache
def facts(name: str) -> Facts:
    """One table by its name; raises `KeyError` when there is none."""
    data = tables()[name]
    return Facts(name, data["checked"], data["confidence"], data["page"], data)


def is_stale(name: str, today: date) -> bool:
    """Whether a table is older than it should be on that day."""
    return facts(name).age(today) > int(tables()["stale_after_days"])


def note(name: str, today: date) -> str:
    """One line of evidence: which facts were compared with, from when, and whether they are old."""
    table = facts(name)
    old = f", {table.age(today)} days old: may be out of date" if is_stale(name, today) else ""
    due = table.entries.get("changes_by")
    old += f", possibly gone by since {due}" if due is not None and due <= today else ""
    return f"facts [{name}] as of {table.checked.isoformat()} ({table.confidence}){old}"
