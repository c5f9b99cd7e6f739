"""Facts of a Windows PC: from its registry, its files and its own interfaces, never from text made for people."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from checks.system import facts, parse_windows, pcsc
from checks.system.api import Platform, Unavailable
from checks.system.bounded_files import names_in
from checks.system.registry import Registry, number, text
from checks.system.run import Output, run
from checks.system.shared import ReaderSearch, SharedFacts, native_host

if TYPE_CHECKING:
    from checks.system.windows_roots import ListStore

_SYSTEM = r"HKLM\SYSTEM\CurrentControlSet"
_INTERNET = r"Microsoft\Windows\CurrentVersion\Internet Settings"
_UNINSTALL = (
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
    r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall",
)
_BROWSERS = (
    ("edge", "Microsoft Edge", "msedge.exe", r"Microsoft\Edge", r"Microsoft\EdgeUpdate",
     "{56EB18F8-B008-4CBD-B6D2-8C97FE7E9062}"),
    ("chrome", "Google Chrome", "chrome.exe", r"Google\Chrome", r"Google\Update",
     "{8A69D345-D564-463C-AFF1-A69D9E530F96}"),
    ("firefox", "Firefox", "firefox.exe", r"Mozilla\Mozilla Firefox", "", ""),
)  # fmt: skip
"""Id, name, program, key, key of the updater, the product's id there."""

_KEYS = {"edge": r"Microsoft\Edge", "chrome": r"Google\Chrome", "chromium": "Chromium"}
"""What the keys and folders of each browser of Chromium's family are called."""
_PNP = (
    "[Console]::OutputEncoding=[Text.Encoding]::UTF8;"
    "ConvertTo-Json -Compress -InputObject @("
    "Get-PnpDevice -Class SmartCardReader -PresentOnly -ErrorAction SilentlyContinue|"
    "Select-Object FriendlyName,InstanceId,@{n='Status';e={[string]$_.Status}})"
)
"""Gives an empty list where the class is empty: no output at all means that the command could not be run."""


