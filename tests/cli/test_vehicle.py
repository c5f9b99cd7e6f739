"""`oss-junbi vehicle` and `new --vehicle`: shown, taken over, undone and refused, with nobody's name kept anywhere."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from checks.guide import load_guide
from state.file import load
from tests.support.certificates_of_vehicles import (
    CODE_2,
    ELECTRONIC,
    KEI_2,
    KEI_3,
    NOTE,
    OWNER,
    STREET,
    as_json,
)
from tests.support.helpers_session import opened
from tests.support.helpers_tui import drive, make_app, see
from tui.__main__ import main

TAKEN = {
    "case.vehicle": "registered",
    "case.owner-is-user": "yes",
    "documents.inspection-expiry": "2027-03-31",
    "proxy-issuance.old-certificate": "ic",
    "case.reference": "見本500さ1234 見本自動車",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OSS_JUNBI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OSS_JUNBI_NOW", "2026-11-28T10:00:00+09:00")
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "車検証.json"
    path.write_text(as_json(), "utf-8")
    return str(path)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))


def kept(home: Path, name: str = "default") -> dict[str, str]:
    loaded = load.load(home / "sessions" / f"{name}.toml", load_guide)
    return {} if loaded is None else {key: str(value) for key, value in loaded.data.values().items()}


def test_a_look_shows_each_value_with_its_source_and_stores_nothing(
    home: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["vehicle", file, "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert "Number plate: 見本500さ1234 (EntryNoCarNo)" in out
    assert "Expiry of the inspection: 2027-03-31 (ValidPeriodExpirdate)" in out
    for id_, value in TAKEN.items():
        assert f"{id_} = {value}" in out
    assert "Desired number: no (TwodimensionCodeInfoCharInfo)" in out
    assert "--save" in err
    assert not (home / "sessions").exists()


def test_what_contradicts_an_answer_is_shown_taken_with_save_and_can_be_undone(
    home: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["answer", "documents.inspection-expiry=2027-04-30", "case.vehicle=registered"])
    before = kept(home)
    capsys.readouterr()
    assert main(["vehicle", file, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "documents.inspection-expiry = 2027-03-31 (answered: 2027-04-30)" in out
    assert "case.vehicle = registered (as answered)" in out
    assert kept(home) == before
    assert main(["vehicle", file, "--save"]) == 0
    assert kept(home) == TAKEN
    session = opened(home / "sessions" / "default.toml")
    for _ in range(4):
        assert session.undo()
    assert {id_: str(value) for id_, value in session.answers.items()} == before
    session.close()


def test_codes_from_a_scanner(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, f"{ELECTRONIC}\r\n{CODE_2}\r\n")
    assert main(["vehicle", "-", "--save", "--lang", "en"]) == 0
    assert kept(home)["documents.inspection-expiry"] == "2027-03-31"
    assert "field 5 of code 3" in capsys.readouterr().out
    typed(monkeypatch, CODE_2)
    main(["vehicle", "-", "--lang", "en"])
    assert "viewer app" in capsys.readouterr().out, "where the expiry is to be had"


@pytest.mark.parametrize("argv", [["vehicle", "-", "--save"], ["new", "x", "--vehicle", "-"]])
@pytest.mark.parametrize(
    "text",
    ["", CODE_2[:-3], CODE_2.replace("/", ";"), "<xml/>", as_json(RegistCarLightCar="02"), as_json()[:-9], "2/" * 600_000],
    ids=["empty", "cut", "separator", "xml", "kei file", "cut file", "1.2 MB"],
)  # fmt: skip
def test_what_is_refused_stores_nothing(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    text: str,
) -> None:
    for lang in ("ja", "en"):
        typed(monkeypatch, text)
        assert main([*argv, "--lang", lang]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1
        err.encode("cp932")
        assert not (home / "sessions").exists()


def test_a_kei_car_in_a_session_of_another_guide(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    kei = tmp_path / "kei.txt"
    kei.write_text(f"{KEI_2}\n{KEI_3}\n", "utf-8")
    assert main(["vehicle", str(kei), "--lang", "en"]) == 0
    assert "--guide kei" in capsys.readouterr().err
    assert main(["vehicle", str(kei), "--save"]) == 0
    assert kept(home)["case.vehicle"] == "kei", "so that nothing of it can be called ready"
    assert main(["new", "k", "--vehicle", str(kei)]) == 0
    assert kept(home, "k") == {"documents.inspection-expiry": "2027-03-31", "case.reference": "見本580あ12"}
    assert "kei" in capsys.readouterr().err
    # The guide of kei cars has no question that would tell what kind of vehicle it is.
    assert main(["vehicle", file, "--session", "k", "--save", "--lang", "en"]) == 2
    assert "--guide oss" in capsys.readouterr().err
    assert kept(home, "k")["case.reference"] == "見本580あ12"


def test_a_new_session_in_one_go(home: Path, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["answer", "certificate.kind=gyoseishoshi"])
    assert main(["new", "b", "--from", "default", "--vehicle", file]) == 0
    assert kept(home, "b") == {"certificate.kind": "gyoseishoshi"} | TAKEN
    capsys.readouterr()
    main(["sessions"])
    assert "見本500さ1234 見本自動車" in capsys.readouterr().out
    main(["deadlines", "--session", "b", "--format", "ics"])
    # Lines of a calendar are folded.
    assert "SUMMARY:OSS準備: b (見本500さ1234 見本自動車): " in capsys.readouterr().out.replace(
        "\r\n ", ""
    ).replace("\n ", "")
    for reader in ("office", "customer"):
        main(["report", "--for", reader, "--session", "b"])
        assert "見本500さ1234 見本自動車" in capsys.readouterr().out
    main(["report", "--for", "support", "--session", "b"])
    assert "見本500さ1234" not in capsys.readouterr().out


def test_nobodys_name_or_address_is_kept_or_said(
    home: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["vehicle", file])
    main(["new", "b", "--vehicle", file])
    main(["vehicle", file, "--save"])
    out, err = capsys.readouterr()
    files = [path.read_bytes().decode("utf-8", "replace") for path in home.rglob("*") if path.is_file()]
    assert any("見本500さ1234" in text for text in files)
    for secret in (OWNER, STREET, NOTE):
        assert all(secret not in text for text in (out, err, *files))


def test_the_screen_says_in_its_first_line_what_the_application_is_called(home: Path, file: str) -> None:
    assert main(["vehicle", file, "--save"]) == 0

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "見本500さ1234 見本自動車 / default")

    path = home / "sessions" / "default.toml"
    drive(make_app(path, guide=load_guide("oss")), script, size=(120, 24))
