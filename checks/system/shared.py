"""What is had in the same way on every system, as the base of the three systems' classes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from checks.system import facts
from checks.system.api import Unavailable
from checks.system.bounded_files import is_there, names_in, read_bytes, reason
from checks.system.parse_common import (
    decode,
    parse_environment_proxies,
    parse_json,
    parse_native_host,
    parse_profiles_ini,
)

ReaderSearch: TypeAlias = Callable[[], list[facts.CardReader]]
"""One way to look for card readers; raises `Unavailable` where it cannot be gone."""


class SharedFacts:
    """The facts that need no more of a system than its proxy settings and where its folders lie."""

    def __init__(
        self,
        environ: Mapping[str, str] | None,
        home: str | None,
        pcsc_readers: Callable[[], tuple[str, ...]],
        root: str,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._home = home or self._environ.get("HOME") or os.path.expanduser("~")
        self._pcsc, self._root = pcsc_readers, root

    def _at(self, *path: str) -> str:
        return os.path.join(self._root, *path)

    _system_proxy: Callable[[], facts.ProxyFacts]
    """The proxies that are set in the system, the environment aside."""
    _firefox_folders: Callable[[], Iterable[str]]
    """The folders that may hold a `profiles.ini`."""
    _user_data: Callable[[], Iterable[tuple[str, str]]]
    """The browsers of Chromium's family and their folders of settings."""

    def memory(self) -> facts.MemoryFacts:
        try:
            import psutil

            memory = psutil.virtual_memory()
        except Exception as error:  # its compiled part may not fit this machine
            raise Unavailable(f"memory: {reason(error)}") from None
        return facts.MemoryFacts(int(memory.total), int(memory.available))

    def disk(self) -> facts.DiskFacts:
        import shutil

        # The home may not exist yet: its drive is that of the nearest folder above.
        place = Path(self._home).absolute()
        while not place.exists() and place != place.parent:
            place = place.parent
        try:
            usage = shutil.disk_usage(place)
        except OSError as error:
            raise Unavailable(f"{place}: {reason(error)}") from None
        return facts.DiskFacts(str(place), usage.total, usage.free)

    def proxy(self) -> facts.ProxyFacts:
        settings, bypass = parse_environment_proxies(self._environ)
        system = self._system_proxy()
        return facts.ProxyFacts(
            settings + system.settings, bypass + system.bypass, system.pac, system.auto_detect
        )

    def pac_url(self) -> str | None:
        return self._system_proxy().pac

    def firefox_profiles(self) -> tuple[facts.Profile, ...]:
        profiles: dict[str, facts.Profile] = {}
        for root in filter(is_there, self._firefox_folders()):
            for profile in (*_listed_profiles(root), *_profiles_in(root)):
                if profile.problem or any(
                    is_there(os.path.join(profile.path, name)) for name in ("cert9.db", "prefs.js")
                ):
                    profiles.setdefault(os.path.realpath(profile.path), profile)
        return tuple(profiles.values())

    def nss_databases(self) -> tuple[facts.Profile, ...]:
        return ()

    def chromium_profiles(self) -> tuple[facts.Profile, ...]:
        return tuple(
            profile
            for browser, folder in self._user_data()
            for profile in _chromium_profiles(browser, folder)
        )

    def programs(self) -> tuple[facts.Program, ...]:
        return ()

    def matching_files(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return ()

    def jpki_software(self) -> facts.JpkiSoftware:
        return facts.JpkiSoftware()

    def _reader_ways(self) -> dict[str, ReaderSearch]:
        """The ways to look for card readers, the surest first."""
        return {"pcsc": self._pcsc_readers}

    def _pcsc_readers(self) -> list[facts.CardReader]:
        return [facts.CardReader(name, "pcsc") for name in self._pcsc()]

    def card_readers(self) -> facts.CardReaders:
        looked: list[str] = []
        failed: list[str] = []
        readers: list[facts.CardReader] = []
        for way, search in self._reader_ways().items():
            # Starting another program takes seconds: only when nothing else gave an answer.
            if way == "pnp" and looked:
                break
            try:
                readers = search()
            except Unavailable as error:
                failed.append(error.reason)
                continue
            looked.append(way)
            if readers:
                break
        return facts.CardReaders(tuple(readers), tuple(looked), tuple(failed))


def timezone() -> tuple[str, int]:
    """Name of the time zone as the C library says it, and its present offset from UTC in minutes."""
    now = time.localtime()
    try:
        name = now.tm_zone
    except UnicodeDecodeError:
        name = ""
    return name, round(now.tm_gmtoff / 60)


def _listed_profiles(root: str) -> list[facts.Profile]:
    """The profiles that Firefox's `profiles.ini` names."""
    try:
        text = decode(read_bytes(os.path.join(root, "profiles.ini")), "utf-8")
        return [
            facts.Profile("firefox", name, os.path.join(root, path) if relative else path, in_use)
            for name, path, relative, in_use in parse_profiles_ini(text)
        ]
    except (FileNotFoundError, ValueError):
        return []
    except Unavailable as error:
        return [facts.Profile("firefox", os.path.basename(root), root, problem=error.reason)]


def _profiles_in(root: str) -> list[facts.Profile]:
    """The folders in the two places where Firefox makes its profiles."""
    profiles = []
    for folder in (root, os.path.join(root, "Profiles")):
        try:
            names = names_in(folder)
        except Unavailable as error:
            profiles.append(facts.Profile("firefox", os.path.basename(folder), folder, problem=error.reason))
            continue
        profiles += [facts.Profile("firefox", name, os.path.join(folder, name)) for name in names]
    return profiles


def _chromium_profiles(browser: str, folder: str) -> list[facts.Profile]:
    """The profiles in a User Data folder, called as the person called them where that can be read."""
    try:
        names = names_in(folder)
    except Unavailable as error:
        return [facts.Profile(browser, os.path.basename(folder), folder, problem=error.reason)]
    titles: Mapping[str, object] = {}
    try:
        document = parse_json(read_bytes(os.path.join(folder, "Local State"), 16 * 1024 * 1024))
        titles = _inside(document, "profile", "info_cache")
    except (OSError, ValueError, Unavailable):
        pass
    profiles = []
    for name in names:
        # The two profiles that Chrome makes for itself hold no person's settings.
        if name in ("System Profile", "Guest Profile"):
            continue
        path, title = os.path.join(folder, name), _inside(titles, name).get("name")
        if any(is_there(os.path.join(path, file)) for file in ("Preferences", "Secure Preferences")):
            profiles.append(facts.Profile(browser, title if isinstance(title, str) else name, path))
    return profiles


def _inside(document: object, *names: str) -> Mapping[str, object]:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def native_hosts(own: Iterable[tuple[str, str]], common: Mapping[str, str]) -> tuple[facts.NativeHost, ...]:
    """The native messaging hosts: of each browser those in its folder of settings, and those for all users."""
    found = []
    folders = [(browser, os.path.join(data, "NativeMessagingHosts"), True) for browser, data in own]
    folders += [(browser, folder, False) for browser, folder in common.items()]
    for browser, folder, user in folders:
        try:
            names = names_in(folder)
        except Unavailable:
            continue
        found += [
            native_host(browser, name.removesuffix(".json"), os.path.join(folder, name), user)
            for name in names
            if name.endswith(".json")
        ]
    return tuple(found)


def native_host(browser: str, name: str, manifest: str, user: bool) -> facts.NativeHost:
    """One registered host with what its manifest says."""
    try:
        program, origins = parse_native_host(read_bytes(manifest, 1024 * 1024))
    except (OSError, ValueError, Unavailable):
        return facts.NativeHost(browser, name, manifest, user=user)
    # A manifest may name its program relative to itself (Windows).
    full = os.path.join(os.path.dirname(manifest), program)
    there = is_there(full) and not os.path.isdir(full)
    return facts.NativeHost(browser, name, manifest, program, there, origins, user)
