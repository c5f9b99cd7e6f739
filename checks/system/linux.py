"""Facts of a Linux machine, from its files."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from checks.system import facts, parse_common, pcsc
from checks.system.api import Platform, Unavailable
from checks.system.bounded_files import each_once, is_there, names_in, read_bytes
from checks.system.linux_roots import root_stores
from checks.system.run import run
from checks.system.shared import ReaderSearch, SharedFacts, native_hosts, timezone

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
    ("chrome", "Google Chrome", ("usr/bin/google-chrome-stable", "opt/google/chrome/chrome")),
    ("edge", "Microsoft Edge", ("usr/bin/microsoft-edge-stable", "usr/bin/microsoft-edge")),
    ("chromium", "Chromium", ("usr/bin/chromium", "usr/bin/chromium-browser", "snap/bin/chromium")),
    ("firefox", "Firefox", ("usr/bin/firefox", "snap/bin/firefox")),
    ("firefox", "Firefox ESR", ("usr/bin/firefox-esr",)),
)
"""Id, name, and the places of the program, the first of which is named like its Debian package."""
_SETTINGS = {
    "chrome": ("etc/opt/chrome",),
    "edge": ("etc/opt/edge",),
    "chromium": ("etc/chromium", "etc/chromium-browser"),
}
"""Where an administrator keeps what holds for all users."""


class LinuxSystem(SharedFacts):
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
        super().__init__(environ, home, pcsc_readers, root)
        self._uid = uid if uid is not None else (os.getuid() if hasattr(os, "getuid") else 1000)

    def os(self) -> facts.OsFacts:
        for path in ("etc/os-release", "usr/lib/os-release"):
            try:
                fields = parse_common.parse_os_release(
                    parse_common.decode(read_bytes(self._at(path)), "utf-8")
                )
            except FileNotFoundError:
                continue
            return facts.OsFacts(
                fields.get("PRETTY_NAME") or fields.get("NAME", "Linux"), fields.get("VERSION_ID", "")
            )
        return facts.OsFacts("Linux", "")

    def session(self) -> facts.SessionFacts:
        env = self._environ
        ssh = parse_common.is_over_ssh(env)
        desktop = bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))
        service = 0 < self._uid < 1000 or self._uid == 65534
        return facts.SessionFacts(
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

    def display(self) -> facts.DisplayFacts:
        folder = self._at("sys/class/drm")
        for name in names_in(folder):
            if self._word(folder, name, "status") == "connected":
                width, cross, height = self._word(folder, name, "modes").split("\n")[0].partition("x")
                if cross and width.isdecimal() and height.isdecimal():
                    return facts.DisplayFacts(int(width), int(height))
        raise Unavailable("no screen is connected")

    def locale(self) -> facts.LocaleFacts:
        env = self._environ
        language = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "C"
        name, offset = timezone()
        return facts.LocaleFacts(language, timezone=name, utc_offset_minutes=offset)

    def _system_proxy(self) -> facts.ProxyFacts:
        """The desktop's setting; asked only where there is a desktop, since a program has to be started for it."""
        tool = "/usr/bin/gsettings"
        if self._root != "/" or not self.session().desktop or not os.path.isfile(tool):
            return facts.ProxyFacts()

        def get(schema: str, key: str) -> str:
            output = run((tool, "get", f"org.gnome.system.proxy{schema}", key), timeout=1.0, limit=65536)
            return parse_common.parse_gsettings(output.data) if output.code == 0 else ""

        try:
            mode = get("", "mode")
            if mode == "auto":
                script = get("", "autoconfig-url")
                return facts.ProxyFacts(pac=script or None, auto_detect=not script)
            schemes = ("https", "http") if mode == "manual" else ()
            hosts = [(scheme, get(f".{scheme}", "host"), get(f".{scheme}", "port")) for scheme in schemes]
        except Unavailable:
            return facts.ProxyFacts()
        return facts.ProxyFacts(
            tuple(
                facts.ProxySetting(scheme, f"http://{host}:{port}", "gsettings")
                for scheme, host, port in hosts
                if host
            )
        )

    def root_stores(self) -> facts.RootStores:
        return root_stores(self._root, self._environ)

    def _config(self) -> str:
        return self._environ.get("XDG_CONFIG_HOME") or os.path.join(self._home, ".config")

    def _firefox_folders(self) -> list[str]:
        inside = (
            ".mozilla/firefox", "snap/firefox/common/.mozilla/firefox", ".var/app/org.mozilla.firefox/.mozilla/firefox",
            ".var/app/org.mozilla.firefox/config/mozilla/firefox",
        )  # fmt: skip
        folders = [os.path.join(self._home, path) for path in inside]
        return [*folders, os.path.join(self._config(), "mozilla/firefox")]

    def nss_databases(self) -> tuple[facts.Profile, ...]:
        # Chromium reads the second only where the first is missing (seen with Chromium 156).
        data = self._environ.get("XDG_DATA_HOME") or os.path.join(self._home, ".local/share")
        usual = [os.path.join(self._home, ".pki/nssdb"), os.path.join(data, "pki/nssdb")]
        folders = [folder for folder in usual if is_there(folder)][:1]
        snaps = os.path.join(glob.escape(self._home), "snap/chromium/*/")
        for inside in (".pki/nssdb", ".local/share/pki/nssdb"):
            folders += sorted(glob.glob(snaps + inside))
        return tuple(
            facts.Profile("chromium", "nssdb", folder)
            for folder in each_once(folders)
            if is_there(os.path.join(folder, "cert9.db"))
        )

    def _user_data(self) -> list[tuple[str, str]]:
        usual = [(owner, os.path.join(self._config(), folder)) for owner, folder in _USER_DATA]
        return usual + [(owner, os.path.join(self._home, folder)) for owner, folder in _SANDBOXED]

    def browsers(self) -> tuple[facts.Browser, ...]:
        try:
            status = read_bytes(self._at("var/lib/dpkg/status"), 64 * 1024 * 1024)
        except (OSError, Unavailable):
            status = b""
        found = []
        for owner, name, paths in _PROGRAMS:
            path = next((self._at(path) for path in paths if os.path.isfile(self._at(path))), "")
            if path:
                version = parse_common.parse_dpkg_version(status, os.path.basename(paths[0]))
                found.append(facts.Browser(owner, name, version, path))
        return tuple(found)

    def browser_policies(self, browser: str) -> Mapping[str, object]:
        merged: dict[str, object] = {}
        for settings in _SETTINGS.get(browser, ()):
            folder = self._at(settings, "policies/managed")
            for name in names_in(folder):
                if not name.endswith(".json"):
                    continue
                try:
                    policies = parse_common.parse_json(read_bytes(os.path.join(folder, name)))
                except FileNotFoundError:
                    continue
                except ValueError:
                    # Chromium reads JSON with comments too, which this parser does not.
                    raise Unavailable(f"{folder}/{name}: no plain JSON") from None
                merged.update(policies if isinstance(policies, dict) else {})
        return merged

    def native_hosts(self) -> tuple[facts.NativeHost, ...]:
        places = {
            owner: self._at(settings[0], "native-messaging-hosts") for owner, settings in _SETTINGS.items()
        }
        return native_hosts(self._user_data(), places)

    def card_service(self) -> facts.CardService:
        # The number may be left over from a service that is gone.
        number = self._word(self._root, "run/pcscd/pcscd.pid")
        if number.isdecimal() and os.path.isdir(self._at(f"proc/{number}")):
            return facts.CardService("running", f"pcscd has the number {number}")
        if Path(self._at("run/pcscd/pcscd.comm")).is_socket():
            return facts.CardService("on-demand", "/run/pcscd/pcscd.comm")
        if os.path.isfile(self._at("usr/sbin/pcscd")):
            return facts.CardService("stopped", "/usr/sbin/pcscd")
        return facts.CardService("absent")

    def _reader_ways(self) -> dict[str, ReaderSearch]:
        answers = self.card_service().state in ("running", "on-demand")
        return {**({"pcsc": self._pcsc_readers} if answers else {}), "usb": self._usb_readers}

    def _usb_readers(self) -> list[facts.CardReader]:
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
        return [facts.CardReader(name, "usb") for name in found.values()]

    def _word(self, *path: str) -> str:
        try:
            return read_bytes(os.path.join(*path), 4096).decode("utf-8", "replace").strip()
        except (OSError, Unavailable):
            return ""
