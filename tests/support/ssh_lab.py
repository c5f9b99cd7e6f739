"""A real OpenSSH server of the test's own on 127.0.0.1, and logins to it in a pseudo-terminal."""

from __future__ import annotations

import contextlib
import getpass
import os
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.pty_screen import PtyScreen

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
REPOSITORY = Path(__file__).resolve().parents[2]


def missing() -> str:
    """Why there can be no server here; empty when there can."""
    if sys.platform == "win32" or SSHD is None or shutil.which("ssh") is None:
        return "no OpenSSH server on this machine"
    import pwd

    try:
        shell = pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return "this account has no name"
    return "nobody can log in to this account" if shell.endswith(("/nologin", "/false")) else ""


@dataclass(frozen=True)
class Host:
    """A host of the test's own that can be logged in to, and the folder that is its home."""

    port: int
    key: Path
    home: Path

    def argv(self, *command: str, options: Sequence[str] = ("-tt",)) -> list[str]:
        """The client's command line; `command` goes to the server as it is."""
        return [
            "ssh", "-F", "none", *options, "-i", str(self.key), "-p", str(self.port),
            "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={self.home}/known", "-o", "LogLevel=ERROR",
            "-o", "IdentitiesOnly=yes", f"{getpass.getuser()}@127.0.0.1", *command,
        ]  # fmt: skip

    def env(self, **more: str) -> dict[str, str]:
        """The client's environment."""
        return {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(self.home), **more}

    def login(self, *command: str, columns: int = 80, lines: int = 24, tty: bool = True) -> PtyScreen:
        """`ssh -tt` to it in a pseudo-terminal; the remote side starts with an empty environment but for HOME."""
        remote = ["env", "-i", f"HOME={self.home}", "PATH=/usr/bin:/bin", "TERM=xterm-256color", *command]
        argv = self.argv(*remote, options=("-tt" if tty else "-T",))
        return PtyScreen(argv, self.env(), columns=columns, lines=lines)

    def knock(
        self, *command: str, options: Sequence[str] = ("-tt",), env: Mapping[str, str] | None = None
    ) -> PtyScreen:
        """A login with nothing between the client and the server: what a person at the client could ask for."""
        return PtyScreen(self.argv(*command, options=options), self.env(**(env or {})))


@contextlib.contextmanager
def server(folder: Path, restrictions: str = "", *, more: str = "") -> Iterator[Host]:
    """A server with one account, ours; `restrictions` stand before the key, `more` are lines of its configuration."""
    assert SSHD is not None
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    home = folder / "home"
    home.mkdir()
    if sys.platform != "win32" and os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "authorized").write_text(f"{restrictions} {(folder / 'user.pub').read_text()}".lstrip())
    config = folder / "sshd_config"
    config.write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nPasswordAuthentication no\n"
        f"PermitRootLogin prohibit-password\nPrintMotd no\n{more}"
    )
    run = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _answers(port), "the SSH server to answer")
        yield Host(port, folder / "user", home)
    finally:
        run.terminate()
        run.wait(10)


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
