"""The password of a certificate file, as a person types it: used once, seen nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.helpers_tui import make_app
from tests.support.pty_screen import PtyScreen
from tui.screens import password

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is used", allow_module_level=True)

PASSWORD = "Canary-Passw0rd"
PROGRAM = [sys.executable, "-m", "tui"]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A session that names a certificate file with a password."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
    from cryptography.x509.oid import NameOID

    key, issuer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)

    def named(words: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])

    certificate = (
        x509.CertificateBuilder()
        .issuer_name(named("Example CA"))
        .subject_name(named("Canary Holder"))
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=400))
        .sign(issuer, hashes.SHA256())
    )
    file = tmp_path / "example.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", key, certificate, None, BestAvailableEncryption(PASSWORD.encode())
        )
    )
    variables = {**os.environ, "OSS_JUNBI_HOME": str(tmp_path / "home"), "TERM": "xterm-256color"}
    answers = ["certificate.kind=gyoseishoshi", f"certificate.file-path={file}", "case.role=gyoseishoshi"]
    subprocess.run([*PROGRAM, "answer", *answers, "--session", "p"], env=variables, cwd=ROOT, check=True)
    yield variables
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert PASSWORD.encode() not in kept
    assert b"Canary Holder" not in kept


def test_on_the_screen_it_is_masked_and_used_for_one_reading(env: dict[str, str]) -> None:
    command = [*PROGRAM, "--session", "p", "--offline"]
    with PtyScreen(command, env, columns=100, lines=30) as terminal:
        terminal.until(lambda: "pc.memory" in _kept(env), "the first look at this PC")
        assert '"certificate.file"]' not in _kept(env)  # its path was not typed here
        terminal.send("/")
        terminal.send("certificate.file\r")
        terminal.see("電子証明書を取得しましたか")
        terminal.send("jj")
        terminal.see("証明書のファイル")
        terminal.send("r")
        terminal.see("1回の読み取りだけに使い")
        terminal.send(PASSWORD)
        terminal.see("*" * len(PASSWORD))
        terminal.send("\r")
        terminal.until(lambda: "unknown-family" in _kept(env), "the file to be read with its password")
        terminal.send("q")
        terminal.wait()
    assert PASSWORD.encode() not in bytes(terminal.received)


def test_a_command_asks_for_it_without_showing_it(env: dict[str, str]) -> None:
    with PtyScreen([*PROGRAM, "check", "certificate.file", "--session", "p"], env) as terminal:
        terminal.see("証明書ファイルのパスワード")
        terminal.send(PASSWORD + "\n")
        terminal.wait()
    said = bytes(terminal.received)
    assert PASSWORD.encode() not in said
    assert "Example CA" in said.decode()


def _kept(env: dict[str, str]) -> str:
    return "".join(path.read_text("utf-8") for path in Path(env["OSS_JUNBI_HOME"]).rglob("p.toml"))


def test_no_dump_is_made_from_the_moment_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    monkeypatch.setattr(password, "no_dumps", lambda: told.append(True))
    app = make_app(tmp_path / "x.toml")
    password.Password(app.desk, next(iter(app.desk.guide.checks.values())))
    assert told == [True]
    app.desk.session.close(2.0)
