"""The portal's extension in profiles of every kind: whole, damaged, huge, being written, ruled by policy.

Covers checks.probes.browser and checks.probes.extension.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from checks import table
from checks.probes import browser, extension, signing
from checks.system.api import Unavailable
from checks.system.bounded_files import PROFILE
from checks.system.browser_policies import Ruling, rule
from checks.system.chromium import WHOLE, judge_entry, parse_preferences, read_extension
from checks.system.facts import Browser, OsFacts, Profile, SessionFacts
from checks.system.linux import LinuxSystem
from checks.verdict import outcome_of
from tests.support.fake_system import FakeSystem
from tests.support.one_check import look

ID = str(table.facts("extension").entries["id"])
STORE = str(table.facts("extension").entries["update_url"])
OTHER = "abcdefghijklmnopabcdefghijklmnop"


def preferences(entry: object, **more: object) -> bytes:
    return json.dumps({"extensions": {"settings": {ID: entry}, "pinned_extensions": [ID]}, **more}).encode()


def entry(**changes: object) -> dict[str, Any]:
    """An extension from the store as Chromium 156 writes it."""
    usual = {
        "disable_reasons": [],
        "first_install_time": "13439856625095700",
        "from_webstore": True,
        "location": 1,
        "manifest": {"name": "example", "version": "1.2.0"},
        "path": f"{ID}/1.2.0_0",
    }
    return {**usual, **changes}


def profile(folder: Path, content: bytes, name: str = "Preferences") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / "Extensions" / ID / "1.2.0_0").mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(
    ("changes", "enabled"),
    [
        ({}, True),
        ({"state": 1}, True),
        ({"state": 0}, False),
        ({"state": 0, "disable_reasons": 1}, False),
        ({"disable_reasons": 0}, True),
        ({"disable_reasons": [1]}, False),
        ({"disable_reasons": [1024]}, False),
        ({"disable_reasons": 1 << 16}, False),
        ({"disable_reasons": "text"}, True),
    ],
)
def test_states_of_older_and_newer_browsers(changes: dict[str, object], enabled: bool) -> None:
    found = judge_entry(entry(**changes), ("1.2.0_0",))
    assert found is not None
    assert (found.enabled, found.version) == (enabled, "1.2.0")


@pytest.mark.parametrize("remainder", [{}, {"ack_external": True}, entry(location=0), entry(state=2)])
def test_remainders_of_a_removed_extension_are_not_it(remainder: dict[str, object]) -> None:
    assert judge_entry(remainder, ()) is None


def test_reasons_are_told_in_words() -> None:
    found = judge_entry(entry(disable_reasons=[1, 1 << 10, 1 << 30]), ())
    assert found is not None
    assert found.why() == f"switched off by the user, files damaged, reason {1 << 30}"
    assert not found.files


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{" * 100_000, b"[" * 100_000, b'{"extensions": 1}', b"\0" * 4096,
     b'{"extensions": {"settings": []}}', preferences("text"), preferences(None)],
)  # fmt: skip
def test_damaged_settings_are_unreadable_and_never_a_crash(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Unavailable):
        read_extension(str(profile(tmp_path, content)), ID)


def test_settings_of_the_wrong_types_within_are_survived(tmp_path: Path) -> None:
    strange = entry(state="x", disable_reasons={"a": 1}, manifest=[], path=7, location="x")
    found = read_extension(str(profile(tmp_path, preferences(strange))), ID)
    assert found is not None
    assert found.version == ""


def test_one_damaged_file_of_two_leaves_it_open_unless_the_other_knows(tmp_path: Path) -> None:
    profile(tmp_path, b"{", "Secure Preferences")
    profile(tmp_path, b"{}")
    with pytest.raises(Unavailable):
        read_extension(str(tmp_path), ID)
    profile(tmp_path, preferences(entry()))
    found = read_extension(str(tmp_path), ID)
    assert found is not None
    assert found.enabled


def huge(size: int) -> bytes:
    """Settings of about `size` bytes, the extension's own in their midst."""
    filler = [{"url": f"https://example.invalid/{number}", "title": "例" * 20} for number in range(1000)]
    text = json.dumps(filler, ensure_ascii=False).encode()
    half = b"[" + b",".join([text] * (size // len(text) // 2)) + b"]"
    middle = preferences(entry(disable_reasons=[1]))[1:-1]
    macs = b'"protection":{"macs":{"extensions":{"settings":{"%s":"0123"}}}}' % ID.encode()
    return b'{"a":' + half + b"," + macs + b"," + middle + b',"b":' + half + b"}"


def test_a_50_mb_profile_is_read_for_what_is_needed(tmp_path: Path) -> None:
    content = huge(50 * 1024 * 1024)
    assert WHOLE < len(content) < PROFILE
    found = read_extension(str(profile(tmp_path, content)), ID)
    assert found is not None
    assert (found.enabled, found.reasons) == (False, (1,))
    with pytest.raises(ValueError):
        parse_preferences(content[:-1], ID)


def test_a_profile_above_the_limit_is_unavailable(tmp_path: Path) -> None:
    profile(tmp_path, b"{}")
    with open(tmp_path / "Preferences", "r+b") as file:
        file.truncate(PROFILE + 1)
    with pytest.raises(Unavailable, match="larger"):
        read_extension(str(tmp_path), ID)


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("makes a named pipe")
    os.mkfifo(tmp_path / "Preferences")
    with pytest.raises(Unavailable, match="not a file"):
        read_extension(str(tmp_path), ID)


def test_a_profile_being_written_gives_an_answer_each_time(tmp_path: Path) -> None:
    whole = preferences(entry(), filler="x" * 200_000)
    profile(tmp_path, whole)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            # In place, as no browser would: every length may be met.
            with open(tmp_path / "Preferences", "wb", buffering=0) as file:
                for start in range(0, len(whole), 50_000):
                    file.write(whole[start : start + 50_000])

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    answers = set()
    try:
        for _ in range(30):
            system = FakeSystem(
                "windows", session=SessionFacts("a"), browser_policies={},
                chromium_profiles=(Profile("chrome", "a", str(tmp_path)),),
            )  # fmt: skip
            answers.add(look(extension.extension, system).code)
    finally:
        stop.set()
        writer.join(10)
    assert answers <= {"enabled", "unreadable", "partly"}


# --- Policies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policies", "ruling"),
    [
        ({}, ""),
        ({"ExtensionInstallBlocklist": [ID]}, "blocked"),
        ({"ExtensionInstallBlocklist": ["*"]}, "blocked"),
        ({"ExtensionInstallBlocklist": ["*"], "ExtensionInstallAllowlist": [ID]}, "allowed"),
        ({"ExtensionInstallBlocklist": [OTHER]}, ""),
        ({"ExtensionInstallBlocklist": ["*"], "ExtensionInstallForcelist": [f"{ID};{STORE}"]}, "forced"),
        ({"ExtensionInstallForcelist": [ID]}, "forced"),
        ({"ExtensionSettings": {ID: {"installation_mode": "blocked"}}}, "blocked"),
        ({"ExtensionSettings": {ID: {"installation_mode": "removed"}}}, "blocked"),
        ({"ExtensionSettings": {"*": {"installation_mode": "blocked"}}}, "blocked"),
        ({"ExtensionSettings": {"*": {"installation_mode": "blocked"}, ID: {"installation_mode": "allowed"}}}, "allowed"),
        ({"ExtensionSettings": {"*": {"installation_mode": "blocked"}, f"{OTHER},{ID}": {"installation_mode": "force_installed"}}}, "forced"),
        ({"ExtensionSettings": {f"update_url:{STORE}": {"installation_mode": "blocked"}}}, "blocked"),
        ({"ExtensionSettings": json.dumps({ID: {"installation_mode": "blocked"}})}, "blocked"),
        ({"ExtensionSettings": "{"}, ""),
        ({"ExtensionSettings": {ID: "text", "*": 5}, "ExtensionInstallBlocklist": 7}, ""),
        ({"ExtensionInstallBlocklist": '["*"]'}, "blocked"),
    ],
)  # fmt: skip
def test_what_the_administrator_rules(policies: dict[str, object], ruling: str) -> None:
    assert ruled(policies).mode == ruling


def ruled(policies: dict[str, object]) -> Ruling:
    return rule(policies, ID, STORE, frozenset({"nativeMessaging"}), "www.oss.mlit.go.jp")


NATIVE = {"blocked_permissions": ["nativeMessaging"]}
PORTAL = {"runtime_blocked_hosts": ["*://www.oss.mlit.go.jp"]}


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        # As Chromium 156 did with an extension of the same kind: tests/corpus/policies/README.md.
        ({"ExtensionSettings": {"*": NATIVE}}, ("blocked", "ExtensionSettings: blocked_permissions")),
        ({"ExtensionSettings": {ID: NATIVE}}, ("blocked", "ExtensionSettings: blocked_permissions")),
        ({"ExtensionSettings": {"*": NATIVE, ID: {"installation_mode": "allowed"}}}, ("allowed", "")),
        ({"ExtensionSettings": {"*": NATIVE, ID: {"allowed_permissions": ["nativeMessaging"]}}}, ("", "")),
        ({"ExtensionSettings": {ID: {"installation_mode": "blocked"}}, "ExtensionInstallAllowlist": [ID]},
         ("blocked", "ExtensionSettings")),
        ({"ExtensionAllowedTypes": ["theme"]}, ("blocked", "ExtensionAllowedTypes")),
        ({"ExtensionAllowedTypes": []}, ("blocked", "ExtensionAllowedTypes")),
        ({"ExtensionAllowedTypes": ["theme"], "ExtensionInstallAllowlist": [ID]}, ("blocked", "ExtensionAllowedTypes")),
        ({"ExtensionSettings": {"*": {"allowed_types": ["theme"]}}}, ("blocked", "ExtensionAllowedTypes")),
        ({"ExtensionSettings": {"*": {"allowed_types": ["theme"]}, ID: {"installation_mode": "allowed"}}},
         ("blocked", "ExtensionAllowedTypes")),
        ({"ExtensionSettings": {"*": PORTAL}}, ("", "ExtensionSettings: runtime_blocked_hosts")),
        ({"ExtensionSettings": {"*": {"runtime_blocked_hosts": ["*://*"], "runtime_allowed_hosts": PORTAL["runtime_blocked_hosts"]}}},
         ("", "")),
        ({"ExtensionSettings": {"*": PORTAL, ID: {"installation_mode": "allowed"}}}, ("allowed", "")),
        # As documented.
        ({"ExtensionAllowedTypes": ["extension", "theme"]}, ("", "")),
        ({"ExtensionSettings": {"*": NATIVE}, "ExtensionInstallAllowlist": [ID]}, ("allowed", "")),
        ({"ExtensionSettings": {"*": NATIVE, f"update_url:{STORE}": {}}}, ("", "")),
        ({"ExtensionSettings": {f"update_url:{STORE}": NATIVE}}, ("blocked", "ExtensionSettings: blocked_permissions")),
        ({"ExtensionSettings": {"*": {"installation_mode": "blocked"}, ID: {}}}, ("blocked", "ExtensionSettings")),
        ({"ExtensionSettings": {"*": {"blocked_permissions": ["cookies"]}}}, ("", "")),
    ],
)  # fmt: skip
def test_policies_that_leave_the_extension_in_place_and_stop_it(
    policies: dict[str, object], expected: tuple[str, str]
) -> None:
    found = ruled(policies)
    assert (found.mode, found.policy) == expected
    assert found.kept_off == found.policy.endswith("hosts")


