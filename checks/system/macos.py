"""Facts of a Mac: from its property lists, its folders and the tools that come with it."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Mapping

from checks.system import facts, parse_common, pcsc
from checks.system import parse_macos as mac
from checks.system.api import Platform, Unavailable
from checks.system.bounded_files import names_in, read_bytes
from checks.system.run import Output, run
from checks.system.shared import SharedFacts, native_hosts, timezone

_SECURITY = "/usr/bin/security"
_APPS = (
    ("edge", "Microsoft Edge"),
    ("chrome", "Google Chrome"),
    ("chromium", "Chromium"),
    ("firefox", "Firefox"),
    ("safari", "Safari"),
)
_USER_DATA = (("edge", "Microsoft Edge"), ("chrome", "Google/Chrome"), ("chromium", "Chromium"))
_DOMAINS = {"edge": "com.microsoft.Edge", "chrome": "com.google.Chrome", "chromium": "org.chromium.Chromium"}
_HOSTS = (
    ("edge", "Microsoft/Edge"),
    ("chrome", "Google/Chrome"),
    ("chromium", "Application Support/Chromium"),
)


class MacSystem(SharedFacts):
    """The facts of this Mac, or of the files and tools that a test puts in their place."""

    platform: Platform = "macos"

    def __init__(
        self,
        root: str = "/",
        environ: Mapping[str, str] | None = None,
        home: str | None = None,
        uid: int | None = None,
        command: Callable[[tuple[str, ...]], Output] = run,
        pcsc_readers: Callable[[], tuple[str, ...]] = pcsc.readers,
    ) -> None:
        super().__init__(environ, home, pcsc_readers, root)
        self._uid = uid if uid is not None else (os.getuid() if hasattr(os, "getuid") else 501)
        self._command = command

    def _support(self, path: str) -> str:
        return os.path.join(self._home, "Library", "Application Support", path)

    def os(self) -> facts.OsFacts:
        try:
            return mac.parse_system_version(
                read_bytes(self._at("System/Library/CoreServices/SystemVersion.plist"))
            )
        except (OSError, ValueError) as error:
            raise Unavailable(f"SystemVersion.plist: {type(error).__name__}") from None

    def session(self) -> facts.SessionFacts:
        env = self._environ
        ssh = parse_common.is_over_ssh(env)
        return facts.SessionFacts(env.get("USER", ""), "ssh" if ssh else "", not ssh, 0 < self._uid < 500)

    def display(self) -> facts.DisplayFacts:
        raise Unavailable("not asked on macOS")

    def locale(self) -> facts.LocaleFacts:
        env = self._environ
        name, offset = timezone()
        return facts.LocaleFacts(
            env.get("LC_ALL") or env.get("LANG") or "", timezone=name, utc_offset_minutes=offset
        )

    def _system_proxy(self) -> facts.ProxyFacts:
        return mac.parse_scutil_proxy(
            parse_common.decode(self._command(("/usr/sbin/scutil", "--proxy")).data, "utf-8")
        )

    def root_stores(self) -> facts.RootStores:
        """The keychains' certificates, and what Always Trust and Never Trust say of them by name."""
        keychains = (
            ("SystemRootCertificates", "/System/Library/Keychains/SystemRootCertificates.keychain", True),
            ("System keychain", "/Library/Keychains/System.keychain", False),
            ("login keychain", os.path.join(self._home, "Library/Keychains/login.keychain-db"), False),
        )
        stores: list[facts.RootStore] = []
        unreadable: list[str] = []
        for name, path, never_empty in keychains:
            try:
                output = self._command((_SECURITY, "find-certificate", "-a", "-p", path))
            except Unavailable as error:
                unreadable.append(f"{name}: {error.reason}")
                continue
            if output.code == 0:
                stores.append(facts.RootStore(name, parse_common.parse_certificate_file(output.data)))
            elif never_empty:  # an empty keychain ends like a missing one
                unreadable.append(f"{name}: security ended with {output.code}")
        for name, option in (("trust settings (admin)", ("-d",)), ("trust settings (user)", ())):
            try:
                # Ends with 1 and the words "No Trust Settings were found" where there are none.
                output = self._command((_SECURITY, "dump-trust-settings", *option))
            except Unavailable as error:
                unreadable.append(f"{name}: {error.reason}")
                continue
            yes, no = mac.parse_trust_settings(parse_common.decode(output.data, "utf-8"))
            stores.append(facts.RootStore(name, _named(yes), _named(no)))
        if not stores:
            raise Unavailable("; ".join(unreadable[:2]))
        return facts.RootStores(tuple(stores), tuple(unreadable))

    def _firefox_folders(self) -> tuple[str, ...]:
        return (self._support("Firefox"),)

    def browsers(self) -> tuple[facts.Browser, ...]:
        found = []
        for owner, name in _APPS:
            for folder in (self._at("Applications"), os.path.join(self._home, "Applications")):
                app = os.path.join(folder, f"{name}.app")
                try:
                    info = mac.parse_plist(read_bytes(os.path.join(app, "Contents", "Info.plist")))
                except (OSError, ValueError, Unavailable):
                    continue
                found.append(facts.Browser(owner, name, mac.parse_app(info), app))
                break
        return tuple(found)

    def _user_data(self) -> list[tuple[str, str]]:
        return [(owner, self._support(path)) for owner, path in _USER_DATA]

    def browser_policies(self, browser: str) -> Mapping[str, object]:
        merged: dict[str, object] = {}
        folder = self._at("Library", "Managed Preferences")
        user = self._environ.get("USER", "")
        places = [os.path.join(folder, user)] if user and "/" not in user and user != ".." else []
        for place in (*places, folder):
            try:
                merged.update(mac.parse_plist(read_bytes(os.path.join(place, f"{_DOMAINS[browser]}.plist"))))
            except FileNotFoundError:
                continue
            except ValueError:
                raise Unavailable(f"{place}: {_DOMAINS[browser]}.plist is no property list") from None
        return merged

    def programs(self) -> tuple[facts.Program, ...]:
        names = names_in(self._at("Applications"))
        return tuple(
            facts.Program(name.removesuffix(".app"), source="/Applications")
            for name in names
            if name.endswith(".app")
        )

    def native_hosts(self) -> tuple[facts.NativeHost, ...]:
        places = {owner: self._at("Library", path, "NativeMessagingHosts") for owner, path in _HOSTS}
        return native_hosts(self._user_data(), places)

    def matching_files(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for pattern in patterns:
            if pattern.startswith("/"):
                found += glob.glob(glob.escape(self._root.rstrip("/")) + pattern)[:50]
        return tuple(dict.fromkeys(found))

    def card_service(self) -> facts.CardService:
        return facts.CardService("on-demand", "com.apple.ifdreader, started when a reader is connected")


def _named(names: frozenset[str]) -> frozenset[str]:
    """SHA-256 of the roots with these names, as the tool gives nothing but names."""
    from checks.pki.anchors import EXPECTED

    return frozenset(sha256 for sha256, name in EXPECTED.items() if name in names)
