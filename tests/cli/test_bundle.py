"""The Windows bundle, unpacked into a folder with blanks and kana, under Wine. Covers `.ci/windows_bundle.py`.

Runs where WINDOWS_BUNDLE names the archive that `.ci/windows_bundle.py` made, and Wine is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import wine

BUNDLE = os.environ.get("WINDOWS_BUNDLE", "")
MEBIBYTE = 1 << 20
pytestmark = pytest.mark.skipif(not BUNDLE, reason="WINDOWS_BUNDLE names no bundle")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle unpacked, as it came."""
    place = tmp_path_factory.mktemp("USB メモリー") / "はじめての 準備"
    with zipfile.ZipFile(BUNDLE) as archive:
        archive.extractall(place)
    return next(place.iterdir())


@pytest.fixture(scope="module")
def windows(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[wine.Wine]:
    """A Windows of Wine's, shared by all tests of this file."""
    if wine.missing():
        pytest.skip(f"not here: {wine.missing()}")
    with wine.windows(tmp_path_factory.mktemp("wine"), folder / "oss-junbi.exe") as started:
        yield started


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder with its hash, but for the library that the test puts there."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "bcryptprimitives.dll")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_every_file_has_the_hash_that_is_stated(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    stated = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert contents(folder) == {**stated, "SHA256SUMS": contents(folder)["SHA256SUMS"]}
    assert Path(BUNDLE).stat().st_size <= 25 * MEBIBYTE


def test_every_part_has_its_licence(folder: Path) -> None:
    components = json.loads((folder / "SBOM.json").read_text("utf-8"))["components"]
    names = {f"{part['name']}-{part['version']}" for part in components}
    assert {"textual", "cryptography", "psutil"} <= {part["name"] for part in components}
    for name in names | {"Python", "launcher-distlib"}:
        texts = list((folder / "LICENSES" / name).iterdir())
        assert texts, name
        assert all(text.stat().st_size for text in texts), name


def test_the_page_in_japanese_has_its_pictures(folder: Path) -> None:
    page = (folder / "README.ja.html").read_text("utf-8")
    assert page.count("<svg ") == 3
    assert "VERSION" not in page
    assert "<!--" not in page


def test_commands_in_a_japanese_console(windows: wine.Wine, folder: Path) -> None:
    program = folder / "oss-junbi.exe"
    version = Path(BUNDLE).name.removeprefix("oss-junbi-").removesuffix("-windows.zip")
    before = contents(folder)
    assert windows.run(program, "--version").out.startswith(f"oss-junbi {version} (facts of ")
    listed = windows.run(program, "list")
    assert (listed.code, listed.err) == (0, "")
    assert "申請の内容" in listed.out
    answered = windows.run(program, "answer", "case.role=self", "case.procedure=移転登録")
    assert answered.code == 0
    status = windows.run(program, "status", "--format", "json")
    assert status.code == 4
    stored = windows.local_data / "oss-junbi" / "sessions" / "default.toml"
    assert tomllib.loads(stored.read_text("utf-8"))["answers"]["case.procedure"]["value"] == "transfer"
    checked = json.loads(windows.run(program, "check", "--offline", "--format", "json").out)
    assert checked["platform"] == "windows"
    assert {result["outcome"] for result in checked["results"]} <= {"pass", "warn", "fail", "skip", "unknown"}
    reported = windows.run(program, "report", "--format", "html", "--output", "C:\\報告.html")
    assert reported.code == 4
    assert "移転登録" in (windows.prefix / "drive_c" / "報告.html").read_text("utf-8")
    asked = windows.run(program, "--plain", "--session", "plain", typed="１\n")
    assert asked.code == 4
    assert "入力が終わった" in asked.err
    assert contents(folder) == before  # compiled modules and answers are elsewhere


def test_the_block_of_this_pc(windows: wine.Wine, folder: Path) -> None:
    shared = windows.run(folder / "oss-junbi.exe", "pc", "share", "--offline")
    assert shared.code == 0
    assert shared.out.startswith("-----BEGIN OSS-JUNBI PC-----\n")
    assert shared.out.endswith("-----END OSS-JUNBI PC-----\n")
    assert len(shared.out) <= 4096


def test_what_is_refused(windows: wine.Wine, folder: Path) -> None:
    program = folder / "oss-junbi.exe"
    unknown = windows.run(program, "nonsense")
    assert (unknown.code, unknown.out) == (2, "")
    assert "nonsense" in unknown.err
    assert windows.run(program, "answer", "case.role=nobody").code == 2
    screen = windows.run(program)  # there is no console
    assert screen.code == 2
    assert "--plain" in screen.err
    broken = windows.prefix / "drive_c" / "broken.toml"
    broken.write_text("schema = [", "utf-8")
    assert windows.run(program, "status", "--state", "C:\\broken.toml").code == 65
    assert broken.read_text("utf-8") == "schema = ["


def test_beside_itself_where_a_file_says_so(windows: wine.Wine, folder: Path) -> None:
    mark = folder / "portable"
    mark.touch()
    try:
        answered = windows.run(folder / "oss-junbi.exe", "answer", "case.role=dealer")
        assert answered.code == 0
        stored = tomllib.loads((folder / "data" / "sessions" / "default.toml").read_text("utf-8"))
        assert stored["answers"]["case.role"]["value"] == "dealer"
    finally:
        mark.unlink()


def test_nothing_of_the_pc_gets_in(windows: wine.Wine, folder: Path) -> None:
    foreign = windows.prefix / "drive_c" / "foreign"
    foreign.mkdir()
    (foreign / "checks.py").write_text("raise SystemExit(99)", "utf-8")
    env = {"PYTHONPATH": "C:\\foreign", "PYTHONHOME": "C:\\foreign"}
    assert windows.run(folder / "oss-junbi.exe", "--version", env=env).code == 0
