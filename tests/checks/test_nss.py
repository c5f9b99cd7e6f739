"""NSS databases as NSS itself writes them and as no one should, and what the checks of Firefox and Chromium make of them.

Covers checks.probes.root_browsers.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checks import nss as nss_module
from checks.nss import FIREFOX, MOST_BYTES, NssTrust, Record, TrustRules, judge, read_nss
from checks.pki.anchors import EXPECTED, table
from checks.pki.certificates import parse
from checks.probes import root_browsers
from checks.system.api import Platform, Unavailable
from checks.system.facts import Browser, Profile, SessionFacts
from checks.system.linux import LinuxSystem
from checks.verdict import outcome_of
from tests.support.fake_system import FakeSystem
from tests.support.one_check import close, look
from tests.support.tls_lab import pem

SHA256 = {name: sha256 for sha256, name in EXPECTED.items()}
ROOT_CA2, RSA, ECC = (
    SHA256[name]
    for name in ("Security Communication RootCA2", "SECOM TLS RSA Root CA 2024", "SECOM TLS ECC Root CA 2024")
)
DER = {sha256.hex(): der for sha256, der in table().ders.items()}
CHROMIUM = Browser("chromium", "Chromium", "140.0.0.0", "/usr/bin/chromium")
certutil = pytest.mark.skipif(shutil.which("certutil") is None, reason="NSS's certutil is not installed")


# --- NSS databases -----------------------------------------------------------------------------------------------


def nss(*arguments: str, folder: Path) -> None:
    subprocess.run(
        ["certutil", *arguments, "-d", f"sql:{folder}"], check=True, capture_output=True, timeout=60
    )


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One database per trust setting of RootCA2, made by NSS itself."""
    made = {}
    for name, trust in {
        "trusted": "C,,",
        "distrusted": "p,p,p",
        "distrusted-for-servers": "p,C,C",
        "kept": ",,",
    }.items():
        folder = tmp_path_factory.mktemp(name)
        root = folder / "root.pem"
        root.write_text(pem(DER[ROOT_CA2]))
        nss("-N", "--empty-password", folder=folder)
        nss("-A", "-n", "example", "-t", trust, "-i", str(root), folder=folder)
        made[name] = folder
    empty = tmp_path_factory.mktemp("empty")
    nss("-N", "--empty-password", folder=empty)
    return {**made, "empty": empty}


def read(folder: Path, reader: TrustRules = FIREFOX) -> NssTrust:
    return read_nss(str(folder / "cert9.db"), EXPECTED, reader)


@certutil
@pytest.mark.parametrize(
    ("name", "present", "forbidden"),
    [
        ("trusted", {ROOT_CA2}, set()),
        ("kept", {ROOT_CA2}, set()),
        ("distrusted", set(), {ROOT_CA2}),
        ("distrusted-for-servers", set(), {ROOT_CA2}),
        ("empty", set(), set()),
    ],
)
def test_a_database_of_nss_gives_its_three_answers(
    databases: dict[str, Path], name: str, present: set[str], forbidden: set[str]
) -> None:
    assert read(databases[name]) == NssTrust(frozenset(present), frozenset(forbidden))


CORPUS = Path(__file__).parents[1] / "corpus" / "nss"
MADE = {
    # What Firefox and Chromium made of each, as the README beside them tells.
    "firefox153-untouched": ("nothing-forbidden", "nothing-forbidden"),
    "firefox153-unticked": ("forbidden", "nothing-forbidden"),
    "firefox153-email-only": ("forbidden", "nothing-forbidden"),
    "firefox153-unticked-and-ticked-again": ("nothing-forbidden", "nothing-forbidden"),
    "firefox153-distrusted": ("forbidden", "nothing-forbidden"),
    "nss3.87-anchor": ("nothing-forbidden", "nothing-forbidden"),
    "nss3.87-valid": ("forbidden", "nothing-forbidden"),
    "nss3.87-must-verify": ("forbidden", "nothing-forbidden"),
    "nss3.87-peer": ("forbidden", "nothing-forbidden"),
    "nss3.87-distrusted": ("forbidden", "forbidden"),
    "nss3.87-distrusted-for-servers": ("forbidden", "forbidden"),
    "nss3.87-distrusted-without-certificate": ("forbidden", "nothing-forbidden"),
    "nss3.87-kept": ("nothing-forbidden", "nothing-forbidden"),
    "nss3.125-anchor": ("nothing-forbidden", "nothing-forbidden"),
    "nss3.125-valid": ("forbidden", "nothing-forbidden"),
    "nss3.125-peer": ("forbidden", "nothing-forbidden"),
    "nss3.125-distrusted": ("forbidden", "unclear"),
    "nss3.125-distrusted-for-servers": ("forbidden", "unclear"),
    "nss3.125-distrusted-without-certificate": ("forbidden", "nothing-forbidden"),
    "nss3.125-kept": ("nothing-forbidden", "nothing-forbidden"),
}