@pytest.mark.parametrize(
    ("pattern", "covers"),
    [
        ("<all_urls>", True), ("*://*", True), ("*://*/*", True), ("https://www.oss.mlit.go.jp", True), ("*://*.mlit.go.jp/*", True),
        ("*://*.go.jp", True), ("https://www.oss.mlit.go.jp:443", True), ("*://WWW.OSS.MLIT.GO.JP", True), ("*://www.oss.mlit.*", True),
        ("http://oss.mlit.go.jp", False), ("*://*.example.jp", False), ("www.oss.mlit.go.jp", False), ("*://*lit.go.jp", False),
        ("chrome-extension://www.oss.mlit.go.jp", False), ("", False),
    ],
)  # fmt: skip
def test_patterns_of_hosts(pattern: str, covers: bool) -> None:
    assert ruled({"ExtensionSettings": {"*": {"runtime_blocked_hosts": [pattern]}}}).kept_off == covers


def test_managed_policies_of_linux_are_read_and_those_not_understood_are_said(tmp_path: Path) -> None:
    folder = tmp_path / "etc/opt/chrome/policies/managed"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps({"ExtensionInstallBlocklist": ["*"]}))
    (folder / "c.json").write_text("[1]")
    (folder / "readme.txt").write_text("{")
    system = LinuxSystem(root=str(tmp_path), environ={})
    assert system.browser_policies("chrome") == {"ExtensionInstallBlocklist": ["*"]}
    # Chromium itself would read it.
    (folder / "b.json").write_text('{"ExtensionInstallAllowlist": ["*"]} // all')
    with pytest.raises(Unavailable, match=r"b\.json"):
        system.browser_policies("chrome")


