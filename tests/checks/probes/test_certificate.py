"""Step 6 from the answers: what moving voids, from when one can apply, and a password that leaves no trace.

Covers checks.probes.certificate_dates and checks.probes.certificate_file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.finding import find
from checks.guide import load_guide
from checks.model import Check, Context, Finding, Json, Options
from checks.probes import certificate_dates, certificate_file
from checks.rules.conditions import Value, evaluate
from checks.rules.dates import usable
from checks.verdict import outcome_of, verdict
from tests.support.certificate_files import PASSWORD, certificate, p12
from tests.support.fake_system import FakeSystem

ROOT = Path(__file__).resolve().parents[3]
CARDS = ("jpki-reader", "jpki-phone")
REGISTRY = ("registry-file", "registry-remote")


@pytest.fixture(autouse=True)
def japan() -> Iterator[None]:
    settle = getattr(time, "tzset", lambda: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        settle()
        yield
    settle()


def look(check: Check, now: str = "2026-11-22T12:00:00+09:00", /, **answers: Value) -> Finding:
    given_answers = {f"certificate.{name.replace('_', '-')}": value for name, value in answers.items()}
    options = Options(now=datetime.fromisoformat(now).astimezone(UTC))
    finding = find(check, Context(FakeSystem(), given_answers, options))
    assert outcome_of(check, finding.code) is not None, finding
    assert finding.code != "crash", finding
    said = verdict(check, finding.code, finding.values)
    assert said is not None
    for text in (said.text, said.remedy):
        assert text is None or ("{" not in text.ja and "{" not in text.en)
    return finding


def outcome(check: Check, finding: Finding) -> str:
    found = outcome_of(check, finding.code)
    assert found is not None
    return found.value


# Moved, renamed, re-issued.


@pytest.mark.parametrize("kind", CARDS)
@pytest.mark.parametrize(
    ("answers", "code", "meaning"),
    [
        ({}, "unanswered", "skip"),
        ({"moved_house": "no"}, "ok", "pass"),
        ({"moved_house": "yes"}, "unanswered", "skip"),
        ({"moved_house": "yes", "reissued": "no"}, "moved-not-reissued", "fail"),
        (
            {"moved_house": "yes", "reissued": "no", "issued_on": date(2026, 1, 1)},
            "moved-not-reissued",
            "fail",
        ),
        ({"moved_house": "yes", "reissued": "yes"}, "no-issue-day", "unknown"),
        ({"moved_house": "yes", "reissued": "yes", "issued_on": date(2026, 11, 20)}, "reissued", "pass"),
        ({"moved_house": "yes", "reissued": "yes", "issued_on": date(2026, 11, 21)}, "waiting", "warn"),
        ({"moved_house": "yes", "reissued": "yes", "issued_on": date(2026, 11, 22)}, "waiting", "warn"),
        ({"moved_house": "yes", "reissued": "yes", "issued_on": date(2026, 12, 1)}, "waiting", "warn"),
        ({"moved_house": "no", "issued_on": date(2026, 11, 22)}, "waiting", "warn"),
        ({"moved_house": "no", "issued_on": date(2024, 5, 1)}, "ok", "pass"),
        ({"moved_house": "no", "issued_on": date.max}, "waiting", "warn"),
        ({"register_changed": "yes"}, "unanswered", "skip"),
    ],
)
def test_the_card_after_moving(kind: str, answers: dict[str, Value], code: str, meaning: str) -> None:
    finding = look(certificate_dates.moved, kind=kind, **answers)
    assert (finding.code, outcome(certificate_dates.moved, finding)) == (code, meaning)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("registry-file", "register_changed"),
        ("registry-remote", "register_changed"),
        ("gyoseishoshi", "office_changed"),
    ],
)
def test_the_register_and_the_office(kind: str, changed: str) -> None:
    moved = certificate_dates.moved
    assert look(moved, kind=kind).code == "unanswered"
    assert look(moved, kind=kind, **{changed: "no"}).code == "ok"
    assert look(moved, kind=kind, **{changed: "yes"}).code == "unanswered"
    finding = look(moved, kind=kind, replaced="no", **{changed: "yes"})
    assert finding.code == changed.replace("_", "-")
    assert outcome(moved, finding) == "fail"
    assert look(moved, kind=kind, replaced="yes", **{changed: "yes"}).code == "replaced"
    # No wait of a day is known for these.
    assert look(moved, kind=kind, issued_on=date(2026, 11, 22), **{changed: "no"}).code == "ok"


@pytest.mark.parametrize(
    ("now", "issued", "code", "until"),
    [
        ("2026-11-22T00:00:00+09:00", date(2026, 11, 20), "reissued", None),
        ("2026-11-21T23:59:59+09:00", date(2026, 11, 20), "waiting", "2026-11-22 00:00"),
        ("2026-12-31T08:00:00+09:00", date(2026, 12, 31), "waiting", "2027-01-02 00:00"),
        ("2026-11-20T15:00:00+00:00", date(2026, 11, 21), "waiting", "2026-11-23 00:00"),
    ],
)
def test_the_moment_from_which_one_can_apply(now: str, issued: date, code: str, until: str | None) -> None:
    finding = look(
        certificate_dates.moved, now, kind="jpki-reader", moved_house="yes", reissued="yes", issued_on=issued
    )
    assert finding.code == code
    assert finding.values.get("until") == until
    assert str(finding.values["wareki"]).startswith("令和8年")


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_it_is_never_promised_too_early_nor_later_than_two_days(issued: date) -> None:
    """Whatever the hour of issue on that day in Japan, 24 hours have passed; and less than 24 more than needed."""
    begin = datetime(issued.year, issued.month, issued.day, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert usable(issued) - begin == timedelta(days=2)


def test_it_applies_to_certificates_that_a_change_voids() -> None:
    applies = load_guide("oss").checks["certificate.moved"].applies
    holds = {
        kind: evaluate(applies, {"certificate.kind": kind}).yes
        for kind in (*CARDS, *REGISTRY, "gyoseishoshi", "other-ca")
    }
    assert holds == {**dict.fromkeys((*CARDS, *REGISTRY, "gyoseishoshi"), True), "other-ca": False}


# The last day as answered.


@pytest.mark.parametrize(
    ("kind", "last", "code"),
    [
        ("jpki-phone", None, "unanswered"),
        ("jpki-phone", date(2026, 11, 21), "expired"),
        ("jpki-phone", date(2026, 11, 22), "renewable"),
        ("jpki-phone", date(2027, 2, 22), "renewable"),
        ("jpki-phone", date(2027, 2, 23), "in-date"),
        ("registry-remote", date(2026, 12, 22), "expires-soon"),
        ("registry-remote", date(2026, 12, 23), "in-date"),
        ("", date(2030, 1, 1), "in-date"),
        ("", date.max, "in-date"),
    ],
)
def test_validity(kind: str, last: date | None, code: str) -> None:
    answers: dict[str, Value] = {"kind": kind} if last is None else {"kind": kind, "expires_on": last}
    finding = look(certificate_dates.validity, **answers)
    assert finding.code == code
    if code == "renewable":
        assert "renewable_wareki" in finding.values


# The file.


def file_finding(path: Path | str, *, fd: int | None = None, kind: str = "registry-file") -> Finding:
    answers: dict[str, Value] = {"certificate.kind": kind, "certificate.file-path": str(path)}
    options = Options(now=datetime(2026, 11, 22, tzinfo=UTC), password_fd=fd)
    finding = find(certificate_file.certificate_file, Context(FakeSystem(), answers, options))
    assert outcome_of(certificate_file.certificate_file, finding.code) is not None, finding
    return finding


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "office.p12"
    path.write_bytes(p12(certificate()))
    return path


def test_remote_signing_has_no_file_and_never_fails(file: Path) -> None:
    for path in ("", file, "/nowhere"):
        finding = file_finding(path, kind="registry-remote")
        assert (finding.code, outcome(certificate_file.certificate_file, finding)) == ("remote", "skip")
    assert file_finding("  ").code == "no-path"


def test_the_password_comes_from_a_descriptor(file: Path) -> None:
    found: dict[bytes, str] = {}
    for line in (PASSWORD + b"\n", PASSWORD + b"\r\nmore", b"wrong\n", b"", b"x" * 3000):
        ours, theirs = os.pipe()
        os.write(theirs, line)
        os.close(theirs)
        found[line[:14]] = file_finding(file, fd=ours).code
        os.close(ours)
    assert list(found.values()) == ["ok", "ok", "wrong-password", "password-needed", "no-password-read"]
    assert file_finding(file, fd=ours).code == "no-password-read", "a closed one"
    assert file_finding(file).code == "password-needed"
    assert file_finding(f' "{file}" ').code == "password-needed", "as Windows copies a path"


def test_values_of_a_file_are_the_allowed_ones(file: Path) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, PASSWORD + b"\n")
    os.close(theirs)
    finding = file_finding(file, fd=ours)
    os.close(ours)
    values: dict[str, Json] = dict(finding.values)
    assert set(values) == {"family", "issuer", "until", "wareki", "days"}
    assert "SECRET" not in repr(finding)
    assert PASSWORD.decode() not in repr(finding)


def test_a_whole_command_leaves_no_trace_of_the_password(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, "OSS_JUNBI_HOME": str(home), "OSS_JUNBI_NOW": "2026-11-22T12:00:00+09:00"}

    def command(*argv: str, fd: int | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            (sys.executable, "-m", "tui", "--session", "sakura", *argv),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            pass_fds=() if fd is None else (fd,),
        )

    command("answer", "certificate.kind=registry-file", f"certificate.file-path={file}")
    for password, code, status in ((PASSWORD, b'"ok"', 0), (b"Wrong-Sakura-2026", b'"wrong-password"', 3)):
        ours, theirs = os.pipe()
        os.write(theirs, password + b"\n")
        os.close(theirs)
        done = command(
            "check", "certificate.file", "--save", "--format", "json", "--password-fd", str(ours), fd=ours
        )
        os.close(ours)
        assert done.returncode == status, done.stderr
        assert code in done.stdout
        written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
        for secret in (b"Sakura-2026", b"SECRET PERSON", b"5ec12e75e21a1", str(0x5EC12E75E21A1).encode()):
            assert secret not in done.stdout + done.stderr + written
        assert b"certificate.file" in written
