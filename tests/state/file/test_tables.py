"""The description of the tables is all that reading, writing, merging, recovering and undoing go by."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from state.file.tables import KNOWN, TABLES, Table, highest_rev
from state.session_data import SessionData
from tests.state.file.test_format import FULL, RAW

ROOT = Path(__file__).parents[3]


def test_every_table_of_a_session_is_described() -> None:
    described = {name for table in TABLES for name in (table.name, table.tombstones, table.unread) if name}
    fields: dict[str, str] = SessionData.__annotations__
    assert described == {name for name, type_ in fields.items() if type_.startswith("Mapping[str, ")}
    assert len(set(KNOWN)) == len(KNOWN)


@pytest.mark.parametrize("table", [table for table in TABLES if table.dated], ids=lambda table: table.name)
def test_a_full_session_has_an_entry_in_each(table: Table) -> None:
    statements = table.statements(FULL)
    assert getattr(FULL, table.name)
    fields = table.fields(statements)
    assert all(fields[name] == getattr(FULL, name) for name in fields)
    for name in (table.name, table.tombstones, table.stamps):
        assert f"\n[{name}".encode() in RAW or not name
    assert highest_rev(FULL) >= max(entry.rev for entry in statements.values())


RECORD = """
@dataclass(frozen=True, slots=True)
class Booking:
    by: str
    at: datetime
    rev: int
    extra: Extra = field(default_factory=dict)


"""
ENTRY = """
BOOKINGS = Table(
    "booked", "booking", EntryType(Booking, (text("by", REQUIRED), AT, REV)),
    tombstones="unbooked", says=lambda one: one.by, undo="bookings",
)
"""
USE = """
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from checks.guide import load_guide
from state.file import load, salvage
from state.file.render import Writer
from state.file.tables import BOOKINGS, highest_rev
from state.live import changes
from state.live.merge import merge
from state.file.tables import highest_rev
from state.session_data import EPOCH, Booking, SessionData

AT = datetime(2026, 11, 27, tzinfo=UTC)
def stamp(rev): return changes.Stamp(rev, AT, "PC", "u")
def said(by): return Booking(by, EPOCH, 0)
def read(raw): return load.understand(raw, Path("x.toml"), load_guide).data
empty = SessionData("x", AT, AT, "0")
first = changes.changed(empty, BOOKINGS, "pc.extension", said("A"), "case", stamp(1))
assert first.booked["pc.extension"] == Booking("A", AT, 1) and highest_rev(first) == 1
raw = Writer().bytes_of(first)
assert read(raw) == first
writer = Writer()
writer.learn(first, raw)
assert writer.bytes_of(first) == raw
gone = changes.changed(first, BOOKINGS, "pc.extension", None, "case", stamp(2))
assert not gone.booked and gone.unbooked and read(Writer().bytes_of(gone)) == gone
back, _, id_ = changes.turned(gone, stamp(3), undoing=True)
assert id_ == "pc.extension" and back.booked[id_].by == "A"
other = changes.changed(first, BOOKINGS, "pc.extension", said("B"), "case", stamp(4))
merged = merge(first, gone, other)
assert merged == merge(first, other, gone) and merged.booked["pc.extension"].by == "B"
assert not merged.unbooked and [one.kind for one in merged.conflicts] == ["booking"]
assert read(Writer().bytes_of(merged)) == merged
assert salvage.onto(empty, raw[:-90], load_guide).data.booked == first.booked
"""


def test_a_new_table_is_a_record_a_field_and_one_entry(tmp_path: Path) -> None:
    for package in ("checks", "state"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    data, tables = tmp_path / "state" / "session_data.py", tmp_path / "state" / "file" / "tables.py"
    for path, place, more in (
        (data, "Entry: TypeAlias", RECORD),
        (
            data,
            "    ui: Ui = Ui()",
            "    booked: Mapping[str, Booking] = field(default_factory=dict)\n",
        ),
        (data, "    ui: Ui = Ui()", "    unbooked: Mapping[str, Cleared] = field(default_factory=dict)\n"),
        (tables, "    Draft,\n", "    Booking,\n"),
        (tables, "\nTABLES = (", ENTRY),
    ):
        text = path.read_text("utf-8")
        assert text.count(place) == 1
        path.write_text(text.replace(place, more + place), "utf-8")
    text = tables.read_text("utf-8")
    tables.write_text(text.replace("TABLES = (ANSWERS, ", "TABLES = (BOOKINGS, ANSWERS, "), "utf-8")
    subprocess.run([sys.executable, "-c", USE], cwd=tmp_path, check=True, timeout=60)