# --- Findings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edge", "chrome", "policies", "code"),
    [
        (entry(), entry(), {}, "enabled"),
        (None, entry(), {}, "enabled-in-some"),
        (entry(disable_reasons=[1]), None, {}, "disabled"),
        (None, None, {}, "not-found"),
        (None, None, {"chrome": {"ExtensionInstallForcelist": [ID]}}, "forced-not-yet"),
        (None, None, {"edge": {"ExtensionInstallBlocklist": ["*"]}}, "blocked-by-policy"),
        (entry(), None, {"edge": {"ExtensionInstallBlocklist": ["*"]}}, "blocked-by-policy"),
        (entry(), entry(), {"edge": {"ExtensionInstallBlocklist": ["*"]}}, "enabled-in-some"),
        ("damaged", None, {}, "unreadable"),
        ("damaged", entry(), {}, "partly"),
        (None, entry(), {"chrome": {"ExtensionSettings": {"*": PORTAL}}}, "kept-off"),
        (entry(), entry(), {"chrome": {"ExtensionSettings": {"*": PORTAL}}}, "enabled"),
        (None, entry(), {"chrome": {"ExtensionSettings": {"*": NATIVE}}}, "blocked-by-policy"),
        (
            None,
            entry(granted_permissions={"api": ["tabs"]}),
            {"chrome": {"ExtensionSettings": {"*": {"blocked_permissions": ["tabs"]}}}},
            "blocked-by-policy",
        ),
        ("damaged", entry(disable_reasons=[1]), {}, "disabled"),
    ],
)
def test_profiles_together_give_one_finding(
    tmp_path: Path, edge: object, chrome: object, policies: dict[str, object], code: str
) -> None:
    places = []
    for owner, given in (("edge", edge), ("chrome", chrome)):
        content = b"{" if given == "damaged" else b"{}" if given is None else preferences(given)
        places.append(Profile(owner, "人", str(profile(tmp_path / owner, content))))
    system = FakeSystem(
        "windows", session=SessionFacts("a"), browser_policies=policies, chromium_profiles=tuple(places)
    )
    assert look(extension.extension, system).code == code


