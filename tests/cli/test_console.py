"""What a person at a terminal sees: lines that fit, progress that goes away, and pieces that tests can hold still.

Covers tui.__main__, tui.cli.check, tui.cli.crash and tui.cli.explain.
"""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.guide import load_guide
from checks.wrap import cell_width
from tests.cli.test_commands import Cli
from tui.__main__ import main
from tui.cli import check as checking
from tui.cli.explain import Explanation

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


def at_terminal(cli: Cli, columns: int, *argv: str, term: str = "xterm-256color") -> tuple[int, str]:
    """Exit code and all that was written to a terminal of that width."""
    if sys.platform == "win32":
        pytest.skip("pseudo-terminals of POSIX")
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-m", "tui", *argv],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**cli.env, "TERM": term},
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(ours)
    return child.wait(60), seen.decode("utf-8")


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    "argv", [["--help"], ["check", "--help"], ["list"], ["status"], ["explain", "portal.tls"], ["explain", "5"], ["report"],
             ["report", "--for", "customer"], ["sessions"], ["deadlines"], ["--nope"], ["answer", "case.procedure=x"]]
)  # fmt: skip
def test_lines_fit_the_terminal(cli: Cli, columns: int, lang: str, argv: list[str]) -> None:
    _, seen = at_terminal(cli, columns, *argv, "--lang", lang)
    # An address, an id or a command is never torn: it is copied.
    wide = [
        line
        for line in seen.replace("\r", "").split("\n")
        if cell_width(line) > columns
        and " " in line.strip()
        and "://" not in line
        and "oss-junbi " not in line
        and "/" not in line
    ]
    assert wide == []


def test_progress_is_one_line_that_goes_away(cli: Cli) -> None:
    code, seen = at_terminal(cli, 80, "check", "--offline", "--step", "2")
    assert code in (0, 1, 3)
    assert "\r\x1b[K検査中 " in seen
    assert seen.rindex("\x1b[K") < seen.index("[済]")
    _, dumb = at_terminal(cli, 80, "check", "--offline", "--step", "2", term="dumb")
    assert "\x1b" not in dumb
    _, stream = at_terminal(cli, 80, "check", "--offline", "--step", "2", "--format", "jsonl")
    assert all(json.loads(line) for line in stream.replace("\r", "").strip().split("\n"))


class Waits:
    """Stands for the clock and the dice."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drawn: list[tuple[float, float]] = []
        self.waited: list[float] = []
        monkeypatch.setattr(checking, "draw", self.draw)
        monkeypatch.setattr(checking, "pause", self.waited.append)

    def draw(self, least: float, most: float) -> float:
        self.drawn.append((least, most))
        return most / 2


def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OSS_JUNBI_HOME", str(tmp_path / "home"))
    for name in ("OSS_JUNBI_STATE", "OSS_JUNBI_LANG", "OSS_JUNBI_NOW", "OSS_JUNBI_PORTAL"):
        monkeypatch.delenv(name, raising=False)


def test_jitter_waits_a_random_time_before_the_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at_home(monkeypatch, tmp_path)
    waits = Waits(monkeypatch)
    argv = ["check", "portal.dns", "--portal", "127.0.0.1:1", "--jitter", "300", "--format", "json"]
    assert main(argv) == 0
    assert (waits.drawn, waits.waited) == ([(0, 300.0)], [150.0])
    assert json.loads(capsys.readouterr().out)["counts"]["pass"] == 1
    assert main(["check", "pc.memory", "--jitter", "300"]) == 0
    assert main(["check", "portal.dns", "--jitter", "300", "--offline"]) == 0
    assert waits.waited == [150.0]
    assert main(["check", "--jitter", "soon"]) == 2
    assert main(["check", "--jitter", "-1"]) == 2


def test_an_interrupt_while_waiting_ends_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "pause", interrupted)
    assert main(["check", "portal.dns", "--portal", "127.0.0.1:1", "--jitter", "300"]) == 130


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_everything_can_be_explained_and_old_facts_say_so(lang: Any) -> None:
    guide = load_guide("oss")
    steps = (guide.case, *guide.steps)
    names = [
        *guide.questions,
        *guide.checks,
        *(step.id for step in steps),
        *(note.id for step in steps for note in step.notes),
    ]
    today = max(question.basis.checked for question in guide.questions.values())
    for name in names:
        text = "\n".join(Explanation(guide, today, lang, 0).of(name))
        assert ("出典" if lang == "ja" else "Source") in text
        old = "日たっています。公式" if lang == "ja" else "Please check the official page for what holds now"
        assert old not in text
        text = "\n".join(Explanation(guide, today + timedelta(days=400), lang, 0).of(name))
        assert old in text or ("未確認" if lang == "ja" else "not confirmed") in text


def test_closed_standard_streams_are_no_crash(cli: Cli) -> None:
    for redirect in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        for argv in ("list", "status", "--nope", "--plain", ""):
            done = subprocess.run(
                ["sh", "-c", f'"{sys.executable}" -m tui {argv} {redirect}'], capture_output=True, env=cli.env, timeout=60, check=False,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            assert b"Traceback" not in done.stderr + done.stdout, (argv, redirect)
            assert done.returncode in (0, 2, 4, 74), (argv, redirect, done.returncode)


def test_output_without_a_buffer_is_served_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["deadlines", "--format", "ics"]) == 0
    assert out.getvalue().startswith("BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp932", "euc_jp", "utf-8"])
def test_a_console_without_japanese_is_told_once_what_to_set(cli: Cli, encoding: str) -> None:
    env = {**cli.env, "PYTHONIOENCODING": encoding}

    def said(*argv: str) -> str:
        done = subprocess.run([sys.executable, "-m", "tui", *argv], env=env, capture_output=True, check=False)
        return done.stderr.decode(encoding)

    told = encoding in ("ascii", "cp1252")
    assert said("list").count("cannot show Japanese") == told
    assert said("answer", "nothing=1").count("cannot show Japanese") == told  # where the message is, too
    assert "cannot show" not in said("list", "--lang", "en")
    assert "cannot show" not in said("list", "--format", "json")
