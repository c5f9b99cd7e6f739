"""The command line as scripts use it: a process of its own, standard streams, exit codes.

Covers tui.cli.deadline_list, tui.cli.fleet, tui.cli.guide_list, tui.cli.opened, tui.cli.report,
tui.cli.sessions, tui.cli.status, tui.cli.transfer and tui.cli.waive.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

HEAVY = (
    "textual",
    "rich",
    "ssl",
    "cryptography",
    "psutil",
    "certifi",
    "truststore",
    "asyncio",
    "argparse",
    "unittest",
)


class Cli:
    """Runs the program with a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            "OSS_JUNBI_HOME": str(home), "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error",
            "PYTHONPATH": str(Path(__file__).parents[2]), "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
        }  # fmt: skip

    def __call__(self, *argv: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tui", *argv], input=stdin, capture_output=True, text=True, encoding="utf-8",
            env={**self.env, **env}, timeout=60, check=False,
        )  # fmt: skip

    def json(self, *argv: str, code: int | None = None, day: str = "") -> Any:
        env = {"OSS_JUNBI_NOW": day} if day else {}
        done = self(*argv, "--format", "json", **env)
        assert "Traceback" not in done.stderr
        if code is not None:
            assert done.returncode == code, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        (resources.files("state") / "schemas" / f"{name}.schema.json").read_text("utf-8")
    )
    return loaded


@pytest.mark.parametrize(
    "argv",
    [
        ["--version"],
        ["--help"],
        ["list"],
        ["status"],
        ["answer", "case.procedure=transfer"],
        ["sessions"],
        ["vehicle", "-"],
        ["explain", "portal.tls"],
    ],
)
def test_nothing_heavy_is_imported(cli: Cli, argv: list[str]) -> None:
    code = f"import sys\nfrom tui.__main__ import main\nmain({argv!r})\nprint([n for n in {HEAVY!r} if n in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=cli.env,
        timeout=60,
        check=False,
    )
    assert done.stderr.strip().endswith("[]"), done.stderr