@pytest.mark.parametrize("what", ["settings", "policies", "folder"])
def test_what_cannot_be_read_beside_an_enabled_extension_leaves_no_pass(tmp_path: Path, what: str) -> None:
    places = [
        Profile(owner, "人", str(profile(tmp_path / owner, preferences(entry()))))
        for owner in ("edge", "chrome")
    ]
    facts: dict[str, Any] = {
        "session": SessionFacts("a"),
        "chromium_profiles": tuple(places),
        "browser_policies": {},
    }
    assert look(extension.extension, FakeSystem("windows", **facts)).code == "enabled"
    if what == "settings":
        (tmp_path / "edge" / "Preferences").write_bytes(b"{")
    elif what == "policies":
        facts["browser_policies"] = Unavailable("no permission")
    else:
        facts["chromium_profiles"] = (
            places[1],
            Profile("edge", "User Data", str(tmp_path), problem="no permission"),
        )
    finding = look(extension.extension, FakeSystem("windows", **facts))
    assert (finding.code, outcome_of(extension.extension, finding.code)) == ("partly", "warn")
    assert str(finding.values["profile"]).startswith("Chrome") or what == "policies"


def test_an_enabled_extension_without_files_is_doubtful(tmp_path: Path) -> None:
    places = []
    for owner in ("edge", "chrome"):
        places.append(Profile(owner, "a", str(profile(tmp_path / owner, preferences(entry())))))
        shutil.rmtree(tmp_path / owner / "Extensions")
    system = FakeSystem(
        "windows", session=SessionFacts("a"), browser_policies={}, chromium_profiles=tuple(places)
    )
    assert look(extension.extension, system).code == "files-missing"
    profile(tmp_path / "chrome", preferences(entry()))
    assert look(extension.extension, system).values["profile"] == "Chrome (a)"


