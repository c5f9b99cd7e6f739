"""Facts of a Linux machine, from its files."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from checks.system import parse_common, pcsc, shared
from checks.system.api import Platform, Unavailable
from checks.system.bounded_files import each_once, is_dir, is_file, is_there, names_in, read_bytes
from checks.system.facts import (
    Browser,
    CardReader,
    CardReaders,
    CardService,
    DiskFacts,
    DisplayFacts,
    JpkiSoftware,
    LocaleFacts,
    MemoryFacts,
    NativeHost,
    OsFacts,
    Place,
    Program,
    ProxyFacts,
    ProxySetting,
    RootStores,
    SessionFacts,
)
from checks.system.linux_roots import root_stores
from checks.system.run import run

_USER_DATA = (
    ("chrome", "google-chrome"),
    ("chrome", "google-chrome-beta"),
    ("chrome", "google-chrome-unstable"),
    ("edge", "microsoft-edge"),
    ("edge", "microsoft-edge-beta"),
    ("edge", "microsoft-edge-dev"),
    ("chromium", "chromium"),
)
_SANDBOXED = (
    ("chromium", "snap/chromium/common/chromium"),
    ("chromium", ".var/app/org.chromium.Chromium/config/chromium"),
    ("chrome", ".var/app/com.google.Chrome/config/google-chrome"),
    ("edge", ".var/app/com.microsoft.Edge/config/microsoft-edge"),
)
_PROGRAMS = (
    (
        "chrome",
        "Google Chrome",
        ("usr/bin/google-chrome-stable", "opt/google/chrome/chrome"),
        "google-chrome-stable",
    ),
    (
        "edge",
        "Microsoft Edge",
        ("usr/bin/microsoft-edge-stable", "usr/bin/microsoft-edge"),
        "microsoft-edge-stable",
    ),
    (
        "chromium",
        "Chromium",
        ("usr/bin/chromium", "usr/bin/chromium-browser", "snap/bin/chromium"),
        "chromium",
    ),
    ("firefox", "Firefox", ("usr/bin/firefox", "snap/bin/firefox"), "firefox"),
    ("firefox", "Firefox ESR", ("usr/bin/firefox-esr",), "firefox-esr"),
)
_POLICIES = {
    "chrome": ("etc/opt/chrome/policies/managed",),
    "edge": ("etc/opt/edge/policies/managed",),
    "chromium": ("etc/chromium/policies/managed", "etc/chromium-browser/policies/managed"),
}


class LinuxSystem:
    """The facts of this machine, or of the tree of files under `root` and `home`."""

    platform: Platform = "linux"

    def __init__(
        self,
        root: str = "/",
        environ: Mapping[str, str] | None = None,
        home: str | None = None,
        uid: int | None = None,
        pcsc_readers: Callable[[], tuple[str, ...]] = pcsc.readers,
    ) -> None:
        self._root = root
        self._environ = os.environ if environ is None else environ
        self._home = home or self._environ.get("HOME") or os.path.expanduser("~")
        self._uid = uid if uid is not None else (os.getuid() if hasattr(os, "getuid") else 1000)
        self._pcsc = pcsc_readers

    def _at(self, path: str) -> str:
        return os.path.join(self._root, path)

    def os(self) -> OsFacts:
        for path in ("etc/os-release", "usr/lib/os-release"):
            try:
                fields = parse_common.parse_os_release(
                    parse_common.decode(read_bytes(self._at(path)), "utf-8")
                )
            except FileNotFoundError:
                continue
            return OsFacts(
                fields.get("PRETTY_NAME") or fields.get("NAME", "Linux"), fields.get("VERSION_ID", "")
            )
        return OsFacts("Linux", "")

    def session(self) -> SessionFacts:
        env = self._environ
        ssh = parse_common.is_over_ssh(env)
        desktop = bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))
        service = 0 < self._uid < 1000 or self._uid == 65534
        return SessionFacts(
            env.get("USER") or env.get("LOGNAME") or self._account(), "ssh" if ssh else "", desktop, service
        )

    def _account(self) -> str:
        if sys.platform == "win32":
            return str(self._uid)
        import pwd

        try:
            return pwd.getpwuid(self._uid).pw_name
        except KeyError:
            return str(self._uid)

    def memory(self) -> MemoryFacts:
        return shared.memory()

    def disk(self) -> DiskFacts:
        return shared.disk(self._home)

    def display(self) -> DisplayFacts:
        folder = self._at("sys/class/drm")
        for name in names_in(folder):
            if self._word(folder, name, "status") == "connected":
                width, cross, height = self._word(folder, name, "modes").split("\n")[0].partition("x")
                if cross and width.isdecimal() and height.isdecimal():
                    return DisplayFacts(int(width), int(height))
        raise Unavailable("no screen is connected")

    def locale(self) -> LocaleFacts:
        env = self._environ
        language = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "C"
        name, offset = shared.timezone()
        return LocaleFacts(language, timezone=name, utc_offset_minutes=offset)

    def proxy(self) -> ProxyFacts:
        return shared.proxy(self._environ, self._desktop_proxy() or ProxyFacts())

    def pac_url(self) -> str | None:
        desktop = self._desktop_proxy()
        return desktop.pac if desktop else None

    def _desktop_proxy(self) -> ProxyFacts | None:
        """The desktop's setting; asked only where there is a desktop, since a program has to be started for it."""
        tool = "/usr/bin/gsettings"
        if self._root != "/" or not self.session().desktop or not is_file(tool):
            return None

        def get(schema: str, key: str) -> str:
            output = run((tool, "get", schema, key), timeout=1.0, limit=65536)
            return parse_common.parse_gsettings(output.data) if output.code == 0 else ""

        try:
            mode = get("org.gnome.system.proxy", "mode")
            if mode == "auto":
                script = get("org.gnome.system.proxy", "autoconfig-url")
                return ProxyFacts(pac=script or None, auto_detect=not script)
            if mode != "manual":
                return None
            found = []
            for scheme in ("https", "http"):
                host = get(f"org.gnome.system.proxy.{scheme}", "host")
                port = get(f"org.gnome.system.proxy.{scheme}", "port")
                if host:
                    found.append(ProxySetting(scheme, f"http://{host}:{port}", "gsettings"))
            return ProxyFacts(tuple(found))
        except Unavailable:
            return None

    def root_stores(self) -> RootStores:
        return root_stores(self._root, self._environ)

    def firefox_profiles(self) -> tuple[Place, ...]:
        config = self._environ.get("XDG_CONFIG_HOME") or os.path.join(self._home, ".config")
        inside = (
            ".mozilla/firefox", "snap/firefox/common/.mozilla/firefox", ".var/app/org.mozilla.firefox/.mozilla/firefox",
            ".var/app/org.mozilla.firefox/config/mozilla/firefox",
        )  # fmt: skip
        roots = [os.path.join(self._home, path) for path in inside]
        return shared.firefox_profiles([*roots, os.path.join(config, "mozilla/firefox")])

    def nss_databases(self) -> tuple[Place, ...]:
        # Chromium reads the second only where the first is missing (seen with Chromium 156).
        data = self._environ.get("XDG_DATA_HOME") or os.path.join(self._home, ".local/share")
        usual = [os.path.join(self._home, ".pki/nssdb"), os.path.join(data, "pki/nssdb")]
        folders = [folder for folder in usual if is_there(folder)][:1]
        snaps = os.path.join(glob.escape(self._home), "snap/chromium/*/")
        for inside in (".pki/nssdb", ".local/share/pki/nssdb"):
            folders += sorted(glob.glob(snaps + inside))
        return tuple(
            Place("chromium", "nssdb", folder)
            for folder in each_once(folders)
            if is_there(os.path.join(folder, "cert9.db"))
        )

    def _user_data(self) -> list[tuple[str, str]]:
        config = self._environ.get("XDG_CONFIG_HOME") or os.path.join(self._home, ".config")
        usual = [(owner, os.path.join(config, folder)) for owner, folder in _USER_DATA]
        return usual + [(owner, os.path.join(self._home, folder)) for owner, folder in _SANDBOXED]

    def browsers(self) -> tuple[Browser, ...]:
        try:
            status = read_bytes(self._at("var/lib/dpkg/status"), 64 * 1024 * 1024)
        except (OSError, Unavailable):
            status = b""
        found = []
        for owner, name, paths, package in _PROGRAMS:
            path = next((self._at(path) for path in paths if is_file(self._at(path))), "")
            if path:
                found.append(Browser(owner, name, parse_common.parse_dpkg_version(status, package), path))
        return tuple(found)

    def chromium_profiles(self) -> tuple[Place, ...]:
        return shared.chromium_profiles(self._user_data())

    def browser_policies(self, browser: str) -> Mapping[str, object]:
        merged: dict[str, object] = {}
        for folder in _POLICIES.get(browser, ()):
            for name in names_in(self._at(folder)):
                if not name.endswith(".json"):
                    continue
                try:
                    policies = parse_common.parse_json(read_bytes(os.path.join(self._at(folder), name)))
                except FileNotFoundError:
                    continue
                except ValueError:
                    # Chromium reads JSON with comments too, which this parser does not.
                    raise Unavailable(f"{self._at(folder)}/{name}: no plain JSON") from None
                merged.update(policies if isinstance(policies, dict) else {})
        return merged

    def programs(self) -> tuple[Program, ...]:
        return ()

    def native_hosts(self) -> tuple[NativeHost, ...]:
        folders = [
            (owner, os.path.join(folder, "NativeMessagingHosts"), True) for owner, folder in self._user_data()
        ]
        folders += [
            ("chrome", self._at("etc/opt/chrome/native-messaging-hosts"), False),
            ("edge", self._at("etc/opt/edge/native-messaging-hosts"), False),
            ("chromium", self._at("etc/chromium/native-messaging-hosts"), False),
        ]
        return shared.native_hosts(folders)

    def matching_files(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return ()

    def jpki_software(self) -> JpkiSoftware:
        return JpkiSoftware()

    def card_service(self) -> CardService:
        # The number may be left over from a service that is gone.
        number = self._word(self._root, "run/pcscd/pcscd.pid")
        if number.isdecimal() and is_dir(self._at(f"proc/{number}")):
            return CardService("running", f"pcscd has the number {number}")
        if Path(self._at("run/pcscd/pcscd.comm")).is_socket():
            return CardService("on-demand", "/run/pcscd/pcscd.comm")
        if is_file(self._at("usr/sbin/pcscd")):
            return CardService("stopped", "/usr/sbin/pcscd")
        return CardService("absent")

    def card_readers(self) -> CardReaders:
        looked, failed, found = [], [], []
        if self.card_service().state in ("running", "on-demand"):
            try:
                found = [CardReader(name, "pcsc") for name in self._pcsc()]
                looked.append("pcsc")
            except Unavailable as error:
                failed.append(error.reason)
        if not found:
            found = [CardReader(name, "usb") for name in self._usb_readers()]
            looked.append("usb")
        return CardReaders(tuple(found), tuple(looked), tuple(failed))

    def _usb_readers(self) -> list[str]:
        """USB devices with an interface of class 0B, "smart card" (usb.org, Defined Class Codes)."""
        folder = self._at("sys/bus/usb/devices")
        found: dict[str, str] = {}
        for name in names_in(folder):
            device, colon, _ = name.partition(":")
            if colon and self._word(folder, name, "bInterfaceClass") == "0b":
                maker, product = (
                    self._word(folder, device, "manufacturer"),
                    self._word(folder, device, "product"),
                )
                found[device] = " ".join(part for part in (maker, product) if part) or f"USB {device}"
        return list(found.values())

    def _word(self, *path: str) -> str:
        try:
            return read_bytes(os.path.join(*path), 4096).decode("utf-8", "replace").strip()
        except (OSError, Unavailable):
            return ""
