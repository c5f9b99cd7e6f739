"""A laboratory for saves: the file system calls of a save counted, made to fail, cut off by a kill, or lost by a power cut.

`python -m tests.support.crash_lab kill FOLDER` kills a save before and after every one of its calls;
`move` kills the save with which a session of version 0.1 moves what it holds of its PC into a record;
`python -m tests.support.crash_lab duel FOLDER NAME ROUNDS` answers questions and prints each one that is saved;
`duel-pc` does so in a session of its own, about the PC whose record all of them share.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from checks.guide import load_guide
from checks.model import Outcome, Scope
from state.file import backups, files, load, lock, permissions, store
from state.file.places import Folder
from state.file.render import Writer
from state.file.tables import highest_rev
from state.live.merge import merge
from state.live.open_session import open_record, open_session
from state.live.pc_records import with_record
from state.live.session import Session
from state.session_data import Answer, Pc, Result, SessionData, Waiver
from tests.support.helpers_session import saved_rev

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PC = Pc("a" * 32, "DESK-3", "tanaka", "windows", NOW)
CALLS = (
    "open",
    "write",
    "fsync",
    "close",
    "link",
    "unlink",
    "replace",
    "rename",
    "mkdir",
    "ftruncate",
    "read",
)


class WatchedOs:
    """The `os` module with a look at each call that touches a file, before and after it."""

    def __init__(
        self,
        before: Callable[[int, str, tuple[Any, ...]], None] | None = None,
        after: Callable[[int, str, tuple[Any, ...], Any], None] | None = None,
    ) -> None:
        self.count = 0
        self._before = before
        self._after = after

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in CALLS:
            return real

        def call(*args: Any, **how: Any) -> Any:
            self.count += 1
            number = self.count
            if self._before:
                self._before(number, name, args)
            result = real(*args, **how)
            if self._after:
                self._after(number, name, args, result)
            return result

        return call


@contextlib.contextmanager
def watching(watched: WatchedOs) -> Iterator[WatchedOs]:
    """Puts the watched module in the place of `os` where files are touched."""
    modules: tuple[Any, ...] = (files, lock, permissions)
    for module in modules:
        module.os = watched
    try:
        yield watched
    finally:
        for module in modules:
            module.os = os


def with_answer(data: SessionData, question: str, value: str) -> SessionData:
    """The same session with one more answer, as the session would make it."""
    rev = highest_rev(data) + 1
    return replace(data, answers={**data.answers, question: Answer(value, NOW, rev)}, updated=NOW)


def prepared(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """A store with two saves behind it, so that there is a file and a backup."""
    data = with_answer(SessionData("x", NOW, NOW, "0"), "old.one", "yes")
    disk = store.SessionFile(folder / "x.toml", data, None, load_guide, merge)
    disk.commit(data)
    data = with_answer(data, "old.two", "はい")
    disk.commit(data)
    return disk, data


def questions(path: Path) -> set[str]:
    """What the file says is answered; raises when it cannot be read."""
    loaded = load.load(path, load_guide)
    return set(loaded.data.answers) if loaded else set()


def calls_of_a_save(folder: Path) -> int:
    """How many calls one ordinary save makes."""
    disk, data = prepared(folder)
    with watching(WatchedOs()) as watched:
        disk.commit(with_answer(data, "new", "yes"))
    return watched.count


def ordinary(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """A file, a backup, one more answer to save."""
    return prepared(folder)


def first(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """Nothing yet, not even the folder."""
    data = SessionData("x", NOW, NOW, "0")
    return store.SessionFile(folder / "deep" / "x.toml", data, None, load_guide, merge), data


def merging(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """Somebody else saved an answer in the meantime."""
    disk, data = prepared(folder)
    other = store.SessionFile(disk.path, disk.base, disk.raw, load_guide, merge)
    other.commit(with_answer(data, "other", "yes"))
    return disk, data


def migrating(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """A file of the oldest format."""
    path = folder / "x.toml"
    path.write_bytes((Path(__file__).parents[1] / "data" / "state" / "schema0.toml").read_bytes())
    loaded = load.load(path, load_guide)
    assert loaded is not None
    return store.SessionFile(path, loaded.data, loaded.raw, load_guide, merge, loaded.schema), loaded.data


def of_a_pc(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """The record of a PC."""
    disk, data = prepared(folder)
    data = replace(data, pc=PC)
    return store.SessionFile(disk.path, disk.base, disk.raw, load_guide, merge), data


def rotating(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """Ten backups and more."""
    disk, data = prepared(folder)
    for number in range(12):
        data = with_answer(data, f"more.{number}", "yes")
        disk.commit(data)
    return disk, data


def damaged(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """The file was cut by somebody in the meantime: it is kept aside and written anew."""
    disk, data = prepared(folder)
    raw = disk.path.read_bytes()
    disk.path.write_bytes(raw[: len(raw) // 2])
    return disk, data


def fiftieth(folder: Path) -> tuple[store.SessionFile, SessionData]:
    """Fifty answers saved one by one."""
    disk, data = prepared(folder)
    for number in range(50):
        data = with_answer(data, f"more.{number}", "yes")
        disk.commit(data)
        backups.thin(disk.path)
    return disk, data


WORKLOADS = (ordinary, first, merging, migrating, of_a_pc, rotating)
"""What is killed at each of its calls."""
POWER_CUTS = (*WORKLOADS, damaged, fiftieth)


def kill_sweep(folder: Path) -> list[str]:
    """Kills saves of every kind at each of their calls, before and after it; what was lost or left over, one line each."""
    if sys.platform == "win32":
        return ["needs fork"]
    losses: list[str] = []
    for workload in WORKLOADS:
        for number in itertools.count(1):
            killed = False
            for after in (False, True):
                what = f"{workload.__name__} {number} {'after' if after else 'before'}"
                place = folder / what
                place.mkdir()
                disk, data = workload(place)
                old = questions(disk.path)
                pid = os.fork()
                if pid == 0:
                    _save_and_die(disk, with_answer(data, "new", "yes"), number, after)
                killed |= os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
                try:
                    _come_back(disk.path, old)
                except Exception as error:
                    losses.append(f"{what}: {error!r}")
            if not killed:
                break
        if number < 5:
            losses.append(f"{workload.__name__}: nothing was killed")
    return losses


def _come_back(path: Path, old: set[str]) -> None:
    """Whoever comes next finds everything, is not held up, and clears away what was left. Raises `AssertionError`."""
    there = questions(path)
    assert there >= old, f"lost {old - there}"
    loaded = load.load(path, load_guide)
    data = loaded.data if loaded else SessionData("x", NOW, NOW, "0")
    again = store.SessionFile(
        path, data, loaded.raw if loaded else None, load_guide, merge, loaded.schema if loaded else 1
    )
    again.commit(with_answer(data, "next", "yes"), timeout=0.5)
    backups.thin(again.path)
    assert questions(path) >= old | {"next"}
    names = {name for name in os.listdir(path.parent) if ".bak-" not in name}
    assert names <= {"x.toml", "x.toml.lock", "x.toml.schema0"}, f"left {names}"
    assert len(os.listdir(path.parent)) - len(names) <= 10


def _save_and_die(disk: store.SessionFile, data: SessionData, number: int, after: bool) -> None:
    def die(count: int, *_: object) -> None:
        if count == number:
            os._exit(9)

    with watching(WatchedOs(after=die) if after else WatchedOs(before=die)):
        disk.commit(data)
    os._exit(0)


@dataclass(slots=True)
class PowerCut:
    """What a save did to one folder, and what may be there after the power failed at any moment of it.

    The weakest promises are taken: a name that the folder was not synced for may be there or not, each on its own; bytes that
    were not synced may be there, half there, or not at all.
    """

    contents: dict[int, bytes] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    steps: list[tuple[str, Any, Any]] = field(default_factory=list)
    _handles: dict[int, Any] = field(default_factory=dict)
    _folder: str = ""

    def record(self, folder: Path, save: Callable[[], object]) -> None:
        """Runs `save` and notes what it does in `folder`."""
        self._folder = str(folder)
        for number, name in enumerate(sorted(os.listdir(folder))):
            same = [old for old in self.names if os.path.samefile(folder / old, folder / name)]
            inode = self.names[same[0]] if same else number
            self.names[name] = inode
            self.contents[inode] = (folder / name).read_bytes()
        self._next = 1000
        with watching(WatchedOs(after=self._note)):
            save()

    _next: int = 0

    def _note(self, _: int, call: str, args: tuple[Any, ...], result: Any) -> None:
        names = [os.path.basename(str(arg)) for arg in args[:2] if isinstance(arg, str | Path)]
        if call == "open":
            if str(args[0]) == self._folder:
                self._handles[result] = "folder"
            elif args[1] & os.O_CREAT and args[1] & os.O_EXCL:
                self._next += 1
                self._handles[result] = self._next
                self.steps.append(("create", names[0], self._next))
            else:
                self._handles[result] = None
        elif call == "write" and isinstance(self._handles.get(args[0]), int):
            self.steps.append(("write", self._handles[args[0]], bytes(args[1])[:result]))
        elif call == "fsync":
            what = self._handles.get(args[0])
            self.steps.append(("sync-folder" if what == "folder" else "sync", what, None))
        elif call in ("link", "replace", "unlink"):
            self.steps.append((call, names[0], names[1] if len(names) > 1 else None))

    def states(self) -> Iterator[tuple[bool, dict[str, bytes]]]:
        """Each possible folder, with whether the save had ended."""
        for end in range(len(self.steps) + 1):
            done = self.steps[:end]
            synced = max((at for at, step in enumerate(done) if step[0] == "sync-folder"), default=-1)
            sure = [step for step in done[: synced + 1] if step[0] in _OF_NAMES]
            perhaps = [step for step in done[synced + 1 :] if step[0] in _OF_NAMES]
            contents, safe = self._written(done)
            for chosen in itertools.product((False, True), repeat=len(perhaps)):
                names = self._names(
                    sure + [step for step, taken in zip(perhaps, chosen, strict=True) if taken]
                )
                loose = sorted({inode for inode in names.values() if inode not in safe})
                for cut in itertools.product((0, 1, 2), repeat=len(loose)):
                    share = dict(zip(loose, cut, strict=True))
                    yield (
                        end == len(self.steps),
                        {
                            name: contents[inode][: len(contents[inode]) * share.get(inode, 2) // 2]
                            for name, inode in names.items()
                        },
                    )

    def _written(self, done: list[tuple[str, Any, Any]]) -> tuple[dict[int, bytes], set[int]]:
        contents, safe = dict(self.contents), set(self.contents)
        for call, what, more in done:
            if call == "create":
                contents[more] = b""
            elif call == "write":
                contents[what] += more
                safe.discard(what)
            elif call == "sync":
                safe.add(what)
        return contents, safe

    def _names(self, steps: list[tuple[str, Any, Any]]) -> dict[str, int]:
        names = dict(self.names)
        for call, one, other in steps:
            if call == "create":
                names[one] = other
            elif call == "link" and one in names:
                names[other] = names[one]
            elif call == "replace" and one in names:
                names[other] = names.pop(one)
            elif call == "unlink":
                names.pop(one, None)
        return names


_OF_NAMES = ("create", "link", "replace", "unlink")


def duel(folder: Path, name: str, rounds: int) -> None:
    """Answers `rounds` questions of its own and one that all share; prints each of its own once it is saved."""
    _answer_all(open_session(folder / "x.toml", load_guide), name, rounds, "case")


def duel_over_a_pc(folder: Path, name: str, rounds: int) -> None:
    """The same in a session of its own, about the PC whose record `x` all of them share."""
    places = Folder(folder, folder / "config.toml")
    session = open_session(folder / "sessions" / f"{name}.toml", load_guide, folder=places)
    record = open_record(places, load_guide, "x", pc=PC)
    assert record is not None
    session.use(record)
    _answer_all(session, name, rounds, "pc")


def _answer_all(session: Session, name: str, rounds: int, scope: Scope) -> None:
    disk = session.pc_record or session
    for number in range(rounds):
        question = f"{name}.{number}"
        rev = session.answer(question, "yes", scope=scope)
        session.answer("shared", f"{name} {number}", scope=scope)
        if session.flush(20.0) and saved_rev(disk) >= rev:
            print(question, flush=True)
    session.close()


# A session of version 0.1, whose first save moves what it holds of its PC into a record.


def of_version_0_1(folder: Path) -> set[str]:
    """Such a session, and everything that is said in it."""
    result = Result(Outcome.PASS, "supported", {"build": 26100}, (), NOW, 3, "DESK-3", "tanaka")
    data = SessionData(
        "x", NOW, NOW, "0.1.0", schema=1,
        answers={"case.role": Answer("self", NOW, 1), "pc.managed": Answer("yes", NOW, 2, "pc", "DESK-3", "tanaka")},
        results={"pc.os": result}, waivers={"pc.disk": Waiver("社内", "管理者", date(2027, 3, 31), NOW, 4)},
    )  # fmt: skip
    (folder / "sessions").mkdir(parents=True)
    (folder / "sessions" / "x.toml").write_bytes(Writer().bytes_of(data))
    return said(data)


def said(data: SessionData) -> set[str]:
    """The ids of all answers, results and waivers."""
    return {*data.answers, *data.results, *data.waivers}


def move(folder: Path) -> bool:
    """Opens it and answers one question more; whether everything is on the disk then."""
    places = Folder(folder, folder / "config.toml")
    session = open_session(folder / "sessions" / "x.toml", load_guide, folder=places, join=False)
    session.answer("case.vehicle", "registered")
    return session.flush(20.0)


def move_sweep(folder: Path, numbers: Iterable[int] | None = None) -> tuple[int, list[str]]:
    """Kills that save at each call, or those of these `numbers`; how many were killed, and what was lost, one line each.

    What is there after a kill is looked at as it stands, and once more after the next save has gone through.
    """
    if sys.platform == "win32":
        return 0, ["needs fork"]
    kills, losses = 0, []
    for number in itertools.count(1) if numbers is None else numbers:
        place = folder / str(number)
        before = of_version_0_1(place)
        pid = os.fork()
        if pid == 0:
            with watching(
                WatchedOs(before=lambda count, *_, last=number: os._exit(9) if count == last else None)
            ):
                move(place)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
        kills += killed
        places = Folder(place, place / "config.toml")
        for turn in ("as it stands", "after the next save"):
            try:
                loaded = load.load(place / "sessions" / "x.toml", load_guide)
                there = said(with_record(loaded.data, places, load_guide)) if loaded else set()
                if not there >= before:
                    losses.append(f"{number}, {turn}: lost {sorted(before - there)}")
                if turn == "as it stands" and not move(place):
                    losses.append(f"{number}: the next save does not go through")
            except Exception as error:
                losses.append(f"{number}, {turn}: {error!r}")
        if not killed and numbers is None:
            break
    return kills, losses


if __name__ == "__main__":
    if sys.argv[1] == "kill":
        found = kill_sweep(Path(sys.argv[2]))
        shutil.rmtree(sys.argv[2], ignore_errors=True)
        print("\n".join(found))
        sys.exit(1 if found else 0)
    if sys.argv[1] == "move":
        found = move_sweep(Path(sys.argv[2]))[1]
        print("\n".join(found))
        sys.exit(1 if found else 0)
    fight = duel_over_a_pc if sys.argv[1] == "duel-pc" else duel
    fight(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
