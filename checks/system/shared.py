"""Facts that are had in the same way on every system."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from checks.system.api import Unavailable
from checks.system.bounded_files import is_dir, is_there, names_in, read_bytes, reason
from checks.system.facts import DiskFacts, MemoryFacts, NativeHost, Place, ProxyFacts
from checks.system.parse_common import (
    decode,
    parse_environment_proxies,
    parse_json,
    parse_native_host,
    parse_profiles_ini,
)


def memory() -> MemoryFacts:
    """Main memory of this machine."""
    try:
        import psutil
    except ImportError as error:  # its compiled part may not fit this machine
        raise Unavailable(f"memory: {reason(error)}") from None
    try:
        found = psutil.virtual_memory()
    except (OSError, psutil.Error, RuntimeError) as error:
        raise Unavailable(f"memory: {reason(error)}") from None
    return MemoryFacts(int(found.total), int(found.available))


def disk(path: str) -> DiskFacts:
    """The drive that holds `path`, or the nearest folder above it that exists."""
    import shutil

    place = Path(path).absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        found = shutil.disk_usage(place)
    except OSError as error:
        raise Unavailable(f"{place}: {reason(error)}") from None
    return DiskFacts(str(place), found.total, found.free)


def proxy(environ: Mapping[str, str], set_here: ProxyFacts) -> ProxyFacts:
    """What the usual variables name, before what is set in the system."""
    settings, bypass = parse_environment_proxies(environ)
    return ProxyFacts(
        settings + set_here.settings, bypass + set_here.bypass, set_here.pac, set_here.auto_detect
    )


def timezone() -> tuple[str, int]:
    """Name of the time zone as the C library says it, and its present offset from UTC in minutes."""
    now = time.localtime()
    try:
        name = now.tm_zone
    except UnicodeDecodeError:
        name = ""
    return name, round(now.tm_gmtoff / 60)


def firefox_profiles(roots: Iterable[str]) -> tuple[Place, ...]:
    """The profiles that `profiles.ini` names in each of the folders, and others beside them that hold a database."""
    found: dict[str, Place] = {}
    for root in roots:
        if not is_there(root):
            continue
        named: list[Place] = []
        try:
            text = decode(read_bytes(os.path.join(root, "profiles.ini")), "utf-8")
            named = [Place("firefox", name, os.path.join(root, path) if relative else path, in_use)
                     for name, path, relative, in_use in parse_profiles_ini(text)]  # fmt: skip
        except (FileNotFoundError, ValueError):
            pass
        except Unavailable as error:
            named = [Place("firefox", os.path.basename(root), root, problem=error.reason)]
        for folder in (root, os.path.join(root, "Profiles")):
            try:
                named += [Place("firefox", name, os.path.join(folder, name)) for name in names_in(folder)]
            except Unavailable as error:
                named.append(Place("firefox", os.path.basename(folder), folder, problem=error.reason))
        for place in named:
            if place.problem or any(
                is_there(os.path.join(place.path, name)) for name in ("cert9.db", "prefs.js")
            ):
                found.setdefault(os.path.realpath(place.path), place)
    return tuple(found.values())


def chromium_profiles(user_data: Iterable[tuple[str, str]]) -> tuple[Place, ...]:
    """The profiles within each (owner, User Data folder); named as the person named them where that can be read."""
    found: list[Place] = []
    for owner, folder in user_data:
        titles: dict[str, str] = {}
        try:
            state = parse_json(read_bytes(os.path.join(folder, "Local State"), 16 * 1024 * 1024))
            cache = _inside(state, "profile", "info_cache")
            for name, entry in cache.items():
                title = entry.get("name") if isinstance(entry, dict) else None
                titles[name] = title if isinstance(title, str) else name
        except (OSError, ValueError, Unavailable):
            pass
        try:
            names = names_in(folder)
        except Unavailable as error:
            found.append(Place(owner, os.path.basename(folder), folder, problem=error.reason))
            continue
        for name in names:
            # The two profiles that Chrome makes for itself hold no person's settings.
            if name in ("System Profile", "Guest Profile"):
                continue
            path = os.path.join(folder, name)
            if any(is_there(os.path.join(path, file)) for file in ("Preferences", "Secure Preferences")):
                found.append(Place(owner, titles.get(name, name), path))
    return tuple(found)


def _inside(document: object, *names: str) -> dict[str, object]:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def native_hosts(folders: Iterable[tuple[str, str, bool]]) -> tuple[NativeHost, ...]:
    """The native messaging hosts whose manifests lie in each (browser, folder, whether it is the user's own)."""
    found = []
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


def native_host(browser: str, name: str, manifest: str, user: bool) -> NativeHost:
    """One registered host with what its manifest says."""
    try:
        program, origins = parse_native_host(read_bytes(manifest, 1024 * 1024))
    except (OSError, ValueError, Unavailable):
        return NativeHost(browser, name, manifest, user=user)
    # A manifest may name its program relative to itself (Windows).
    full = os.path.join(os.path.dirname(manifest), program)
    there = is_there(full) and not is_dir(full)
    return NativeHost(browser, name, manifest, program, there, origins, user)
