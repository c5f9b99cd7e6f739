"""Paths as Explorer, Finder, browsers, terminals and input methods hand them over."""

from __future__ import annotations

import ntpath
import os
import unicodedata
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest

from checks.guide import load_guide
from checks.model import Context, Options
from checks.probes.certificate_file import certificate_file
from checks.probes.images import images
from checks.runner import asks_for_password
from checks.system import paths
from checks.system.api import System

POSIX = "/home/山田/写真 1/O'Brien (2).jpg"
WINDOWS = r"C:\Users\山田\写真 1\O'Brien (2).jpg"


def posix(text: str) -> str:
    return paths.readings(text, windows=False)[-1]


def windows(text: str) -> str:
    return paths.readings(text, windows=True)[-1]


@pytest.mark.parametrize(
    "text",
    [
        POSIX,
        f'"{POSIX}"',
        r"'/home/山田/写真 1/O'\''Brien (2).jpg'",
        r"/home/山田/写真\ 1/O\'Brien\ \(2\).jpg ",
        f"“{POSIX}”",
        f"”{POSIX}”",
        f"‘{POSIX}’",
        f"＂{POSIX}＂\n",
        f"＇{POSIX}＇",
        f"file://{POSIX}",
        f"file://{quote(POSIX)}",
        f"file://localhost{quote(POSIX)}",
        f"FILE:{quote(POSIX)}",
        f"'file://{quote(POSIX, safe='')}'".replace("%2F", "/"),
        f"\u3000 {POSIX}\u3000\r\n",
    ],
)
def test_on_linux_and_macos(text: str) -> None:
    assert posix(text) == POSIX


@pytest.mark.parametrize(
    "text",
    [
        WINDOWS,
        f'"{WINDOWS}"',
        f"'{WINDOWS}'",
        f"“{WINDOWS}”",
        f"＂{WINDOWS}＂ ",
        f'"{WINDOWS} "\r\n',
        "file:///" + quote(WINDOWS.replace("\\", "/"), safe="/:"),
        "file:///" + WINDOWS.replace("\\", "/"),
        "file://localhost/" + quote(WINDOWS.replace("\\", "/"), safe="/:"),
        "file://" + quote(WINDOWS.replace("\\", "/"), safe="/:"),
        "file:/" + quote(WINDOWS.replace("\\", "/"), safe="/:"),
    ],
)
def test_on_windows(text: str) -> None:
    assert windows(text) == WINDOWS


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("file://server/share/%E5%86%99%E7%9C%9F%201/a.jpg", r"\\server\share\写真 1\a.jpg"),
        ("file:////server/share/a.jpg", r"\\server\share\a.jpg"),
        (r'"\\server\share\写真 1"', r"\\server\share\写真 1"),
        (r"C:\new\ table", r"C:\new\ table"),
        (r"D:\ ", "D:\\"),
        ("100%.jpg", "100%.jpg"),
        ("file:///C:/100%25%20a", r"C:\100% a"),
    ],
)
def test_servers_and_backslashes_on_windows(text: str, wanted: str) -> None:
    assert windows(text) == wanted


@pytest.mark.parametrize("path", [WINDOWS, r"C:\new\ table", r"\\server\share\a\ b", r"c:/new\ table"])
@pytest.mark.parametrize("form", ["{}", '"{}"'])
def test_a_windows_path_keeps_its_backslashes_on_every_system(path: str, form: str) -> None:
    assert posix(form.format(path)) == path
    assert windows(form.format(path)) == path


def test_several_words_and_open_quotes_are_taken_as_they_are() -> None:
    for text in (
        "/a b/c d",
        "/a/'b",
        "/a b\\",
        "",
        "two words",
        "/a/\udce3.jpg",
        "~nobody\x00/x",
        "file:",
    ):
        assert posix(text) == windows(text) == text
    assert posix('""') == posix("'") == ""