def unpacked(name: str, folder: Path) -> Profile:
    """A profile folder with that database of the corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cert9.db").write_bytes(gzip.decompress((CORPUS / f"{name}.db.gz").read_bytes()))
    return Profile("any", name, str(folder))


@pytest.mark.parametrize("name", sorted(path.name.removesuffix(".db.gz") for path in CORPUS.glob("*.gz")))
def test_each_database_means_what_the_browsers_made_of_it(name: str, tmp_path: Path) -> None:
    place = unpacked(name, tmp_path)
    system = FakeSystem("linux", firefox_profiles=(place,), nss_databases=(place,), chromium_profiles=())
    for check, code in zip((root_browsers.firefox, root_browsers.chromium), MADE[name], strict=True):
        finding = look(check, system)
        assert finding.code == code, check.id
        root = (
            "SECOM TLS RSA Root CA 2024"
            if name.endswith("153-distrusted")
            else "Security Communication RootCA2"
        )
        assert finding.values.get("root", root) == root


@certutil
def test_a_database_locked_by_a_writer_is_still_read(databases: dict[str, Path]) -> None:
    before = (databases["distrusted"] / "cert9.db").read_bytes()
    writer = sqlite3.connect(databases["distrusted"] / "cert9.db", isolation_level=None)
    try:
        writer.execute("BEGIN EXCLUSIVE")
        reader = sqlite3.connect(f"file:{databases['distrusted']}/cert9.db?mode=ro", uri=True, timeout=0)
        with contextlib.closing(reader), pytest.raises(sqlite3.OperationalError, match="locked"):
            reader.execute("SELECT * FROM nssPublic")
        assert read(databases["distrusted"]).forbidden == {ROOT_CA2}
    finally:
        writer.execute("ROLLBACK")
        writer.close()
    assert (databases["distrusted"] / "cert9.db").read_bytes() == before


@certutil
def test_every_cut_of_a_database_is_read_or_unavailable(databases: dict[str, Path], tmp_path: Path) -> None:
    whole = (databases["distrusted"] / "cert9.db").read_bytes()
    for length in (0, 1, 99, 100, 4096, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cert9.db").write_bytes(whole[:length])
        with contextlib.suppress(Unavailable):
            assert read(tmp_path).present == frozenset()


@certutil
def test_reading_leaves_no_file_behind(databases: dict[str, Path]) -> None:
    before = sorted(path.name for path in databases["trusted"].iterdir())
    read(databases["trusted"])
    assert sorted(path.name for path in databases["trusted"].iterdir()) == before


def newer_database(path: Path, digest: bytes, trust: int) -> None:
    """A database with a trust record of PKCS#11 3.2, as NSS 3.114 and newer write them (lib/softoken)."""
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE nssPublic (id PRIMARY KEY UNIQUE ON CONFLICT ABORT, a0, a11, a62c, a635, a81)"
    )
    issuer = parse(DER[RSA]).issuer
    connection.execute(
        "INSERT INTO nssPublic VALUES (1, ?, NULL, ?, ?, ?)",
        ((0xB).to_bytes(4, "big"), trust.to_bytes(4, "big"), digest, issuer),
    )
    connection.commit()
    connection.close()


