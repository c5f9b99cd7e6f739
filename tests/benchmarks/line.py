"""Where the programs run: here, through a real SSH server, and through one behind a slow line."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
ROUND_TRIP = 0.2
RATE = 64_000 / 8
"""The slow line: seconds there and back, bytes a second each way."""

Wrap: TypeAlias = Callable[[Sequence[str], Mapping[str, str]], list[str]]
"""What makes the command that is really started of a program's command and environment."""


class SlowLine:
    """A relay on 127.0.0.1 that delays every byte and lets through no more than the rate; counts what comes back."""

    def __init__(self, port: int) -> None:
        self._far = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.received = 0
        threading.Thread(target=self._serve, daemon=True, name="slow line").start()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._far))
            for one, other, counts in ((near, far, False), (far, near, True)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._relay, args=(one, other, counts), daemon=True).start()

    def _relay(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        # The reader stamps each piece with the moment at which it is due; the writer waits for that moment.
        due: list[tuple[float, bytes]] = []
        ready = threading.Condition()

        def write() -> None:
            while True:
                with ready:
                    ready.wait_for(lambda: due)
                    at, data = due.pop(0)
                time.sleep(max(0.0, at - time.monotonic()))
                with suppress(OSError):
                    if data:
                        target.sendall(data)
                        continue
                    target.shutdown(socket.SHUT_WR)
                return

        threading.Thread(target=write, daemon=True).start()
        free = 0.0
        while True:
            try:
                data = source.recv(1024)
            except OSError:
                data = b""
            free = max(free, time.monotonic()) + len(data) / RATE
            if counts:
                self.received += len(data)
            with ready:
                due.append((free + ROUND_TRIP / 2, data))
                ready.notify()
            if not data:
                return

    def close(self) -> None:
        """Take no more connections."""
        self._door.close()


@contextmanager
def ssh(slow: bool = False) -> Iterator[Wrap]:
    """A server on 127.0.0.1 with keys of its own; what it gives turns a command into `ssh -tt` to it."""
    assert SSHD is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{name}/{key}"], check=True)
        (folder / "authorized").write_text((folder / "user.pub").read_text())
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (folder / "config").write_text(
            f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {name}/host\nPidFile none\nUsePAM no\n"
            f"AuthorizedKeysFile {name}/authorized\nStrictModes no\nPasswordAuthentication no\n"
            "PermitRootLogin prohibit-password\nPrintMotd no\n"
        )
        if sys.platform != "win32" and os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", f"{name}/config"], stderr=subprocess.DEVNULL)
        line = SlowLine(port) if slow else None
        try:
            _until_it_answers(port)
            through = line.port if line else port

            def wrap(argv: Sequence[str], env: Mapping[str, str]) -> list[str]:
                given = [
                    f"{key}={env[key]}" for key in ("PATH", "HOME", "LANG", "OSS_JUNBI_HOME") if key in env
                ]
                remote = ["env", "-i", "TERM=xterm-256color", *given, *argv]
                return [
                    "ssh", "-F", "none", "-tt", "-i", f"{name}/user", "-p", str(through), "-o", "LogLevel=ERROR",
                    "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={name}/known",
                    "-o", "IdentitiesOnly=yes", f"{getpass.getuser()}@127.0.0.1",
                    f"cd {shlex.quote(os.getcwd())} && {shlex.join(remote)}",
                ]  # fmt: skip

            yield wrap
        finally:
            if line:
                line.close()
            server.terminate()
            server.wait(10)


def _until_it_answers(port: int) -> None:
    limit = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > limit:
            raise RuntimeError("the SSH server does not answer")
        time.sleep(0.02)
