"""Windows PCs as their registries and profiles describe them give the outcomes that a person would expect.

Covers checks.probes.operating_system.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from checks.finding import find
from checks.guide import load_guide
from checks.model import Context, Finding, Options
from checks.system.parse_windows import parse_pnp_devices
from checks.system.windows import WindowsSystem
from checks.verdict import outcome_of, verdict
from tests.support.machines import DATA, load, windows_pc

CHECKS = load_guide("oss").checks
NOVEMBER = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
PCS = sorted(path.stem for path in (DATA / "windows").glob("*.json") if not path.stem.startswith("readers-"))


def look(system: WindowsSystem, check: str, now: dt.datetime = NOVEMBER) -> Finding:
    finding = find(CHECKS[check], Context(system, options=Options(now=now)))
    assert outcome_of(CHECKS[check], finding.code) is not None, finding
    return finding


CLEAN = {
    "root.os-store": "present",
    "root.chromium": "own-list",
    "root.firefox": "not-installed",
    "pc.os": "supported",
    "pc.session": "desktop",
    "pc.display": "enough",
    "pc.browser": "current",
    "pc.extension": "enabled",
    "pc.addon": "found-like",
    "pc.jpki-client": "installed",
    "pc.card-service": "running",
    "pc.card-reader": "connected",
    "pc.locale": "japanese",
    "pc.proxy": "none",
}
DIFFERENT: dict[str, dict[str, str]] = {
    "clean-25h2": {},
    "home-24h2": {"pc.os": "unpatched"},
    "enterprise-24h2": {"pc.os": "supported"},
    "ltsc-2024": {"pc.os": "edition-unlisted"},
    "server-2025": {"pc.os": "edition-unlisted"},
    "home-26h2": {"pc.os": "newer-than-listed"},
    "home-26h1": {"pc.os": "newer-than-listed"},
    "future": {"pc.os": "newer-than-listed"},
    "home-23h2": {"pc.os": "too-old"},
    "windows-10": {"pc.os": "windows-10"},
    "policy-blocked": {"pc.extension": "blocked-by-policy"},
    "two-chrome-profiles": {"pc.extension": "enabled-in-some"},
    "no-reader": {"pc.card-service": "on-demand", "pc.card-reader": "none"},
    "service-stopped": {"pc.card-service": "stopped", "pc.card-reader": "not-ready"},
    "service-disabled": {"pc.card-service": "disabled", "pc.card-reader": "not-ready"},
    "distrusted": {"root.os-store": "forbidden"},
    "purposes-removed": {"root.os-store": "forbidden"},
    "fresh": {"root.os-store": "fetched-when-needed"},
    "auto-update-off": {"root.os-store": "auto-update-off"},
    "s-mode": {"pc.os": "s-mode"},
    "service-account": {
        "pc.display": "not-visible",
        "root.os-store": "service-account",
        "root.firefox": "service-account",
        "pc.session": "service-account",
        "pc.extension": "service-account",
    },
    "proxy-pac": {"pc.proxy": "script"},
}


@pytest.mark.parametrize("name", sorted(DIFFERENT))
def test_each_pc_gives_its_findings(name: str, tmp_path: Path) -> None:
    system = windows_pc(name, tmp_path)
    found = {check: look(system, check).code for check in CLEAN}
    assert found == CLEAN | DIFFERENT[name]


def test_every_kept_pc_is_judged() -> None:
    assert set(PCS) == {*DIFFERENT, "wrong-types"}


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_values_of_the_wrong_type_give_an_outcome_and_no_crash(check: str, tmp_path: Path) -> None:
    finding = look(windows_pc("wrong-types", tmp_path), check)
    assert finding.code != "crash", finding
    assert verdict(CHECKS[check], finding.code, finding.values, "windows") is not None


def test_a_key_that_may_not_be_read_is_said_and_hides_no_other_store(tmp_path: Path) -> None:
    finding = look(windows_pc("wrong-types", tmp_path), "root.os-store")
    assert any("Disallowed" in line and "not looked at" in line for line in finding.evidence)
    assert finding.code == "partly"


@pytest.mark.parametrize("name", PCS)
def test_every_sentence_is_filled_and_fits_its_encodings(name: str, tmp_path: Path) -> None:
    system = windows_pc(name, tmp_path)
    for check in CHECKS.values():
        finding = look(system, check.id)
        said = verdict(check, finding.code, finding.values, "windows")
        assert said is not None
        for text in (said.text, said.remedy):
            if text is not None:
                assert "{" not in text.ja + text.en, (check.id, text)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-08-13", "supported"),
        ("2026-08-14", "ending-soon"),
        ("2026-10-13", "ending-soon"),
        ("2026-10-14", "unpatched"),
    ],
)
def test_the_last_day_of_updates_still_counts(day: str, code: str, tmp_path: Path) -> None:
    now = dt.datetime.fromisoformat(f"{day}T12:00:00").astimezone(dt.UTC)
    assert look(windows_pc("home-24h2", tmp_path), "pc.os", now).code == code


@pytest.mark.parametrize(("days", "code"), [(180, "supported"), (181, "list-outdated")])
def test_an_old_table_says_so(days: int, code: str, tmp_path: Path) -> None:
    finding = look(windows_pc("clean-25h2", tmp_path), "pc.os", NOVEMBER + dt.timedelta(days=days))
    assert finding.code == code
    assert any("days old" in line for line in finding.evidence) == (days > 180)


def test_a_policy_that_allows_or_forces_wins_over_a_general_block(tmp_path: Path) -> None:
    system = windows_pc("policy-blocked", tmp_path)
    pc_data = load("policy-blocked")
    assert r"HKLM\SOFTWARE\Policies\Microsoft\Edge\ExtensionInstallBlocklist" in pc_data["registry"]
    assert system.browser_policies("edge") == {
        "ExtensionInstallBlocklist": ["*"],
        "ExtensionInstallAllowlist": ["abcdefghijklmnopabcdefghijklmnop"],
    }


def test_no_evidence_holds_a_proxy_password(tmp_path: Path) -> None:
    finding = look(windows_pc("proxy-pac", tmp_path), "pc.proxy")
    assert "himitsu" not in repr(finding)
    assert "***@web.example:8443" in repr(finding)


def test_the_proxy_script_is_told(tmp_path: Path) -> None:
    assert windows_pc("proxy-pac", tmp_path).pac_url() == "http://pac.example/proxy.pac"
    assert windows_pc("clean-25h2", tmp_path).pac_url() is None


@pytest.mark.parametrize("name", ["cp932", "utf16", "utf8", "english"])
def test_powershell_json_is_read_in_any_encoding(name: str) -> None:
    readers = parse_pnp_devices((DATA / "windows" / f"readers-{name}.json").read_bytes())
    wanted = "Example Smart Card Reader" if name == "english" else "Example ICカードリーダー"
    assert [reader.name for reader in readers] == [wanted]


@pytest.mark.parametrize(
    "output", [b"[]", b"[\r\n\r\n]\r\n", b"\xef\xbb\xbf[]\r\n", "\ufeff[]\r\n".encode("utf-16-le")]
)
def test_an_empty_list_of_powershell_means_no_device(output: bytes) -> None:
    assert parse_pnp_devices(output) == ()


@pytest.mark.parametrize("output", [b"", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf\r\n"])
def test_no_output_of_powershell_is_no_answer(output: bytes) -> None:
    with pytest.raises(ValueError):
        parse_pnp_devices(output)


@pytest.mark.parametrize("output", [b"Get-PnpDevice : \x83G\x83\x89\x81[", b"[" * 100_000, b"\xff\xfe{"])
def test_powershell_output_that_is_no_json_is_a_value_error(output: bytes) -> None:
    with pytest.raises(ValueError):
        parse_pnp_devices(output)
