"""Reading certificates and names: nothing that is sent may stop us, and what is equal must be seen as equal.

Covers checks.pki.anchors, checks.pki.der, checks.pki.known_roots, checks.pki.names and checks.pki.signatures.
"""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.net import chain_lines
from checks.pki import anchors, certificates, der, names
from checks.pki.certificates import Certificate, parse
from checks.pki.judge import ChainCriteria, judge
from checks.pki.signatures import signed_by
from tests.support import tls_lab as lab

ROOTS = list(anchors.read_pem(Path(certifi.where()).read_bytes()))


def read_everything(certificate: Certificate) -> None:
    for line in chain_lines.certificate("[0]", certificate):
        assert line.isprintable()
    certificates.is_for(certificate, "a.example")
    certificates.subject_key_id(certificate)
    certificates.authority_key_id(certificate)
    certificates.says_where_issuer_is(certificate)
    for read in (certificates.basic_constraints, certificates.key_usage, certificates.extended_key_usage):
        with contextlib.suppress(ValueError):
            read(certificate)


def test_every_public_root_is_read_and_signs_itself() -> None:
    assert len(ROOTS) > 100
    for data in ROOTS:
        found = parse(data)
        read_everything(found)
        assert found.der == data
        assert not found.faults
        assert found.self_issued
        assert found.not_before is not None
        assert found.not_after is not None
        assert certificates.public_key(found)[1] >= 256
        assert signed_by(found, found) is True
        assert certificates.subject_of(data) == found.subject


def test_rootca2_with_serial_zero_is_like_any_other() -> None:
    found = next(parse(data) for data in ROOTS if parse(data).sha256.hex().startswith("513b2cec"))
    assert found.serial == 0
    assert names.short(found.subject) == "Security Communication RootCA2"
    assert names.display(found.subject).startswith("C=JP, O=SECOM Trust Systems CO.,LTD., OU=")
    assert found.sha1 == "5f3b8cf2f810b37d78b4ceec1919c37334b9c774"
    assert found.not_after is not None
    assert found.not_after.isoformat() == "2029-05-29T05:00:39+00:00"
    assert (
        anchors.trust_of(found.sha256, anchors.Roots(()), frozenset(anchors.EXPECTED))
        is anchors.Trust.EXPECTED
    )


def test_broken_certificates_never_raise_anything_else() -> None:
    chance = random.Random(20261122)
    leaf = lab.leaf(lab.intermediate(lab.root())).der
    begin = time.monotonic()
    for _ in range(3000):
        data = bytearray(chance.choice([leaf, *ROOTS[:20]]))
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        try:
            found = parse(bytes(data))
        except ValueError:
            continue
        read_everything(found)
        if chance.random() < 0.1:
            judge([found], ChainCriteria("a.example", lab.NOW))
    assert time.monotonic() - begin < 20


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_certificate_or_a_value_error(data: bytes) -> None:
    for read in (parse, certificates.subject_of, lambda value: list(der.elements(value))):
        try:
            read(data)
        except ValueError:
            continue
    assert names.attributes(data) is not None
    assert len(names.key(data)) == 32


@pytest.mark.parametrize(
    ("host", "sans", "right"),
    [
        ("a.example.jp", ["a.example.jp"], True),
        ("a.example.jp", ["A.Example.JP"], True),
        ("a.example.jp", ["*.example.jp"], True),
        ("a.example.jp", ["*.EXAMPLE.jp"], True),
        ("xn--bcher-kva.example.jp", ["*.example.jp"], True),
        ("a.example.jp", ["b.example.jp", "a.example.jp"], True),
        ("example.jp", ["*.example.jp"], False),
        ("a.b.example.jp", ["*.example.jp"], False),
        ("example.jp", ["*.jp"], False),
        ("a.example.jp", ["*.*.jp"], False),
        ("a.example.jp", ["a*.example.jp"], False),
        ("a.example.jp", ["*"], False),
        ("a.example.jp", [""], False),
        ("a.example.jp", ["a.example.jp."], False),
        ("a.example.jp", [".example.jp"], False),
        ("a.example.jp", ["a.example.jp\x00.evil.example"], False),
        ("127.0.0.1", ["127.0.0.1", "*.0.0.1"], False),
        ("::1", ["::1"], False),
    ],
)
def test_names_against_certificates(host: str, sans: list[str], right: bool) -> None:
    assert names.matches(host, [san.encode() for san in sans], []) is right


