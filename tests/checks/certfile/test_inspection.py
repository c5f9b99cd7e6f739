"""Certificate files read in the process of their own, whatever lies at the place and whatever it answers.

Covers checks.certfile.inspection.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.certfile import inspection
from checks.certfile.inspection import read_file
from checks.certfile.judging import Criteria
from checks.model import Finding
from checks.secret import Secret
from tests.support.certificate_files import (
    NOW,
    PASSWORD,
    certificate,
    judge,
    p12,
    pbes2,
    pbkdf2,
    pfx,
    shrouded,
)

GOOD = p12(certificate())
MAKE_PIPE = getattr(os, "mkfifo", None)


def read(
    path: Path | str,
    password: bytes | None = PASSWORD,
    *,
    kind: str = "",
    deadline: float = inspection.DEADLINE,
) -> Finding:
    secret = None if password is None else Secret(password)
    return read_file(str(path), secret, Criteria(NOW, kind), deadline)


def test_a_file_through_the_child(tmp_path: Path) -> None:
    path = tmp_path / "証明書 $(x) ;'.p12"
    path.write_bytes(GOOD)
    found = read(path, kind="registry-file")
    assert (found.code, found.values["wareki"]) == ("ok", "令和9年9月18日")
    assert set(found.values) == {"family", "issuer", "until", "days", "wareki"}
    assert read(path, None).code == "password-needed"
    assert read(path, b"x" * 5000).code == "wrong-password"


def test_a_bomb_through_the_child_does_not_take_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.p12"
    path.write_bytes(pfx(mac=2**31 - 1))
    begin = time.monotonic()
    assert read(path).code == "too-costly"
    assert time.monotonic() - begin < 3
    # One that stays below the limit, three keys and a checksum, on a machine that is too slow for it.
    path.write_bytes(pfx(shrouded(pbes2(pbkdf2(4_900_000))), 5_000_000))
    begin = time.monotonic()
    assert read(path, deadline=0.7).code == "too-costly"
    assert time.monotonic() - begin < 3


def test_what_is_at_the_place(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with open(tmp_path / "huge", "wb") as file:
        file.truncate(5_000_000_000)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    (tmp_path / "file").write_bytes(GOOD)
    expected = {
        "empty": "empty", "huge": "too-big", ".": "directory", "nothing": "missing", "link": "missing",
        "file/inside": "missing", "loop": "unreadable", "x" * 300: "unreadable", "a\0b": "unreadable",
    }  # fmt: skip
    if MAKE_PIPE:
        MAKE_PIPE(tmp_path / "pipe")
        expected |= {"pipe": "not-a-file"}
    found = {}
    for name in expected:
        data = inspection.contents(str(tmp_path / name) if name != "." else str(tmp_path))
        found[name] = data.code if isinstance(data, Finding) else judge(data).code
    assert found == expected
    assert isinstance(inspection.contents(str(tmp_path / "file")), bytes)
    if sys.platform == "linux":
        assert inspection.contents("/dev/zero") == Finding("not-a-file")
    assert read("~no-such-user-here/x.p12").code == "missing"
    assert read(tmp_path / "huge").values["bytes"] == 5_000_000_000
    assert read("\ud800.p12").code in ("missing", "unreadable")


def test_a_file_that_changes_under_our_hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.p12"
    path.write_bytes(GOOD)
    really = os.open

    def vanished(name: str, flags: int) -> int:
        raise FileNotFoundError

    def pipe_instead(name: str, flags: int) -> int:
        path.unlink()
        assert MAKE_PIPE
        MAKE_PIPE(path)
        return really(name, flags)

    def refused(name: str, flags: int) -> int:
        raise PermissionError

    for change, code in ((refused, "unreadable"), (vanished, "missing"), (pipe_instead, "not-a-file")):
        if change is pipe_instead and MAKE_PIPE is None:
            continue
        monkeypatch.setattr(os, "open", change)
        found = inspection.contents(str(path))
        assert isinstance(found, Finding)
        assert found.code == code
    monkeypatch.undo()


@given(st.binary(max_size=200) | st.just(b'{"code":"ok","values":{"days":"x"},"evidence":[]}'))
def test_an_answer_that_makes_no_sense(answer: bytes) -> None:
    assert inspection._finding(answer).code == "no-answer"


def test_an_answer_is_taken_only_as_far_as_it_may_go() -> None:
    said = {
        "code": "ok",
        "values": {"until": "2027-01-01", "subject": "X", "issuer": "a\x1bb" * 99},
        "evidence": ["\x1b"],
        "of": 2,
        "unread": ["\x1b"],
    }
    found = inspection._finding(json.dumps(said).encode())
    assert set(found.values) == {"until", "issuer", "wareki"}
    assert "\x1b" not in repr(found)
    assert len(str(found.values["issuer"])) <= 80
