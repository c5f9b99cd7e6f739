"""`declare`: somebody's word for checks that cannot be run here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks.guide import load_guide
from checks.model import Finding
from state.session_data import MAX_BY
from tests.support.helpers_session import on_disk, opened
from tui.__main__ import main

NOW = "2026-11-27T03:00:00+00:00"
OFFICIAL = load_guide("oss").official_check


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OSS_JUNBI_HOME", str(tmp_path))
    monkeypatch.setenv("OSS_JUNBI_NOW", NOW)
    monkeypatch.setenv("OSS_JUNBI_LANG", "en")
    return tmp_path / "sessions" / "default.toml"


def looked(path: Path, **outcomes: str) -> None:
    """Keeps a finding of each check, its dots written as `__`."""
    codes: dict[str, dict[str, str]] = {}
    guide = load_guide("oss")
    for name, outcome in outcomes.items():
        check = guide.checks[name.replace("__", ".")]
        codes[check.id] = {
            says.outcome.value: code for code, says in check.says.items() if not says.not_needed
        }
        session = opened(path)
        session.record(check.id, outcome, Finding(codes[check.id].get(outcome, "timeout")))
        assert session.close(10)


def declared(path: Path) -> dict[str, tuple[str, str, str]]:
    entries = on_disk(path).declared.items() if path.exists() else ()
    return {id_: (one.by, one.said, one.on.isoformat()) for id_, one in entries}


def test_the_official_check_declares_all_that_the_guide_lists(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert OFFICIAL is not None
    assert main(["declare", "--official-check", "--by", " 田中 ", "--on", "R8.11.26"]) == 0
    assert declared(path) == dict.fromkeys(OFFICIAL.settles, ("田中", "official-check", "2026-11-26"))
    assert "pc.extension declared by" in capsys.readouterr().err
    assert main(["status"]) == 4
    out = capsys.readouterr().out
    assert "[declared] 2-" in out
    assert (
        "Declared by 田中 from the result of the official check program on 2026-11-26; not seen here." in out
    )
    assert f"Declared {len(OFFICIAL.settles)}\n" in out


def test_what_a_look_has_settled_is_left_out_and_what_failed_is_told(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert OFFICIAL is not None
    looked(path, pc__os="pass", pc__extension="fail", pc__addon="unknown", pc__browser="warn")
    assert main(["declare", "--official-check", "--by", "x"]) == 0
    said = capsys.readouterr().err
    assert "found pc.extension to need action" in said
    assert "pc.os needs no declaration" in said
    assert declared(path) == dict.fromkeys(("pc.addon", "pc.browser"), ("x", "official-check", "2026-11-27"))
    before = path.read_bytes()
    assert main(["declare", "pc.os", "--by", "x"]) == 0
    assert "pc.os needs no declaration" in capsys.readouterr().err
    assert main(["declare", "pc.jpki-client", "pc.extension", "--by", "x"]) == 2
    assert path.read_bytes() == before
    looked(path, pc__addon="pass", pc__browser="unknown")
    assert declared(path).keys() == {"pc.browser"}
    looked(path, pc__browser="fail")
    assert declared(path) == {}
    assert main(["declare", "--official-check", "--by", "x"]) == 2
    assert "need action; no declaration settles that" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["--by", "x"], "either checks or --official-check"),
        (["pc.os", "--official-check", "--by", "x"], "either checks or --official-check"),
        (["pc.os"], "declare needs --by"),
        (["pc.os", "--by", "  "], "declare needs --by"),
        (["pc.os", "--by", "x" * (MAX_BY + 1)], "--by is too long"),
        (["pc.os", "--by", "x", "--on", "2026-11-28"], "is in the future"),
        (["pc.os", "--by", "x", "--on", "tomorrow"], "is in the future"),
        (["pc.os", "--by", "x", "--on", "soon"], "--on:"),
        (["case.fits", "--by", "x"], "follows from the answers"),
        (["documents.age", "--by", "x"], "follows from the answers"),
        (["pc.official-check", "--by", "x"], "is a question"),
        (["insurance.data-visible", "--by", "x"], "is a question"),
        (["pc.oz", "--by", "x"], "Did you mean pc.os"),
        (["pc.os", "--withdraw"], "There is no such declaration of pc.os"),
        (["--official-check", "--withdraw"], "There is no such declaration of pc.os"),
        (["pc.os", "--withdraw", "--on", "2026-11-20"], "cannot be used together"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_stored(
    path: Path, capsys: pytest.CaptureFixture[str], argv: list[str], why: str
) -> None:
    assert main(["declare", *argv]) == 2
    assert why in capsys.readouterr().err
    assert not path.exists() or declared(path) == {}


def test_it_is_withdrawn_by_id_or_by_whose_word_it_was(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert OFFICIAL is not None
    assert main(["declare", "--official-check", "--by", "x"]) == 0
    assert main(["declare", "pc.os", "pc.memory", "--by", "山田"]) == 0
    assert declared(path)["pc.os"] == ("山田", "person", "2026-11-27")
    assert main(["declare", "pc.os", "pc.disk", "--withdraw"]) == 2
    assert "pc.os" in declared(path)
    assert main(["declare", "--official-check", "--withdraw", "--by", "x"]) == 0
    assert declared(path).keys() == {"pc.os", "pc.memory"}
    assert main(["declare", "pc.os", "pc.memory", "--withdraw"]) == 0
    assert declared(path) == {}
    assert "Declaration of pc.memory withdrawn." in capsys.readouterr().err


def test_a_guide_without_such_a_program_says_so(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "kei", "--guide", "kei"]) == 0
    assert main(["declare", "--official-check", "--by", "x"]) == 2
    assert "knows of no official check program" in capsys.readouterr().err
    assert main(["declare", "pc.memory", "--by", "x"]) == 0


def test_a_check_of_what_is_declared_ends_well_unless_it_finds_something_out(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(**more: Any) -> int:
        code = main(["check", "certificate.card", *more.get("argv", ())])
        capsys.readouterr()
        return code

    before = check()
    assert main(["declare", "certificate.card", "--by", "x"]) == 0
    assert check() == (0 if before == 3 else before)
    assert main(["explain", "pc.os"]) == 0
    assert "declare --official-check" in capsys.readouterr().out
