"""What is told of a certificate file: its family, its dates, its kind, and no secret in anything that is kept.

Covers checks.certfile.content and checks.certfile.judging.
"""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)

from checks.certfile import judging
from checks.certfile.judging import CODES, Container, Criteria
from checks.pki import certificates
from checks.probes.certificate_file import certificate_file
from tests.support.certificate_files import (
    G_ID,
    NOW,
    OTHER,
    PERSON,
    certificate,
    jpki,
    judge,
    key,
    p12,
)

SIGN = jpki("JPKI for digital signature")
AUTH = jpki("JPKI for user authentication")
TEST = jpki("JPKI for digital signature", "JPKI-TEST")
DAY = timedelta(days=1)
GOOD = p12(certificate())


def test_every_code_has_its_sentence_and_every_sentence_its_code() -> None:
    assert set(certificate_file.says) == {*CODES, "partly", "remote", "no-path", "no-password-read"}


@pytest.mark.parametrize(
    ("issuer", "policy", "family"),
    [
        (SIGN, "1.2.392.200149.8.5.1.1.20", "jpki"),
        (SIGN, "1.2.392.200149.8.5.1.1.40", "jpki"),
        (SIGN, "", "jpki"),
        (SIGN, "1.2.3.4", "unknown"),
        (SIGN, "1.2.392.200149.8.5.1.0.20", "jpki-test"),
        (TEST, "", "jpki-test"),
        (AUTH, "1.2.392.200149.8.5.1.3.30", "jpki-auth"),
        (jpki("Something else"), "", "unknown"),
        (None, "1.2.392.100300.1.3.4", "registry"),
        (None, "1.2.392.100300.1.3.2", "registry"),
        (None, "", "unknown"),
        (None, "1.2.3.4", "unknown"),
        (G_ID, "", "g-id"),
        (G_ID[:2], "", "unknown"),
        (OTHER, "1.2.392.100300.1.3.4", "unknown"),
        (OTHER, "", "unknown"),
    ],
)
def test_families(issuer: object, policy: str, family: str) -> None:
    made = certificate(issuer, policy) if issuer else certificate(policy=policy)  # type: ignore[arg-type]
    assert judging.family_of(certificates.parse(made.public_bytes(Encoding.DER))) == family


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (-30 * DAY, 31 * DAY, "ok"),
        (-30 * DAY, 30 * DAY + timedelta(seconds=1), "ok"),
        (-30 * DAY, 30 * DAY, "expires-soon"),
        (-30 * DAY, timedelta(0), "expires-soon"),
        (-30 * DAY, timedelta(seconds=-1), "expired"),
        (timedelta(0), 300 * DAY, "ok"),
        (timedelta(seconds=1), 300 * DAY, "not-yet-valid"),
    ],
)
def test_dates(begin: timedelta, end: timedelta, code: str) -> None:
    assert judge(p12(certificate(begin=NOW + begin, end=NOW + end))).code == code


def test_the_last_day_is_the_one_in_japan() -> None:
    made = p12(certificate(end=datetime(2027, 3, 31, 15, 0, tzinfo=UTC)))
    assert judge(made).values["until"] == "2027-04-01"
    assert (
        judge(p12(certificate(end=datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC)))).values["until"]
        == "2027-03-31"
    )


@pytest.mark.parametrize(
    ("made", "kind", "code"),
    [
        (certificate(), "registry-file", "ok"),
        (certificate(), "gyoseishoshi", "other-family"),
        (certificate(G_ID, ""), "gyoseishoshi", "ok"),
        (certificate(G_ID, ""), "registry-file", "other-family"),
        (certificate(G_ID, ""), "other-ca", "ok"),
        (certificate(OTHER, ""), "other-ca", "unknown-family"),
        (certificate(OTHER, ""), "registry-file", "unknown-family"),
        (certificate(PERSON, ""), "other-ca", "self-signed"),
        (certificate(TEST, ""), "", "test-certificate"),
        (certificate(AUTH, ""), "", "authentication-only"),
    ],
)
def test_kinds(made: object, kind: str, code: str) -> None:
    found = judge(p12(made), kind=kind)  # type: ignore[arg-type]
    assert found.code == code
    assert ("issuer" in found.values) == (code != "self-signed")


