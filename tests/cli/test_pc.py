"""`oss-junbi pc`, `new --pc` and `waive --scope`, as scripts use them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from checks.guide import load_guide
from checks.model import Outcome
from state.file.places import Folder
from state.live.pc_records import PcFacts, add_record
from state.session_data import Result
from tests.cli.test_commands import Cli
from tests.support.helpers_session import on_disk

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OS: dict[str, str | int] = {
    "name": "Windows 11",
    "release": "25H2",
    "listed": "2026",
    "end": "2027-10-12",
    "build": 26200,
}
ROW = {
    "name": "DESK-3",
    "host": "DESK-3",
    "user": "tanaka",
    "platform": "windows",
    "seen": "2026-11-22T09:00:00Z",
    "outcome": "fail",
    "added_by": "山田",
    "here": False,
    "error": None,
}


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


def add(cli: Cli) -> None:
    results = {
        "pc.os": Result(Outcome.PASS, "supported", OS, (), AT, 0),
        "pc.gone": Result(Outcome.FAIL, "of-another-version", {}, (), AT, 0),
    }
    facts = PcFacts("DESK-3", "tanaka", "windows", AT, "a" * 32, results)
    add_record(Folder(cli.home, cli.home / "config.toml"), load_guide, facts, added_by="山田")


def test_the_list_names_each_pc_and_the_worst_that_was_found(cli: Cli) -> None:
    assert "まだありません" in cli("pc").stdout
    add(cli)
    document = cli.json("pc", "list", code=0)
    assert document == {"schema": 1, "folder": str(cli.home / "pcs"), "current": None, "pcs": [ROW]}
    text = (resources.files("state") / "schemas" / "pc.schema.json").read_text("utf-8")
    jsonschema.validate(document, json.loads(text))
    (cli.home / "pcs" / "BAD.toml").write_text("schema = 9\n")
    listed = cli.json("pc", code=0)["pcs"]
    jsonschema.validate(cli.json("pc"), json.loads(text))
    assert [(one["name"], one["error"] is None) for one in listed] == [("BAD", False), ("DESK-3", True)]
    said = cli("pc", "--lang", "en").stdout
    assert "DESK-3  tanaka@DESK-3" in said
    assert "worst result: failure" in said or "worst result: " in said
    assert not (cli.home / "sessions").exists()


def test_a_session_names_a_pc_and_the_next_one_uses_it_too(cli: Cli) -> None:
    add(cli)
    assert cli("new", "a").returncode == 0
    before = {item["id"]: item for item in _items(cli)}
    assert (before["pc.sending"]["code"], before["pc.sending"]["status"]) == ("not-said", "to-do")
    assert cli.json("status")["pc"] is None
    assert cli("pc", "use", "DESK-3").returncode == 0
    after = {item["id"]: item for item in _items(cli)}
    assert (after["pc.sending"]["code"], after["pc.os"]["status"]) == ("named", "done")
    assert cli.json("status")["pc"] == {"name": "DESK-3", "seen": "2026-11-22T09:00:00Z"}
    assert "DESK-3 で調べます" in cli("status").stdout
    assert cli("new", "b", "--from", "a").returncode == 0
    assert cli("new", "c", "--pc", "DESK-3").returncode == 0
    listed = cli.json("sessions")["sessions"]
    assert {one["name"]: one["pc"]["name"] for one in listed} == dict.fromkeys("abc", "DESK-3")
    assert {one["guide"] for one in listed} == {"oss"}
    refused = cli("pc", "forget", "DESK-3", "--lang", "en")
    assert refused.returncode == 2
    assert "a, b, c" in refused.stderr
    for name in "abc":
        assert cli("forget", name).returncode == 0
    assert cli("pc", "forget", "DESK-3").returncode == 0
    assert not (cli.home / "pcs").exists()


def _items(cli: Cli) -> list[dict[str, str]]:
    day = "2026-11-23T00:00Z"
    return [item for step in cli.json("status", day=day)["steps"] for item in step["items"]]


def test_an_exception_goes_into_the_record_or_stays_with_the_application(cli: Cli) -> None:
    add(cli)
    for name in "ab":
        assert cli("new", name, "--pc", "DESK-3").returncode == 0
    terms = ("--reason", "手配済み", "--by", "山田", "--until", "2027-03-31")
    assert cli("waive", "pc.memory", *terms, "--session", "a").returncode == 0
    assert cli("waive", "pc.disk", *terms, "--scope", "case", "--session", "a").returncode == 0
    assert cli("waive", "pc.disk", *terms, "--scope", "office").returncode == 2
    assert set(on_disk(cli.home / "pcs" / "DESK-3.toml").waivers) == {"pc.memory"}
    assert set(on_disk(cli.home / "sessions" / "a.toml").waivers) == {"pc.disk"}
    assert cli("waive", "pc.memory", "--withdraw", "--session", "b").returncode == 0
    assert not on_disk(cli.home / "pcs" / "DESK-3.toml").waivers


def test_a_change_of_a_record_is_seen_in_the_list_of_sessions(cli: Cli) -> None:
    add(cli)
    assert cli("new", "a", "--pc", "DESK-3").returncode == 0
    before = cli.json("sessions")["sessions"][0]
    terms = ("--reason", "手配済み", "--by", "山田", "--until", "2027-03-31")
    assert cli("new", "b", "--pc", "DESK-3").returncode == 0
    assert cli("waive", "pc.memory", *terms, "--session", "b").returncode == 0
    after = {one["name"]: one for one in cli.json("sessions")["sessions"]}["a"]
    assert after["done"] == before["done"] + 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("pc", "use", "DESK-9"), 2),
        (("pc", "use"), 2),
        (("pc", "use", "a", "b"), 2),
        (("pc", "forget", "DESK-9"), 2),
        (("pc", "forget", "../x"), 2),
        (("pc", "use", "../x"), 2),
        (("pc", "nonsense"), 2),
        (("new", "b", "--pc", "DESK-9"), 2),
        (("pc", "forget", "DESK-3", "--read-only"), 74),
        (("pc", "use", "DESK-3", "--read-only"), 74),
    ],
)
def test_what_is_refused_makes_nothing(cli: Cli, words: tuple[str, ...], code: int) -> None:
    add(cli)
    raw = (cli.home / "pcs" / "DESK-3.toml").read_bytes()
    done = cli(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
    assert (cli.home / "pcs" / "DESK-3.toml").read_bytes() == raw
    assert not (cli.home / "sessions" / "b.toml").exists()


def test_a_file_of_ones_own_reaches_outside_only_once_it_names_a_pc(cli: Cli, tmp_path: Path) -> None:
    file = str(tmp_path / "own.toml")
    assert cli("answer", "pc.browser-choice=edge", "--state", file).returncode == 0
    assert not cli.home.exists()
    add(cli)
    assert cli("pc", "use", "DESK-3", "--state", file).returncode == 0
    assert cli("answer", "pc.scanner=yes", "--state", file).returncode == 0
    refused = cli("pc", "forget", "DESK-3", "--state", file)
    assert refused.returncode == 2
    assert file in refused.stderr
