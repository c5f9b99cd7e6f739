"""Files that a person names on the command line: what is no file, what belongs to others, what cannot be written.

Covers tui.cli.merge_copy and tui.cli.output.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pipes and links of POSIX", allow_module_level=True)

from tests.cli.test_commands import Cli, cli

__all__ = ["cli"]


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder with what is no file."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", ["pipe", "loop", "folder", "gone", "gone/deep"])
@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["status", "--ca-file"], 2),
        (["import"], 2),
        (["diff", "x"], 2),
        (["answer", "case.role=dealer", "--state"], 65),
    ],
)
def test_what_is_no_file_is_refused_at_once_in_the_persons_language(
    cli: Cli, odd: Path, argv: list[str], why: int, name: str
) -> None:
    if argv[0] == "answer" and name.startswith("gone"):
        return  # a new session
    path = str(odd / name)
    ja = cli(*(path if word == "x" else word for word in argv), path, "--lang", "ja")
    en = cli(*(path if word == "x" else word for word in argv), path, "--lang", "en")
    assert (ja.returncode, ja.stdout) == (why, "")
    assert name in ja.stderr
    assert (en.returncode, en.stdout) == (why, "")
    assert name in en.stderr
    assert en.stderr.isascii()
    reason = ja.stderr.partition("（")[2].partition("）")[0] if "（" in ja.stderr else ja.stderr
    assert not any(word in reason for word in ("Is a", "No such", "Too many", "Errno"))


@pytest.mark.parametrize(
    ("name", "ja", "en"),
    [
        ("loop", "リンク", "link"),
        ("folder", "フォルダーです", "it is a folder"),
        ("gone/deep", "フォルダーがありません", "there is no such folder"),
    ],
)
def test_what_cannot_be_written_says_why(cli: Cli, odd: Path, name: str, ja: str, en: str) -> None:
    cli("answer", "case.role=dealer")
    for argv in (["report", "--output"], ["export", "--scope", "office"], ["status", "--output"]):
        for lang, words in (("ja", ja), ("en", en)):
            done = cli(*argv, str(odd / name), "--lang", lang)
            assert (done.returncode, done.stdout) == (74, "")
            assert name in done.stderr
            assert words in done.stderr
    assert sorted(os.listdir(odd)) == ["folder", "home", "loop", "pipe"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_office_answers_come_from_another_owner_and_through_a_link(cli: Cli, tmp_path: Path) -> None:
    cli("answer", "case.role=dealer")
    office = tmp_path / "office.toml"
    assert cli("export", "--scope", "office", str(office)).returncode == 0
    os.chown(office, 12345, 12345)
    (tmp_path / "link.toml").symlink_to(office)
    done = cli("import", str(tmp_path / "link.toml"), "--session", "other")
    assert done.returncode == 0, done.stderr


def test_a_terminal_that_is_missing_is_a_message_and_no_data(cli: Cli) -> None:
    done = cli("terminal", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no terminal" in done.stderr


@pytest.mark.parametrize("now", ["9999-12-31T23:59", "3000-01-02T00:00Z", "0001-01-01", "1969-12-31T00:00Z"])
def test_a_now_at_the_ends_of_the_calendar_is_refused(cli: Cli, now: str) -> None:
    done = cli("sessions", OSS_JUNBI_NOW=now)
    assert (done.returncode, done.stdout) == (2, "")
    assert "OSS_JUNBI_NOW" in done.stderr


def test_nothing_is_written_over_what_is_kept_of_the_sessions(cli: Cli, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine.toml"
    cli("answer", "case.role=dealer")
    cli("answer", "case.role=dealer", "--state", str(elsewhere))
    (tmp_path / "link").symlink_to(cli.home / "sessions" / "default.toml")
    before = {path: path.read_bytes() for path in (cli.home / "sessions").iterdir() if path.is_file()}
    inside = [cli.home / "sessions" / "default.toml", cli.home / "sessions" / "new.html", tmp_path / "link"]
    ways = (["report", "--output"], ["fleet", "merge", "x", "--output"], ["export", "--scope", "office"])
    for at, target in enumerate((*inside, cli.home / "config.toml")):
        argv = ways[at % 3]
        done = cli(*argv, str(target))
        assert (done.returncode, done.stdout) == (2, ""), argv
        assert "別のファイル" in done.stderr
    done = cli("report", "--state", str(elsewhere), "--output", str(elsewhere), "--lang", "en")
    assert (done.returncode, "Name another file" in done.stderr) == (2, True)
    assert {path: path.read_bytes() for path in (cli.home / "sessions").iterdir() if path.is_file()} == before
    assert cli("report", "--output", str(cli.home / "report.txt")).returncode == 4


@pytest.fixture
def locked(cli: Cli) -> Cli:
    """A session that cannot be written, as a folder stands where its lock should be."""
    cli("answer", "case.role=dealer")
    lock = cli.home / "sessions" / "default.toml.lock"
    lock.unlink()
    lock.mkdir()
    return cli


def test_what_was_found_is_said_though_it_cannot_be_kept(locked: Cli) -> None:
    done = locked("check", "pc.os", "--offline", "--save", "--format", "json", "--lang", "en")
    assert done.returncode == 74
    assert [result["id"] for result in json.loads(done.stdout)["results"]] == ["pc.os"]
    assert "default.toml" in done.stderr
    done = locked("check", "pc.os", "--offline", "--save", "--format", "nagios")
    assert done.returncode in (0, 1, 2, 3)
    assert (len(done.stdout.splitlines()), "default.toml" in done.stderr) == (1, True)


def test_a_change_that_was_not_saved_is_not_said_to_be_held(locked: Cli) -> None:
    done = locked("answer", "case.role=self", "--lang", "en")
    assert (done.returncode, done.stdout) == (74, "")
    assert "not kept" in done.stderr
    assert "held" not in done.stderr


@pytest.mark.parametrize(
    ("argv", "env"),
    [
        (["pc.os", "--nope"], {}),
        (["no.such"], {}),
        (["pc.os", "--portal", "a b"], {}),
        (["pc.os"], {"OSS_JUNBI_STATE": "/dev/null"}),
        (["pc.os", "--output", "/dev/null/x"], {}),
        (["pc.os", "--by", "日本|語\n" * 90], {}),
    ],
)
def test_a_monitor_gets_one_line_and_unknown_whatever_is_wrong(
    cli: Cli, argv: list[str], env: dict[str, str]
) -> None:
    for form in (["--format", "nagios"], ["--format=nagios"]):
        done = cli("check", *form, *argv, "--offline", **env)
        assert done.returncode == 3
        line, end = done.stdout.split("\n")
        assert line.startswith("OSS-JUNBI UNKNOWN - ")
        assert (len(line) <= 80, line.isascii(), "|" in line, end) == (True, True, False, "")
        assert done.stderr


def test_a_folder_that_cannot_be_listed_is_not_an_empty_one(cli: Cli) -> None:
    (cli.home).mkdir()
    (cli.home / "sessions").write_text("in the way", "utf-8")
    for argv in (["sessions"], ["forget", "x"], ["deadlines", "--all"]):
        done = cli(*argv, "--lang", "en")
        assert (done.returncode, done.stdout) == (65, ""), argv
        assert "sessions" in done.stderr


def test_an_import_names_the_file_that_is_wrong_and_the_session_it_went_into(
    cli: Cli, tmp_path: Path
) -> None:
    cli("answer", "case.role=dealer")
    office = tmp_path / "office.toml"
    cli("export", "--scope", "office", str(office))
    done = cli("import", str(office), "--session", "other", "--lang", "en")
    assert (done.returncode, "other.toml" in done.stderr) == (0, True)
    office.write_text(office.read_text("utf-8").replace('"dealer"', '"nonsense"'), "utf-8")
    done = cli("import", str(office), "--session", "third", "--lang", "en")
    assert done.returncode == 2
    assert "office.toml, line 15: case.role" in done.stderr
    assert "gyoseishoshi, dealer" in done.stderr
    assert not (cli.home / "sessions" / "third.toml").exists()


@pytest.mark.parametrize(("option", "text"), [("--reason", "x" * 2001), ("--by", "見" * 201)])
def test_what_is_too_long_for_an_exception_is_named(cli: Cli, option: str, text: str) -> None:
    terms = {"--reason": "r", "--by": "b", "--until": "2030-01-01", option: text}
    done = cli("waive", "pc.os", *(word for pair in terms.items() for word in pair), "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert option in done.stderr


@pytest.mark.parametrize("day", ["9999-12-31", "1925-12-31"])
def test_a_day_that_nobody_could_have_answered_counts_as_none_and_is_named_with_its_line(
    cli: Cli, day: str
) -> None:
    cli("answer", "case.procedure=new-registration", "documents.application-date=2026-11-01")
    path = cli.home / "sessions" / "default.toml"
    path.write_text(path.read_text("utf-8").replace("2026-11-01", day), "utf-8")
    line = next(n for n, text in enumerate(path.read_text("utf-8").split("\n"), 1) if day in text)
    for argv in (["status"], ["deadlines"]):
        done = cli(*argv, "--lang", "en")
        assert f"line {line}: documents.application-date" in done.stderr
        assert day not in done.stdout
    assert cli("sessions").returncode == 0
    assert day in path.read_text("utf-8")


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_what_a_helpdesk_gets_is_shown_before_it_is_written(cli: Cli, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out"
    done = cli("report", "--for", "support", "--format", form, "--output", str(target), "--lang", "en")
    assert (done.returncode, done.stdout) == (4, "")
    shown, _, written = done.stderr.partition("Written: ")
    assert "This will be written:" in shown
    assert "Hosts to exempt" in shown
    assert written
    assert target.stat().st_size > 0


def test_what_was_understood_of_a_date_is_told(cli: Cli) -> None:
    day = {"OSS_JUNBI_NOW": "2026-11-21T20:00:00Z"}  # the 22nd in Japan
    done = cli("answer", "insurance.start=明日", "insurance.end=11/20", "--lang", "en", **day)
    assert done.returncode == 0
    assert "insurance.start: 2026-11-23 (Monday, Reiwa 8)" in done.stderr
    assert "insurance.end: 2027-11-20" in done.stderr
    assert "value = 2027-11-20" in (cli.home / "sessions" / "default.toml").read_text("utf-8")
    assert cli("answer", "insurance.end=28/11/20", **day).returncode == 2


def test_an_import_takes_labels_as_the_answers_they_name(cli: Cli, tmp_path: Path) -> None:
    office = tmp_path / "office.toml"
    office.write_text(
        'schema = 1\n[answers."certificate.kind"]\nvalue = "商業登記電子証明書（ファイル）"\nscope = "office"\n'
        "at = 2026-11-22T01:00:00Z\n[end]\nanswers = 1\n",
        "utf-8",
    )
    assert cli("import", str(office)).returncode == 0
    assert 'value = "registry-file"' in (cli.home / "sessions" / "default.toml").read_text("utf-8")
