"""`pc check`, `pc share` and `pc add`: from one machine's checks to another one's record, without a network."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from checks.record import replace
from state.check_report import run_json
from state.fleet.pc_block import BEGIN, END, pack
from tests.cli.test_commands import Cli, schema
from tests.support.pc_runs import CHECKS, GUIDE, NOW, full_run

BLOCK = pack(full_run(), GUIDE).text
LATER = {"OSS_JUNBI_NOW": "2026-12-01T01:03:10Z"}


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


def records(cli: Cli) -> dict[str, dict[str, object]]:
    """Every PC record as it stands on the disk."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (cli.home / "pcs").glob("*.toml")}


def test_from_one_machine_to_another(cli: Cli, tmp_path: Path) -> None:
    done = cli("pc", "share", "--offline")
    assert done.returncode == 0
    assert done.stdout.startswith(BEGIN)
    assert done.stdout.endswith(END + "\n")
    assert "pc add -" in done.stderr
    assert not (cli.home / "pcs").exists()
    assert not (cli.home / "sessions").exists()
    other = Cli(tmp_path / "other")
    done = other("pc", "add", "-", "--name", "DESK-3", stdin=f"こんにちは\n> {done.stdout}\n", **LATER)
    assert (done.returncode, done.stdout) == (0, "")
    assert "DESK-3" in done.stderr
    record = records(other)["DESK-3"]
    head = record["pc"]
    assert isinstance(head, dict)
    assert head["machine"] == (cli.home / "machine-id").read_text().strip()
    assert head["added_by"]
    results = record["results"]
    assert isinstance(results, dict)
    assert {result["host"] for result in results.values()} == {head["host"]}
    assert "pc.disk" in results
    assert "documents.complete" not in results


def test_what_was_taken_from_where_and_how_old_is_said(cli: Cli) -> None:
    done = cli("pc", "add", "-", "--lang", "en", stdin=BLOCK, **LATER)
    assert done.returncode == 0
    assert f"{len(CHECKS)} results added to the PC record 'DESK-3'" in done.stderr
    assert "tanaka@DESK-3 (windows)" in done.stderr
    assert "3 days ago" in done.stderr
    assert "pc use DESK-3" in done.stderr
    again = cli("pc", "add", "-", "--lang", "en", stdin=BLOCK, **LATER)
    assert f"{len(CHECKS)} results not added" in again.stderr
    if sys.platform != "win32":
        assert stat.S_IMODE((cli.home / "pcs" / "DESK-3.toml").stat().st_mode) == 0o600


def test_the_json_of_check_is_taken_from_a_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "写し 1.json"
    file.write_text(json.dumps(run_json(full_run(), GUIDE), ensure_ascii=False), "utf-16")
    for name in (str(file), f'"{file}"', file.as_uri()):
        assert cli("pc", "add", name, **LATER).returncode == 0
    assert records(cli).keys() == {"DESK-3"}


def _machine(number: str) -> str:
    return pack(replace(full_run(), machine=number * 32), GUIDE).text


def test_a_record_of_another_machine_is_never_overwritten(cli: Cli) -> None:
    assert cli("pc", "add", "-", stdin=_machine("a"), **LATER).returncode == 0
    before = records(cli)
    done = cli("pc", "add", "-", stdin=_machine("b"), **LATER)
    assert done.returncode == 2
    assert "DESK-3" in done.stderr
    assert records(cli) == before
    assert cli("pc", "add", "-", "--name", "second", stdin=_machine("b"), **LATER).returncode == 0
    assert records(cli).keys() == {"DESK-3", "second"}


@pytest.mark.parametrize(
    "given",
    [
        "", "hello", BLOCK[:-40], BLOCK[40:], BLOCK.replace("A", "B"), BLOCK + _machine("a"), "x" * 10_000_000,
        BLOCK + " " * (1 << 20), "{", json.dumps(run_json(full_run(), GUIDE))[:-1],
        json.dumps({**run_json(full_run(), GUIDE), "host": "a\x1b]0;x\x07"}), json.dumps({**run_json(full_run(), GUIDE), "results": []}),
    ],
    ids=range(12),
)  # fmt: skip
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_is_refused_is_one_sentence_and_stores_nothing(cli: Cli, given: str, lang: str) -> None:
    done = cli("pc", "add", "-", "--lang", lang, stdin=given, **LATER)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr
    assert not cli.home.exists()