@pytest.mark.parametrize("hash_name", ["sha1", "sha256", "sha384"])
@pytest.mark.parametrize(
    ("trust", "answer"), [(1, "forbidden"), (2, "present"), (3, "forbidden"), (4, "forbidden"), (0, "unclear"), (9, "unclear")]
)  # fmt: skip
def test_a_record_that_is_not_understood_is_unclear(
    tmp_path: Path, hash_name: str, trust: int, answer: str
) -> None:
    newer_database(tmp_path / "cert9.db", hashlib.new(hash_name, DER[RSA]).digest(), trust)
    found = read(tmp_path)
    # A hash that we do not know may be of any certificate of that issuer.
    answer = "unclear" if hash_name == "sha384" else answer
    assert [name for name in ("present", "forbidden", "unclear") if RSA in getattr(found, name)] == [answer]
    assert ECC not in found.present | found.forbidden | found.unclear
    system = FakeSystem("linux", firefox_profiles=(Profile("firefox", "a", str(tmp_path)),))
    code = {"present": "nothing-forbidden"}.get(answer, answer)
    assert look(root_browsers.firefox, system).code == code


def test_of_several_records_the_worst_counts() -> None:
    own = bytes.fromhex(RSA)
    records = [Record(own, b"", value) for value in (2, 3, 77)]
    assert judge([DER[RSA]], records, [RSA], FIREFOX) == NssTrust(forbidden=frozenset({RSA}))


def test_more_rows_than_are_looked_at_are_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer_database(tmp_path / "cert9.db", bytes.fromhex(RSA), 3)
    monkeypatch.setattr(nss_module, "MOST_ROWS", 0)
    with pytest.raises(Unavailable, match="more than 0 rows"):
        read(tmp_path)


def test_values_of_any_type_are_survived(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "cert9.db")
    connection.execute("CREATE TABLE nssPublic (id, a0, a11, ace5363b4, ace536358, a62c, a635)")
    for value in (None, "text", 3.5, -1, 2**62, b"", b"\xff" * 100):
        connection.execute("INSERT INTO nssPublic VALUES (1, ?, ?, ?, ?, ?, ?)", (value,) * 6)
    connection.commit()
    connection.close()
    assert read(tmp_path) == NssTrust()


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_something_else_of_that_name_is_unavailable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cert9.db").write_bytes(content)
    with pytest.raises(Unavailable):
        read(tmp_path)


def test_folders_pipes_and_giants_are_unavailable(tmp_path: Path) -> None:
    import os

    if sys.platform == "win32":
        pytest.skip("makes a named pipe")
    (tmp_path / "a" / "cert9.db").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "cert9.db")
    (tmp_path / "c").mkdir()
    with open(tmp_path / "c" / "cert9.db", "wb") as giant:
        giant.truncate(MOST_BYTES + 1)
    for folder in "abc":
        with pytest.raises(Unavailable):
            read(tmp_path / folder)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nowhere")


def test_an_endless_view_in_place_of_the_table_is_stopped(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "cert9.db")
    connection.execute(
        "CREATE VIEW nssPublic AS WITH RECURSIVE t(a0, a11) AS (SELECT 1, NULL UNION ALL SELECT a0 + 1, NULL FROM t) "
        "SELECT a0, a11 FROM t"
    )
    connection.commit()
    connection.close()
    begin = time.monotonic()
    with pytest.raises(Unavailable):
        read(tmp_path)
    assert time.monotonic() - begin < 10


# --- Firefox and Chromium ----------------------------------------------------------------------------------------

PLACES = {
    "installed": ".mozilla/firefox",
    "xdg": ".config/mozilla/firefox",
    "snap": "snap/firefox/common/.mozilla/firefox",
    "flatpak": ".var/app/org.mozilla.firefox/.mozilla/firefox",
}


@certutil
@pytest.mark.parametrize("place", sorted(PLACES))
def test_firefox_profiles_are_found_wherever_they_are(
    databases: dict[str, Path], tmp_path: Path, place: str
) -> None:
    profile = tmp_path / PLACES[place] / "ab12.default-release"
    profile.mkdir(parents=True)
    (profile.parent / "profiles.ini").write_text(
        "[Install4F96D1932A9F858E]\nDefault=ab12.default-release\n\n[Profile0]\nName=仕事\nIsRelative=1\nPath=ab12.default-release\n"
    )
    shutil.copy(databases["distrusted"] / "cert9.db", profile)
    finding = look(root_browsers.firefox, LinuxSystem(home=str(tmp_path), environ={}))
    assert finding.code == "forbidden"
    assert finding.values == {"root": "Security Communication RootCA2", "profile": "仕事"}


