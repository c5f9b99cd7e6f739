"""What Windows does otherwise, by a model of its rules: nothing that is open can be removed or replaced, names know no capitals.

Covers state.file.kernel32.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from state import errors
from state.errors import BadName, CannotWrite, SessionUnreadable
from state.file import files, kernel32, lock, places, presence
from state.file.places import Folder, check_name, forget
from state.session_data import EPOCH
from state.shelf.session_index import ListedSession
from tests.support.crash_lab import WatchedOs, prepared, questions, watching, with_answer

SHARING = 32


def refused(number: int | None = SHARING) -> PermissionError:
    """As Windows refuses a file that another program holds; without a number, as the C library tells it."""
    error = PermissionError(errno.EACCES, "held")
    if number is not None:
        error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    return error


class Sharing(WatchedOs):
    """The calls of a save under the sharing rules: what is open, by us or by `others`, keeps its name."""

    def __init__(self) -> None:
        super().__init__(before=self._look, after=self._learn)
        self.ours: dict[int, tuple[int, int]] = {}
        self.others: set[tuple[int, int]] = set()

    @staticmethod
    def which(file: str | Path | int) -> tuple[int, int]:
        seen = os.fstat(file) if isinstance(file, int) else os.stat(file)
        return seen.st_dev, seen.st_ino

    def _look(self, _: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "close":
            self.ours.pop(args[0], None)
        if call in ("unlink", "replace", "rename"):
            for name in args:
                if os.path.exists(name) and self.which(name) in {*self.ours.values(), *self.others}:
                    raise refused()

    def _learn(self, _: int, call: str, args: tuple[Any, ...], result: Any) -> None:
        if call == "open":
            self.ours[result] = self.which(result)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Windows, and how long was waited."""
    slept: list[float] = []
    monkeypatch.setattr(files, "WINDOWS", True)
    monkeypatch.setattr(files, "_sleep", slept.append)
    return slept


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    where = Folder(tmp_path, tmp_path / "config.toml")
    where.sessions.mkdir()
    prepared(where.sessions)
    return where


def test_a_session_is_forgotten_although_its_own_lock_is_open_meanwhile(
    place: Folder, waits: list[float]
) -> None:
    with watching(Sharing()):
        removed = forget(place.sessions / "x.toml", place)
    assert {"x.toml", "x.toml.lock"} <= set(removed)
    assert not os.listdir(place.sessions)
    assert not waits


def test_a_lock_that_somebody_waits_for_is_left_to_him(place: Folder, waits: list[float]) -> None:
    sharing = Sharing()
    sharing.others.add(sharing.which(place.sessions / "x.toml.lock"))
    with watching(sharing):
        removed = forget(place.sessions / "x.toml", place)
    assert "x.toml" in removed
    assert os.listdir(place.sessions) == ["x.toml.lock"]
    assert sum(waits) <= 2.5


def test_a_save_comes_through_between_those_who_read_the_file_all_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    disk, data = prepared(tmp_path)
    sharing = Sharing()
    sharing.others.add(sharing.which(tmp_path / "x.toml"))

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 30:
            sharing.others.clear()

    monkeypatch.setattr(files, "_sleep", sleep)
    with watching(sharing):
        disk.commit(with_answer(data, "new", "yes"))
    assert "new" in questions(tmp_path / "x.toml")
    assert len(waits) == 30
    assert max(waits) <= 0.05


