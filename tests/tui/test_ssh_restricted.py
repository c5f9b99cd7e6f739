"""The program as the only command of an SSH account, as docs/restricted-ssh.md has it: every door is closed."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX SSH server is started", allow_module_level=True)

from tests.support import ssh_lab
from tests.support.pty_screen import PtyScreen
from tests.support.ssh_lab import REPOSITORY, Host

pytestmark = pytest.mark.skipif(bool(ssh_lab.missing()), reason=ssh_lab.missing() or "there is one")

STRACE = shutil.which("strace")
_CALL = re.compile(
    r"^\d+\s+(execve|open|openat|creat|rename\w*|link\w*|symlink\w*|mkdir\w*|unlink\w*|connect)\((.*)"
)
_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """The account with its wrapper; every process of it is watched where strace is there."""
    data, wrapper = tmp_path / "data", tmp_path / "oss-junbi-only"
    data.mkdir(mode=0o700)
    watch = (
        f"{STRACE} -f --seccomp-bpf -qq -s 300 -o {tmp_path}/trace -e trace=execve,%file,connect -e signal=none"
        if STRACE
        else ""
    )
    wrapper.write_text(
        "#!/bin/sh\numask 077\ncd /\n"
        f'exec /usr/bin/env -i HOME={tmp_path}/home TERM="$TERM" LANG=C.UTF-8 PATH=/usr/bin:/bin '
        f"OSS_JUNBI_HOME={data} OSS_JUNBI_CONFINED=1 PYTHONPATH={REPOSITORY} PYTHONDONTWRITEBYTECODE=1 "
        f"{watch} {sys.executable} -P -m tui --offline\n"
    )
    wrapper.chmod(0o755)
    with ssh_lab.server(tmp_path, f'command="{wrapper}",restrict,pty', more="AcceptEnv *\n") as served:
        yield served


def test_no_other_command_no_file_transfer_no_forwarding(host: Host, tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    with host.knock("touch", str(planted)) as terminal:
        terminal.see("次にやること")  # the program, whatever was asked for
        terminal.send("q")
        assert terminal.wait() == 0
    for options in (
        ("-T",),
        ("-T", "-s"),
        ("-T", "-W", "127.0.0.1:22"),
        ("-T", "-N", "-R", "0:127.0.0.1:22", "-o", "ExitOnForwardFailure=yes"),
    ):
        asked = (
            ["sftp"]
            if "-s" in options
            else []
            if "-W" in options or "-N" in options
            else ["touch", str(planted)]
        )
        done = subprocess.run(
            host.argv(*asked, options=options), env=host.env(), stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
        )  # fmt: skip
        assert done.returncode in (2, 255), (options, done)
    assert not planted.exists()


def test_no_keys_open_a_door(host: Host, tmp_path: Path) -> None:
    """Random keys, escape sequences and clicks with a hostile environment: nothing started, nothing written elsewhere."""
    planted = tmp_path / "planted"
    opener = tmp_path / "opener"
    opener.write_text(f"#!/bin/sh\ntouch {planted}\n")
    opener.chmod(0o755)
    hostile = {
        "BROWSER": str(opener), "EDITOR": str(opener), "PAGER": str(opener), "SHELL": str(opener), "TEXTUAL_DRIVER": "evil:Driver",
        "TEXTUAL_PRESS": "q", "TEXTUAL_SCREENSHOT": "0", "TEXTUAL_LOG": str(planted), "PYTHONSTARTUP": str(opener), "PYTHONPATH": str(tmp_path),
        "OSS_JUNBI_STATE": str(planted), "OSS_JUNBI_DRIVER": "textual", "LD_PRELOAD": str(opener),
    }  # fmt: skip
    sent = [option for name in hostile for option in ("-o", f"SendEnv={name}")]
    rng = random.Random(20261122)
    keys = "".join(chr(c) for c in range(33, 127) if chr(c) not in "qyR") + "\t\r\x1b "
    with host.knock(options=("-tt", *sent), env=hostile) as terminal:
        terminal.see("次にやること")
        for _ in range(12):
            terminal.send("".join(rng.choices(keys, k=25)))
            terminal.send(
                rng.choice(
                    (
                        "\x1a",
                        "\x1c",
                        "\x10",
                        "\x0f",
                        "\x1b[<0;30;10M\x1b[<0;30;10m",
                        "\x1b[15~",
                        "\x1b]52;c;eA==\x07",
                        "\x1b[?1;2c",
                    )
                )
            )
            terminal.pump(0.05)
        _settle(terminal)
        for _ in range(30):  # out of whatever is in front
            if "oss-junbi  " in terminal.text.split("\n")[0] and re.search(
                "次にやること|Next: ", terminal.text
            ):
                break
            terminal.send("\x1b")
            _settle(terminal)
        if "Next: " in terminal.text:  # an L was among the keys
            terminal.send("L")
        terminal.see("次にやること")
        terminal.send("p")
        terminal.see("w 保存")
        terminal.send("w")
        terminal.see("保存するファイル")
        terminal.send("\x15" + "\x7f" * 60 + f"{host.home}/.ssh-rc\r")
        terminal.see("保存しました")
        terminal.send("\x11")
        terminal.wait()
    assert not planted.exists()
    assert not (host.home / ".ssh-rc").exists()
    assert (tmp_path / "data" / "reports" / ".ssh-rc").exists()
    assert {path.name for path in host.home.iterdir()} <= {"known"}
    if STRACE:
        assert _doors((tmp_path / "trace").read_text("utf-8", "replace"), tmp_path / "data") == []


def _settle(terminal: PtyScreen) -> None:
    """Until all that was typed has been taken in: nothing comes any more for a while."""
    quiet = 0
    while quiet < 3:
        before = len(terminal.received)
        terminal.pump(0.2)
        quiet = quiet + 1 if len(terminal.received) == before else 0


def _doors(trace: str, data: Path) -> list[str]:
    """Programs started that are not ours to start, files touched outside the data folder, networks reached."""
    doors: list[str] = []
    first = True
    for line in trace.splitlines():
        found = _CALL.search(line)
        if found is None or " = -1 " in line:
            continue
        call, rest = found[1], found[2]
        # The installation belongs to root there (docs/restricted-ssh.md); here Python may keep its compiled modules.
        names = [name for name in _NAME.findall(rest) if "/__pycache__/" not in name]
        if call == "execve":
            if (
                not first
                and names
                and names[0] != sys.executable
                and not names[0].startswith(("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"))
            ):
                doors.append(line)
            if (
                re.search(r'"(?:/usr)?/bin/(?:\w*sh|env|python[^"]*|perl|xdg-open|vi\w*|less|more)"', rest)
                and not first
            ):
                doors.append(line)
            first = False
        elif call == "connect":
            if "AF_INET" in rest:
                doors.append(line)
        elif call in ("open", "openat", "creat") and not _WRITES.search(rest):
            continue
        elif not all(name.startswith((f"{data}", "/dev/")) for name in names if name.startswith("/")):
            doors.append(line)
    return doors
