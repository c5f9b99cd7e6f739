"""Full screen through a real OpenSSH server: answer, check, lose the line, log in again, find everything."""

from __future__ import annotations

import signal
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import ssh_lab
from tests.support.ssh_lab import REPOSITORY, Host
from tests.support.tls_lab import Server, Tls, http_answer, leaf, pem, root

if sys.platform == "win32":
    pytest.skip("a POSIX SSH server is started", allow_module_level=True)

pytestmark = pytest.mark.skipif(bool(ssh_lab.missing()), reason=ssh_lab.missing() or "there is one")


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A real sshd on 127.0.0.1 with keys of its own."""
    with ssh_lab.server(tmp_path) as served:
        yield served


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A portal of the test's own: its port and the file with its root."""
    anchor = root()
    served = leaf(anchor)
    (tmp_path / "root.pem").write_text(pem(anchor.der))
    with Server(Tls([served.der], served.key, answer=lambda asked: http_answer()).handler()) as server:
        yield server.port, tmp_path / "root.pem"


def test_a_session_survives_a_lost_line_and_goes_on_at_the_next_login(
    host: Host, portal: tuple[int, Path]
) -> None:
    port, anchor = portal
    program = [
        f"PYTHONPATH={REPOSITORY}", sys.executable, "-m", "tui", "--session", "over-ssh",
        "--portal", f"127.0.0.1:{port}", "--ca-file", str(anchor),
    ]  # fmt: skip
    with host.login(*program) as terminal:
        terminal.see("次にやること")
        terminal.see("検査が終わりました")
        terminal.send("c")
        terminal.see("どの手続をしますか")
        terminal.send("1")  # the applicant; the form goes on to the next question
        terminal.see("申請者本人")
        terminal.send("1")
        terminal.see("登録自動車")
        terminal.send("\x1b")
        terminal.see("証明書とブラウザー")
        terminal.send("R")
        terminal.see("始めますか")
        terminal.send("y")
        terminal.until(lambda: "portal.tls" in _results(host.home), "the check of the portal to be on disk")
        terminal.until(lambda: "保存済" in terminal.text, "the screen to say that it is saved")
        terminal.kill(signal.SIGKILL)  # the line is lost: no goodbye from either side
    saved = _session(host.home)
    assert saved["answers"]["case.role"]["value"] == "self"
    assert saved["answers"]["case.vehicle"]["value"] == "registered"
    assert saved["results"]["portal.tls"]["code"] == "ok"
    with host.login(*program) as terminal:
        terminal.see("登録自動車")
        terminal.see("[済] ポータルへの接続")
        terminal.send("q")
        assert terminal.wait() == 0
    assert _session(host.home)["answers"] == saved["answers"]


def test_without_a_terminal_the_login_gets_one_sentence_and_exit_code_2(host: Host) -> None:
    with host.login(f"PYTHONPATH={REPOSITORY}", sys.executable, "-m", "tui", tty=False) as terminal:
        assert terminal.wait() == 2
    said = terminal.received.decode()
    assert "--plain" in said
    assert said.count("\n") == 1


def _session(home: Path) -> dict[str, Any]:
    files = list(home.rglob("over-ssh.toml"))
    return tomllib.loads(files[0].read_text("utf-8")) if files else {}


def _results(home: Path) -> dict[str, Any]:
    found = _session(home).get("results", {})
    assert isinstance(found, dict)
    return found
