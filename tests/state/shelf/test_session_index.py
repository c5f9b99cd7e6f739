"""The index of the saved sessions: used where it holds, and only a cache."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.guide import Guide, load_guide
from state.file.places import INDEX, Folder, prepare, session_path
from state.live.open_session import open_session
from state.session_data import SessionData
from state.shelf import listing, session_index
from state.shelf.session_index import ListedSession


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, tmp_path / "config.toml")


def make(folder: Folder, name: str, **answers: str) -> Path:
    prepare(folder.sessions)
    path = session_path(folder, name)
    session = open_session(path, load_guide, join=False)
    for key, value in answers.items():
        session.answer(f"case.{key}", value)
    assert session.close(10)
    return path


def test_the_list_and_its_summaries(folder: Folder) -> None:
    make(folder, "一", procedure="transfer", role="self")
    make(folder, "two", procedure="change")
    (folder.sessions / "broken.toml").write_text("schema = 1\n[answers\n")
    os.chmod(folder.sessions / "broken.toml", 0o600)
    os.utime(folder.sessions / "broken.toml", (5, 5))
    open_one = open_session(session_path(folder, "two"), load_guide)
    entries = listing.session_files(folder)
    assert {entry.name for entry in entries} == {"一", "two", "broken"}
    assert entries[-1].name == "broken"
    assert {entry.name for entry in entries if entry.in_use} == {"two"}
    described: list[str] = []

    def describe(_guide: Guide, data: SessionData) -> dict[str, str | int]:
        described.append(data.name)
        return {"open": 30 - len(data.answers)}

    for _ in range(2):
        found = {one.name: one for one in listing.summaries(folder, entries, load_guide, describe, "1")}
        assert found["一"].values == {"case.procedure": "transfer", "case.role": "self"}
        assert (found["一"].answers, found["一"].overview, found["一"].error) == (2, {"open": 28}, None)
        assert "2行目" in (found["broken"].error or pytest.fail("no error")).ja
        assert [who.pid for who in found["two"].others] == [os.getpid()]
    assert sorted(described) == ["two", "一"]
    assert open_one.close(10)
    make(folder, "一", end="x")
    listing.summaries(folder, listing.session_files(folder), load_guide, describe, "1")
    assert sorted(described) == ["two", "一", "一"]
    listing.summaries(folder, listing.session_files(folder), load_guide, describe, "2")
    assert len(described) == 5


def described(_guide: Guide, data: SessionData) -> dict[str, str | int]:
    return {"open": 30 - len(data.answers)}


HEAD = b'{"version": 2, "key": "1", "sessions": 1}\n'


@pytest.mark.parametrize(
    "junk",
    [
        b"", b"[]", b"{", HEAD[:20], HEAD, HEAD + b'["x"]', HEAD + b'["x"' + b", 1" * 8 + b"]", HEAD + b"[" * 9000,
        HEAD + b"[[[[]]]]\n\xff\xff\n", b'{"version": 1, "key": "", "sessions": {"x": [1]}}', b"\n" * 9000, HEAD * 9000,
    ],
)  # fmt: skip
def test_a_damaged_index_is_made_anew(folder: Folder, junk: bytes) -> None:
    make(folder, "x", procedure="transfer")
    (folder.data / "sessions-index.jsonl").write_bytes(junk)
    (found,) = listing.summaries(folder, listing.session_files(folder), load_guide, described, "1")
    assert found.values == {"case.procedure": "transfer"}


def test_dates_survive_the_index(folder: Folder) -> None:
    prepare(folder.sessions)
    session = open_session(session_path(folder, "x"), load_guide, join=False)
    session.answer("case.day", date(2026, 11, 22))
    assert session.close(10)
    for _ in range(2):
        (found,) = listing.summaries(folder, listing.session_files(folder), load_guide, described, "1")
        assert found.values == {"case.day": date(2026, 11, 22)}


def test_few_changes_do_not_write_the_index_anew(folder: Folder) -> None:
    rows: dict[str, session_index.Row] = {f"s{number}": [] for number in range(1_000)}
    index = session_index.Index(folder.data / INDEX, "1", rows)
    for fresh, worth in ((0, False), (6, False), (7, True)):
        index.fresh = fresh
        assert index.worth_writing() is worth


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


GOOD: session_index.Row = [
    "x", 1, 2, 3, "2026-11-22T03:00:00+00:00", {"case.day": {"date": "2026-11-22"}}, 1, {"all": 1}, "note",
]  # fmt: skip


@given(st.integers(1, 8), JSON)
def test_a_row_of_any_shape_is_a_summary_or_nothing(place: int, value: object) -> None:
    entry = ListedSession("x", Path("."), 1, 2, 3, False)
    assert session_index.summary_of(entry, GOOD) is not None
    row = [*GOOD[:place], value, *GOOD[place + 1 :]]
    found = session_index.summary_of(entry, row)
    if found is not None:
        assert found.changed.tzinfo is not None
        assert json.dumps({**found.overview, "answers": found.answers, "notes": found.notes})
    assert session_index.summary_of(entry, row[:place]) is None
