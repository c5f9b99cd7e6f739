"""The playbook of docs/fleet, run by ansible-core against SSH servers of the test's own: two good PCs, one broken, one slow."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
PLAYBOOK = shutil.which(
    "ansible-playbook", path=str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")
)
UNSHARE = shutil.which("unshare")
PATIENCE = 30.0

pytestmark = [
    pytest.mark.skipif(PLAYBOOK is None, reason="ansible-core is not installed"),
    pytest.mark.skipif(SSHD is None or sys.platform != "linux", reason="no SSH server is installed"),
    pytest.mark.skipif(
        getattr(os, "geteuid", lambda: 1)() != 0, reason="names of their own for the PCs need root"
    ),
]


@dataclass(frozen=True, slots=True)
class Pc:
    """One SSH server with a host name of its own, and the program as it is installed there."""

    name: str
    port: int
    program: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if child.poll() is not None:
            raise AssertionError("the SSH server ended")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                if connection.recv(4) == b"SSH-":
                    return
        except OSError:
            continue
    raise AssertionError("the SSH server does not answer")


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def pcs(tmp_path: Path) -> Iterator[list[Pc]]:
    assert SSHD is not None
    if (
        UNSHARE is None
        or subprocess.run([UNSHARE, "--uts", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("host names of their own are not possible here")
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    (tmp_path / "keys").write_text((tmp_path / "client.pub").read_text())
    (tmp_path / "keys").chmod(0o600)
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    good = f'PYTHONPATH="{ROOT}" OSS_JUNBI_HOME="{tmp_path}/home" exec "{sys.executable}" -m tui "$@"'
    programs = {
        "pc-01": script(tmp_path / "good", good),
        "pc-02": tmp_path / "good",
        "pc-broken": script(tmp_path / "broken", 'echo "cannot start" >&2; exit 70'),
        "pc-slow": script(tmp_path / "slow", "exec sleep 600"),
    }
    made, children = [], []
    try:
        for name, program in programs.items():
            port = free_port()
            config = tmp_path / f"{name}.conf"
            config.write_text(
                f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nAuthorizedKeysFile {tmp_path}/keys\n"
                "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\n"
            )
            start = f"hostname {name} && exec {SSHD} -D -e -f {config}"
            child = subprocess.Popen([UNSHARE, "--uts", "sh", "-c", start], stderr=subprocess.DEVNULL)
            children.append(child)
            wait_for(port, child)
            made.append(Pc(name, port, program))
        yield made
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(PATIENCE)


def test_playbook_collects_merges_and_never_changes(pcs: list[Pc], tmp_path: Path) -> None:
    assert PLAYBOOK is not None
    results = tmp_path / "results"
    lines = [
        f"{pc.name} ansible_host=127.0.0.1 ansible_port={pc.port} oss_junbi_command={pc.program}"
        for pc in pcs
    ]
    inventory = tmp_path / "hosts.ini"
    inventory.write_text(
        "[pcs]\n" + "\n".join(lines) + "\n[pcs:vars]\n"
        f"ansible_user=root\nansible_ssh_private_key_file={tmp_path}/client\nansible_python_interpreter={sys.executable}\n"
        "ansible_ssh_common_args=-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -F /dev/null\n"
    )
    env = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{Path(PLAYBOOK).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path), "ANSIBLE_HOME": str(tmp_path / "ansible"), "LC_ALL": "C.UTF-8", "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_DEPRECATION_WARNINGS": "false",
    }  # fmt: skip
    values = {
        "oss_junbi_results": str(results), "oss_junbi_options": ["--offline"], "oss_junbi_jitter": 0, "oss_junbi_patience": 12,
        "oss_junbi_merge": str(tmp_path / "good"),
    }  # fmt: skip
    command = [PLAYBOOK, "-i", str(inventory), str(ROOT / "docs/fleet/check.yml"), "-e", json.dumps(values)]
    runs: tuple[tuple[list[str], list[str]], ...] = (
        ([], ["pc-broken", "pc-slow"]),
        (["--limit", "pc-01,pc-02,localhost"], []),
    )
    for more, bad in runs:
        done = subprocess.run(
            command + more, capture_output=True, text=True, env=env, timeout=240, check=False
        )
        stats = {
            match[1]: {word: int(count) for word, count in re.findall(r"(\w+)=(\d+)", match[2])}
            for match in re.finditer(r"^(\S+)\s+: (ok=.*)$", done.stdout, re.MULTILINE)
        }
        assert {name: stat["changed"] for name, stat in stats.items()} == dict.fromkeys(stats, 0), done.stderr
        failed = sorted(name for name, stat in stats.items() if stat["failed"] or stat["unreachable"])
        assert failed == bad, done.stdout[-6000:]
        assert {"pc-01", "pc-02", "localhost"} <= set(stats)
    assert sorted(path.name for path in results.iterdir()) == ["fleet.html", "pc-01.json", "pc-02.json"]
    for name in ("pc-01", "pc-02"):
        document = json.loads((results / f"{name}.json").read_text("utf-8"))
        assert document["host"] == name
        assert len(document["results"]) > 5
    page = (results / "fleet.html").read_text("utf-8")
    assert "pc-01" in page
    assert "pc-02" in page
