"""The child process: what it answers, how it is stopped, and that nothing it is given shows anywhere.

Covers checks.secret.
"""

from __future__ import annotations

import contextlib
import copy
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import pytest

from checks import child
from checks.child import ChildCrash, ChildError, ChildLate, call
from checks.secret import Secret, first_line
from tests.support import child_work

ROOT = Path(__file__).resolve().parents[2]
WORK = child_work.__name__


def test_an_answer_comes_back() -> None:
    assert call("base64:b64encode", b"hello", deadline=10) == b"aGVsbG8="
    assert call("base64:b64encode", Secret(b"hello"), deadline=10) == b"aGVsbG8="


def test_a_payload_larger_than_a_pipe_and_an_answer_as_large_as_allowed() -> None:
    data = os.urandom(child.PAYLOAD)
    assert call(f"{WORK}:length", data, deadline=10) == str(len(data)).encode()
    assert len(call(f"{WORK}:answer", b"5000", deadline=10, answer=5000)) == 5000
    with pytest.raises(ChildError, match="too much"):
        call(f"{WORK}:answer", b"5001", deadline=10, answer=5000)
    with pytest.raises(ValueError):
        call(f"{WORK}:length", data + b"x", deadline=10)


@pytest.mark.parametrize("work", ["sleep", "spin", "hold", "flood"])
def test_what_does_not_end_is_ended(work: str) -> None:
    begin = time.monotonic()
    with pytest.raises(ChildError) as caught:
        call(f"{WORK}:{work}", b"", deadline=1.0)
    assert time.monotonic() - begin < 5
    if work != "flood":
        assert isinstance(caught.value, ChildLate)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_memory_is_limited() -> None:
    assert call(f"{WORK}:eat", b"1000000", deadline=10) == b"1000000"
    with pytest.raises(ChildError):
        call(f"{WORK}:eat", str(2 * child.MEMORY).encode(), deadline=10)


@pytest.mark.parametrize("work", ["raises", "panics", "leaves", "nothing-here", "dies"])
def test_a_child_that_fails_is_an_error(work: str) -> None:
    with pytest.raises(ChildError):
        call(f"{WORK}:{work}", b"secret-payload", deadline=10)
    with pytest.raises(ChildError):
        call("no.such.module:at_all", b"", deadline=10)


def test_a_defect_of_the_work_is_told_by_its_class_and_place() -> None:
    with pytest.raises(ChildCrash) as caught:
        call(f"{WORK}:raises", b"secret-payload", deadline=10)
    assert caught.value.raised[0] == "ValueError"
    assert caught.value.raised[1].startswith(f"{WORK}.raises:")
    assert "secret" not in f"{caught.value} {caught.value.args}"
    for work in ("panics", "leaves"):
        with pytest.raises(ChildError) as ended:
            call(f"{WORK}:{work}", b"", deadline=10)
        assert not isinstance(ended.value, ChildCrash), "a library's panic is no defect of ours"


def test_what_the_work_prints_is_no_answer() -> None:
    assert call(f"{WORK}:prints", b"", deadline=10) == b"answer"


def test_the_environment_and_the_arguments_hold_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSS_JUNBI_SECRET", "from-the-environment")
    seen = call(f"{WORK}:surroundings", b"the-payload", deadline=10)
    assert b"from-the-environment" not in seen
    assert b"the-payload" not in seen


def failing(work: str, secret: Secret) -> str:
    """The traceback of a failing call, with all variables."""
    try:
        call(f"{WORK}:{work}", secret, deadline=0.5)
    except ChildError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    pytest.fail("no error")


@pytest.mark.parametrize("work", ["raises", "sleep"])
def test_an_error_shows_nothing_of_the_payload(work: str) -> None:
    told = failing(work, Secret(b"correct-horse"))
    assert "secret = ***" in told
    assert "correct-horse" not in told


def test_it_works_from_an_installation_that_cannot_be_written(tmp_path: Path) -> None:
    place = tmp_path / "site"
    shutil.copytree(ROOT / "checks", place / "checks", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in [place, *place.rglob("*")]:
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    code = "from checks.child import call; print(call('base64:b64encode', b'x', deadline=10).decode())"
    done = subprocess.run(
        (sys.executable, "-B", "-c", code),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b"eA=="]
    for folder in [place, *place.rglob("*")]:
        folder.chmod(0o755 if folder.is_dir() else 0o644)


def test_many_at_once_from_threads() -> None:
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(call("base64:b64encode", b"x", deadline=20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [b"eA=="] * 4


def test_no_child_and_no_descriptor_is_left() -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for work in ("length", "raises", "sleep"):
        with contextlib.suppress(ChildError):
            call(f"{WORK}:{work}", b"", deadline=0.5)
    after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert after == before


def test_without_an_interpreter_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(ChildError, match="interpreter"):
        call("base64:b64encode", b"", deadline=5)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ChildError, match="start"):
        call("base64:b64encode", b"", deadline=5)


# Secrets.


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(b"hunter2")
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r}",
        "{}".format(secret),  # noqa: UP032
        repr([secret]),
        ascii(secret),
    ):
        assert "hunter2" not in shown
        assert "***" in shown
    assert secret.reveal() == b"hunter2"
    assert not hasattr(secret, "__dict__")
    for store in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            store(secret)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"word\nmore\n", b"word"),
        (b"word\r\n", b"word"),
        (b" with blanks \n", b" with blanks "),
        (b"no end", b"no end"),
        (b"\n", b""),
        (b"", None),
        ("パス".encode() + b"\n", "パス".encode()),
        (b"x" * 1024 + b"\n", b"x" * 1024),
    ],
)
def test_the_first_line_of_a_descriptor(written: bytes, read: bytes | None) -> None:
    ours, theirs = os.pipe()
    try:
        os.write(theirs, written)
        os.close(theirs)
        found = first_line(ours)
        assert (found.reveal() if found else None) == read
    finally:
        os.close(ours)


def test_a_line_without_end_is_refused() -> None:
    ours, theirs = os.pipe()
    try:
        os.write(theirs, b"x" * 5000)
        with pytest.raises(ValueError):
            first_line(ours)
    finally:
        os.close(ours)
        os.close(theirs)
    with pytest.raises(OSError):
        first_line(ours)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
def test_no_memory_of_a_child_is_written_down() -> None:
    assert call(f"{WORK}:dumps", b"", deadline=10) == b"0 0"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
def test_nor_of_the_process_that_reads_a_password() -> None:
    code = (
        "from tests.support.child_work import dumps; from checks.secret import first_line\n"
        "before = dumps(b'')[:1]; first_line(0); print(before.decode(), dumps(b'').decode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"secret\n", cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    assert done.stdout.split() == [b"1", b"0", b"0"]


def test_a_password_is_used_for_less_than_five_seconds() -> None:
    from checks.certfile import inspection

    assert inspection.DEADLINE + 0.4 < 5
