"""No save loses what was saved: killed at any call, refused at any call, power cut at any moment, two writers, a full disk.

Covers state.file.disk_reserve, state.file.presence and state.file.store.
"""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from checks.guide import load_guide
from state.errors import CannotWrite, SessionBusy, SessionUnreadable
from state.file import files, load, store
from state.file.lock import locked
from state.live import saver
from state.live.open_session import open_session
from state.live.session import Session
from state.session_data import SessionData
from tests.support.crash_lab import (
    NOW,
    POWER_CUTS,
    PowerCut,
    WatchedOs,
    calls_of_a_save,
    ordinary,
    prepared,
    questions,
    watching,
    with_answer,
)
from tests.support.helpers_session import saved_rev

ROOT = Path(__file__).parents[3]
Workload: TypeAlias = Callable[[Path], tuple[store.SessionFile, SessionData]]
posix_only = pytest.mark.skipif(os.name == "nt", reason="needs fork and folder syncs")


def lab(*args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.crash_lab", *args], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@posix_only
def test_a_save_killed_at_any_call_loses_nothing(tmp_path: Path) -> None:
    run = lab("kill", str(tmp_path))
    said, _ = run.communicate(timeout=120)
    assert (run.returncode, said.strip()) == (0, "")


@posix_only
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("for_ever", [False, True])
def test_a_save_refused_at_any_call_is_told_and_made_good(
    tmp_path: Path, number: int, for_ever: bool
) -> None:
    (tmp_path / "count").mkdir()
    for at in range(1, calls_of_a_save(tmp_path / "count") + 1):
        place = tmp_path / str(at)
        place.mkdir()
        disk, data = prepared(place)
        new = with_answer(data, "new", "yes")

        def refuse(count: int, call: str, args: tuple[Any, ...], at: int = at) -> None:
            if count == at or (for_ever and count > at and call != "close"):
                if call == "close":
                    os.close(args[0])
                raise OSError(number, os.strerror(number))

        with watching(WatchedOs(before=refuse)):
            try:
                disk.commit(new, timeout=0.05)
            except (CannotWrite, SessionBusy):
                saved = False
            else:
                saved = True
        there = questions(place / "x.toml")
        assert there >= {"old.one", "old.two"}
        assert "new" in there or not saved
        disk.commit(new)
        assert "new" in questions(place / "x.toml")
        assert not (place / "x.toml.tmp").exists()


def losses_of_a_power_cut(tmp_path: Path, workload: Workload = ordinary) -> tuple[int, list[str]]:
    """How many states a power cut during one save can leave, and what is wrong with which."""
    start = tmp_path / "start"
    start.mkdir()
    disk, data = workload(start)
    disk.path.parent.mkdir(exist_ok=True)
    # What the file holds; of a damaged one nothing, and then the copy beside it must be as it was until the save has ended.
    old = _there(disk.path)
    name = disk.path.name
    cut = PowerCut()
    cut.record(disk.path.parent, lambda: disk.commit(with_answer(data, "new", "yes")))
    wanted = set(data.answers) | old | {"new"}
    seen: dict[tuple[tuple[str, bytes], ...], bool] = {}
    for ended, state in cut.states():
        key = tuple(sorted(state.items()))
        seen[key] = seen.get(key, False) or ended
    losses: list[str] = []
    place = tmp_path / "cut"
    for number, (names, ended) in enumerate(seen.items()):
        place.mkdir()
        for file, raw in names:
            (place / file).write_bytes(raw)
        there = _there(place / name)
        if not there >= (wanted if ended else old):
            losses.append(f"{number} {ended}: {sorted(there)}")
        for left in place.iterdir():
            left.unlink()
        place.rmdir()
    return len(seen), losses


def _there(path: Path) -> set[str]:
    try:
        return questions(path)
    except SessionUnreadable:
        return set()


@posix_only
@pytest.mark.parametrize("workload", POWER_CUTS, ids=lambda workload: workload.__name__)
def test_a_power_cut_at_any_moment_leaves_a_whole_session(tmp_path: Path, workload: Workload) -> None:
    states, losses = losses_of_a_power_cut(tmp_path, workload)
    assert states >= 5
    assert not losses


@posix_only
@pytest.mark.parametrize("missing", ["sync", "sync_folder"])
def test_the_power_cut_finds_a_save_that_does_not_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(files, missing, lambda *_: None)
    _, losses = losses_of_a_power_cut(tmp_path)
    assert losses


def test_nothing_is_called_saved_before_file_and_folder_are_synced(tmp_path: Path) -> None:
    order: list[str] = []
    gate = {"fsync": threading.Event(), "reached": threading.Event()}
    handles: dict[int, str] = {}

    def before(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "fsync":
            gate["reached"].set()
            assert gate["fsync"].wait(10)

    def after(_: int, call: str, args: tuple[Any, ...], result: Any) -> None:
        if call == "open":
            handles[result] = os.path.basename(str(args[0]))
        elif call == "fsync":
            order.append(f"fsync {handles[args[0]]}")
        elif call == "replace":
            order.append("replace")

    session = open_session(tmp_path / "x.toml", load_guide, join=False)
    assert session.flush(10)
    with watching(WatchedOs(before=before, after=after)):
        told: list[str] = []
        session.subscribe(lambda: told.append("told"))
        rev = session.answer("case.role", "self")
        assert gate["reached"].wait(10)
        later = session.answer("case.route", "full")
        assert saved_rev(session) < rev
        assert session.save_state().unsaved == 2
        assert not session.save_state().saved
        assert not told
        gate["fsync"].set()
        assert session.flush(10)
    assert saved_rev(session) >= later
    folder = [] if os.name == "nt" else [f"fsync {tmp_path.name}"]  # Windows has no such call
    assert order[: 2 + len(folder)] == ["fsync x.toml.tmp", "replace", *folder]
    assert session.close()


def wait_until(session: Session, condition: Callable[[], bool]) -> None:
    """Waits, at most ten seconds, for something that the saver tells of."""
    told = threading.Event()
    session.subscribe(told.set)
    for _ in range(200):
        if condition():
            return
        told.wait(0.05)
        told.clear()
    raise AssertionError("did not come")


@posix_only
def test_a_full_disk_is_told_and_the_reserve_makes_room(tmp_path: Path) -> None:
    session = open_session(tmp_path / "x.toml", load_guide)
    reserve = tmp_path / "x.toml.reserve"
    wait_until(session, reserve.exists)
    full = True

    def before(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "write" and len(args[1]) > 300 and (full or reserve.exists()):
            raise OSError(errno.ENOSPC, "full")

    with watching(WatchedOs(before=before)):
        rev = session.answer("case.role", "self")
        wait_until(session, lambda: session.save_state().failing_since is not None)
        state = session.save_state()
        assert state.error is not None
        assert "空きがありません" in state.error.ja
        assert (state.saved, state.unsaved, state.exit_code) == (False, 1, 74)
        assert not session.flush(10)
        with pytest.raises(CannotWrite):
            session.require_saved(10)
        assert saved_rev(session) < rev
        full = False
        # Without being asked again: the saver tries by itself.
        wait_until(session, lambda: session.save_state().saved)
    assert session.close()
    assert "case.role" in questions(tmp_path / "x.toml")
    assert not reserve.exists()


@posix_only
def test_a_vanished_folder_is_told_and_not_made_again(tmp_path: Path) -> None:
    session = open_session(tmp_path / "usb" / "x.toml", load_guide, join=False)
    assert session.flush(10)
    (tmp_path / "usb").rename(tmp_path / "away")
    session.answer("case.role", "self")
    assert not session.flush(10)
    assert "フォルダーがなくなりました" in (session.save_state().error or pytest.fail("no error")).ja
    assert not (tmp_path / "usb").exists()
    (tmp_path / "away").rename(tmp_path / "usb")
    assert session.flush(10)
    assert session.close()
    assert "case.role" in questions(tmp_path / "usb" / "x.toml")


def test_a_held_lock_is_told_as_busy_and_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "LOCK", 0.05)
    session = open_session(tmp_path / "x.toml", load_guide, join=False)
    assert session.flush(10)
    with locked(tmp_path / "x.toml"):
        session.answer("case.role", "self")
        with pytest.raises(SessionBusy) as caught:
            session.require_saved(0.4)
        assert caught.value.exit_code == 75
        assert f"pid {os.getpid()}" in caught.value.text.en
    assert session.flush(10)
    assert session.close()


@posix_only
def test_a_move_into_a_pc_record_killed_at_any_call_loses_nothing(tmp_path: Path) -> None:
    run = lab("move", str(tmp_path))
    said, _ = run.communicate(timeout=120)
    assert (run.returncode, said.strip()) == (0, "")
    assert len(list(tmp_path.iterdir())) > 20


@posix_only
@pytest.mark.parametrize(("what", "file"), [("duel", "x.toml"), ("duel-pc", "pcs/x.toml")])
def test_two_writers_with_kills_lose_no_saved_answer(tmp_path: Path, what: str, file: str) -> None:
    rng = random.Random(20261122)
    saved: set[str] = set()
    for turn in range(3):
        runs = [lab(what, str(tmp_path), f"{name}{turn}", "30") for name in ("a", "b")]
        victim = rng.randrange(2)
        for run in (runs[victim], runs[1 - victim]):
            assert run.stdout is not None
            for count, line in enumerate(run.stdout):
                saved.add(line.strip())
                if run is runs[victim] and count == 5 + rng.randrange(10):
                    run.kill()
            run.stdout.close()
            run.wait(60)
        assert runs[1 - victim].returncode == 0
    loaded = load.load(tmp_path / file, load_guide)
    assert loaded is not None
    assert len(saved) >= 3 * (30 + 5)
    assert saved <= set(loaded.data.answers)
    assert not loaded.notices


def test_a_file_held_by_a_scanner_is_tried_again_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sharing violations of Windows, by their documented numbers."""
    waits: list[float] = []
    monkeypatch.setattr(files, "_sleep", waits.append)
    left = [32, 5, 33]

    def held(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "replace" and left:
            error = PermissionError(errno.EACCES, "held")
            error.winerror = left.pop(0)  # type: ignore[attr-defined, unused-ignore]
            raise error

    disk, data = prepared(tmp_path)
    with watching(WatchedOs(before=held)):
        disk.commit(with_answer(data, "new", "yes"))
        left = [32] * 100
        with pytest.raises(CannotWrite):
            disk.commit(with_answer(data, "newer", "yes"))
    assert "new" in questions(tmp_path / "x.toml")
    assert sum(waits[3:]) <= 2.5


def test_where_links_are_unknown_the_backup_is_a_copy(tmp_path: Path) -> None:
    def no_links(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "link":
            raise OSError(errno.EPERM, "no links here")

    disk, data = prepared(tmp_path)
    with watching(WatchedOs(before=no_links)):
        disk.commit(with_answer(data, "new", "yes"))
    newest = max(name for name in os.listdir(tmp_path) if ".bak-" in name)
    assert questions(tmp_path / newest) == {"old.one", "old.two"}
    assert data.updated == NOW
