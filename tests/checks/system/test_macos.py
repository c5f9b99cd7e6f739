"""Facts of a Mac, from what its tools are documented to print and where its files are documented to lie.

Covers checks.system.parse_macos.
"""

from __future__ import annotations

import base64
import plistlib
from pathlib import Path

import pytest

from checks.finding import find
from checks.model import Context
from checks.pki.anchors import EXPECTED, table
from checks.probes import machine, operating_system, proxy, roots, smartcard
from checks.system import parse_macos
from checks.system.api import Unavailable
from checks.system.facts import ProxySetting
from checks.system.macos import MacSystem
from checks.system.run import Output

DATA = Path(__file__).parents[2] / "data" / "macos"
DER = {EXPECTED[sha256.hex()]: der for sha256, der in table().ders.items()}
NO_SETTINGS = Output(1, b"SecTrustSettingsCopyCertificates: No Trust Settings were found.\n")


def pem(*names: str) -> bytes:
    blocks = (
        b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % base64.encodebytes(DER[name])
        for name in names
    )
    return b"".join(blocks)


class Tools:
    """The tools of a Mac: what each command line answers; others are missing."""

    def __init__(self, *, keychain: bytes = b"", admin: Output = NO_SETTINGS, proxy: bytes = b"") -> None:
        self.keychain, self.admin, self.proxy = keychain, admin, proxy
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, argv: tuple[str, ...]) -> Output:
        self.asked.append(argv)
        if argv[0] == "/usr/sbin/scutil":
            return Output(0, self.proxy)
        if argv[1] == "find-certificate":
            return Output(0, self.keychain) if "SystemRoot" in argv[-1] else Output(44, b"")
        return self.admin if "-d" in argv else NO_SETTINGS


def mac(tmp_path: Path, tools: Tools | None = None, **environ: str) -> MacSystem:
    folder = tmp_path / "System/Library/CoreServices"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SystemVersion.plist").write_bytes((DATA / "SystemVersion.plist").read_bytes())
    home = tmp_path / "Users/taro"
    home.mkdir(parents=True, exist_ok=True)
    return MacSystem(str(tmp_path), {"USER": "taro", **environ}, str(home), 501, tools or Tools(), lambda: ())


def test_a_mac_is_said_not_to_be_supported(tmp_path: Path) -> None:
    finding = find(operating_system.operating_system, Context(mac(tmp_path)))
    assert (finding.code, finding.values["name"]) == ("not-supported-here", "macOS 26.1")


@pytest.mark.parametrize(("environ", "code"), [({}, "desktop"), ({"SSH_CONNECTION": "a"}, "remote-shell")])
def test_the_door_we_came_through(tmp_path: Path, environ: dict[str, str], code: str) -> None:
    assert find(machine.session, Context(mac(tmp_path, None, **environ))).code == code


def test_proxies_as_scutil_prints_them(tmp_path: Path) -> None:
    system = mac(tmp_path, Tools(proxy=(DATA / "scutil-proxy.txt").read_bytes()))
    found = system.proxy()
    assert found.settings == (
        ProxySetting("https", "proxy.example:8443", "macos"),
        ProxySetting("http", "proxy.example:8080", "macos"),
    )
    assert found.bypass == ("*.local", "169.254/16")
    assert system.pac_url() == "http://pac.example/proxy.pac"
    assert find(proxy.proxy, Context(system)).code == "script"


def test_a_script_that_is_switched_off_does_not_count(tmp_path: Path) -> None:
    system = mac(tmp_path, Tools(proxy=(DATA / "scutil-proxy-none.txt").read_bytes()))
    assert system.pac_url() is None
    assert find(proxy.proxy, Context(system)).code == "none"


@pytest.mark.parametrize("text", ["", "}", "ExceptionsList : <array> {", "\0 : \xff", "HTTPSEnable : 1\n"])
def test_any_output_of_scutil_is_survived(text: str) -> None:
    assert parse_macos.parse_scutil_proxy(text).settings == ()


def test_trust_settings_name_what_is_denied_for_servers() -> None:
    trusted, denied = parse_macos.parse_trust_settings((DATA / "trust-settings.txt").read_text())
    assert trusted == {"Example Filter CA", "Example Unrestricted CA"}
    assert denied == {"Security Communication RootCA2", "Example Old Root"}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("Security Communication RootCA2",), "rootca2-only"),
        (("Security Communication RootCA2", "SECOM TLS RSA Root CA 2024"), "present"),
        ((), "not-seen"),
    ],
)
def test_keychains_are_judged_by_fingerprints(tmp_path: Path, names: tuple[str, ...], code: str) -> None:
    tools = Tools(keychain=pem(*names))
    assert find(roots.os_store, Context(mac(tmp_path, tools))).code == code
    assert all(argv[0] == "/usr/bin/security" for argv in tools.asked)


def test_never_trust_is_forbidden(tmp_path: Path) -> None:
    settings = Output(0, (DATA / "trust-settings.txt").read_bytes())
    tools = Tools(keychain=pem("Security Communication RootCA2"), admin=settings)
    finding = find(roots.os_store, Context(mac(tmp_path, tools)))
    assert finding.code == "forbidden"
    assert finding.values == {"root": "Security Communication RootCA2", "store": "trust settings (admin)"}


def test_without_its_tools_nothing_is_called_wrong(tmp_path: Path) -> None:
    def missing(argv: tuple[str, ...]) -> Output:
        raise Unavailable(f"{argv[0]}: No such file or directory")

    system = MacSystem(str(tmp_path), {}, str(tmp_path), 501, missing, lambda: ())
    for check in (roots.os_store, proxy.proxy):
        assert find(check, Context(system)).code == "unavailable"


def test_browsers_profiles_policies_and_hosts(tmp_path: Path) -> None:
    system = mac(tmp_path)
    app = tmp_path / "Applications/Google Chrome.app/Contents"
    app.mkdir(parents=True)
    (app / "Info.plist").write_bytes(
        plistlib.dumps({"CFBundleShortVersionString": "156.0.8078.79"}, fmt=plistlib.FMT_BINARY)
    )
    support = tmp_path / "Users/taro/Library/Application Support/Google/Chrome"
    (support / "Profile 1").mkdir(parents=True)
    (support / "Profile 1/Preferences").write_text("{}")
    managed = tmp_path / "Library/Managed Preferences/taro"
    managed.mkdir(parents=True)
    (managed / "com.google.Chrome.plist").write_bytes(
        plistlib.dumps({"ExtensionInstallBlocklist": ["*"], "A": 1})
    )
    (managed.parent / "com.google.Chrome.plist").write_bytes(plistlib.dumps({"A": 2}))
    assert [(browser.id, browser.version) for browser in system.browsers()] == [("chrome", "156.0.8078.79")]
    assert [place.name for place in system.chromium_profiles()] == ["Profile 1"]
    assert system.browser_policies("chrome") == {"ExtensionInstallBlocklist": ["*"], "A": 2}
    assert system.native_hosts() == ()
    assert [program.name for program in system.programs()] == ["Google Chrome"]


@pytest.mark.parametrize(
    "data", [b"", b"bplist00", b"<plist", b"<plist><array/></plist>", b"bplist00" + b"\xff" * 60]
)
def test_a_damaged_property_list_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse_macos.parse_plist(data)


def test_no_reader_is_to_be_looked_at_on_the_other_pc(tmp_path: Path) -> None:
    assert find(smartcard.card_reader, Context(mac(tmp_path))).code == "other-pc"
    assert find(smartcard.card_service, Context(mac(tmp_path))).code == "on-demand"
