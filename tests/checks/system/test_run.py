"""Child commands: bounded in time and output, nothing of theirs stays behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from checks.system.api import Unavailable
from checks.system.run import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses /bin/sh")


def test_the_output_and_the_exit_status_come_back() -> None:
    output = run(("/bin/sh", "-c", "echo out; echo err >&2; exit 3"))
    assert (output.code, output.data) == (3, b"out\n")


def test_the_environment_is_made_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_SECRET", "x")
    monkeypatch.setenv("LD_PRELOAD", "")
    names = {line.split(b"=")[0] for line in run(("/usr/bin/env",)).data.splitlines()}
    assert b"PATH" in names
    assert not names & {b"EXAMPLE_SECRET", b"LD_PRELOAD"}


def test_standard_input_is_empty() -> None:
    assert run(("/bin/cat",)).data == b""


def test_a_relative_program_is_refused() -> None:
    with pytest.raises(ValueError):
        run(("sh", "-c", "true"))


def test_a_missing_program_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        run(("/nonexistent/program",))


def _gone(pid: int) -> bool:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
@pytest.mark.parametrize("last", ["sleep 60", "exit 0"])
def test_a_grandchild_is_ended_too(tmp_path: Path, last: str) -> None:
    note = tmp_path / "pid"
    script = f"sleep 60 >/dev/null & echo $! >{note}; {last}"
    begin = time.monotonic()
    try:
        run(("/bin/sh", "-c", script), timeout=0.5)
    except Unavailable:
        assert last != "exit 0"
    assert time.monotonic() - begin < 5
    assert _gone(int(note.read_text()))


def test_too_much_output_is_stopped() -> None:
    with pytest.raises(Unavailable, match="more than"):
        run(("/bin/sh", "-c", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxx; done"), limit=10_000)


def test_a_child_that_closes_its_output_and_goes_on_is_stopped() -> None:
    with pytest.raises(Unavailable, match="does not end"):
        run(("/bin/sh", "-c", "exec >&- 2>&-; sleep 60"), timeout=0.3)
