"""Copies of a session that others make beside it: recognised by name and content, shown, and merged so that nothing is lost."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from checks.guide import load_guide
from checks.model import Finding
from state.file import load
from state.live import conflict_copies
from state.live.open_session import open_session
from tests.cli.test_commands import Cli, cli  # noqa: F401 - the fixture
from tests.support.helpers_session import Clock, on_disk

NAMES = ("sakura", "sakura-12")


@pytest.mark.parametrize(
    "name",
    [
        "sakura-DESKTOP-AB12CD3",
        "sakura-PC3",
        "sakura-DESKTOP-AB12CD3-2",
        "sakura (conflicted copy 2026-11-20)",
        "sakura (Taro's conflicted copy 2026-11-20) (1)",
        "sakura (太郎 の競合コピー 2026-11-20)",
        "sakura（競合コピー 2026-11-20）",
        "sakura.sync-conflict-20261120-101112-ABCDEF7",
        "sakura - コピー",
        "sakura - コピー (2)",
        "sakura - Copy",
        "sakura (2)",
        "sakuraのコピー",
        "sakura のコピー 2",
        "sakura copy",
        "sakura 2",
    ],
)
def test_names_that_others_give_to_copies(name: str) -> None:
    assert conflict_copies.called_after(name, NAMES) == "sakura"


@pytest.mark.parametrize(
    "name", ["sakura", "sakura-13", "sakura-fleet", "sakurada", "momo (2)", "sakura-2026"]
)
def test_names_of_other_sessions(name: str) -> None:
    assert conflict_copies.called_after(name, NAMES) == ""


def test_the_longest_name_is_the_one_that_was_copied() -> None:
    assert conflict_copies.called_after("sakura-12 (2)", NAMES) == "sakura-12"


def test_a_session_of_its_own_is_no_copy(tmp_path: Path) -> None:
    for name in ("sakura", "sakura (2)"):
        session = open_session(tmp_path / f"{name}.toml", load_guide, join=False)
        session.answer("case.role", "dealer")
        assert session.close(10)
    assert conflict_copies.original_of(tmp_path / "sakura (2).toml", NAMES, load_guide) == ""
    shutil.copy(tmp_path / "sakura.toml", tmp_path / "sakura (3).toml")
    assert conflict_copies.original_of(tmp_path / "sakura (3).toml", NAMES, load_guide) == "sakura"
    (tmp_path / "sakura (4).toml").write_text("broken", "utf-8")
    assert conflict_copies.original_of(tmp_path / "sakura (4).toml", NAMES, load_guide) == ""


def apart(folder: Path) -> tuple[Path, Path]:
    """A session and its copy, gone on separately: each with something new, and one question answered differently."""
    path, copy = folder / "sakura.toml", folder / "sakura-PC3.toml"
    clock = Clock()
    session = open_session(path, load_guide, join=False, now=clock)
    session.answer("case.role", "dealer", scope="office")
    session.answer("case.vehicle", "kei")
    assert session.close(10)
    shutil.copy(path, copy)
    ours = open_session(path, load_guide, join=False, now=clock)
    ours.answer("case.vehicle", "registered")
    ours.answer("case.garage", "have")
    ours.note("documents", "こちらのメモ")
    assert ours.close(10)
    theirs = open_session(copy, load_guide, join=False, now=clock)
    theirs.answer("case.procedure", "transfer")
    theirs.answer("case.garage", "not-needed")
    theirs.record("pc.memory", "pass", Finding("enough"))
    theirs.waive("pc.os", "増設まで", "佐藤", date(2027, 1, 31))
    assert theirs.close(10)
    return path, copy


def test_a_merge_keeps_what_either_side_did(tmp_path: Path) -> None:
    path, copy = apart(tmp_path)
    ours, theirs = on_disk(path), on_disk(copy)
    data = conflict_copies.merged(ours, theirs)
    assert {name: str(value) for name, value in data.values().items()} == {
        "case.role": "dealer",
        "case.vehicle": "registered",  # the copy only had the older answer
        "case.procedure": "transfer",
        "case.garage": "not-needed",
    }
    assert [(one.id, one.lost) for one in data.conflicts] == [("case.garage", "have")]
    assert "pc.memory" in data.results
    assert data.waivers["pc.os"].by == "佐藤"
    assert data.notes["documents"].text == "こちらのメモ"
    assert (data.name, data.takeover) == ("sakura", None)
    assert conflict_copies.merged(data, theirs).answers == data.answers


def test_it_is_shown_first_and_taken_in_when_asked(cli: Cli) -> None:  # noqa: F811
    folder = cli.home / "sessions"
    folder.mkdir(parents=True, mode=0o700)
    path, copy = apart(folder)
    before = path.read_bytes()
    text = cli("sessions", "--lang", "en").stdout
    assert "has a copy: sakura-PC3" in text
    assert text.count("ready ") == 1
    found = {one["name"]: one["copy_of"] for one in cli.json("sessions")["sessions"]}
    assert found == {"sakura": None, "sakura-PC3": "sakura"}
    shown = cli("merge", "sakura-PC3", "--lang", "en")
    assert shown.returncode == 0
    assert "(case.procedure): none -> Transfer" in shown.stdout
    assert "Answered differently in both: 1" in shown.stdout
    assert "--save" in shown.stdout
    assert (path.read_bytes(), copy.exists()) == (before, True)
    assert cli("merge", "sakura-PC3", "--save").returncode == 0
    loaded = load.load(path, load_guide)
    assert loaded is not None
    assert loaded.data.values()["case.procedure"] == "transfer"
    assert not copy.exists()
    assert len(list(folder.glob("sakura.toml.merged-*"))) == 1
    assert len(cli.json("sessions")["sessions"]) == 1
    assert cli("merge", "sakura").returncode == 2
    assert cli("merge", "nothing").returncode == 2
    assert cli("forget", "sakura").returncode == 0
    assert not [path for path in folder.iterdir() if not path.name.startswith("sakura-PC3.toml.")]
