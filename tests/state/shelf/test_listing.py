"""The list of sessions with its index: right whatever happened to the files, quick whatever their number."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from checks.guide import Guide, load_guide
from state.file import load, places
from state.file.places import INDEX, Folder
from state.live.open_session import open_session
from state.session_data import SessionData
from state.shelf import listing, session_index
from state.shelf.listing import ListingReader


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "sessions").mkdir(mode=0o700)
    return Folder(tmp_path, tmp_path / "config.toml")


def make(folder: Folder, name: str, at: int, answer: str = "transfer", note: str = "") -> Path:
    path = folder.sessions / f"{name}.toml"
    session = open_session(path, load_guide, join=False)
    session.answer("case.procedure", answer)
    if note:
        session.note("documents", note)
    assert session.close(10)
    os.utime(path, (at, at))
    return path


def describe(_guide: Guide, data: SessionData) -> dict[str, str | int]:
    return {"all": len(data.answers)}


def read(folder: Folder, key: str = "1") -> dict[str, Any]:
    return {
        one.name: one
        for one in listing.summaries(folder, listing.session_files(folder), load_guide, describe, key)
    }


def first(
    folder: Folder, count: int = 2, key: str = "1", also: tuple[str, ...] = ()
) -> tuple[list[str], list[str], int]:
    listed, known, total = listing.first_page(folder, load_guide, describe, key, count, also)
    return [entry.name for entry in listed], [one.name for one in known], total


def never(*_: object, **__: object) -> Any:
    raise AssertionError("not to be done here")


def test_the_first_page_comes_from_the_index_alone(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, name in enumerate(("old", "middle", "new"), 1):
        make(folder, name, at)
    read(folder)
    monkeypatch.setattr(os, "scandir", never)
    monkeypatch.setattr(load, "load", never)
    assert first(folder) == (["new", "middle"], ["new", "middle"], 3)


def test_the_first_page_tells_nothing_that_no_longer_holds(folder: Folder) -> None:
    paths = {name: make(folder, name, at) for at, name in enumerate(("a", "gone", "b", "edited"), 1)}
    read(folder)
    paths["gone"].unlink()
    paths["edited"].write_bytes(paths["edited"].read_bytes() + b"# by hand\n")
    assert first(folder, 9) == (["edited", "b", "a"], ["b", "a"], 4)
    make(folder, "since", 99)
    os.utime(paths["edited"], (50, 50))
    assert first(folder, 9, also=("since", "never was")) == (
        ["since", "edited", "b", "a"],
        ["since", "b", "a"],
        4,
    )


@pytest.mark.parametrize("name", ["../outside", "", ".hidden", "a/../../outside", "x\0", "/outside"])
def test_the_index_leads_to_no_file_outside_the_folder(folder: Folder, name: str) -> None:
    (folder.data / "outside.toml").write_bytes(make(folder, "inside", 1).read_bytes())
    (folder.sessions / ".hidden.toml").touch()
    head = {"version": 2, "key": "1", "sessions": 1}
    row = [name, 1, 2, 3, "2026-11-22T03:00:00+00:00", {}, 1, {"all": 1}, ""]
    (folder.data / INDEX).write_text(f"{json.dumps(head)}\n{json.dumps(row)}\n")
    assert first(folder)[0] == []
    assert set(read(folder)) == {"inside"}


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+09:00", "2026-11-22T03:00:00"]
)
def test_a_row_with_a_time_that_is_none_is_not_used(folder: Folder, at: str) -> None:
    path = make(folder, "inside", 1)
    entry = listing.session_files(folder)[0]
    row = ["inside", entry.size, entry.mtime_ns, entry.inode, at, {}, 1, {"all": 1}, ""]
    assert path == entry.path
    assert session_index.summary_of(entry, row) is None


def test_without_an_index_some_sessions_stand_there_at_once(folder: Folder) -> None:
    for number in range(3):
        make(folder, f"s{number}", number + 1)
    names, known, total = first(folder, 2)
    assert (len(names), known, total) == (2, [], 2)


def test_a_file_that_took_the_place_of_another_is_read(folder: Folder) -> None:
    path = make(folder, "x", 5, note="aa")
    size = path.stat().st_size
    assert read(folder)["x"].notes == "aa"
    other = make(folder, "y", 5, note="ab")
    assert other.stat().st_size == size
    os.replace(other, path)
    assert (path.stat().st_size, path.stat().st_mtime) == (size, 5)
    if sys.platform != "win32":
        assert read(folder)["x"].notes == "ab"


def test_on_another_day_all_but_the_progress_still_holds(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(folder, "x", 5, note="品川500さ12-34\n白い車")
    read(folder, "1")
    (listed,), (known,), _ = listing.first_page(folder, load_guide, describe, "2", 5)
    assert (known.values, known.overview, known.notes) == (
        {"case.procedure": "transfer"},
        {},
        "品川500さ12-34 白い車",
    )
    reading = ListingReader(folder, (listed,), load_guide, describe, "2")
    assert [dict(one.overview) for one in reading.step(0)] == [{}]
    assert not reading.done
    assert [dict(one.overview) for one in reading.step(5)] == [{"all": 1}]
    reading.keep()
    monkeypatch.setattr(load, "load", never)
    assert read(folder, "2")["x"].overview == {"all": 1}


def test_what_is_on_the_screen_is_read_first(folder: Folder) -> None:
    for at, name in enumerate("abcd", 1):
        make(folder, name, at)
    reading = ListingReader(folder, listing.session_files(folder), load_guide, describe, "1")
    assert reading.step(0) == ()
    order = [one.name for one in reading.step(60, ("b", "no longer there", "a"))]
    assert order == ["b", "a", "d", "c"]
    assert reading.done
    assert not (folder.data / INDEX).exists()
    reading.keep()
    assert stat.S_IMODE((folder.data / INDEX).stat().st_mode) == 0o600 or sys.platform == "win32"
    names = [json.loads(line) for line in (folder.data / INDEX).read_text("utf-8").splitlines()]
    assert [row[0] for row in names[1:]] == ["d", "c", "b", "a"]


def test_a_session_that_cannot_be_read_is_tried_again_each_time(folder: Folder) -> None:
    make(folder, "good", 1)
    bad = make(folder, "bad", 2)
    whole = bad.read_bytes()
    bad.write_bytes(b"= no TOML" + b"#" * (len(whole) - 9))
    os.utime(bad, (2, 2))
    assert read(folder)["bad"].error is not None
    bad.write_bytes(whole)
    os.utime(bad, (2, 2))
    assert read(folder)["bad"].error is None


def test_forgetting_a_session_takes_the_index_along(folder: Folder) -> None:
    path = make(folder, "x", 1, note="品川500さ12-34")
    read(folder)
    assert "品川500さ12-34" in (folder.data / INDEX).read_text("utf-8")
    unfinished = folder.data / f"{INDEX}.12345"
    unfinished.write_text("品川500さ12-34")
    reading = ListingReader(folder, listing.session_files(folder), load_guide, describe, "2")
    reading.step(0)
    reading.step(60)
    places.forget(path, folder)
    assert not (folder.data / INDEX).exists()
    assert not unfinished.exists()
    reading.keep()  # somebody who had the list open at that time
    assert "品川" not in (folder.data / INDEX).read_text("utf-8")
