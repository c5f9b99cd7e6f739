"""Full screen through a real OpenSSH server: answer, check, lose the line, log in again, find everything."""

from __future__ import annotations

import getpass
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.pty_screen import PtyScreen
from tests.tls_lab import Server, Tls, http_answer, leaf, pem, root

if sys.platform == "win32":
    pytest.skip("a POSIX SSH server is started", allow_module_level=True)

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
REPOSITORY = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(
    SSHD is None or shutil.which("ssh") is None, reason="no OpenSSH server on this machine"
)


@dataclass(frozen=True)
class Host:
    """A host of the test's own that can be logged in to, and the folder that is its home."""

    port: int
    key: Path
    home: Path

    def login(self, *command: str, columns: int = 80, lines: int = 24, tty: bool = True) -> PtyScreen:
        """`ssh -tt` to it in a pseudo-terminal; the remote side starts with an empty environment but for HOME."""
        remote = ["env", "-i", f"HOME={self.home}", "PATH=/usr/bin:/bin", "TERM=xterm-256color", *command]
        argv = [
            "ssh", "-F", "none", "-tt" if tty else "-T", "-i", str(self.key), "-p", str(self.port),
            "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={self.home}/known", "-o", "LogLevel=ERROR",
            "-o", "IdentitiesOnly=yes", f"{getpass.getuser()}@127.0.0.1", *remote,
        ]  # fmt: skip
        env = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(self.home)}
        return PtyScreen(argv, env, columns=columns, lines=lines)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A real sshd on 127.0.0.1 with keys of its own."""
    assert SSHD is not None
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True
        )
    home = tmp_path / "home"
    home.mkdir()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "authorized").write_text((tmp_path / "user.pub").read_text())
    config = tmp_path / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {tmp_path}/host\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {tmp_path}/authorized\nStrictModes no\nPasswordAuthentication no\n"
        "PermitRootLogin prohibit-password\nPrintMotd no\n"
    )
    server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _answers(port), "the SSH server to answer")
        yield Host(port, tmp_path / "user", home)
    finally:
        server.terminate()
        server.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(condition: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + 20
    pause = 0.01
    while not condition():
        assert time.monotonic() < limit, f"waited in vain for {what}"
        select.select([], [], [], pause)


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
