"""The random id of a machine's data folder: made once, whole, the same for all who ask."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import pytest

from state.errors import CannotWrite
from state.file import files
from state.file.machine import MACHINE, machine_id
from state.file.places import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data", tmp_path / "config.toml")


def test_it_is_made_once_and_nothing_is_left_beside_it(folder: Folder) -> None:
    assert machine_id(folder, make=False) == ""
    assert not folder.data.exists()
    made = machine_id(folder)
    assert machine_id(folder, make=False) == made
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert machine_id(folder) == made
    assert list(files.names(folder.data)) == [MACHINE]
    if sys.platform != "win32":
        assert stat.S_IMODE((folder.data / MACHINE).stat().st_mode) == 0o600


def test_two_machines_differ(tmp_path: Path) -> None:
    assert machine_id(Folder(tmp_path / "a", tmp_path)) != machine_id(Folder(tmp_path / "b", tmp_path))


def test_who_comes_second_gets_the_id_of_the_first(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = "0" * 32

    def overtaken(path: Path, raw: bytes) -> None:
        (folder.data / MACHINE).write_bytes(first.encode() + b"\n")
        path.write_bytes(raw)

    monkeypatch.setattr(files, "write_new", overtaken)
    assert machine_id(folder) == first


@pytest.mark.parametrize("raw", [b"", b"abc", b"G" * 32 + b"\n", b"\xff" * 32])
def test_one_that_was_cut_is_made_anew(folder: Folder, raw: bytes) -> None:
    folder.data.mkdir()
    (folder.data / MACHINE).write_bytes(raw)
    assert re.fullmatch("[0-9a-f]{32}", machine_id(folder))


def test_a_folder_that_cannot_be_written_says_so(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, raw: bytes) -> None:
        raise PermissionError(13, "refused", str(path))

    monkeypatch.setattr(files, "write_new", refused)
    with pytest.raises(CannotWrite):
        machine_id(folder)