def test_the_extension_in_chromium_alone_does_not_count(tmp_path: Path) -> None:
    place = Profile("chromium", "a", str(profile(tmp_path, preferences(entry()))))
    system = FakeSystem("windows", session=SessionFacts("a"), browser_policies={}, chromium_profiles=(place,))
    assert look(extension.extension, system).code == "no-profile"


def test_a_profiles_name_cannot_move_the_cursor(tmp_path: Path) -> None:
    place = Profile("edge", "\x1b[2J\u202e名前", str(profile(tmp_path, preferences(entry()))))
    system = FakeSystem("windows", session=SessionFacts("a"), browser_policies={}, chromium_profiles=(place,))
    assert not {"\x1b", "\u202e"} & set(
        repr(look(extension.extension, system).values) + "".join(look(extension.extension, system).evidence)
    )


@pytest.mark.parametrize(
    ("browsers", "code"),
    [
        ((Browser("edge", "Microsoft Edge", "156.0.1.1"),), "current"),
        ((Browser("edge", "Microsoft Edge", "152.0.1.1"),), "outdated"),
        ((Browser("edge", "Microsoft Edge", "143.0.1.1"),), "before-schedule"),
        (
            (Browser("edge", "Microsoft Edge", "100.0"), Browser("chrome", "Google Chrome", "999.0.0.0")),
            "supported",
        ),
        ((Browser("chrome", "Google Chrome", ""),), "version-unknown"),
        ((Browser("chrome", "Google Chrome", "ⅷ.0"),), "version-unknown"),
        ((Browser("firefox", "Firefox", "156.0"),), "only-others"),
        ((), "not-found"),
    ],
)
def test_browsers_of_a_windows_pc(browsers: tuple[Browser, ...], code: str) -> None:
    assert look(browser.browsers, FakeSystem("windows", browsers=browsers)).code == code