class WindowsSystem(SharedFacts):
    """The facts of this PC, or of the registry, environment and services that a test puts in their place."""

    platform: Platform = "windows"

    def __init__(
        self,
        registry: Registry,
        environ: Mapping[str, str] | None = None,
        pcsc_readers: Callable[[], tuple[str, ...]] = pcsc.readers,
        service_status: Callable[[str], str] | None = None,
        list_store: ListStore | None = None,
        command: Callable[[tuple[str, ...]], Output] = run,
        screen: Callable[[], facts.DisplayFacts] | None = None,
    ) -> None:
        given = os.environ if environ is None else environ
        env = {name.upper(): value for name, value in given.items()}
        super().__init__(
            env, env.get("USERPROFILE") or env.get("SYSTEMDRIVE", "C:") + os.sep, pcsc_readers, os.sep
        )
        self._registry = registry
        self._status = service_status or _service_status
        self._list_store = list_store
        self._command = command
        self._screen = screen or _screen

    def _folder(self, variable: str, *inside: str) -> str:
        """A folder within one that the environment names; raises `Unavailable` when it names none."""
        base = self._environ.get(variable.upper(), "")
        if not base:
            raise Unavailable(f"%{variable}% is not set")
        return os.path.join(base, *(part for path in inside for part in path.split("\\")))

    def os(self) -> facts.OsFacts:
        values = self._registry.values(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion")
        policy = self._registry.values(rf"{_SYSTEM}\Control\CI\Policy")
        found = parse_windows.parse_windows_version(values, policy)
        if not found.build:
            raise Unavailable("no build number in the registry")
        return found

    def session(self) -> facts.SessionFacts:
        return parse_windows.parse_windows_session(self._environ)

    def display(self) -> facts.DisplayFacts:
        # Windows gives logins without a desktop a screen that does not exist.
        if not self.session().desktop:
            raise Unavailable("no desktop")
        return self._screen()

    def locale(self) -> facts.LocaleFacts:
        return parse_windows.parse_windows_locale(
            self._registry.values(r"HKCU\Control Panel\International"),
            self._registry.values(rf"{_SYSTEM}\Control\Nls\CodePage"),
            self._registry.values(rf"{_SYSTEM}\Control\TimeZoneInformation"),
        )

    def _system_proxy(self) -> facts.ProxyFacts:
        policy = self._registry.values(rf"HKLM\SOFTWARE\Policies\{_INTERNET}")
        # The policy "make proxy settings per machine" moves them from the user to the machine.
        hive = r"HKLM\SOFTWARE" if number(policy, "ProxySettingsPerUser") == 0 else r"HKCU\Software"
        return parse_windows.parse_internet_settings(
            self._registry.values(rf"{hive}\{_INTERNET}"),
            self._registry.values(rf"{hive}\{_INTERNET}\Connections"),
        )

    def root_stores(self) -> facts.RootStores:
        import ssl

        from checks.system.windows_roots import root_stores

        return root_stores(self._registry, self._list_store or getattr(ssl, "enum_certificates", None))

    def _firefox_folders(self) -> list[str]:
        folders = [self._folder("APPDATA", r"Mozilla\Firefox")]
        packages = os.path.join(glob.escape(self._folder("LOCALAPPDATA", "Packages")), "Mozilla.Firefox_*")
        for package in sorted(glob.glob(packages))[:20]:
            folders.append(os.path.join(package, "LocalCache", "Roaming", "Mozilla", "Firefox"))
        return folders

    def browsers(self) -> tuple[facts.Browser, ...]:
        found = []
        for owner, name, program, key, updater, product in _BROWSERS:
            path = ""
            for hive in ("HKLM", "HKCU"):
                entry = rf"{hive}\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\{program}"
                path = path or text(self._registry.values(entry), "").strip('"')
            version = self._version(key, updater, product)
            if path or version:
                found.append(facts.Browser(owner, name, version or _version_beside(path), path))
        return tuple(found)

    def _version(self, key: str, updater: str, product: str) -> str:
        """The version that the updater or the browser itself last wrote down."""
        places = [(rf"HKLM\SOFTWARE\{key}", "CurrentVersion"), (rf"HKCU\Software\{key}", "CurrentVersion")]
        if updater:
            hives = (r"HKLM\SOFTWARE\WOW6432Node", r"HKLM\SOFTWARE", r"HKCU\Software")
            places = [(rf"{hive}\{updater}\Clients\{product}", "pv") for hive in hives]
            places.append((rf"HKCU\Software\{key}\BLBeacon", "version"))
        for place, value in places:
            version = text(self._registry.values(place), value).split(" ")[0]
            if re.fullmatch(r"\d+(\.\d+){1,3}", version) and version != "0.0.0.0":
                return version
        return ""

    def _user_data(self) -> list[tuple[str, str]]:
        return [(owner, self._folder("LOCALAPPDATA", key, "User Data")) for owner, key in _KEYS.items()]

    def browser_policies(self, browser: str) -> Mapping[str, object]:
        merged: dict[str, object] = {}
        # What is set for the machine outweighs what is set for the user.
        for hive in (r"HKCU\Software", r"HKLM\SOFTWARE"):
            key = rf"{hive}\Policies\{_KEYS[browser]}"
            lists = {name: self._registry.values(rf"{key}\{name}") for name in self._registry.keys(key)}
            merged.update(parse_windows.parse_policies(self._registry.values(key), lists))
        return merged

    def programs(self) -> tuple[facts.Program, ...]:
        found = []
        for key in _UNINSTALL:
            for name in self._registry.keys(key):
                values = self._registry.values(rf"{key}\{name}")
                if title := text(values, "DisplayName"):
                    found.append(facts.Program(title, text(values, "DisplayVersion"), key[:4]))
        return tuple(found)

    def native_hosts(self) -> tuple[facts.NativeHost, ...]:
        found = []
        for browser, key in _KEYS.items():
            # The user's entry comes before the machine's.
            for hive in (r"HKCU\Software", r"HKLM\SOFTWARE", r"HKLM\SOFTWARE\WOW6432Node"):
                hosts = rf"{hive}\{key}\NativeMessagingHosts"
                for name in self._registry.keys(hosts):
                    if manifest := text(self._registry.values(rf"{hosts}\{name}"), "").strip('"'):
                        found.append(native_host(browser, name, manifest, hive.startswith("HKCU")))
        return tuple(found)

    def matching_files(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for pattern in patterns:
            if pattern.startswith("%"):
                variable, _, rest = pattern[1:].partition("%")
                try:
                    base = glob.escape(self._folder(variable))
                except Unavailable:
                    continue
                found += glob.glob(base + rest.replace("\\", os.sep))[:50]
        return tuple(dict.fromkeys(found))

    def jpki_software(self) -> facts.JpkiSoftware:
        path = ""
        for key in (r"HKLM\SOFTWARE\JPKI", r"HKLM\SOFTWARE\WOW6432Node\JPKI"):
            path = path or text(self._registry.values(key), "InstallPath")
        providers: list[str] = []
        for node in ("", "WOW6432Node\\"):
            names = self._registry.keys(rf"HKLM\SOFTWARE\{node}Microsoft\Cryptography\Defaults\Provider")
            providers += [name for name in names if "jpki" in name.lower()]
        files: tuple[str, ...] = ()
        with contextlib.suppress(Unavailable):
            files = tuple(name for name in (names_in(path) if path else ()) if "jpki" in name.lower())
        return facts.JpkiSoftware(path, tuple(dict.fromkeys(providers)), files[:50])

    def card_service(self) -> facts.CardService:
        key = rf"{_SYSTEM}\Services\SCardSvr"
        try:
            status = self._status("SCardSvr")
        except Unavailable:
            status = ""
        triggered = bool(self._registry.keys(rf"{key}\TriggerInfo"))
        return parse_windows.parse_card_service(self._registry.values(key), triggered, status)

    def _reader_ways(self) -> dict[str, ReaderSearch]:
        return {"pcsc": self._pcsc_readers, "registry": self._registered_readers, "pnp": self._pnp_readers}

    def _registered_readers(self) -> list[facts.CardReader]:
        """The readers whose device interface is in use now."""
        folder = rf"{_SYSTEM}\Control\DeviceClasses\{parse_windows.READER_CLASS}"
        if self._registry.values(folder) is None:
            raise Unavailable("no key for smart card readers")
        found = []
        for name in self._registry.keys(folder):
            instance = parse_windows.parse_reader_interface(name)
            control = self._registry.values(rf"{folder}\{name}\#\Control")
            if instance and number(control, "Linked") == 1:
                values = self._registry.values(rf"{_SYSTEM}\Enum\{instance}")
                found.append(facts.CardReader(parse_windows.parse_device_name(values, instance), "registry"))
        return found

    def _pnp_readers(self) -> list[facts.CardReader]:
        """What PowerShell says, which takes a second or two to start."""
        root = self._environ.get("SYSTEMROOT", r"C:\Windows")
        program = rf"{root}\System32\WindowsPowerShell\v1.0\powershell.exe"
        output = self._command((program, "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", _PNP))
        try:
            return list(parse_windows.parse_pnp_devices(output.data))
        except ValueError:
            raise Unavailable("powershell.exe: no JSON") from None


def _version_beside(path: str) -> str:
    """The newest version folder beside a Chromium program."""
    try:
        names = names_in(os.path.dirname(path)) if path and os.path.isfile(path) else ()
    except Unavailable:
        return ""
    versions = [name for name in names if re.fullmatch(r"\d+(\.\d+){3}", name)]
    return max(versions, key=lambda version: [int(part) for part in version.split(".")], default="")


def _screen() -> facts.DisplayFacts:
    """Pixels of the main screen; raises `Unavailable` where there is none."""
    if sys.platform != "win32":
        raise Unavailable("no Windows screen on this system")
    import ctypes

    user, graphics = ctypes.WinDLL("user32", winmode=0x800), ctypes.WinDLL("gdi32", winmode=0x800)
    user.GetDC.restype = ctypes.c_void_p
    user.GetDC.argtypes = [ctypes.c_void_p]
    user.ReleaseDC.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    graphics.GetDeviceCaps.argtypes = [ctypes.c_void_p, ctypes.c_int]
    context = user.GetDC(None)
    if not context:
        raise Unavailable("GetDC: no screen")
    try:
        # DESKTOPHORZRES and DESKTOPVERTRES: true pixels, whatever the scaling of this process.
        return facts.DisplayFacts(graphics.GetDeviceCaps(context, 118), graphics.GetDeviceCaps(context, 117))
    finally:
        user.ReleaseDC(None, context)


def _service_status(name: str) -> str:
    """State of a service in the words of psutil (`running`, `stopped` and so on); raises `Unavailable`."""
    if sys.platform != "win32":
        raise Unavailable("no service manager on this system")
    try:
        import psutil

        return str(psutil.win_service_get(name).status())
    except Exception as error:  # its compiled part may not fit this machine
        raise Unavailable(f"{name}: {type(error).__name__}") from None