def usage(*bits: str) -> x509.KeyUsage:
    first = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
    names = (*first, "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in bits for name in names})


def purposes(*dotted: str) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in dotted])


SERVER, CLIENT, MAIL = (f"1.3.6.1.5.5.7.3.{number}" for number in (1, 2, 4))
UNREADABLE = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.15"), b"\x05\x00")


@pytest.mark.parametrize(
    ("extensions", "code"),
    [
        ([], "listed"),
        ([usage("digital_signature")], "listed"),
        ([usage("content_commitment", "key_encipherment")], "listed"),
        ([usage("key_encipherment")], "not-for-signing"),
        ([usage("key_agreement", "data_encipherment")], "not-for-signing"),
        ([purposes(SERVER)], "not-for-signing"),
        ([usage("digital_signature"), purposes(SERVER, CLIENT)], "not-for-signing"),
        ([usage("digital_signature"), purposes(CLIENT, MAIL)], "listed"),
        ([usage("key_encipherment"), purposes(MAIL)], "not-for-signing"),
        ([purposes(SERVER, "2.5.29.37.0")], "listed"),
        ([purposes("1.2.3.4")], "listed"),
        ([x509.BasicConstraints(ca=False, path_length=None)], "listed"),
        ([x509.BasicConstraints(ca=True, path_length=None)], "ca-certificate"),
        ([usage("digital_signature", "key_cert_sign")], "ca-certificate"),
        ([UNREADABLE], "unreadable-part"),
    ],
)
def test_only_a_certificate_for_signing_passes(extensions: list[x509.ExtensionType], code: str) -> None:
    made = certificate(OTHER, "", extensions=extensions)
    found = judge(p12(made), kind="other-ca", listed=True)
    assert found.code == code
    assert ("extensions are not readable" in found.evidence) == (code == "unreadable-part")
    bare = made.public_bytes(Encoding.DER)
    on_card = judge(bare, None, "other-ca", listed=True, medium="ic-card").code
    assert on_card == ("card-certificate" if code == "listed" else code)
    assert judge(pem(made.public_bytes(Encoding.PEM), KEY), None).code == (
        "pem-with-key" if code == "listed" else code
    )


def test_of_two_certificates_the_one_for_signing_decides() -> None:
    server = certificate(OTHER, "", extensions=[purposes(SERVER)])
    data = pkcs7.serialize_certificates([server, certificate(OTHER, "")], Encoding.DER)
    assert judge(data, None, "other-ca", listed=True, medium="ic-card").code == "card-certificate"


def test_a_self_signed_authority_with_its_key_is_called_self_signed() -> None:
    made = certificate(PERSON, "", extensions=[x509.BasicConstraints(ca=True, path_length=None)])
    assert judge(p12(made)).code == "self-signed"


def test_old_encryption_is_said_when_nothing_else_is_wrong() -> None:
    read = certificates.parse(certificate().public_bytes(Encoding.DER))
    for kind, code in (("registry-file", "old-encryption"), ("gyoseishoshi", "other-family")):
        found = judging.judge(read, Container(Criteria(NOW, kind), "pkcs12", (), ("RC2-40",)))
        assert found.code == code
    late = Container(Criteria(NOW + 300 * DAY + DAY), "pkcs12", (), ("RC2-40",))
    assert judging.judge(read, late).code == "expired"


def test_the_issuers_name_is_made_harmless() -> None:
    from cryptography.x509.oid import NameOID

    made = certificate([(NameOID.COMMON_NAME, "CA\x1b]0;x\x07[@click=app.quit] \u202eevil")], "")
    issuer = str(judge(p12(made)).values["issuer"])
    assert "\x1b" not in issuer
    assert "\u202e" not in issuer