@pytest.mark.parametrize(
    ("name", "version", "day", "code", "released", "weeks"),
    [
        ("chrome", 144, "2026-01-20", "current", "2026-01-13", 1),
        (
            "chrome",
            147,
            "2026-11-27",
            "outdated",
            "2026-04-07",
            33,
        ),  # what ten releases were, four weeks each
        ("chrome", 152, "2026-11-16", "current", "2026-08-25", 11),
        ("chrome", 152, "2026-11-17", "outdated", "2026-08-25", 12),
        ("edge", 150, "2026-07-09", "current", "2026-07-02", 1),
        ("edge", 151, "2026-11-17", "outdated", "2026-07-30", 15),
        ("edge", 152, "2026-11-17", "current", "2026-08-27", 11),
        ("edge", 153, "2026-12-03", "outdated", "2026-09-10", 12),
        ("chrome", 153, "2026-11-27", "current", "2026-09-08", 11),
        ("chrome", 154, "2026-11-27", "current", "2026-09-22", 9),
        ("chrome", 158, "2026-11-17", "current", "2026-11-17", 0),
        ("chrome", 158, "2027-03-01", "outdated", "2026-11-17", 14),
        ("chrome", 158, "2026-11-01", "supported", None, None),  # the clock is slow: no word of a day to come
        ("edge", 159, "2027-03-01", "supported", None, None),  # not in the schedule: no word of its age
    ],
)
def test_the_age_of_a_browser_is_that_of_its_release(
    name: str, version: int, day: str, code: str, released: str | None, weeks: int | None
) -> None:
    now = datetime.fromisoformat(f"{day}T03:00:00+00:00")
    system = FakeSystem("windows", browsers=(Browser(name, name.title(), f"{version}.0.1.2"),))
    found = look(browser.browsers, system, now)
    assert (found.code, found.values.get("released"), found.values.get("weeks")) == (code, released, weeks)


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("firefox", "154.0.1", "out about 2026-08-18 by schedule"),
        ("firefox", "156.0", "out about 2026-09-15 by schedule"),
        ("firefox", "153.3.0", ""),  # also an extended support release
        ("firefox", "115.30.0", ""),
        ("safari", "155.0", ""),
    ],
)
def test_the_age_of_firefox_is_told_by_its_own_schedule(name: str, version: str, said: str) -> None:
    found = look(browser.browsers, FakeSystem("windows", browsers=(Browser(name, name, version),)))
    assert found.code == "only-others"
    assert said in found.evidence[0]
    assert ("schedule" in found.evidence[0]) is bool(said)


@pytest.mark.parametrize("platform", ["linux", "macos"])
def test_elsewhere_nothing_is_called_wrong(platform: Any) -> None:
    system = FakeSystem(
        platform, browsers=(), chromium_profiles=(), session=SessionFacts("a"), browser_policies={}, native_hosts=(),
        programs=(), matching_files=(), os=OsFacts("x", ""),
    )  # fmt: skip
    for check in (browser.browsers, extension.extension, signing.addon):
        finding = look(check, system)
        assert (finding.code, outcome_of(check, finding.code)) == ("other-pc", "skip")


# --- A real browser ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_a_profile_that_chromium_itself_wrote(tmp_path: Path) -> None:
    own = tmp_path / "extension"
    own.mkdir()
    (own / "manifest.json").write_text('{"name": "Example", "version": "1.2.3", "manifest_version": 3}')
    # An unpacked extension gets its id from its path.
    digest = hashlib.sha256(str(own).encode()).hexdigest()[:32]
    identity = "".join(chr(ord("a") + int(digit, 16)) for digit in digest)
    subprocess.run(
        ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         f"--user-data-dir={tmp_path}/.config/chromium", f"--load-extension={own}",
         "--disable-features=DisableLoadExtensionCommandLineSwitch", "--dump-dom", "about:blank"],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    system = LinuxSystem(home=str(tmp_path), environ={})
    (place,) = system.chromium_profiles()
    assert place.owner == "chromium"
    assert place.path == f"{tmp_path}/.config/chromium/Default"
    found = read_extension(place.path, identity)
    assert found is not None
    assert found.enabled
    assert read_extension(place.path, ID) is None
    assert any(browser.id == "chromium" and browser.version for browser in system.browsers())
