"""Question and answer: everything a line can do, for pipes, dumb terminals and screen readers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checks.guide import load_guide
from checks.guides.entries import names
from checks.text import LANGS
from tests.cli.test_commands import Cli
from tui.cli.arguments import parse
from tui.cli.screen import _guide_at_a_glance, _step_titles
from tui.cli.setup import set_up

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the commands are the same there; pipes of POSIX are used"
)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


def case(cli: Cli) -> Any:
    return cli.json("status")["case"]


def number(question: str, value: str) -> str:
    choices = load_guide("oss").questions[question].choices
    return str([choice.value for choice in choices].index(value) + 1)


def test_numbers_values_and_full_width_digits_answer(cli: Cli) -> None:
    role = number("case.role", "dealer")
    full = number("case.procedure", "transfer").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    done = cli("--plain", stdin=f"{role}\nregistered\nprivate\n{full}\n")
    assert done.returncode == 4
    assert case(cli) == {
        "case.role": "dealer", "case.vehicle": "registered", "case.use": "private", "case.procedure": "transfer",
    }  # fmt: skip
    assert "保存" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_end_of_input_ends_with_four_and_nothing_is_lost(cli: Cli) -> None:
    done = cli("--plain", stdin="")
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    done = cli("--plain", "--lang", "en", stdin="1\n1")  # the last line without its end
    assert done.returncode == 4
    assert len(case(cli)) == 2
    assert done.stderr.isascii()


def test_it_goes_on_where_it_was(cli: Cli) -> None:
    cli("--plain", stdin="1\n")
    done = cli("--plain", stdin="q\n")
    assert done.returncode == 0
    assert "(case.vehicle)" in done.stdout
    assert "(case.role)" not in done.stdout


@pytest.mark.parametrize("wrong", ["0", "99", "-1", "transfr", "\x1b[31m", "x" * 50_000])
def test_a_wrong_answer_is_asked_again(cli: Cli, wrong: str) -> None:
    done = cli("--plain", stdin=f"{wrong}\n1\nq\n")
    assert done.returncode == 0
    assert done.stdout.count("(case.role)") >= 2
    assert "\x1b" not in done.stdout
    assert len(case(cli)) == 1


def test_an_empty_line_leaves_it_for_later(cli: Cli) -> None:
    done = cli("--plain", stdin="\n1\nq\n")
    assert list(case(cli)) == ["case.vehicle"]
    assert done.returncode == 0


def test_dates_of_both_calendars_are_judged(cli: Cli) -> None:
    done = cli(
        "--plain",
        stdin="g insurance.end\n2026-02-30\n令和9年1月31日\ng insurance.start\n2027-02-01\nR8.1.31\nq\n",
    )
    assert done.returncode == 0
    items = {item["id"]: item["value"] for step in cli.json("status")["steps"] for item in step["items"]}
    assert (items["insurance.start"], items["insurance.end"]) == ("2026-01-31", "2027-01-31")
    assert "2月30日" in done.stdout or "2026-02-30" in done.stdout


def test_every_command_of_the_help_works(cli: Cli) -> None:
    script = "1\n?\ns\ne\ne portal.tls\ne nonsense\ng 5\nm メモ\nd\nu\nr\nL\ns\ng nowhere\nq\n"
    done = cli("--plain", stdin=script)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "(portal.tls)" in done.stdout
    assert "Commands:" not in done.stdout
    assert "There is no item 'nowhere'" in done.stdout


def test_clear_undo_and_note(cli: Cli) -> None:
    cli("--plain", stdin="1\ng case.role\nd\nq\n")
    assert case(cli) == {}
    cli("--plain", stdin="g case.role\n2\nu\nm だいじなメモ\nq\n")
    assert case(cli) == {}
    assert "だいじなメモ" in cli("report").stdout or "だいじなメモ" in next(
        (cli.home / "sessions").glob("*.toml")
    ).read_text("utf-8")


def test_checks_run_after_the_line_of_consent(cli: Cli) -> None:
    done = cli("--plain", stdin="c\n2\nq\n")
    assert done.returncode == 0
    assert "www.oss.mlit.go.jp:443" in done.stdout
    run = json.loads(cli("check", "pc.os", "--offline", "--format", "json").stdout)
    assert run["results"][0]["text"]["ja"] in done.stdout.replace("\n", "")  # whole, however long it is
    items = {item["id"]: item for step in cli.json("status")["steps"] for item in step["items"]}
    assert items["pc.memory"]["outcome"] is not None
    assert items["portal.tls"]["outcome"] is None
    refused = cli("--plain", "--session", "b", stdin="c\n3\nq\n")
    assert refused.returncode == 0
    items = {
        item["id"]: item for step in cli.json("status", "--session", "b")["steps"] for item in step["items"]
    }
    assert items["pc.memory"]["outcome"] is None


def test_read_only_keeps_nothing(cli: Cli) -> None:
    done = cli("--plain", "--read-only", stdin="1\n2\n")
    assert done.returncode == 4
    assert not (cli.home / "sessions").exists()


def test_a_dumb_terminal_gets_no_control_sequence(cli: Cli) -> None:
    if sys.platform == "win32":
        pytest.skip("pseudo-terminals of POSIX")
    import pty

    main, side = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "tui", "--plain"],
        stdin=side,
        stdout=side,
        stderr=side,
        env={**cli.env, "TERM": "dumb"},
    )
    os.close(side)
    seen = b""
    os.write(main, b"1\nq\n")
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(main)
    assert child.wait(60) == 0
    assert b"\x1b" not in seen
    assert "case.vehicle" in seen.decode("utf-8")


def test_full_screen_in_a_dumb_terminal_names_plain(cli: Cli) -> None:
    if sys.platform == "win32":
        pytest.skip("pseudo-terminals of POSIX")
    import pty

    main, side = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "tui"],
        stdin=side,
        stdout=side,
        stderr=subprocess.PIPE,
        env={**cli.env, "TERM": "dumb"},
    )
    os.close(side)
    _, errors = child.communicate(timeout=60)
    os.close(main)
    assert child.returncode == 2
    assert b"--plain" in errors


def test_the_first_pictures_titles_are_the_guides() -> None:
    for name in names():
        for lang in LANGS:
            steps = load_guide(name).steps
            assert list(_step_titles(lang, name)) == [step.short.to(lang) for step in steps]
    assert list(_step_titles("ja", "")) == []


def test_the_first_picture_has_the_steps_of_the_sessions_guide_or_none(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSS_JUNBI_HOME", str(cli.home))
    assert _guide_at_a_glance(None) == "oss"
    for name, guide in (("car", "oss"), ("small", "kei")):
        assert cli("new", name, "--guide", guide).returncode == 0
        (cli.home / "last-session").write_text(f"{name}\n", encoding="utf-8")
        assert _guide_at_a_glance(None) == guide
    for argv, guide in (
        (["--session", "car"], "oss"),
        (["--session", "small"], "kei"),
        (["--session", "none yet"], "oss"),
        (["--state", str(cli.home / "sessions" / "small.toml")], "kei"),
    ):
        assert _guide_at_a_glance(set_up(parse(argv), "ja")) == guide
    (cli.home / "last-session").unlink()
    assert _guide_at_a_glance(None) == ""
    (tmp_path / "hand.toml").write_text('[session]\nguide = "../../etc"\n', encoding="utf-8")
    assert _guide_at_a_glance(set_up(parse(["--state", str(tmp_path / "hand.toml")]), "ja")) == ""


def test_japanese_input_in_another_encoding_is_no_crash(cli: Cli) -> None:
    env = {**cli.env, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp932"}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--plain"], input="g case.role\n本人\x80\n".encode("cp932", "replace") + b"\xff\xfe\n1\nq\n",
        capture_output=True, env=env, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert json.loads(cli("status", "--format", "json").stdout)["case"]


def test_who_was_taken_over_from_is_told_how_to_go_on(cli: Cli) -> None:
    cli("answer", "case.role=dealer")
    talk = subprocess.Popen(
        [sys.executable, "-m", "tui", "--plain", "--lang", "en"],
        env={**os.environ, "OSS_JUNBI_HOME": str(cli.home), "LANG": "C.UTF-8"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    assert talk.stdin is not None
    assert talk.stdout is not None
    while "(case.vehicle)" not in talk.stdout.readline():
        pass
    assert cli("take-over", "default").returncode == 0
    _, said = talk.communicate("registered\n", timeout=30)
    assert talk.returncode == 75
    assert "oss-junbi take-over default" in said
    assert said.count("\n") == 1
    assert case(cli) == {"case.role": "dealer"}


def test_a_full_width_blank_is_text_and_does_not_hide_a_command(cli: Cli) -> None:
    role = number("case.role", "dealer")
    done = cli("--plain", stdin=f"m\u3000\nm \u3000メモ\u3000\n{role}\u3000\nq\u3000\n")
    assert done.returncode == 0
    assert case(cli) == {"case.role": "dealer"}
    kept = (cli.home / "sessions" / "default.toml").read_text("utf-8")
    assert '"\u3000メモ\u3000"' in kept
