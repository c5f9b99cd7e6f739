"""What signs on the person's PC: the add-on, the client software, the smart card service, a reader.

Covers checks.probes.signing and checks.probes.smartcard.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checks import table
from checks.model import Check, Finding
from checks.probes import signing, smartcard
from checks.system.api import Unavailable
from checks.system.facts import (
    Browser,
    CardReader,
    CardReaders,
    CardService,
    JpkiSoftware,
    NativeHost,
    Profile,
    Program,
    SessionFacts,
)
from checks.system.linux import LinuxSystem
from checks.system.shared import native_host
from checks.verdict import outcome_of
from tests.support import one_check
from tests.support.fake_system import FakeSystem

ID = str(table.facts("extension").entries["id"])
OTHER = "abcdefghijklmnopabcdefghijklmnop"
SIGN = "JPKI Crypto Service Provider for Sign"


def look(check: Check, platform: Any = "windows", **facts: object) -> Finding:
    nothing: dict[str, object] = {
        "native_hosts": (),
        "programs": (),
        "matching_files": (),
        "browser_policies": {},
    }
    return one_check.look(
        check, FakeSystem(platform, **(nothing | {"session": SessionFacts("hanako")} | facts))
    )


@pytest.mark.parametrize(
    ("exists", "origin", "code"),
    [(True, ID, "connected"), (False, ID, "broken"), (True, OTHER, "not-seen")],
)
def test_a_host_that_the_extension_may_start_is_the_add_on(exists: bool, origin: str, code: str) -> None:
    host = NativeHost(
        "chrome", "jp.example.signer", "m.json", "signer.exe", exists, (f"chrome-extension://{origin}/",)
    )
    assert look(signing.addon, native_hosts=(host,)).code == code


def registered(
    browser: str = "chrome", exists: bool = True, user: bool = False, name: str = "jp.example.signer"
) -> NativeHost:
    return NativeHost(browser, name, "m.json", "signer.exe", exists, (f"chrome-extension://{ID}/",), user)


BOTH = (Browser("edge", "Microsoft Edge"), Browser("chrome", "Google Chrome"))
ALL = {"NativeMessagingBlocklist": ["*"]}
OWN_ONLY = {"NativeMessagingUserLevelHosts": 0}


@pytest.mark.parametrize(
    ("hosts", "chrome", "edge", "code"),
    [
        ((registered(),), {}, {}, "connected"),
        ((registered(),), ALL, ALL, "blocked-by-policy"),
        ((registered(),), ALL, {}, "connected"),  # Edge looks in Chrome's registrations too
        ((registered("edge"),), {}, ALL, "blocked-by-policy"),  # Chrome does not look in those of Edge
        ((registered(),), ALL | {"NativeMessagingAllowlist": ["jp.example.signer"]}, ALL, "connected"),
        ((registered(name="JP.Example.Signer"),), ALL | {"NativeMessagingAllowlist": ["jp.example.signer"]}, ALL, "connected"),
        ((registered(),), {"NativeMessagingBlocklist": ["jp.example.signer"]}, ALL, "blocked-by-policy"),
        ((registered(),), {"NativeMessagingBlocklist": ["jp.example.other"]}, ALL, "connected"),
        ((registered(user=True),), OWN_ONLY, OWN_ONLY, "blocked-by-policy"),
        ((registered(user=True),), {"NativeMessagingUserLevelHosts": False}, ALL, "blocked-by-policy"),
        ((registered(user=True),), {"NativeMessagingUserLevelHosts": 1}, ALL, "connected"),
        ((registered(user=True), registered()), OWN_ONLY, OWN_ONLY, "connected"),
        ((registered(user=True, exists=False), registered()), {}, {}, "broken"),  # the user's own comes first
        ((registered(user=True, exists=False), registered()), OWN_ONLY, {}, "connected"),
        ((registered(exists=False),), {}, {}, "broken"),
        ((registered(exists=False),), ALL, ALL, "blocked-by-policy"),
        ((registered("chromium"),), {}, {}, "connected"),
    ],
)  # fmt: skip
def test_policies_that_keep_the_extension_from_the_add_on(
    hosts: tuple[NativeHost, ...], chrome: dict[str, object], edge: dict[str, object], code: str
) -> None:
    policies = {"chrome": chrome, "edge": edge}
    finding = look(signing.addon, native_hosts=hosts, browser_policies=policies, browsers=BOTH)
    assert finding.code == code
    assert outcome_of(signing.addon, code) == ("pass" if code == "connected" else "fail")
    if code == "blocked-by-policy":
        assert finding.values["policy"] in ("NativeMessagingBlocklist", "NativeMessagingUserLevelHosts")


def test_only_the_browsers_that_are_installed_are_asked() -> None:
    policies = {"chrome": ALL}
    for browsers, code in ((BOTH[1:], "blocked-by-policy"), (BOTH[:1], "connected"), ((), "connected")):
        facts = {"native_hosts": (registered(),), "browser_policies": policies, "browsers": browsers}
        assert look(signing.addon, **facts).code == code


def test_the_browser_in_which_the_extension_works_is_the_one_that_starts_it(tmp_path: Path) -> None:
    settings = {"extensions": {"settings": {ID: {"location": 1, "disable_reasons": []}}}}
    (tmp_path / "Preferences").write_text(json.dumps(settings))
    (tmp_path / "Extensions" / ID / "1").mkdir(parents=True)
    for owner, code in (("chrome", "blocked-by-policy"), ("edge", "connected")):
        place = Profile(owner, "a", str(tmp_path))
        facts = {"native_hosts": (registered(),), "browser_policies": {"chrome": ALL}, "browsers": BOTH}
        assert look(signing.addon, chromium_profiles=(place,), **facts).code == code


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ({}, "found-like"),
        ({"chrome": ALL}, "found-like"),
        ({"chrome": ALL, "edge": ALL}, "blocked-by-policy"),
        ({"chrome": ALL, "edge": ALL | {"NativeMessagingAllowlist": ["jp.example.unknown"]}}, "found-like"),
    ],
)  # fmt: skip
def test_a_program_that_is_not_registered_is_refused_only_where_all_are(
    policies: dict[str, object], code: str
) -> None:
    facts = {"programs": (Program("OSS Browser Add-on"),), "browser_policies": policies, "browsers": BOTH}
    assert look(signing.addon, **facts).code == code


def test_policies_that_cannot_be_read_leave_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(table.facts("addon").entries, "confirmed", ["OSS Browser Add-on"])
    ways: tuple[dict[str, object], ...] = (
        {"native_hosts": (registered(),)},
        {"programs": (Program("OSS Browser Add-on"),)},
    )
    for found in ways:
        finding = look(signing.addon, **found, browser_policies=Unavailable("HKLM: 5"), browsers=BOTH)
        assert (finding.code, outcome_of(signing.addon, finding.code)) == ("partly", "warn")
        assert "HKLM" in str(finding.values["unread"])


def test_a_program_that_may_not_be_looked_at_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "closed" / "signer"
    program.parent.mkdir()
    manifest = tmp_path / "m.json"
    manifest.write_text(json.dumps({"path": str(program), "allowed_origins": []}))
    assert not native_host("chrome", "a", str(manifest), user=False).program_exists
    one_check.close(monkeypatch, program.parent)
    assert native_host("chrome", "a", str(manifest), user=False).program_exists


def test_manifests_of_native_hosts_are_read(tmp_path: Path) -> None:
    folder = tmp_path / ".config/google-chrome/NativeMessagingHosts"
    folder.mkdir(parents=True)
    program = tmp_path / "signer"
    program.write_bytes(b"")
    manifest = {
        "name": "jp.example",
        "path": str(program),
        "allowed_origins": [f"chrome-extension://{ID}/", 5],
    }
    (folder / "jp.example.json").write_text(json.dumps(manifest))
    (folder / "broken.json").write_bytes(b"[")
    (folder / "readme.txt").write_bytes(b"")
    broken, whole = LinuxSystem(root=str(tmp_path / "root"), home=str(tmp_path), environ={}).native_hosts()
    assert (whole.program_exists, whole.origins) == (True, (f"chrome-extension://{ID}/",))
    assert (broken.name, broken.program) == ("broken", "")


@pytest.mark.parametrize(("confirmed", "code"), [([], "found-like"), (["OSS Browser Add-on"], "installed")])
def test_a_program_of_that_name_is_the_add_on_only_once_its_name_is_confirmed(
    monkeypatch: pytest.MonkeyPatch, confirmed: list[str], code: str
) -> None:
    monkeypatch.setitem(table.facts("addon").entries, "confirmed", confirmed)
    assert look(signing.addon, programs=(Program("OSS Browser Add-on"),)).code == code


@pytest.mark.parametrize(
    ("software", "programs", "code"),
    [
        (JpkiSoftware("C:\\JPKI", (SIGN,), ("JPKICryptSign.dll",)), (), "installed"),
        (JpkiSoftware("C:\\JPKI", (), ("jpkicryptsign.DLL",)), (), "found-like"),
        (JpkiSoftware("C:\\JPKI", (), ()), (), "incomplete"),
        (JpkiSoftware("", ("JPKI Crypto Service Provider for Auth",), ()), (), "incomplete"),
        (JpkiSoftware(), (Program("JPKI利用者ソフト"),), "found-like"),
        (JpkiSoftware(), (Program("Example"),), "not-found"),
    ],
)
def test_the_client_software(software: JpkiSoftware, programs: tuple[Program, ...], code: str) -> None:
    assert look(signing.jpki_client, jpki_software=software, programs=programs).code == code


@pytest.mark.parametrize("state", ["running", "stopped", "disabled", "absent"])
def test_the_service_is_told_as_it_is(state: Any) -> None:
    assert look(smartcard.card_service, card_service=CardService(state)).code == state


USB, PCSC = CardReader("Example reader", "usb"), CardReader("Example reader", "pcsc")


@pytest.mark.parametrize(
    ("readers", "code"),
    [
        (CardReaders((PCSC,), ("pcsc",)), "connected"),
        (CardReaders((USB,), ("usb",)), "not-ready"),
        (CardReaders((), ("pcsc", "registry")), "none"),
        (CardReaders((), (), ("no service manager",)), "not-visible"),
    ],
)
def test_a_reader(readers: CardReaders, code: str) -> None:
    assert look(smartcard.card_reader, card_readers=readers).code == code


@pytest.mark.parametrize(
    ("session", "code"),
    [
        (SessionFacts("SYSTEM", service=True), "service-account"),
        (SessionFacts("hanako", remote="ssh", desktop=False), "not-visible"),
    ],
)
def test_who_cannot_see_the_readers_does_not_call_them_missing(session: SessionFacts, code: str) -> None:
    finding = look(smartcard.card_reader, card_readers=CardReaders((), ("pcsc",)), session=session)
    assert (finding.code, outcome_of(smartcard.card_reader, finding.code)) == (code, "unknown")


def test_over_ssh_a_silent_pcsc_is_no_fault_of_service_or_reader() -> None:
    """Windows may refuse PC/SC to a login without a desktop while the reader is connected and well."""
    seen = CardReaders((CardReader("Example reader", "registry"),), ("registry",), ("SCARD_E_NO_SERVICE",))
    for session, service, reader in (
        (SessionFacts("hanako", remote="ssh", desktop=False), "on-demand", "not-visible"),
        (SessionFacts("hanako"), "stopped", "not-ready"),
    ):
        facts: Any = {"card_readers": seen, "session": session}
        asked = look(smartcard.card_service, card_service=CardService("on-demand"), **facts)
        assert asked.code == service
        assert look(smartcard.card_reader, **facts).code == reader
