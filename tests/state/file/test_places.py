"""Where things are: names without tricks, the last session, forgetting."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.guide import load_guide
from state.errors import BadName, CannotWrite, SessionBusy
from state.file.places import (
    Folder,
    check_name,
    forget,
    last_session,
    locate,
    note_last,
    prepare,
    session_path,
)
from state.live.open_session import open_session


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


def test_everything_is_under_the_home_that_is_set(tmp_path: Path) -> None:
    places = locate({"OSS_JUNBI_HOME": str(tmp_path / "h")})
    assert places == Folder(tmp_path / "h", tmp_path / "h" / "config.toml")
    assert places.sessions == tmp_path / "h" / "sessions"
    assert locate({"OSS_JUNBI_HOME": "rel"}).data.is_absolute()


def test_without_it_the_platform_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    places = locate({})
    assert places.data.name == "oss-junbi"
    if sys.platform == "linux":
        assert places.data == tmp_path / "data" / "oss-junbi"
        assert places.config == tmp_path / "config" / "oss-junbi" / "config.toml"


@pytest.mark.parametrize(
    "name",
    ["sakura-fleet-12", "さくら自動車 12台", "品川500さ1234", "a", "2026.11", "辻\U000e0100", "あ" * 53],
)
def test_names_that_can_be_used(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "", " ", " a", "a ", ".", "..", ".hidden", "-x", "~", "a.", "a/b", "../a", "a\\b", "C:a", "a\x00b", "a\nb", "a\x1b[31m",
        "con", "NUL.txt", "com1", "Lpt9.a", "a.toml", "x.TOML.bak-1", "a*", "a?", "<a>", 'a"', "a|b", "a" * 61, "あ" * 54,
        "a\u202eb", "a\u200bb", "a\ufeffb", "a\udc80",
    ],
)  # fmt: skip
def test_names_that_cannot(name: str) -> None:
    with pytest.raises(BadName) as caught:
        check_name(name)
    assert caught.value.exit_code == 2
    assert caught.value.text.ja.isprintable()


@given(st.text(max_size=70))
def test_an_accepted_name_is_one_plain_file_of_the_folder(name: str) -> None:
    folder = Folder(Path("/data"), Path("/data/config.toml"))
    try:
        path = session_path(folder, name)
    except BadName:
        return
    assert Path(os.path.normpath(path)).parent == folder.sessions
    assert len((path.name + ".broken-20261122T010310Z-999").encode()) <= 255


def test_names_in_two_forms_are_one() -> None:
    assert check_name("\u304b\u3099") == "\u304c"


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_our_folders_are_closed_to_others(tmp_path: Path) -> None:
    assert prepare(tmp_path / "a" / "b") == ()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    os.chmod(tmp_path / "a", 0o755)
    assert "本人だけ" in prepare(tmp_path / "a")[0].ja
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        prepare(tmp_path / "file")
    with pytest.raises(CannotWrite):
        prepare(tmp_path / "file" / "below")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs to give a folder away")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    if sys.platform != "win32":
        (tmp_path / "a").mkdir()
        os.chown(tmp_path / "a", 12345, 12345)
    with pytest.raises(CannotWrite):
        prepare(tmp_path / "a")


def test_the_last_session_is_the_one_noted_else_the_newest(folder: Folder) -> None:
    assert last_session(folder) is None
    one, other = make(folder, "一"), make(folder, "other")
    os.utime(one, (2, 2))
    os.utime(other, (1, 1))
    assert last_session(folder) == "一"
    note_last(folder, "other")
    assert last_session(folder) == "other"
    other.unlink()
    assert last_session(folder) == "一"
    (folder.data / "last-session").write_bytes(b"../../etc/passwd\n")
    assert last_session(folder) == "一"


def test_forgetting_leaves_nothing_of_one_session_and_all_of_the_others(folder: Folder) -> None:
    path, other = make(folder, "x", procedure="transfer"), make(folder, "x.y", procedure="transfer")
    make(folder, "x", procedure="change")
    for suffix in (".broken-20261122T010310Z", ".tmp", ".reserve", ".schema0", ".lock-file"):
        path.with_name(path.name + suffix).write_bytes(b"x")
    (path.with_name(path.name + ".here")).mkdir()
    for place in (folder.logs, folder.history):
        place.mkdir()
        (place / "x.toml.1.txt").write_bytes(b"x")
        (place / "x.y.toml.1.txt").write_bytes(b"x")
    note_last(folder, "x")
    removed = forget(path, folder)
    assert {"x.toml", "x.toml.lock", "x.toml.here", "x.toml.broken-20261122T010310Z", "x.toml.1.txt"} <= set(
        removed
    )
    left = {str(one.relative_to(folder.data)) for one in folder.data.rglob("*") if one.is_file()}
    assert not [name for name in left if os.path.basename(name).startswith("x.toml")]
    assert {f"sessions{os.sep}x.y.toml", f"logs{os.sep}x.y.toml.1.txt"} <= left
    assert "last-session" not in left
    assert last_session(folder) == "x.y"
    assert other.exists()
    assert forget(folder.sessions / "never.toml", folder) == ("never.toml.lock",)


def test_a_session_in_use_is_not_forgotten(folder: Folder) -> None:
    path = make(folder, "x")
    session = open_session(path, load_guide)
    with pytest.raises(SessionBusy) as caught:
        forget(path, folder)
    assert str(os.getpid()) in caught.value.text.en
    assert path.exists()
    assert session.close(10)
    assert "x.toml" in forget(path, folder)