def test_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/taro")
    monkeypatch.setenv("USERPROFILE", r"C:\Users\taro")
    assert posix(r"~/写真\ 1") == posix('"~/写真 1"') == "/home/taro/写真 1"
    assert windows(r"~\写真 1") == r"C:\Users\taro\写真 1"
    assert posix("a~") == "a~"


def test_what_exists_is_found_in_every_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "写真 1"
    folder.mkdir()
    place = str(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    forms = (place, f'"{place}"', f"'{place}'", f"＂{place}＂", f"file://{place}", folder.as_uri(), "~/写真 1", f" {place}\n",
             place.replace(" ", "\\ "))  # fmt: skip
    for form in forms:
        assert paths.find(form) == place, form


def test_a_name_with_a_quote_or_a_backslash_of_its_own_comes_first(tmp_path: Path) -> None:
    for name in ("'a'", "a\\ b", '"', "a%20b", "file:"):
        (tmp_path / name).touch()
        assert paths.find(str(tmp_path / name)) == str(tmp_path / name)
    (tmp_path / "a b").touch()
    assert paths.find(f"{tmp_path}/a\\ b") == f"{tmp_path}/a\\ b"
    assert paths.find(f"file://{tmp_path}/a%20b") == f"{tmp_path}/a%20b"
    (tmp_path / "a%20b").unlink()
    assert paths.find(f"file://{tmp_path}/a%20b") == f"{tmp_path}/a b"
    assert paths.find(f"'{tmp_path}/no where'") == f"{tmp_path}/no where"


@pytest.mark.parametrize("folder_form", ["NFC", "NFD"])
@pytest.mark.parametrize("file_form", ["NFC", "NFD"])
@pytest.mark.parametrize("given_form", ["NFC", "NFD"])
def test_both_normal_forms_of_a_name(
    folder_form: str, file_form: str, given_form: str, tmp_path: Path
) -> None:
    def normal(form: str, text: str) -> str:
        return unicodedata.normalize("NFD" if form == "NFD" else "NFC", text)

    place = (
        tmp_path / normal(folder_form, "車庫") / normal(folder_form, "ガレージ") / normal(file_form, "が.jpg")
    )
    place.parent.mkdir(parents=True)
    place.touch()
    given = str(tmp_path / normal(given_form, "車庫/ガレージ/が.jpg"))
    assert os.path.samefile(paths.find(given), place)
    assert os.path.samefile(paths.find(f'"{os.path.dirname(given)}/"'), place.parent)
    missing = str(tmp_path / normal(given_form, "ガレージ/ぱ.jpg"))
    assert paths.find(missing) == missing


def test_a_place_that_is_nowhere_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("/" * 5000, "a/" * 5000, "x\x00y/z", "~no\x00body/x"):
        assert paths.find(text) == text
    monkeypatch.setattr(os, "path", ntpath)
    assert paths.find('"Z:\\no\\where.jpg"') == "Z:\\no\\where.jpg"
    assert paths.find("\\\\no\\where\\a.jpg") == "\\\\no\\where\\a.jpg"


@pytest.mark.parametrize("form", ["{}", '"{}"', "'{}'", "file://{}", "＂{}＂"])
def test_every_question_for_a_path_reads_it_so(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "写真 1"
    folder.mkdir()
    (folder / "a.p12").write_bytes(b"")

    def code(question: str, path: Path) -> str:
        answers = {question: form.format(path), "certificate.kind": "registry-file"}
        check = images if question == "documents.images-path" else certificate_file
        return check.probe(Context(cast(System, None), answers, Options())).code

    assert code("documents.images-path", folder) == "no-images"
    assert code("certificate.file-path", folder / "a.p12") == "empty"
    guide = load_guide("oss")
    check, asked = guide.checks["certificate.file"], {"certificate.kind": "registry-file"}
    assert asks_for_password(check, guide, {**asked, "certificate.file-path": form.format(folder / "a.p12")})
    assert not asks_for_password(
        check, guide, {**asked, "certificate.file-path": form.format(folder / "a.cer")}
    )