def test_text_without_marks_is_read_too() -> None:
    data = base64.encodebytes(GOOD)
    assert judge(data).code == "pkcs12-as-text"
    assert judge(b"\r\n" + data.replace(b"\n", b"\r\n")).code == "pkcs12-as-text"
    assert (
        judge(base64.b64encode(certificate().public_bytes(Encoding.DER)), None, "other-ca").code
        == "certificate-only"
    )
    assert judge(data[:-20]).code == "truncated"


def pem(*blocks: bytes) -> bytes:
    return b"".join(blocks)


CERTIFICATE = certificate().public_bytes(Encoding.PEM)
KEY = key(0).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
OTHER_KEY = key(1).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
LOCKED_KEY = key(1).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
OLD = certificate(end=NOW - DAY)


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (certificate().public_bytes(Encoding.DER), "other-ca", "certificate-only"),
        (certificate().public_bytes(Encoding.DER), "registry-file", "no-key"),
        (OLD.public_bytes(Encoding.DER), "registry-file", "expired"),
        (certificate(AUTH, "").public_bytes(Encoding.DER), "other-ca", "authentication-only"),
        (certificate().public_bytes(Encoding.DER)[:-1], "other-ca", "truncated"),
        (CERTIFICATE, "other-ca", "certificate-only"),
        (CERTIFICATE.replace(b"\n", b"\r\n"), "other-ca", "certificate-only"),
        (b"Bag Attributes\n    friendlyName: x\n" + CERTIFICATE, "other-ca", "certificate-only"),
        (pem(CERTIFICATE, KEY), "other-ca", "pem-with-key"),
        (
            pem(KEY, certificate(OTHER, "", number=1).public_bytes(Encoding.PEM), CERTIFICATE),
            "",
            "pem-with-key",
        ),
        (pem(CERTIFICATE, OTHER_KEY), "other-ca", "key-mismatch"),
        (pem(CERTIFICATE, LOCKED_KEY), "other-ca", "pem-with-key"),
        (pem(OLD.public_bytes(Encoding.PEM), KEY), "other-ca", "expired"),
        (KEY, "other-ca", "no-certificate"),
        (CERTIFICATE[:-40], "other-ca", "truncated"),
        (b"x" * 70_000 + b"\n" + CERTIFICATE, "other-ca", "certificate-only"),
    ],
)
def test_certificates_without_a_container(data: bytes, kind: str, code: str) -> None:
    assert judge(data, None, kind).code == code


@pytest.mark.parametrize("form", ["pem", "p7b"])
@pytest.mark.parametrize("order", [1, -1])
def test_without_a_key_the_valid_certificate_decides_and_the_ended_one_is_named(
    form: str, order: int
) -> None:
    both = [certificate(OTHER, ""), certificate(OTHER, "", end=NOW - DAY)][::order]
    bundle = pkcs7.serialize_certificates(both, Encoding.DER)
    data = b"".join(one.public_bytes(Encoding.PEM) for one in both) if form == "pem" else bundle
    for medium, code in (("file", "no-key"), ("", "certificate-only")):
        found = judge(data, None, "other-ca", medium=medium)
        assert (found.code, found.values["until"]) == (code, "2027-09-18")
        assert "another certificate: unknown, notAfter 2026-11-21" in found.evidence
    ended = [one for one in both if one.not_valid_after_utc < NOW]
    assert judge(pkcs7.serialize_certificates(ended, Encoding.DER), None, "other-ca").code == "expired"


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN A-----\n" * 58_000,
        b"-----BEGIN " * 95_000,
        b"-----BEGIN A-----\n-----END A-----\n" * 30_000,
        b"A" * 64 + b" " * 900_000 + b"!",
    ],
)
def test_a_text_of_many_beginnings_is_read_in_one_pass(data: bytes) -> None:
    begin = time.process_time()
    assert judge(data).code in ("truncated", "not-pkcs12", "too-costly")
    assert time.process_time() - begin < 1
