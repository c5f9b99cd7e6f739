"""All files of a public collection, whole, cut and flipped, and as OpenSSL sees them.

Covers checks.certfile.ber and checks.certfile.pkcs12.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from checks.certfile import ber, pkcs12
from tests.support.certificate_files import (
    judge,
)


def collection() -> list[Path]:
    vectors = pytest.importorskip("cryptography_vectors")
    return sorted((Path(vectors.__file__).parent / "pkcs12").glob("*.p12"))


EXPECTED = {
    "cert-aes256cbc-no-key": (b"cryptography", "no-key"),
    "cert-key-aes256cbc": (b"cryptography", "self-signed"),
    "cert-none-key-none": (b"cryptography", "self-signed"),
    "cert-rc2-key-3des": (b"cryptography", "self-signed"),
    "java-truststore": (None, "no-key"),
    "no-cert-key-aes256cbc": (b"cryptography", "no-certificate"),
    "no-password": (None, "self-signed"),
}


def expected(path: Path) -> tuple[bytes | None, str]:
    """Password and code of a file of the collection, by its name."""
    if path.stem in EXPECTED:
        return EXPECTED[path.stem]
    password = None if path.stem.endswith("-no-pwd") else b"password"
    return password, "no-key" if path.stem.startswith("no-cert-") else "self-signed"


def test_the_collection_with_right_wrong_and_no_password() -> None:
    assert len(collection()) >= 31
    for path in collection():
        data = path.read_bytes()
        password, code = expected(path)
        assert judge(data, password).code == code, path.name
        protected = password is not None and path.stem != "cert-none-key-none"
        assert judge(data, None).code == ("password-needed" if protected else code), path.name
        found = judge(data, b"wrong")
        assert found.code == ("wrong-password" if protected else code), path.name


def test_the_collection_cut_at_each_tenth() -> None:
    for path in collection():
        data = path.read_bytes()
        password, _ = expected(path)
        for tenth in range(10):
            for given_password in (password, b"wrong", None):
                found = judge(data[: len(data) * tenth // 10], given_password)
                assert found.code == ("truncated" if tenth else "empty"), (path.name, tenth)


HARMLESS = {
    "damaged",
    "truncated",
    "not-pkcs12",
    "unsupported",
    "too-costly",
    "wrong-password",
    "password-needed",
}


def test_the_collection_with_single_bytes_flipped() -> None:
    """A flip is noticed or without effect; it never makes a fault of another kind."""
    for number, path in enumerate(collection()):
        data = path.read_bytes()
        password, code = expected(path)
        for at in range(number % 7, len(data), 149):
            for mask in (0x01, 0x80):
                flipped = bytearray(data)
                flipped[at] ^= mask
                found = judge(bytes(flipped), password)
                assert found.code in HARMLESS | {code}, (path.name, at, mask)


def test_iterations_are_read_from_the_collection() -> None:
    found = {
        path.stem: pkcs12.structure_of(ber.definite(path.read_bytes()))
        for path in collection()
        if path.stem in ("cert-rc2-key-3des", "cert-key-aes256cbc")
    }
    assert found["cert-rc2-key-3des"].outdated == ("RC2-40",)
    assert found["cert-rc2-key-3des"].ciphers == ["RC2-40", "3DES"]
    assert found["cert-key-aes256cbc"].outdated == ()
    assert all(outside.iterations >= 4096 and outside.checksum for outside in found.values())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")
def test_openssl_opens_what_we_open_and_nothing_else() -> None:
    """Its own program, which shares no code with the reader of the outside, judges each password."""
    for path in [path for path in collection() if not path.stem.startswith("name-")]:
        password, _ = expected(path)
        for word in (password or b"", b"wrong"):
            argv = ("openssl", "pkcs12", "-legacy", "-noout", "-in", path, "-passin", f"pass:{word.decode()}")
            opened = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
            ours = judge(path.read_bytes(), word or None).code
            # Without a key, or with a certificate in the open, the fault is there whatever the password.
            if password and path.stem != "cert-none-key-none":
                assert opened == (ours not in ("wrong-password", "password-needed")), (path.name, word, ours)
