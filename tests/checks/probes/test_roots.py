"""The roots that machines and this program know: trees of files, bundles, and every day of the calendar.

Covers checks.probes.portal_roots.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from checks.pki.anchors import EXPECTED, table
from checks.probes import portal_roots, roots
from checks.system.facts import RootStore, RootStores, SessionFacts
from checks.system.linux import LinuxSystem
from checks.verdict import outcome_of
from tests.support import tls_lab
from tests.support.fake_system import FakeSystem
from tests.support.one_check import close, look

SHA256 = {name: sha256 for sha256, name in EXPECTED.items()}
ROOT_CA2, RSA, ECC = (
    SHA256[name]
    for name in ("Security Communication RootCA2", "SECOM TLS RSA Root CA 2024", "SECOM TLS ECC Root CA 2024")
)
DER = {sha256.hex(): der for sha256, der in table().ders.items()}


def pem(*names: str) -> bytes:
    return tls_lab.pem(*(DER[name] for name in names)).encode()


# --- The operating system's stores -------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "etc/ssl/certs").mkdir(parents=True)
    return tmp_path


def linux(tree: Path, **environ: str) -> LinuxSystem:
    return LinuxSystem(root=str(tree), environ=environ, home=str(tree / "home"))


BUNDLE = "etc/ssl/certs/ca-certificates.crt"
LATE = dt.datetime(2027, 1, 15, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("names", "code", "later"),
    [
        ((ROOT_CA2, RSA, ECC), "present", "present"),
        ((ROOT_CA2, ECC), "present", "present"),
        ((RSA,), "successor-only", "successor-only"),
        ((ROOT_CA2,), "rootca2-only", "rootca2-only-late"),
        ((), "not-seen", "not-seen"),
    ],
)
def test_a_bundle_is_judged_by_fingerprints(
    tree: Path, names: tuple[str, ...], code: str, later: str
) -> None:
    (tree / BUNDLE).write_bytes(b"# Security Communication RootCA2\n" + pem(*names))
    assert look(roots.os_store, linux(tree)).code == code
    assert look(roots.os_store, linux(tree), LATE).code == later


def test_a_broken_certificate_hides_none_of_the_others(tree: Path) -> None:
    broken = b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"
    (tree / BUNDLE).write_bytes(
        broken + pem(ROOT_CA2) + broken + pem(RSA) + b"-----BEGIN CERTIFICATE-----\nAAAA"
    )
    assert look(roots.os_store, linux(tree)).code == "present"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("etc/pki/ca-trust/source/blocklist/a.pem", pem(ROOT_CA2)),
        ("etc/pki/ca-trust/source/blacklist/a.crt", DER[RSA]),
        ("usr/share/pki/trust/blocklist/a.pem", pem(RSA)),
        ("etc/ca-certificates/trust-source/blocklist/a.pem", pem(ROOT_CA2)),
        (
            "etc/pki/ca-trust/source/a.p11-kit",
            b"[p11-kit-object-v1]\nlabel: x\nx-distrusted: true\n" + pem(ROOT_CA2),
        ),
    ],
)
def test_a_blocklist_of_p11_kit_forbids(tree: Path, path: str, content: bytes) -> None:
    (tree / BUNDLE).write_bytes(pem(ROOT_CA2, RSA))
    (tree / path).parent.mkdir(parents=True)
    (tree / path).write_bytes(content)
    finding = look(roots.os_store, linux(tree))
    assert (finding.code, finding.values["store"]) == ("forbidden", "p11-kit")


def test_a_root_switched_off_in_debians_configuration_is_forbidden(tree: Path) -> None:
    (tree / BUNDLE).write_bytes(pem(RSA))
    (tree / "usr/share/ca-certificates/mozilla").mkdir(parents=True)
    (tree / "usr/share/ca-certificates/mozilla/Security_Communication_RootCA2.crt").write_bytes(pem(ROOT_CA2))
    configuration = tree / "etc/ca-certificates.conf"
    configuration.write_text("# a\nmozilla/Other.crt\nmozilla/Security_Communication_RootCA2.crt\n")
    assert look(roots.os_store, linux(tree)).code == "successor-only"
    configuration.write_text(
        "# a\n!mozilla/Security_Communication_RootCA2.crt\n!../../../etc/passwd\n!missing.crt\n"
    )
    assert look(roots.os_store, linux(tree)).code == "forbidden"


@pytest.mark.parametrize(
    "closed",
    [
        BUNDLE, "etc/ca-certificates.conf", "usr/share/ca-certificates/a.crt", "etc/pki/ca-trust/source",
        "etc/pki/ca-trust/source/a.p11-kit", "etc/pki/trust/blocklist", "etc/pki/trust/blocklist/a.pem",
    ],
)  # fmt: skip
def test_a_place_that_may_not_be_read_leaves_no_pass(
    tree: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    for path, content in {
        BUNDLE: pem(ROOT_CA2, RSA),
        "etc/ssl/cert.pem": pem(ROOT_CA2, RSA),
        "etc/ca-certificates.conf": b"!a.crt\n",
        "usr/share/ca-certificates/a.crt": b"",
        "etc/pki/ca-trust/source/a.p11-kit": b"",
        "etc/pki/trust/blocklist/a.pem": pem(SHA256["Security Communication ECC RootCA1"]),
    }.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(content)
    assert look(roots.os_store, linux(tree)).code == "present"
    close(monkeypatch, tree / closed)
    finding = look(roots.os_store, linux(tree))
    assert (finding.code, outcome_of(roots.os_store, finding.code)) == ("partly", "unknown")
    assert str(tree / closed) in "".join(finding.evidence)


def test_a_blocklist_that_is_not_understood_leaves_no_pass(tree: Path) -> None:
    (tree / BUNDLE).write_bytes(pem(ROOT_CA2, RSA))
    folder = tree / "etc/pki/ca-trust/source/blocklist"
    folder.mkdir(parents=True)
    (folder / "README").write_text("Put certificates here.")
    assert look(roots.os_store, linux(tree)).code == "present"
    (folder / "b.pem").write_bytes(b"not a certificate")
    assert look(roots.os_store, linux(tree)).code == "partly"


def test_ssl_cert_file_is_a_store_of_its_own_and_said(tree: Path) -> None:
    (tree / BUNDLE).write_bytes(pem(ROOT_CA2))
    own = tree / "own.pem"
    own.write_bytes(pem(RSA))
    finding = look(roots.os_store, linux(tree, SSL_CERT_FILE=str(own)))
    assert finding.code == "present"
    assert any("SSL_CERT_FILE: set" in line for line in finding.evidence)


def test_no_store_at_all_is_unknown_and_never_a_failure(tmp_path: Path) -> None:
    assert look(roots.os_store, linux(tmp_path)).code == "unavailable"


def test_a_bundle_that_is_a_folder_is_unknown(tree: Path) -> None:
    (tree / BUNDLE).mkdir()
    assert look(roots.os_store, linux(tree)).code == "unreadable"


def test_a_forbidden_root_fails_wherever_else_it_is_present() -> None:
    stores = RootStores(
        (RootStore("a", present=frozenset({RSA, ROOT_CA2})), RootStore("b", forbidden=frozenset({ECC})))
    )
    finding = look(roots.os_store, FakeSystem("linux", root_stores=stores))
    assert (finding.code, finding.values["root"]) == ("forbidden", "SECOM TLS ECC Root CA 2024")
    assert outcome_of(roots.os_store, finding.code) == "fail"


@pytest.mark.parametrize(
    ("fetchable", "auto_update", "code"),
    [
        (None, True, "fetched-when-needed"),
        (frozenset({RSA}), True, "fetched-when-needed"),
        (frozenset(), True, "not-seen"),
        (frozenset({RSA}), False, "auto-update-off"),
        (None, None, "not-seen"),
    ],
)
def test_windows_fetches_only_what_its_list_names(
    fetchable: frozenset[str] | None, auto_update: bool | None, code: str
) -> None:
    stores = RootStores((RootStore("ROOT"),), auto_update=auto_update, fetchable=fetchable)
    system = FakeSystem("windows", root_stores=stores, session=SessionFacts("taro"))
    assert look(roots.os_store, system).code == code


def test_an_expired_root_may_be_forbidden() -> None:
    stores = RootStores(
        (RootStore("a", present=frozenset({RSA})), RootStore("b", forbidden=frozenset({ROOT_CA2})))
    )
    system = FakeSystem("linux", root_stores=stores)
    assert look(roots.os_store, system).code == "forbidden"
    assert look(roots.os_store, system, dt.datetime(2029, 6, 1, tzinfo=dt.UTC)).code == "successor-only"


# --- This program's list -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ((ROOT_CA2, RSA, ECC), "complete"),
        ((ROOT_CA2,), "no-successor"),
        ((RSA,), "successor-only"),
        ((), "neither"),
    ],
)
def test_certifi_is_judged_by_what_is_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, names: tuple[str, ...], code: str
) -> None:
    import certifi

    (tmp_path / "cacert.pem").write_bytes(pem(*names))
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "cacert.pem"))
    finding = look(roots.certifi_bundle, FakeSystem())
    assert (finding.code, finding.values["count"]) == (code, len(names))


def test_the_installed_certifi_is_complete() -> None:
    assert look(roots.certifi_bundle, FakeSystem()).code == "complete"


@pytest.mark.parametrize(
    ("version", "day", "code"),
    [
        ("2026.10.18", "2027-11-22", "complete"),
        ("2026.10.18", "2027-11-23", "aged"),
        ("2026.10.18", "2031-01-01", "aged"),
        ("2026.7.22.1", "2026-11-22", "complete"),
        ("2026.13.1", "2026-11-22", "unavailable"),
        ("7", "2026-11-22", "unavailable"),
    ],
)
def test_an_old_list_says_how_old_it_is(
    monkeypatch: pytest.MonkeyPatch, version: str, day: str, code: str
) -> None:
    import certifi

    monkeypatch.setattr(certifi, "__version__", version)
    now = dt.datetime.fromisoformat(f"{day}T12:00:00+09:00")
    finding = look(roots.certifi_bundle, FakeSystem(), now)
    assert finding.code == code
    if code == "aged":
        assert int(finding.values["days"]) > roots.OLD_LIST
        assert outcome_of(roots.certifi_bundle, code) == "unknown"


def test_a_missing_bundle_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    import certifi

    monkeypatch.setattr(certifi, "where", lambda: "/nonexistent/cacert.pem")
    assert look(roots.certifi_bundle, FakeSystem()).code == "unavailable"


# --- The calendar ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2000-01-01T12:00:00+00:00", "quiet"),
        ("2026-11-22T12:00:00+00:00", "quiet"),
        ("2027-01-14T12:00:00+00:00", "quiet"),
        ("2027-01-15T12:00:00+00:00", "approaching"),
        ("2027-04-14T12:00:00+00:00", "approaching"),
        ("2027-04-15T12:00:00+00:00", "after-browser-removal"),
        ("2029-05-28T12:00:00+00:00", "after-browser-removal"),
        ("2029-05-29T05:00:39+00:00", "after-browser-removal"),
        ("2029-05-29T05:00:40+00:00", "expired"),
        ("9999-12-31T12:00:00+00:00", "expired"),
    ],
)
def test_the_calendar_on_each_side_of_each_date(moment: str, code: str) -> None:
    finding = look(portal_roots.lifecycle, FakeSystem(), dt.datetime.fromisoformat(moment))
    assert finding.code == code


def test_the_days_left_are_counted_to_the_planned_removal() -> None:
    assert look(portal_roots.lifecycle, FakeSystem()).values["days"] == 144