def test_a_profile_that_cannot_be_read_leaves_no_pass(tmp_path: Path) -> None:
    folder = tmp_path / ".mozilla/firefox"
    unpacked("nss3.87-anchor", folder / "clean")
    (folder / "broken").mkdir()
    (folder / "broken" / "cert9.db").write_bytes(b"x" * 5000)
    system = LinuxSystem(home=str(tmp_path), environ={})
    finding = look(root_browsers.firefox, system)
    assert (finding.code, outcome_of(root_browsers.firefox, finding.code)) == ("partly", "unknown")
    assert (finding.values["looked"], finding.values["of"]) == (1, 2)
    assert "broken" in str(finding.values["unread"])
    (folder / "broken" / "cert9.db").unlink()
    assert look(root_browsers.firefox, system).code == "nothing-forbidden"


@pytest.mark.parametrize("closed", ["", "Profiles", "b", "b/cert9.db", "profiles.ini"])
def test_a_folder_that_may_not_be_entered_leaves_no_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    folder = tmp_path / ".mozilla/firefox"
    unpacked("nss3.87-anchor", folder / "a")
    unpacked("nss3.87-anchor", folder / "b")
    (folder / "Profiles").mkdir()
    (folder / "profiles.ini").write_text("[Profile0]\nPath=a\n")
    system = LinuxSystem(home=str(tmp_path), environ={})
    assert look(root_browsers.firefox, system).code == "nothing-forbidden"
    close(monkeypatch, folder / closed)
    assert look(root_browsers.firefox, system).code in ("partly", "unreadable")


@pytest.mark.parametrize(
    ("used", "code"), [(("a",), "nothing-forbidden"), (("b",), "forbidden"), (("a", "b"), "forbidden"), ((), "forbidden")]
)  # fmt: skip
def test_the_profile_in_use_decides_and_the_worst_where_that_is_not_known(
    tmp_path: Path, used: tuple[str, ...], code: str
) -> None:
    folder = tmp_path / ".mozilla/firefox"
    unpacked("nss3.87-anchor", folder / "a")
    unpacked("firefox153-unticked", folder / "b")
    installs = "".join(f"[Install{number}]\nDefault={name}\n" for number, name in enumerate(used))
    (folder / "profiles.ini").write_text(installs + "[Profile0]\nPath=a\n[Profile1]\nPath=b\n")
    finding = look(root_browsers.firefox, LinuxSystem(home=str(tmp_path), environ={}))
    assert finding.code == code
    assert any(line.startswith("not in use: ") for line in finding.evidence) == (len(used) == 1)


@pytest.mark.parametrize(
    "text",
    ["", "no section", "[Profile0]\n[Profile0]\n", "[Profile0]\nPath", "\0\xff", "[Profile0]\nPath=../../.."],
)
def test_any_profiles_ini_is_survived(tmp_path: Path, text: str) -> None:
    (tmp_path / ".mozilla/firefox").mkdir(parents=True)
    (tmp_path / ".mozilla/firefox/profiles.ini").write_text(text, "latin-1")
    system = LinuxSystem(home=str(tmp_path), environ={}, uid=1000)
    assert look(root_browsers.firefox, system).code == "not-installed"


def test_chromium_reads_the_newer_place_only_where_the_older_is_missing(tmp_path: Path) -> None:
    unpacked("nss3.87-distrusted", tmp_path / ".local/share/pki/nssdb")
    system = LinuxSystem(root=str(tmp_path / "root"), home=str(tmp_path), environ={})
    assert look(root_browsers.chromium, system).code == "forbidden"
    unpacked("nss3.87-anchor", tmp_path / ".pki/nssdb")
    assert look(root_browsers.chromium, system).code == "nothing-forbidden"


def test_a_second_database_of_chromium_that_cannot_be_read_leaves_no_pass(tmp_path: Path) -> None:
    places = (
        unpacked("nss3.87-kept", tmp_path / "a"),
        Profile("chromium", "b", str(tmp_path), problem="no permission"),
    )
    finding = look(root_browsers.chromium, FakeSystem("linux", nss_databases=places, chromium_profiles=()))
    assert (finding.code, outcome_of(root_browsers.chromium, finding.code)) == ("partly", "unknown")


