"""Planted passwords, names and numbers through every failure: found nowhere; and `forget` leaves nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("looks into /proc", allow_module_level=True)

from tests.laboratory import canaries
from tests.laboratory.program import ROOT, environment, modes


@pytest.fixture(scope="module")
def planted() -> canaries.Planted:
    return canaries.Planted(random.Random(20261122))


@pytest.mark.parametrize("kind", canaries.COMMANDS)
def test_a_certificate_file_leaves_nothing_of_password_and_person(
    tmp_path: Path, planted: canaries.Planted, kind: str
) -> None:
    seen = canaries.by_command(planted, tmp_path / "home", kind)
    assert planted.found == []
    assert modes(tmp_path / "home" / "data") == []
    assert seen >= (2 if kind in ("right", "wrong") else 1)  # the child was looked at as well


@pytest.mark.parametrize("end", canaries.ENDS)
def test_a_typed_password_is_found_nowhere_however_it_ends(
    tmp_path: Path, planted: canaries.Planted, end: str
) -> None:
    canaries.on_screen(planted, tmp_path / "home", end)
    assert planted.found == []


def test_about_two_hundred_were_planted_and_the_search_finds_each_form(planted: canaries.Planted) -> None:
    assert len(planted.all) >= 190
    hunter = canaries.Planted(random.Random(1))
    secret = hunter.password()
    for form in canaries._forms(secret):
        before = len(hunter.found)
        hunter.look("here", b"\x00junk " + form + b" junk", [secret])
        assert len(hunter.found) == before + 1, form


def test_forget_leaves_nothing_of_a_session(tmp_path: Path) -> None:
    def run(*args: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "tui", *args],
            env=environment(tmp_path),
            cwd=ROOT,
            capture_output=True,
            check=False,
        )

    assert run("new", "mihon-9876").returncode == 0
    for value in ("transfer", "change", "transfer"):
        assert run("answer", f"case.procedure={value}", "--session", "mihon-9876").returncode == 0
    run("check", "pc.os", "--offline", "--save", "--session", "mihon-9876")
    data = tmp_path / "data"
    broken = data / "sessions" / "mihon-9876.toml"
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    assert run("status", "--session", "mihon-9876").returncode == 65  # puts a copy aside
    broken.write_bytes(whole)
    assert any("mihon-9876.toml.b" in path.name for path in data.rglob("*"))
    assert run("sessions").returncode == 0  # an index of what the sessions hold
    assert run("forget", "mihon-9876").returncode == 0
    left = [path for path in data.rglob("*") if "mihon-9876" in path.name]
    left += [path for path in data.rglob("*") if path.is_file() and b"mihon-9876" in path.read_bytes()]
    assert left == []
