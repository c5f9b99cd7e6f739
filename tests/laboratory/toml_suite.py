"""Every file of the public TOML test suite (github.com/toml-lang/toml-test) as a session file: a session or a diagnosis.

The suite is no part of the repository: `TOML_SUITE` names a folder that has it somewhere below, as the source release of
tomlkit does; `.ci/run` fetches that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from checks.guide import load_guide
from state.errors import SessionUnreadable
from state.file import load, store
from state.file.document import same
from state.file.recover import add_recovery
from state.live.merge import merge
from state.session_data import SCHEMA, Answer
from tests.laboratory.program import ROOT, environment

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
SLOW = 2.0
"""Seconds that reading one file may take."""
VERSION = "files-toml-1.0.0"
"""The suite's list for the TOML that we read and write; what only another version knows may be read or refused."""
BEFORE, AFTER = b"schema = %d\n" % SCHEMA, b" \n[end]\nanswers = 0\n"


@dataclass(slots=True)
class Told:
    """What came of it."""

    sessions: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


def find(folder: Path) -> Path | None:
    """The folder with `valid` and `invalid` and the lists beside them; None when it is not there."""
    for listed in sorted(folder.rglob(VERSION)):
        if (listed.parent / "valid").is_dir() and (listed.parent / "invalid").is_dir():
            return listed.parent
    return None


def files(suite: Path) -> Iterator[tuple[str, bool | None]]:
    """Each TOML file, and whether it is valid; None when it is of another version of TOML."""
    ours = set((suite / VERSION).read_text("utf-8").split("\n"))
    for path in sorted(suite.rglob("*.toml")):
        name = path.relative_to(suite).as_posix()
        yield name, name.startswith("valid/") if name in ours else None


def feed(suite: Path, work: Path, every: int = 40) -> Told:
    """The files as they are and within a session; each `every`-th through the program itself as well."""
    told = Told()
    for number, (name, valid) in enumerate(files(suite)):
        raw = (suite / name).read_bytes()
        alone = _read(raw, name, work, told)
        if alone is not None and "schema" not in tomllib.loads(raw.decode("utf-8-sig")):
            told.wrong.append(f"{name}: read as a session, and says no schema")
        within = BEFORE + raw.removeprefix(b"\xef\xbb\xbf") + AFTER
        loaded = _read(within, name, work, told)
        if valid and loaded is None:
            told.wrong.append(f"{name}: valid, and refused within a session")
        if valid is False and loaded is not None:
            told.wrong.append(f"{name}: invalid, and read within a session")
        if loaded is not None:
            _save(loaded, within, name, work, told)
        if number % every == 0:
            _run(within, name, loaded is not None, work, told)
    return told


def _read(raw: bytes, name: str, work: Path, told: Told) -> load.Loaded | None:
    """The session, None when it is refused as it should be."""
    path = work / "x.toml"
    path.write_bytes(raw)
    began = time.monotonic()
    loaded = None
    try:
        loaded = load.load(path, load_guide)
        told.sessions += 1
    except SessionUnreadable as error:
        told.refused += 1
        if error.line is None and not error.key and raw.strip(b"\0"):  # zeros have no place to name
            told.wrong.append(f"{name}: no place is named: {error.text.en}")
        if error.exit_code != 65 or not error.text.ja or not error.text.en.isascii():
            told.wrong.append(f"{name}: {error.exit_code} {error.text.en}")
        broken = add_recovery(path, error, load_guide, NOW)
        # A file that was never ours gets no copy beside it: it stays as it is, which is looked at below.
        if broken.quarantine is not None:
            if broken.quarantine.read_bytes() != raw:
                told.wrong.append(f"{name}: the bytes are not kept")
            broken.quarantine.unlink()
    except Exception as error:
        told.wrong.append(f"{name}: {type(error).__name__}: {error}")
    if time.monotonic() - began > SLOW:
        told.wrong.append(f"{name}: took {time.monotonic() - began:.1f} s")
    if path.read_bytes() != raw:
        told.wrong.append(f"{name}: the file was changed")
    return loaded


def _save(loaded: load.Loaded, raw: bytes, name: str, work: Path, told: Told) -> None:
    """One more answer; all that was there and is not ours must still be there."""
    path = work / "x.toml"
    data = replace(loaded.data, answers={**loaded.data.answers, "case.role": Answer("self", NOW, 1)})
    try:
        store.SessionFile(path, loaded.data, raw, load_guide, merge).commit(data)
        again = load.load(path, load_guide)
    except Exception as error:
        told.wrong.append(f"{name}: cannot be saved: {type(error).__name__}: {error}")
        return
    before, after = tomllib.loads(raw.decode("utf-8")), tomllib.loads(path.read_text("utf-8"))
    lost = [key for key in before if key != "end" and not same(before[key], after.get(key))]
    if again is None or again.notices or lost:
        told.wrong.append(f"{name}: not the same after a save: {', '.join(map(ascii, lost))}")
    for backup in work.glob("x.toml.*"):
        backup.unlink()


def _run(raw: bytes, name: str, good: bool, work: Path, told: Told) -> None:
    """The program's own word on it."""
    path = work / "run.toml"
    path.write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-m", "tui", "status", "--state", os.fspath(path)],
        cwd=ROOT,
        env=environment(work),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    if (done.returncode == 65) == good or "Traceback" in done.stderr or path.read_bytes() != raw:
        told.wrong.append(f"{name}: the program ended with {done.returncode}: {done.stderr[-200:]!a}")
    for kept in work.glob("run.toml*"):
        kept.unlink()