@certutil
@pytest.mark.parametrize(
    "place", [".pki/nssdb", ".local/share/pki/nssdb", "snap/chromium/current/.pki/nssdb"]
)
def test_chromium_databases_are_found_wherever_they_are(
    databases: dict[str, Path], tmp_path: Path, place: str
) -> None:
    (tmp_path / place).mkdir(parents=True)
    shutil.copy(databases["distrusted"] / "cert9.db", tmp_path / place)
    system = LinuxSystem(root=str(tmp_path / "root"), home=str(tmp_path), environ={})
    assert look(root_browsers.chromium, system).code == "forbidden"


def test_chromes_own_list_is_said_to_be_unreadable() -> None:
    for platform in ("windows", "macos"):
        system = FakeSystem(platform, nss_databases=(), chromium_profiles=())
        assert look(root_browsers.chromium, system).code == "own-list"


def server_certificates(folder: Path, settings: bytes | None, sha256: str = ROOT_CA2) -> Profile:
    """A profile of Chromium whose certificate manager has that setting for the root."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / "ServerCertificate")) as connection:
        connection.execute(
            "CREATE TABLE certificates(sha256hash_hex TEXT PRIMARY KEY, der_cert BLOB NOT NULL, trust_settings BLOB)"
        )
        if settings is not None:
            connection.execute("INSERT INTO certificates VALUES (?, ?, ?)", (sha256, DER[sha256], settings))
        connection.commit()
    return Profile("chrome", "人", str(folder))


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (None, "nothing-forbidden"),
        (
            b"\x0a\x02\x08\x02",
            "forbidden",
        ),  # the others load in Chromium 156, as tests/corpus/nss/README.md tells
        (b"\x0a\x02\x08\x00", "nothing-forbidden"),
        (b"\x0a\x02\x08\x01", "nothing-forbidden"),
        (b"\x0a\x02\x08\x03", "nothing-forbidden"),
        (b"", "nothing-forbidden"),
        (b"\x0a\x02\x08\x09", "unclear"),
        (b"\x0a\x09\x08\x02", "unclear"),
        (b"\x12\x00", "unclear"),
    ],
)
@pytest.mark.parametrize("platform", ["windows", "linux"])
def test_what_was_set_in_chromes_certificate_manager(
    tmp_path: Path, platform: Platform, settings: bytes | None, code: str
) -> None:
    place = server_certificates(tmp_path, settings)
    system = FakeSystem(platform, nss_databases=(), chromium_profiles=(place,))
    finding = look(root_browsers.chromium, system)
    assert finding.code == ("own-list" if platform == "windows" and code == "nothing-forbidden" else code)
    other = Profile("chrome", "b", str(tmp_path / "b"), problem="no permission")
    system = FakeSystem(platform, nss_databases=(), chromium_profiles=(place, other))
    code = "partly" if code == "nothing-forbidden" else code
    assert look(root_browsers.chromium, system).code == code


def test_under_a_service_account_no_profile_means_nothing(tmp_path: Path) -> None:
    system = FakeSystem("windows", firefox_profiles=(), session=SessionFacts("PC-01$", service=True))
    finding = look(root_browsers.firefox, system)
    assert (finding.code, outcome_of(root_browsers.firefox, finding.code)) == ("service-account", "unknown")


def test_a_profile_without_a_database_uses_the_browsers_own_list(tmp_path: Path) -> None:
    finding = look(
        root_browsers.firefox,
        FakeSystem("linux", firefox_profiles=(Profile("firefox", "new", str(tmp_path)),)),
    )
    assert finding.code == "nothing-forbidden"


@pytest.mark.parametrize(("browsers", "code"), [((), "not-installed"), ((CHROMIUM,), "nothing-forbidden")])
def test_without_a_database_no_root_is_forbidden(browsers: tuple[Browser, ...], code: str) -> None:
    assert (
        look(
            root_browsers.chromium,
            FakeSystem("linux", nss_databases=(), chromium_profiles=(), browsers=browsers),
        ).code
        == code
    )


def test_a_database_of_chromium_that_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "cert9.db").write_bytes(b"x" * 5000)
    place = Profile("chromium", "nssdb", str(tmp_path))
    finding = look(root_browsers.chromium, FakeSystem("linux", nss_databases=(place,), chromium_profiles=()))
    assert (finding.code, outcome_of(root_browsers.chromium, finding.code)) == ("unreadable", "unknown")