def test_version_and_help_go_to_standard_output(cli: Cli) -> None:
    done = cli("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("oss-junbi 0.")
    assert cli("--lang", "en", "status", "--version").stdout == done.stdout
    for argv in (["--help"], ["-h"], ["help"], ["help", "check"], ["check", "--help"]):
        done = cli(*argv)
        assert (done.returncode, done.stderr) == (0, "")
        assert "例" in done.stdout
    assert cli("--help", "--lang", "en").stdout.isascii()


@pytest.mark.parametrize(
    ("argv", "code", "named"),
    [
        (["--nope"], 2, "--nope"),
        (["chek"], 2, "check"),
        (["check", "portal.tsl"], 2, "portal.tls"),
        (["check", "case.procedure"], 2, "case.procedure"),
        (["explain", "case.procedur"], 2, "case.procedure"),
        (["answer", "case.procedur=transfer"], 2, "case.procedure"),
        (["answer", "case.procedure=trnsfer"], 2, "transfer"),
        (["answer", "portal.tls=yes"], 2, "portal.tls"),
        (["answer", "case.procedure"], 2, "case.procedure"),
        (["check", "--portal", "example.jp:https"], 2, "https"),
        (["check", "--ca-file", "/nowhere.pem"], 2, "/nowhere.pem"),
        (["check", "--step", "9"], 2, "9"),
        (["check", "--timeout", "x"], 2, "x"),
        (["new", "a/b"], 2, "a/b"),
        (["forget", "nobody"], 2, "nobody"),
        (["waive", "pc.memory"], 2, "--reason"),
        (["fleet", "split", "x"], 2, "merge"),
        (["diff", "/nowhere/1", "/nowhere/2"], 2, "/nowhere/1"),
        (["diff"], 3, "--save"),
        (["import", "/nowhere.toml"], 2, "/nowhere.toml"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(cli: Cli, argv: list[str], code: int, named: str) -> None:
    for lang in ("ja", "en"):
        done = cli(*argv, "--lang", lang)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert done.stderr.count("\n") == 1
        assert named in done.stderr
        assert done.stderr.isascii() == (lang == "en")


def test_status_before_anything_is_answered(cli: Cli) -> None:
    document = cli.json("status", code=4)
    jsonschema.validate(document, schema("status"))
    assert [step["number"] for step in document["steps"]] == [1, 2, 3, 4, 5, 6, 7]
    assert document["next"]["id"] == "case.role"
    assert document["case"] == {}
    assert not (cli.home / "sessions").exists()


def test_answers_are_all_or_nothing(cli: Cli) -> None:
    done = cli("answer", "case.procedure=transfer", "case.applicant=corporation")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert cli.json("status")["case"] == {"case.procedure": "transfer", "case.applicant": "corporation"}
    assert cli("answer", "case.procedure=change", "case.applicant=nobody").returncode == 2
    assert cli("answer", "case.procedure=change", "case.procedure=transfer").returncode == 2
    assert cli.json("status")["case"]["case.procedure"] == "transfer"
    assert cli("answer", "case.procedure=").returncode == 0
    assert cli.json("status")["case"] == {"case.applicant": "corporation"}


def test_dates_are_judged_against_the_others_of_the_same_call(cli: Cli) -> None:
    assert cli("answer", "insurance.start=2026-12-01", "insurance.end=2026-11-01").returncode == 2
    assert cli("answer", "insurance.end=R8.11.30", "insurance.start=令和8年11月1日").returncode == 0
    items = {item["id"]: item for step in cli.json("status")["steps"] for item in step["items"]}
    assert items["insurance.start"]["value"] == "2026-11-01"
    assert items["insurance.end"]["value"] == "2026-11-30"
    assert cli("answer", "insurance.start=2026-12-01").returncode == 2
    assert cli("answer", "insurance.start=2027-12-01", "insurance.end=2028-12-01").returncode == 0
    for wrong in ("2026-02-30", "0000-01-01", "R99.1.1", "tomorrow"):
        assert cli("answer", f"insurance.end={wrong}").returncode == 2


@pytest.mark.parametrize("name", ["list", "sessions", "status", "report"])
def test_documents_keep_to_their_schemas(cli: Cli, name: str) -> None:
    assert cli("answer", "case.procedure=transfer").returncode == 0
    jsonschema.validate(cli.json(name), schema(name))


def test_check_document_events_and_exit(cli: Cli) -> None:
    document = cli.json("check", "--offline")
    jsonschema.validate(document, schema("check"))
    assert document["exit"] in (0, 1, 3)
    assert len(document["machine"]) == 32
    assert cli.json("check", "pc.disk")["machine"] == document["machine"]
    skipped = {result["id"]: result["code"] for result in document["results"]}
    assert skipped["portal.tls"] == "offline"
    done = cli("check", "--offline", "--step", "2", "--step", "1", "--format", "jsonl")
    assert done.stderr == ""
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for event in events:
        jsonschema.validate(event, schema("check-event"))
    assert events[0]["event"] == "run-started"
    assert events[-1]["event"] == "run-finished"
    assert {event["step"] for event in events if event["event"] == "finished"} == {1, 2}
    assert not (cli.home / "sessions").exists()


def test_naming_a_check_reports_that_one_alone(cli: Cli) -> None:
    document = cli.json("check", "portal.tls", "--offline")
    assert [r["id"] for r in document["results"] if not r["prerequisite"]] == ["portal.tls"]


def test_check_saves_on_request_and_diff_compares_the_last_two(cli: Cli) -> None:
    assert cli("check", "pc.memory", "pc.disk", "--offline", "--save").returncode == 0
    assert cli("check", "pc.memory", "--offline", "--save", "--session", "default").returncode == 0
    items = {item["id"]: item for step in cli.json("status")["steps"] for item in step["items"]}
    assert items["pc.memory"]["outcome"] == "pass"
    document = cli.json("diff", code=0)
    jsonschema.validate(document, schema("diff"))
    assert [change["kind"] for change in document["changes"] if change["id"] == "pc.disk"] == ["removed"]


def test_diff_of_two_files_ends_with_one_on_a_regression(cli: Cli, tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    document = cli.json("check", "pc.memory", "--offline")
    before.write_text(json.dumps(document), "utf-8")
    document["results"][0].update(outcome="fail", code="too-little")
    after.write_text(json.dumps(document), "utf-8")
    assert cli("diff", str(before), str(after)).returncode == 1
    assert cli("diff", str(after), str(before)).returncode == 0
    assert cli("diff", str(after), str(after)).returncode == 0


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
@pytest.mark.parametrize("reader", ["office", "customer", "support", "record"])
def test_reports(cli: Cli, form: str, reader: str) -> None:
    assert cli("answer", "case.procedure=transfer").returncode == 0
    done = cli("report", "--format", form, "--for", reader)
    assert (done.returncode, done.stderr) == (4, "")
    assert done.stdout
    if form == "json":
        jsonschema.validate(
            json.loads(done.stdout), schema("report" if reader == "record" else "report-letter")
        )


@pytest.mark.parametrize(
    ("name", "form", "begins", "said"),
    [
        ("a.html", "", "<!DOCTYPE html>", False),
        ("a.MD", "", "# ", False),
        ("a.json", "", "{", False),
        ("a.txt", "", "OSS", False),
        ("a", "", "OSS", False),
        ("a.html", "text", "OSS", True),
        ("a.html", "html", "<!DOCTYPE html>", False),
    ],
)
def test_a_report_has_the_format_of_its_file(
    cli: Cli, tmp_path: Path, name: str, form: str, begins: str, said: bool
) -> None:
    more = ("--format", form) if form else ()
    done = cli("report", "--for", "office", "--output", str(tmp_path / name), *more)
    assert (tmp_path / name).read_text("utf-8").startswith(begins)
    assert ("--format のとおり" in done.stderr) is said


def test_output_files_are_whole_or_untouched(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "報告.html"
    target.write_text("old")
    done = cli("report", "--format", "html", "--output", str(target))
    assert (done.returncode, done.stdout) == (4, "")
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []
    done = cli("report", "--output", str(tmp_path / "no" / "report.txt"))
    assert (done.returncode, done.stdout) == (74, "")
    assert "report.txt" in done.stderr
    assert cli("report", "--output", str(tmp_path)).returncode == 74


def test_new_takes_over_what_holds_and_forget_removes_everything(cli: Cli) -> None:
    assert (
        cli(
            "answer",
            "--session",
            "一台目",
            "case.role=dealer",
            "root.managed-pc=managed",
            "case.procedure=transfer",
        ).returncode
        == 0
    )
    assert cli("check", "--save", "--offline", "--session", "一台目", "pc.memory").returncode == 0
    assert cli("new", "二台目", "--from", "一台目").returncode == 0
    assert cli("new", "二台目").returncode == 2
    assert cli("new", "三台目", "--from", "一台").returncode == 2
    items = {
        item["id"]: item
        for step in cli.json("status", "--session", "二台目")["steps"]
        for item in step["items"]
    }
    assert items["pc.memory"]["outcome"] == "pass"
    assert cli.json("status", "--session", "二台目")["case"]["case.procedure"] == "transfer"
    assert cli.json("status")["session"] == "二台目"
    found = cli.json("sessions", code=0)
    jsonschema.validate(found, schema("sessions"))
    assert {one["name"] for one in found["sessions"]} == {"一台目", "二台目"}
    assert cli("answer", "--session", "一台目", "documents.event-date=2026-11-20").returncode == 0
    for order, first in (("date", "一台目"), ("changed", "一台目"), ("name", "一台目")):
        assert cli.json("sessions", "--sort", order, code=0)["sessions"][0]["name"] == first
    assert cli("answer", "--session", "二台目", "documents.outside-list=yes").returncode == 0
    found = cli.json("sessions", "--sort", "blocking", code=0)
    assert [(one["name"], one["blocking"]) for one in found["sessions"]] == [("二台目", 1), ("一台目", 0)]
    assert cli("sessions", "--sort", "size").returncode == 2
    assert cli("forget", "一台目").returncode == 0
    left = [path.name for path in cli.home.rglob("*") if "一台目" in path.name]
    assert left == []
    assert cli("forget", "一台目").returncode == 2


def test_office_answers_travel(cli: Cli, tmp_path: Path) -> None:
    listed = cli.json("list")
    office = next(
        item
        for step in listed["steps"]
        for item in step["items"]
        if step["number"] and item["kind"] != "check" and item["scope"] == "office" and item["choices"]
    )
    value = office["choices"][0]["value"]
    assert cli("answer", f"{office['id']}={value}", "case.procedure=transfer").returncode == 0
    file = tmp_path / "office.toml"
    assert cli("export", "--scope", "office", str(file)).returncode == 0
    assert "case.procedure" not in file.read_text("utf-8")
    other = Cli(tmp_path / "other")
    assert other("import", str(file)).returncode == 0
    items = {item["id"]: item for step in other.json("status")["steps"] for item in step["items"]}
    assert items[office["id"]]["value"] == value
    assert other("import", str(file)).returncode == 0
    file.write_bytes(file.read_bytes()[:-150])
    assert other("import", str(file)).returncode == 65


def test_a_former_id_still_answers_and_explains(cli: Cli) -> None:
    assert cli("answer", "proxy-issuance.papers-to-submit=no").returncode == 0
    items = {item["id"]: item for step in cli.json("status")["steps"] for item in step["items"]}
    assert items["documents.delivery-papers"]["value"] == "none"
    both = cli("answer", "proxy-issuance.papers-to-submit=yes", "documents.delivery-papers=ready")
    assert both.returncode == 2
    assert "documents.delivery-papers" in cli("explain", "proxy-issuance.papers-to-submit").stdout


def test_a_waiver_counts_until_its_last_day(cli: Cli) -> None:
    now = "2026-11-22T10:00:00+00:00"
    day = {"OSS_JUNBI_NOW": now}
    done = cli("waive", "pc.memory", "--reason", "承認済み", "--by", "山田", "--until", "2026-12-01", **day)
    assert done.returncode == 0, done.stderr
    items = {item["id"]: item for step in cli.json("status", day=now)["steps"] for item in step["items"]}
    assert items["pc.memory"]["waiver"]["by"] == "山田"
    items = {
        item["id"]: item
        for step in cli.json("status", day="2026-12-03T10:00:00+00:00")["steps"]
        for item in step["items"]
    }
    assert "waiver" not in items["pc.memory"]
    assert (
        cli("waive", "pc.memory", "--reason", "x", "--by", "y", "--until", "2026-11-21", **day).returncode
        == 2
    )
    assert cli("waive", "pc.memory", "--reason", "x", "--by", "y", "--until", "soon", **day).returncode == 2


@pytest.mark.parametrize("content", [b"", b"schema = 1\n[session", b"\xff\xfe\x00", b"schema = 'x'\n"])
def test_an_unreadable_session_is_left_alone_and_kept_aside(cli: Cli, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    for argv in (
        ["status"],
        ["answer", "case.procedure=transfer"],
        ["report"],
        ["check", "--offline", "pc.memory"],
        ["--plain"],
    ):
        done = cli(*argv, "--state", str(file))
        assert (done.returncode, done.stdout) == (65, ""), argv
        assert "broken.toml" in done.stderr
        assert "Traceback" not in done.stderr
        assert file.read_bytes() == content
    assert [path for path in tmp_path.iterdir() if ".broken-" in path.name]


def test_a_newer_session_is_refused_untouched(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "newer.toml"
    assert cli("answer", "case.procedure=transfer", "--state", str(file)).returncode == 0
    newer = file.read_bytes().replace(b"schema = 2", b"schema = 99", 1)
    file.write_bytes(newer)
    for argv in (
        ["status"],
        ["answer", "case.procedure=change"],
        ["--plain"],
        ["--plain", "--read-only"],
        ["check", "pc.memory", "--save"],
    ):
        assert cli(*argv, "--state", str(file)).returncode == 65, argv
    assert file.read_bytes() == newer


def test_read_only_changes_nothing(cli: Cli) -> None:
    for argv in (
        ["answer", "case.procedure=transfer"],
        ["new", "x"],
        ["check", "--save", "--offline", "pc.memory"],
    ):
        assert cli(*argv, "--read-only").returncode == 74
    assert not (cli.home / "sessions").exists()
    assert cli("status", "--read-only").returncode == 4
    for argv in (["--read-only"], ["--state", str(cli.home.parent / "a.toml")]):
        assert cli.json("check", "pc.disk", *argv)["machine"] == ""
    assert not cli.home.exists()


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize(
    "argv",
    [
        ["list"],
        ["status"],
        ["--help"],
        ["check", "--offline"],
        ["explain", "portal.tls"],
        ["--nope"],
        ["report"],
    ],
)
def test_no_console_encoding_breaks_anything(cli: Cli, encoding: str, argv: list[str]) -> None:
    env = {**cli.env, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, "-m", "tui", *argv], capture_output=True, env=env, timeout=60, check=False
    )
    assert done.returncode in (0, 1, 2, 3, 4)
    assert b"Traceback" not in done.stderr
    (done.stdout + done.stderr).decode(encoding)


def test_json_is_ascii_where_the_console_is_not_unicode(cli: Cli) -> None:
    env = {**cli.env, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp932"}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "list", "--format", "json"],
        capture_output=True,
        env=env,
        timeout=60,
        check=False,
    )
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["schema"] == 1


def test_full_screen_without_a_terminal_names_plain(cli: Cli) -> None:
    done = cli()
    assert (done.returncode, done.stdout) == (2, "")
    assert "--plain" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_closed_pipe_is_quiet(cli: Cli) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tui", "list"], env=cli.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    errors = child.stderr.read()
    child.stderr.close()
    assert child.wait(60) == 141
    assert errors == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_told(cli: Cli) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "list"],
            env=cli.env,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 74
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_with_its_number(cli: Cli, number: signal.Signals, code: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tui", "--plain"],
        env=cli.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    while b"case.role" not in child.stdout.readline():
        pass
    child.send_signal(number)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == code
    assert b"Traceback" not in errors


def test_a_defect_says_so_without_details_and_keeps_them_private(cli: Cli) -> None:
    code = (
        "import sys\nimport tui.cli.guide_list\nfrom tui.__main__ import main\n"
        "def broken(setup):\n    password = 'himitsu'\n    raise RuntimeError('himitsu')\n"
        "tui.cli.guide_list.main = broken\nsys.exit(main(['list']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=cli.env,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "himitsu" not in done.stderr
    (log,) = (cli.home / "logs").iterdir()
    assert "himitsu" not in log.read_text("utf-8")
    assert "broken" in log.read_text("utf-8")
    if sys.platform != "win32":
        assert log.stat().st_mode & 0o777 == 0o600


def test_deadlines_in_every_form(cli: Cli) -> None:
    now = "2026-11-22T10:00:00+00:00"
    day = {"OSS_JUNBI_NOW": now}
    assert (
        cli("answer", "case.procedure=continuous-inspection", "insurance.end=2026-12-31", **day).returncode
        == 0
    )
    document = cli.json("deadlines", code=0, day=now)
    jsonschema.validate(document, schema("deadlines"))
    dates = [entry["date"] for entry in document["deadlines"]]
    assert dates == sorted(dates)
    assert "2026-12-31" in dates
    assert "2027-04-15" in dates
    done = subprocess.run(
        [sys.executable, "-m", "tui", "deadlines", "--all", "--format", "ics"], capture_output=True, env={**cli.env, **day}, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"\n" not in done.stdout.replace(b"\r\n", b"")
    assert cli("deadlines", "--all", **day).returncode == 0


def test_fleet_merges_what_check_writes(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "pc.json"
    assert cli("check", "--offline", "pc.memory", "--format", "json", "--output", str(file)).returncode == 0
    document = cli.json("fleet", "merge", str(file), code=0)
    jsonschema.validate(document, schema("fleet"))
    assert cli("fleet", "merge", str(file), "--format", "html").stdout.startswith("<!DOCTYPE html>")
    assert "pc.memory" in cli("fleet", "merge", str(file)).stdout
