"""A Debian server reached by SSH and a Mac: the whole of steps 1 and 2 without one thing called wrong.

Covers checks.probes.elsewhere.
"""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import pytest

from checks.finding import find
from checks.guide import load_guide
from checks.model import Context, Options
from checks.pki.anchors import table
from checks.probes import extension
from checks.system.api import System
from checks.system.linux import LinuxSystem
from checks.system.macos import MacSystem
from checks.system.run import Output
from checks.verdict import outcome_of

DATA = Path(__file__).parents[2] / "data"
CHECKS = [check for check in load_guide("oss").checks.values() if check.step in (1, 2) and not check.network]
PEM = b"".join(
    b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % base64.encodebytes(der)
    for der in table().ders.values()
)


def debian(tmp_path: Path) -> System:
    for path, content in {
        "etc/os-release": (DATA / "linux/os-release-debian").read_bytes(),
        "var/lib/dpkg/status": (DATA / "linux/dpkg-status").read_bytes(),
        "etc/ssl/certs/ca-certificates.crt": PEM,
        "usr/bin/chromium": b"",
        "home/.config/chromium/Default/Preferences": b"{}",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    environ = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22", "USER": "taro", "LANG": "ja_JP.UTF-8"}
    return LinuxSystem(str(tmp_path), environ, str(tmp_path / "home"), 1000, lambda: ())


def mac(tmp_path: Path) -> System:
    folder = tmp_path / "System/Library/CoreServices"
    folder.mkdir(parents=True)
    (folder / "SystemVersion.plist").write_bytes((DATA / "macos/SystemVersion.plist").read_bytes())
    (tmp_path / "Applications").mkdir()

    def command(argv: tuple[str, ...]) -> Output:
        if argv[0] == "/usr/sbin/scutil":
            return Output(0, (DATA / "macos/scutil-proxy-none.txt").read_bytes())
        return Output(0, PEM) if "SystemRoot" in argv[-1] else Output(1, b"")

    return MacSystem(
        str(tmp_path), {"USER": "taro", "LANG": "ja_JP.UTF-8"}, str(tmp_path), 501, command, lambda: ()
    )


EXPECTED = {
    "root.os-store": ("present", "present"),
    "root.certifi": ("complete", "complete"),
    "root.firefox": ("not-installed", "not-installed"),
    "root.chromium": ("nothing-forbidden", "own-list"),
    "root.lifecycle": ("quiet", "quiet"),
    "pc.os": ("not-supported-here", "not-supported-here"),
    "pc.session": ("remote-shell", "desktop"),
    "pc.display": ("other-system", "other-system"),
    "pc.browser": ("other-pc", "other-pc"),
    "pc.extension": ("other-pc", "other-pc"),
    "pc.addon": ("other-pc", "other-pc"),
    "pc.jpki-client": ("other-pc", "other-pc"),
    "pc.card-service": ("other-pc", "on-demand"),
    "pc.card-reader": ("other-pc", "other-pc"),
    "pc.locale": ("other-system", "other-system"),
    "pc.proxy": ("none", "none"),
    "pc.sending": ("this-pc", "this-pc"),
}


@pytest.mark.parametrize("index", [0, 1], ids=["debian", "macos"])
def test_each_machine_gives_its_findings(index: int, tmp_path: Path) -> None:
    system = (debian, mac)[index](tmp_path)
    now = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
    found = {}
    for check in CHECKS:
        # Memory and disk are those of the machine that runs the test.
        if check.id not in ("pc.memory", "pc.disk"):
            finding = find(check, Context(system, options=Options(now=now)))
            found[check.id] = finding.code
            assert outcome_of(check, finding.code) in ("pass", "warn", "skip"), finding
    assert found == {check: codes[index] for check, codes in EXPECTED.items()}


def test_profiles_found_are_told_although_they_do_not_count(tmp_path: Path) -> None:
    finding = find(extension.extension, Context(debian(tmp_path)))
    assert any("Chromium (Default)" in line and "not installed" in line for line in finding.evidence)