@pytest.mark.parametrize("number", [None, 5, 32, 33])
def test_a_file_that_cannot_be_opened_for_a_moment_is_read_all_the_same(
    tmp_path: Path, waits: list[float], number: int | None
) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"whole")
    left = 3

    def held(_: int, call: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        if call == "open" and left:
            left -= 1
            raise refused(number)

    with watching(WatchedOs(before=held)):
        assert files.read(path, 100) == b"whole"
        left = 2
        files.write_new(tmp_path / "new", b"x")
    assert len(waits) == 5


def test_what_stays_refused_is_waited_for_no_longer_than_said_and_a_folder_not_at_all(
    tmp_path: Path, waits: list[float]
) -> None:
    (tmp_path / "x.toml").write_bytes(b"x")

    def held(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "open":
            raise refused(None)

    with watching(WatchedOs(before=held)):
        with pytest.raises(SessionUnreadable, match="not a regular file"):
            files.read(tmp_path, 100)
        assert not waits
        with pytest.raises(SessionUnreadable, match="permission"):
            files.read(tmp_path / "x.toml", 100)
    assert 2 < sum(waits) <= 2.5


def test_elsewhere_a_refusal_is_final(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_sleep", lambda _: pytest.fail("waited"))
    monkeypatch.setattr(files, "WINDOWS", False)

    def act() -> None:
        raise refused(None)

    with pytest.raises(PermissionError):
        files.patiently(act)


def test_a_write_protected_session_is_said_to_be_so_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    disk, data = prepared(tmp_path)
    before = (tmp_path / "x.toml").read_bytes()

    def held(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "replace":
            raise refused(5)

    monkeypatch.setattr(files, "is_protected", lambda path: path.name == "x.toml")
    with watching(WatchedOs(before=held)), pytest.raises(CannotWrite) as caught:
        disk.commit(with_answer(data, "new", "yes"))
    assert "読み取り専用" in caught.value.text.ja
    assert "read-only" in caught.value.text.en
    assert not waits
    assert (tmp_path / "x.toml").read_bytes() == before
    assert not (tmp_path / "x.toml.tmp").exists()


def test_a_write_protected_file_can_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"")
    path.chmod(0o400)

    def held(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call == "unlink" and not path.stat().st_mode & 0o200:
            raise refused(5)

    monkeypatch.setattr(files, "is_protected", lambda _: not path.stat().st_mode & 0o200)
    with watching(WatchedOs(before=held)):
        assert files.remove(path)
    assert not path.exists()


@pytest.mark.parametrize(("attributes", "protected"), [({"st_file_attributes": 0x21}, True), ({}, False)])
def test_the_mark_is_an_attribute_of_windows(
    monkeypatch: pytest.MonkeyPatch, attributes: dict[str, int], protected: bool
) -> None:
    monkeypatch.setattr(files, "os", SimpleNamespace(lstat=lambda _: SimpleNamespace(**attributes)))
    assert files.is_protected(Path("x")) is protected


@pytest.mark.parametrize(
    ("windows", "length", "said"),
    [(True, 240, "too long"), (True, 90, "no longer exists"), (False, 240, "no longer exists")],
)
def test_a_path_too_long_for_windows_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, windows: bool, length: int, said: str
) -> None:
    """It answers "not found", as to a folder that is gone."""
    monkeypatch.setattr(errors, "_WINDOWS", windows)
    error = FileNotFoundError(errno.ENOENT, "not found")
    assert said in errors.cannot_write(Path("/" + "d" * length) / "x.toml", error).text.en


def test_what_windows_answers_to_a_lock() -> None:
    assert lock._answered(0)
    assert not lock._answered(33)
    for number in (1, 50, 87, 120):
        with pytest.raises(lock.NoLocks):
            lock._answered(number)
    with pytest.raises(PermissionError):
        lock._answered(5)
    with pytest.raises(OSError, match="1117"):
        lock._answered(1117)


@pytest.mark.parametrize(
    ("start", "alive"), [("same", True), ("later", False), ("", True), (None, False), (OSError(), None)]
)
def test_a_process_is_known_by_when_it_began(
    monkeypatch: pytest.MonkeyPatch, start: str | OSError | None, alive: bool | None
) -> None:
    def running(_: int) -> str | None:
        if isinstance(start, OSError):
            raise start
        return start

    monkeypatch.setattr(presence, "_running", running)
    who = replace(presence.own(), pid=4711, start="same")
    assert presence.alive(who) is alive
    assert presence.alive(replace(who, pid=2**40)) is False
    assert presence.alive(replace(who, pid=-1)) is False


class Kernel:
    """The calls of kernel32 about one process."""

    def __init__(self, *, opened: int = 77, waited: int = 0x102, told: bool = True) -> None:
        self.opened, self.waited, self.told = opened, waited, told
        self.closed: list[int] = []

    def OpenProcess(self, wanted: int, inherit: int, pid: int) -> int:
        return self.opened

    def WaitForSingleObject(self, handle: int, milliseconds: int) -> int:
        return self.waited

    def GetProcessTimes(self, handle: int, began: Any, *others: Any) -> int:
        began._obj.value = 134_000_000_000_000_000
        return self.told

    def CloseHandle(self, handle: int) -> None:
        self.closed.append(handle)


@pytest.mark.parametrize(
    ("kernel", "error", "start"),
    [
        (Kernel(), 0, "134000000000000000"),
        (Kernel(told=False), 0, ""),
        (Kernel(waited=0), 0, None),  # ended, but somebody still holds a handle of it
        (Kernel(opened=0), 5, ""),  # of another user, who does not let us ask
        (Kernel(opened=0), 87, None),
    ],
)
def test_a_process_is_asked_of_windows(
    monkeypatch: pytest.MonkeyPatch, kernel: Kernel, error: int, start: str | None
) -> None:
    monkeypatch.setattr(kernel32, "_kernel", lambda: (kernel, lambda: error))
    assert kernel32.start_of(4711) == start
    assert kernel.closed == [77] * bool(kernel.opened)


@pytest.mark.parametrize("name", ["con", "Aux", "nul.x", "con .x", "LPT1  .2026", "COM¹"])
def test_a_device_of_windows_is_no_session_name(name: str) -> None:
    with pytest.raises(BadName, match="device"):
        check_name(name)


@pytest.mark.parametrize("name", ["console", "conx.y", "com10", "aux-1", "nul_"])
def test_what_only_begins_like_a_device_is_one(name: str) -> None:
    assert check_name(name) == name


def test_where_names_know_no_capitals_all_spellings_are_forgotten(place: Folder) -> None:
    """A second name for the same file stands for a folder that finds it under any spelling."""
    for name in ("X.toml.bak-20261122T010000Z-r1", "X.TOML.tmp", "Xy.toml"):
        (place.sessions / name).write_bytes(b"x")
    with suppress(FileExistsError):  # such a folder it is
        os.link(place.sessions / "x.toml", place.sessions / "X.TOML")
    forget(place.sessions / "x.toml", place)
    assert os.listdir(place.sessions) == ["Xy.toml"]


@pytest.mark.skipif(places._is_blind(Path(__file__)), reason="a folder that knows capitals")
def test_where_names_know_capitals_only_the_one_spelling_is_forgotten(place: Folder) -> None:
    for name in ("X.TOML", "X.toml.tmp"):
        (place.sessions / name).write_bytes(b"x")
    forget(place.sessions / "x.toml", place)
    assert sorted(os.listdir(place.sessions)) == ["X.TOML", "X.toml.tmp"]


@pytest.mark.parametrize(("mtime_ns", "year"), [(-1, 1969), (-(11_644_473_600 * 10**9), 1601), (2**63, 2262)])
def test_a_file_of_any_age_can_be_listed(tmp_path: Path, mtime_ns: int, year: int) -> None:
    """Windows converts no time before 1970, and its files may be from 1601."""
    assert ListedSession("x", tmp_path, 0, mtime_ns, 0, False).changed.year == year
    assert ListedSession("x", tmp_path, 0, 2**80, 0, False).changed == EPOCH


def test_the_rules_are_those_of_the_model(tmp_path: Path) -> None:
    """The model refuses what Windows refuses: else the tests above would show nothing."""
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b").write_bytes(b"")
    sharing = Sharing()
    calls: list[Callable[[], object]] = [
        lambda: sharing.unlink(tmp_path / "a"),
        lambda: sharing.replace(tmp_path / "b", tmp_path / "a"),
    ]
    sharing.others.add(sharing.which(tmp_path / "a"))
    for call in calls:
        with pytest.raises(PermissionError) as caught:
            call()
        assert getattr(caught.value, "winerror", None) == SHARING