@pytest.mark.parametrize(
    ("given_host", "expected"),
    [
        ("Portal.Example.", "portal.example"),
        ("[::1]", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("日本語.example", "xn--wgv71a119e.example"),
        ("日本語。example", "xn--wgv71a119e.example"),
        ("under_score.example", "under_score.example"),
    ],
)
def test_hosts_in_their_ascii_form(given_host: str, expected: str) -> None:
    assert names.ascii_host(given_host) == expected


def test_addresses_compare_as_bytes() -> None:
    loopback = bytes([127, 0, 0, 1])
    assert names.matches("127.0.0.1", [], [loopback])
    assert not names.matches("127.0.0.1", [], [bytes(10) + b"\xff\xff" + loopback])
    assert names.matches("2001:DB8:0::1".lower(), [], [bytes.fromhex("20010db8000000000000000000000001")])


def _name(text: str, kind: x509.name._ASN1Type) -> bytes:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text, kind)]).public_bytes()


def test_names_that_rfc_5280_calls_equal_have_one_key() -> None:
    kinds = x509.name._ASN1Type
    base = names.key(_name("Example CA", kinds.UTF8String))
    assert names.key(_name("Example CA", kinds.PrintableString)) == base
    assert names.key(_name("EXAMPLE   ca", kinds.BMPString)) == base
    assert names.key(_name(" example ca ", kinds.PrintableString)) == base
    assert names.key(_name("ExampleCA", kinds.UTF8String)) != base
    assert names.key(_name("Example CB", kinds.UTF8String)) != base


def test_a_broken_block_hides_no_other_certificate(tmp_path: Path) -> None:
    root = lab.root()
    text = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"
    path = tmp_path / "bundle.pem"
    path.write_text("# words\n" + text + lab.pem(root.der) + text + lab.pem(ROOTS[0]))
    assert anchors.read_file(path) == [root.der, ROOTS[0]]
    path.write_bytes(root.der)
    assert anchors.read_file(path) == [root.der]
    path.write_text("nothing")
    with pytest.raises(ValueError, match="no certificate"):
        anchors.read_file(path)


def test_the_system_folders_of_openssl_are_read_by_hashed_name(tmp_path: Path) -> None:
    inside = tmp_path / "certs"
    inside.mkdir()
    (inside / "0a1b2c3d.0").write_text(lab.pem(ROOTS[0]))
    (inside / "other.pem").write_text(lab.pem(ROOTS[1]))
    settings_ = {"SSL_CERT_FILE": str(tmp_path / "none"), "SSL_CERT_DIR": f"{tmp_path}/gone:{inside}"}
    assert anchors.read_system_files(settings_.get) == [ROOTS[0]]


def test_tables_say_what_they_are_about() -> None:
    assert {data.hex() for data in anchors.table().ders} == set(anchors.EXPECTED)
    for digits, title in anchors.EXPECTED.items():
        assert names.short(parse(anchors.table().ders[bytes.fromhex(digits)]).subject) == title
    assert all(
        bytes.fromhex(digits) in anchors.listed() for digits in (*anchors.EXPECTED, *anchors.OTHER_KNOWN)
    )
    assert len(anchors.listed()) > 300
    known = {data for data in anchors.listed() if data in anchors.bundle()}
    assert len(known) > 100


def test_windows_lists_are_read_with_what_is_forbidden() -> None:
    from checks.net.system_trust import windows_roots

    server, mail = certificates.SERVER_AUTH, "1.3.6.1.5.5.7.3.4"
    stores: dict[str, list[tuple[bytes, str, Any]]] = {
        "ROOT": [
            (ROOTS[0], "x509_asn", True),
            (ROOTS[1], "x509_asn", {server}),
            (ROOTS[2], "x509_asn", {mail}),
            (ROOTS[3], "x509_asn", True),
            (ROOTS[4], "pkcs_7_asn", True),
        ],
        "Disallowed": [(ROOTS[3], "x509_asn", True)],
    }
    assert windows_roots(lambda name: stores[name]) == [ROOTS[0], ROOTS[1]]
    assert windows_roots(None) == []
