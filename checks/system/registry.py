"""The Windows registry, read-only, as keys with values.

Always the 64-bit view: what 32-bit programs see stands under `WOW6432Node` and is asked for by that name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from checks.system.api import Unavailable

Value: TypeAlias = str | int | bytes | tuple[str, ...] | None
"""A value as the registry types it: text, number, bytes, list of texts, nothing."""

MOST = 5000
"""Keys and values of one key that are looked at."""


class Registry(Protocol):
    """Read access to keys named `HKLM\\…` and `HKCU\\…`; names compare without regard to capitals."""

    def values(self, key: str) -> Mapping[str, Value] | None:
        """The values of a key, the default one under an empty name; None when there is no such key."""

    def keys(self, key: str) -> tuple[str, ...]:
        """Names of the keys within a key; empty when there is no such key."""


class WinRegistry:
    """The registry of this PC; raises `Unavailable` where it may not be read."""

    def values(self, key: str) -> Mapping[str, Value] | None:
        if sys.platform != "win32":
            raise Unavailable("no registry on this system")
        import winreg

        rows = _each(key, winreg.EnumValue)
        if rows is None:
            return None
        values: dict[str, Value] = {}
        for name, value, kind in rows:
            if kind == winreg.REG_EXPAND_SZ and isinstance(value, str):
                value = winreg.ExpandEnvironmentStrings(value)
            values[name] = tuple(value) if isinstance(value, list) else value
        return values

    def keys(self, key: str) -> tuple[str, ...]:
        if sys.platform != "win32":
            raise Unavailable("no registry on this system")
        import winreg

        return tuple(_each(key, winreg.EnumKey) or ())


def _each(key: str, read: Callable[[Any, int], Any]) -> list[Any] | None:
    """What `read` gives for 0, 1, 2 … until there is no more; None when there is no such key."""
    if sys.platform != "win32":
        raise Unavailable("no registry on this system")
    import winreg

    hive, _, path = key.partition("\\")
    root = winreg.HKEY_LOCAL_MACHINE if hive == "HKLM" else winreg.HKEY_CURRENT_USER
    rows = []
    try:
        with winreg.OpenKey(root, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as handle:
            for index in range(MOST):
                try:
                    rows.append(read(handle, index))
                except OSError:
                    break
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(f"{key}: {error.winerror}") from None
    return rows


def text(values: Mapping[str, Value] | None, name: str) -> str:
    """A value that should be text; empty when it is missing or of another type."""
    value = _get(values, name)
    return value.rstrip("\0") if isinstance(value, str) else ""


def number(values: Mapping[str, Value] | None, name: str) -> int | None:
    """A value that should be a number; a text of digits counts, other types do not."""
    value = _get(values, name)
    if isinstance(value, str) and len(value) < 12 and value.strip().isascii() and value.strip().isdigit():
        return int(value)
    return value if isinstance(value, int) else None


def blob(values: Mapping[str, Value] | None, name: str) -> bytes:
    """A value that should be bytes; empty when it is missing or of another type."""
    value = _get(values, name)
    return value if isinstance(value, bytes) else b""


def _get(values: Mapping[str, Value] | None, name: str) -> Value:
    for key, value in (values or {}).items():
        if key.lower() == name.lower():
            return value
    return None
