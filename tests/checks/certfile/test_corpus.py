"""Files of the programs that people use: each is told what it is, and what we cannot do is never their fault.

Covers checks.certfile.opening.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from checks import child
from checks.card.contents import read_card
from checks.certfile import ber, inspection, opening, pkcs12
from checks.certfile.judging import CODES
from checks.finding import find
from checks.model import Check, Context, Coverage, Finding, Outcome
from checks.pki import der
from checks.probes.certificate_file import certificate_file
from checks.record import replace
from checks.secret import Secret
from checks.verdict import verdict
from tests.support.certificate_files import certificate, judge, key, oid, p12, tlv
from tests.support.fake_system import FakeSystem

CORPUS = Path(__file__).parents[2] / "corpus" / "certificates"
WORD = b"Example-2026"

FOUND = {
    "openssl.p12": "ok",
    "openssl-legacy.p12": "old-encryption",
    "openssl-all-rc2.p12": "old-encryption",
    "openssl-no-checksum.p12": "ok",
    "openssl-open.p12": "ok",
    "openssl-empty-password.p12": "ok",
    "openssl-open-expired.p12": "expired",
    "openssl-sha512.p12": "ok",
    "openssl-blake2.p12": "ok",
    "openssl-camellia.p12": "ok",
    "openssl-aria.p12": "ok",
    "openssl-soon.p12": "expires-soon",
    "openssl-early.p12": "not-yet-valid",
    "openssl-expired.p12": "expired",
    "openssl-endless.p12": "ok",
    "openssl-other.p12": "unknown-family",
    "openssl-test.p12": "test-certificate",
    "openssl-login.p12": "authentication-only",
    "openssl-self-signed.p12": "self-signed",
    "openssl-key-only.p12": "no-certificate",
    "openssl-no-key.p12": "no-key",
    "keytool-two-keys.p12": "ok",
    "keytool-trusted.p12": "no-key",
    "nss.p12": "ok",
    "nss-empty-password.p12": "ok",
    "gnutls.p12": "ok",
    "gnutls-null-password.p12": "ok",
    "gnutls-empty-password.p12": "ok",
    "gnutls-gost-cipher.p12": "unsupported",
    "gnutls-streebog.p12": "unsupported",
    "gnutls-gost-key.p12": "unreadable-part",
    "gnutls-gost-key.crt": "certificate-only",
    "gnutls-key-of-another.p12": "key-mismatch",
    "key-of-another.pem": "key-mismatch",
    "chain.p7b": "certificate-only",
    "chain-text.p7b": "certificate-only",
    "gnutls.p7b": "certificate-only",
    "registry.cer": "certificate-only",
    "endless.cer": "certificate-only",
    "other.crt": "certificate-only",
    "authority.crt": "ca-certificate",
    "other-with-key.pem": "pem-with-key",
    "locked.key": "no-certificate",
    "open.key": "no-certificate",
    "notepad-utf16.cer": "certificate-only",
    "certutil-encoded.p12": "pkcs12-as-text",
}
FREE = {name for name in FOUND if "-open" in name or "-password" in name or not name.endswith(".p12")}
"""What needs no password."""


def stored(name: str) -> bytes:
    return (CORPUS / name).read_bytes()


def test_the_folder_and_its_table_agree() -> None:
    files = {path.name for path in CORPUS.iterdir()} - {"README.md", "make.sh"}
    assert files == set(FOUND)
    told = (CORPUS / "README.md").read_text("utf-8")
    for name in files:
        short = "-" + re.sub(r"^\w+?-|\.\w+$", "", name)
        assert f"`{name}`" in told or f"`{short}`" in told, name


@pytest.mark.parametrize("name", FOUND)
def test_each_file_is_told_what_it_is(name: str) -> None:
    assert judge(stored(name), WORD, "other-ca").code == FOUND[name]


SLOW = ("gnutls-gost-cipher.p12", "gnutls-gost-key.p12", "gnutls-key-of-another.p12")
"""Like `gnutls.p12` where the password is not right, and each takes a second."""


@pytest.mark.parametrize("name", [name for name in FOUND if name.endswith(".p12") and name not in SLOW])
def test_without_and_with_a_wrong_password(name: str) -> None:
    none, wrong = judge(stored(name), None, "other-ca").code, judge(stored(name), b"wrong", "other-ca").code
    if name in FREE:
        assert (none, wrong) == (FOUND[name], FOUND[name])
    else:
        assert none == "password-needed"
        # Where the checksum cannot be computed here, a wrong password cannot be told from a right one.
        hidden = name in ("gnutls-streebog.p12", "openssl-blake2.p12")
        assert wrong == ("unsupported" if hidden else "wrong-password")


def test_what_opens_without_the_password_that_was_typed_says_so() -> None:
    assert "it opens without a password" in judge(stored("openssl-empty-password.p12"), b"wrong").evidence
    assert "it opens without a password" not in judge(stored("openssl-empty-password.p12"), None).evidence


def test_of_two_keys_the_one_that_is_valid_decides_and_the_other_is_named() -> None:
    found = judge(stored("keytool-two-keys.p12"), WORD, "registry-file")
    assert (found.code, found.values["until"]) == ("ok", "2029-03-31")
    assert "another certificate: registry, notAfter 2026-10-31" in found.evidence
    late = datetime(2029, 4, 1, tzinfo=UTC)
    assert judge(stored("keytool-two-keys.p12"), WORD, "registry-file", now=late).code == "expired"


def test_a_text_with_two_certificates_of_one_key() -> None:
    data = b"".join(
        certificate(
            end=datetime(year, 10, 31, tzinfo=UTC), begin=datetime(2025, 1, 1, tzinfo=UTC)
        ).public_bytes(Encoding.PEM)
        for year in (2026, 2028)
    )
    assert judge(data, None, "other-ca").values["until"] == "2028-10-31"


def test_a_right_password_for_what_cannot_be_opened_is_called_right() -> None:
    found = judge(stored("gnutls-gost-cipher.p12"), WORD)
    assert "the password fits, the content cannot be opened" in found.evidence
    assert "damaged" not in certificate_file.says["unsupported"].text.en
    for code in ("unsupported", "unreadable-part", "no-dates", "wrong-password", "too-costly"):
        assert certificate_file.says[code].outcome is Outcome.UNKNOWN


def test_ciphers_that_openssl_was_built_without(tmp_path: Path) -> None:
    """Without its old ciphers the library opens the key (3DES) and not the certificates (RC2)."""
    program = (
        "import sys; from tests.support.certificate_files import judge; from pathlib import Path\n"
        "found = judge(Path(sys.argv[1]).read_bytes(), b'Example-2026'); print(found.code, list(found.coverage.unread))"
    )
    argv = (sys.executable, "-c", program, str(CORPUS / "openssl-legacy.p12"))
    environment = {**os.environ, "CRYPTOGRAPHY_OPENSSL_NO_LEGACY": "1"}
    done = subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout.strip() == "unsupported ['encrypted part']", done.stderr


# Confirmed by the person.


@pytest.mark.parametrize(
    ("name", "listed", "medium", "code"),
    [
        ("openssl-other.p12", False, "", "unknown-family"),
        ("openssl-other.p12", True, "", "listed"),
        ("openssl-other.p12", True, "file", "listed"),
        ("other.crt", True, "", "certificate-only"),
        ("other.crt", True, "file", "no-key"),
        ("other.crt", False, "ic-card", "unknown-family"),
        ("other.crt", True, "ic-card", "card-certificate"),
        ("chain.p7b", True, "ic-card", "card-certificate"),
        ("registry.cer", False, "ic-card", "card-certificate"),
    ],
)
def test_what_the_advice_asks_leads_to_a_pass(name: str, listed: bool, medium: str, code: str) -> None:
    assert judge(stored(name), WORD, "other-ca", listed=listed, medium=medium).code == code
    if code == "listed":
        for kind in ("registry-file", "gyoseishoshi", ""):
            assert judge(stored(name), WORD, kind, listed=True).code == "unknown-family"


def check_of(path: Path, **answers: str) -> Finding:
    named = {f"certificate.{name}": value for name, value in answers.items()}
    options = Context(FakeSystem()).options
    context = Context(
        FakeSystem(),
        {**named, "certificate.file-path": str(path)},
        replace(options, now=datetime(2026, 11, 22, tzinfo=UTC)),
    )
    return find(certificate_file, context)


def test_the_check_hears_both_answers() -> None:
    card = {"kind": "other-ca", "listed": "yes", "medium": "ic-card"}
    assert check_of(CORPUS / "other.crt", **card).code == "card-certificate"
    assert check_of(CORPUS / "other.crt", **{**card, "kind": "registry-file"}).code == "no-key"
    assert {"certificate.listed", "certificate.medium"} <= set(certificate_file.needs)


# Dates beyond the calendar.


@pytest.mark.parametrize("name", ["openssl-endless.p12", "endless.cer"])
def test_a_certificate_without_an_end_says_so(name: str) -> None:
    found = judge(stored(name), WORD, "other-ca")
    assert (found.values["until"], found.evidence[-1]) == ("9999-12-31", "no end is set (RFC 5280)")
    said = verdict(
        certificate_file, found.code, {**found.values, **inspection._japanese(str(found.values["until"]))}
    )
    assert said is not None
    assert "期限の定めなし" in said.text.ja
    assert "no end is set" in said.text.en
    assert "期限" not in said.text.en


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (b"\x17\x0d500101000000Z", b"\x18\x0f99991231235959Z", "ok"),
        (b"\x18\x0f00010101000000Z", b"\x18\x0f99991231235959Z", "ok"),
        (b"\x18\x0f99991231235959Z", b"\x18\x0f99991231235959Z", "not-yet-valid"),
        (b"\x18\x0f00010101000000Z", b"\x18\x0f00010101000000Z", "expired"),
        (b"\x18\x0f00000101000000Z", b"\x18\x0f99991231235959Z", "no-dates"),
        (b"\x17\x11260101000000+0900", b"\x17\x11290101000000+0900", "no-dates"),
    ],
)
def test_dates_at_the_edges_of_the_calendar(begin: bytes, end: bytes, code: str) -> None:
    made = certificate().public_bytes(Encoding.DER)
    outer = ber.definite(made)
    dated = _with_dates(outer, begin + end)
    key_bag = p12(None, b"")
    bundle = _with_certificate(key_bag, dated)
    assert judge(bundle, None).code == code


def _with_dates(whole: bytes, dates: bytes) -> bytes:
    tbs, algorithm, signature = der.items(whole)
    fields = [field.whole for field in der.elements(tbs.value)]
    fields[4] = tlv(0x30, dates)
    return tlv(0x30, tlv(0x30, *fields), algorithm.whole, signature.whole)


def _with_certificate(made: bytes, *encoded: bytes) -> bytes:
    """A file of one open key with these certificates beside it, and no checksum."""
    parts = der.items(made)
    safe = der.items(der.one(der.items(parts[1].whole)[1].value, der.OCTET_STRING).value)
    x509 = [tlv(0x30, oid("1.2.840.113549.1.9.22.1"), tlv(0xA0, tlv(4, one))) for one in encoded]
    bags = [tlv(0x30, oid("1.2.840.113549.1.12.10.1.3"), tlv(0xA0, one)) for one in x509]
    more = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, tlv(0x30, *bags))))
    inner = tlv(0x30, *[part.whole for part in safe], more)
    return tlv(0x30, parts[0].whole, tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, inner))))


# Coverage: what cannot be read never leaves a pass.


def unread_of(found: Finding) -> list[str]:
    """What could not be read of the file."""
    return list(found.coverage.unread) if found.coverage else []


def outcome(found: Finding, check: Check = certificate_file) -> Outcome:
    """What the engine makes of it."""
    covered = found.coverage or Coverage(1, 1)
    said = inspection._finding(
        json.dumps(
            {"code": found.code, "values": {}, "evidence": [], "of": covered.of, "unread": covered.unread}
        ).encode()
    )
    finding = find(replace(check, probe=lambda _: said), Context(FakeSystem()))
    return check.says[finding.code].outcome


def _broken_key(name: str, which: int) -> bytes:
    """The stored file without its checksum, and with one key in a cipher that nobody knows."""
    whole = ber.definite(stored(name))
    parts = der.items(whole)
    content = der.one(der.items(parts[1].whole)[1].value, der.OCTET_STRING).value
    cipher = oid("1.2.840.113549.1.5.13")
    at = -1
    for _ in range(which + 1):
        at = content.index(oid("1.2.840.113549.1.12.10.1.2"), at + 1)
    at = content.index(cipher, at)
    content = content[: at + len(cipher) - 1] + b"\x63" + content[at + len(cipher) :]
    return tlv(0x30, parts[0].whole, tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, content))))


@pytest.mark.parametrize("which", [0, 1])
def test_one_of_two_keys_that_cannot_be_read_leaves_no_pass(which: int) -> None:
    sound = judge(stored("keytool-two-keys.p12"), WORD)
    assert (outcome(sound), unread_of(sound)) == (Outcome.PASS, [])
    found = judge(_broken_key("keytool-two-keys.p12", which), WORD)
    assert unread_of(found) == [f"key {which + 1}"]
    assert outcome(found) in (Outcome.WARN, Outcome.UNKNOWN)


def test_a_certificate_beside_it_that_cannot_be_read_leaves_no_pass() -> None:
    own = certificate().public_bytes(Encoding.DER)
    bundle = p12(None, b"")
    assert outcome(judge(_with_certificate(bundle, own), None)) is Outcome.PASS
    found = judge(_with_certificate(bundle, own, tlv(0x30, b"\x05\x00")), None)
    assert (found.code, unread_of(found)) == ("ok", ["certificate 2"])
    assert outcome(found) is Outcome.WARN
    assert outcome(judge(_with_certificate(bundle, tlv(0x30, b"\x05\x00")), None)) is Outcome.UNKNOWN


@pytest.mark.parametrize("style", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize(
    ("number", "password", "code", "unread"),
    [
        (0, WORD, "pem-with-key", []),
        (1, WORD, "key-mismatch", []),
        (0, None, "pem-with-key", ["key 1 (encrypted)"]),
        (0, b"wrong", "wrong-password", ["key 1 (encrypted)"]),
    ],
)
def test_an_encrypted_key_of_a_text_is_tried_or_named(
    style: PrivateFormat, number: int, password: bytes | None, code: str, unread: list[str]
) -> None:
    locked = key(number).private_bytes(Encoding.PEM, style, BestAvailableEncryption(WORD))
    found = judge(certificate().public_bytes(Encoding.PEM) + locked, password, "other-ca")
    assert (found.code, found.coverage) == (code, Coverage(2 - len(unread), 2, tuple(unread)))
    assert judge(locked, b"wrong").code == "no-certificate"
    ended = certificate(end=datetime(2026, 10, 31, tzinfo=UTC)).public_bytes(Encoding.PEM)
    assert judge(ended + locked, b"wrong").code == "expired"
    unreadable = b"-----BEGIN CERTIFICATE-----\nBQA=\n-----END CERTIFICATE-----\n"
    assert judge(unreadable + locked, password).code == "unreadable-part"


@pytest.mark.parametrize(
    "rest",
    [
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nMIID",
    ],
)
def test_a_block_of_a_text_that_cannot_be_read_leaves_no_pass(rest: bytes) -> None:
    own = stored("other.crt")
    assert outcome(judge(own, None, "other-ca", listed=True, medium="ic-card")) is Outcome.PASS
    found = judge(own + rest, None, "other-ca", listed=True, medium="ic-card")
    assert (found.code, len(unread_of(found))) == ("card-certificate", 1)
    assert outcome(found) is Outcome.WARN


def test_a_certificate_of_a_bundle_that_cannot_be_read_leaves_no_pass() -> None:
    data = stored("chain.p7b")
    other = ber.definite(base64.b64decode(b"".join(stored("other.crt").split(b"\n")[1:-2])))
    signature = der.items(other)[2].whole
    broken = data.replace(signature, signature[:2] + b"\x09" + signature[3:])
    found = judge(broken, None, "other-ca", listed=True, medium="ic-card")
    assert outcome(found) is not Outcome.PASS
    assert unread_of(found)


# Whatever goes wrong in our own code is our own.


def test_an_exception_of_ours_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*args: object) -> None:
        raise IndexError("a secret")

    monkeypatch.setattr(opening, "open_file", raises)
    with pytest.raises(IndexError):
        judge(stored("openssl.p12"), WORD)

    def crashes(*args: object, **more: object) -> bytes:
        raise child.ChildCrash("IndexError", "checks.certfile.opening.open_file:1")

    monkeypatch.setattr(child, "call", crashes)
    finding = check_of(CORPUS / "openssl.p12", kind="registry-file")
    assert (finding.code, finding.values) == ("crash", {"error": "IndexError"})
    assert finding.evidence == ("checks.certfile.opening.open_file:1",)
    with pytest.raises(child.ChildCrash):
        read_card()


def test_a_library_that_refuses_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from cryptography.hazmat.primitives.serialization import pkcs12 as library

    def refuses(*args: object) -> None:
        raise ValueError("not today")

    monkeypatch.setattr(library, "load_pkcs12", refuses)
    assert judge(stored("openssl.p12"), WORD).code == "unsupported"


def test_a_checksum_that_only_the_library_can_compute() -> None:
    """PBMAC1 (RFC 9579): what opens although the library refuses the whole is not called damaged."""
    outside = pkcs12.structure_of(ber.definite(stored("openssl.p12")))
    assert outside.checksum is not None
    outside.checksum = replace(outside.checksum, method=pkcs12._PBMAC1)
    with pytest.raises(pkcs12.Unsupported):
        opening.open_file(b"", outside, Secret(WORD))
    with pytest.raises(opening.CannotOpen, match="wrong-password"):
        opening.open_file(b"", outside, Secret(b"wrong"))


def test_every_code_is_reached() -> None:
    """By a stored file here, or by what lies at the place (`checks/certfile/test_inspection.py`)."""
    at_the_place = {"too-big", "directory", "not-a-file", "missing", "unreadable", "no-answer", "empty"}
    elsewhere = {
        "truncated",
        "damaged",
        "too-costly",
        "not-pkcs12",
        "no-dates",
        "other-family",
        "not-for-signing",
    }
    answered = {"listed", "card-certificate", "no-key", "password-needed", "wrong-password"}
    assert set(CODES) == {*FOUND.values(), *at_the_place, *elsewhere, *answered}
    whole = stored("openssl.p12")
    assert judge(whole[:-1], WORD).code == "truncated"
    damaged = whole[:-40] + bytes((whole[-40] ^ 1,)) + whole[-39:]
    assert judge(damaged, WORD).code == "damaged"
    assert judge(whole, WORD, "gyoseishoshi").code == "other-family"