@pytest.mark.parametrize("name", ["nothing.json", "."])
def test_a_file_that_cannot_be_read_is_named(cli: Cli, tmp_path: Path, name: str) -> None:
    done = cli("pc", "add", str(tmp_path / name))
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr


def test_a_time_in_the_future_is_marked_in_the_record(cli: Cli) -> None:
    ahead = replace(full_run(), started=NOW.replace(year=2028))
    done = cli("pc", "add", "-", "--lang", "en", stdin=pack(ahead, GUIDE).text, **LATER)
    assert done.returncode == 0
    assert "2028-11-28" in done.stderr
    results = records(cli)["DESK-3"]["results"]
    assert isinstance(results, dict)
    assert {(result["stated"].year, result["at"].year) for result in results.values()} == {(2028, 2026)}
    assert cli("pc", "add", "-", stdin=BLOCK, OSS_JUNBI_NOW="2026-12-02T00:00:00Z").returncode == 0
    assert cli("status").returncode in (1, 3, 4)


@pytest.mark.parametrize("argv", [["add", "-"], ["check", "--save", "--offline"]])
def test_read_only_keeps_nothing(cli: Cli, argv: list[str]) -> None:
    assert cli("pc", *argv, "--read-only", stdin=BLOCK).returncode == 74
    assert not cli.home.exists()


def test_pc_check_looks_at_the_pc_alone_and_keeps_it_on_request(cli: Cli) -> None:
    document = cli.json("pc", "check", "--offline")
    jsonschema.validate(document, schema("check"))
    assert {result["scope"] for result in document["results"]} == {"pc"}
    assert not (cli.home / "pcs").exists()
    done = cli("pc", "check", "--offline", "--save")
    assert done.returncode in (0, 1, 3)
    assert done.stdout
    assert not (cli.home / "sessions").exists()
    (record,) = records(cli).values()
    head = record["pc"]
    assert isinstance(head, dict)
    assert head["machine"] == document["machine"]
    assert "added_by" not in head


def test_what_one_car_needs_does_not_decide_what_is_found_on_the_pc(cli: Cli) -> None:
    assert cli("answer", "case.procedure=transfer", "case.channel=counter").returncode == 0
    codes = {result["id"]: result["code"] for result in cli.json("pc", "check", "--offline")["results"]}
    assert "out-of-scope" not in codes.values()
    assert codes["pc.extension"] != "not-applicable"


def test_what_is_judged_by_the_applications_answers_is_not_shared(cli: Cli) -> None:
    """A certificate's file is right or wrong for one kind of certificate; the next office may answer another."""
    results = {result["id"] for result in cli.json("pc", "check", "--offline")["results"]}
    assert "certificate.file" not in results
    assert {"pc.extension", "certificate.card"} <= results


def test_the_newest_look_stays(cli: Cli) -> None:
    older = replace(full_run(), started=NOW.replace(day=20), finished=NOW.replace(day=20))
    for run in (full_run(), older):
        assert cli("pc", "add", "-", stdin=pack(run, GUIDE).text, **LATER).returncode == 0
    results = records(cli)["DESK-3"]["results"]
    assert isinstance(results, dict)
    assert {result["at"] for result in results.values()} == {NOW}


@pytest.mark.parametrize(
    "argv",
    [
        ["pc", "add"],
        ["pc", "add", "a", "b"],
        ["pc", "share", "x"],
        ["pc", "shar"],
        ["pc", "add", "-", "--save"],
        ["pc", "share", "--format", "json"],
    ],
)
def test_a_mistake_names_what_is_wrong(cli: Cli, argv: list[str]) -> None:
    done = cli(*argv)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_the_block_goes_into_a_file_as_it_is(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "block.txt"
    assert cli("pc", "share", "--offline", "--output", str(file)).returncode == 0
    assert file.read_bytes().startswith(BEGIN.encode() + b"\n")
    assert b"\r" not in file.read_bytes()
    assert cli("pc", "add", str(file)).returncode == 0


def test_a_console_without_unicode_carries_the_block(cli: Cli) -> None:
    env = {**cli.env, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp932"}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "pc", "share", "--offline"],
        capture_output=True,
        env=env,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.replace(os.linesep.encode(), b"\n").startswith(BEGIN.encode() + b"\n")
