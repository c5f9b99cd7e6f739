"""The Windows registry, read-only, as keys with values; and the same shape from a plain table for tests.

Always the 64-bit view: what 32-bit programs see stands under `WOW6432Node` and is asked for by that name.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Protocol, TypeAlias

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

        found: dict[str, Value] = {}
        try:
            with self._open(key) as handle:
                for index in range(MOST):
                    try:
                        name, value, kind = winreg.EnumValue(handle, index)
                    except OSError:
                        break
                    if kind == winreg.REG_EXPAND_SZ and isinstance(value, str):
                        value = winreg.ExpandEnvironmentStrings(value)
                    found[name] = tuple(value) if isinstance(value, list) else value
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"{key}: {error.winerror}") from None
        return found

    def keys(self, key: str) -> tuple[str, ...]:
        if sys.platform != "win32":
            raise Unavailable("no registry on this system")
        import winreg

        found: list[str] = []
        try:
            with self._open(key) as handle:
                for index in range(MOST):
                    try:
                        found.append(winreg.EnumKey(handle, index))
                    except OSError:
                        break
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise Unavailable(f"{key}: {error.winerror}") from None
        return tuple(found)

    if sys.platform == "win32":
        import winreg

        @staticmethod
        def _open(key: str) -> winreg.HKEYType:
            import winreg

            hive, _, path = key.partition("\\")
            root = winreg.HKEY_LOCAL_MACHINE if hive == "HKLM" else winreg.HKEY_CURRENT_USER
            return winreg.OpenKey(root, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)


class TableRegistry:
    """A registry from a table of keys: `{"HKLM\\\\SOFTWARE\\\\…": {"name": value}}`.

    Bytes stand as `{"hex": "…"}`, lists of texts as lists: the form in which trees are kept as JSON.
    A key whose table is the text `"denied"` may not be read.
    """

    def __init__(self, table: Mapping[str, object]) -> None:
        self._denied = {key.lower() for key, values in table.items() if values == "denied"}
        self._values: dict[str, Mapping[str, Value]] = {}
        self._names: dict[str, dict[str, str]] = {}
        for key, values in table.items():
            parts = key.split("\\")
            for depth in range(1, len(parts)):
                parent = "\\".join(parts[:depth]).lower()
                self._names.setdefault(parent, {})[parts[depth].lower()] = parts[depth]
                self._values.setdefault(parent, {})
            given = values if isinstance(values, dict) else {}
            self._values[key.lower()] = {name: _value(value) for name, value in given.items()}

    def values(self, key: str) -> Mapping[str, Value] | None:
        self._demand(key)
        return self._values.get(key.lower())

    def keys(self, key: str) -> tuple[str, ...]:
        self._demand(key)
        return tuple(self._names.get(key.lower(), {}).values())

    def _demand(self, key: str) -> None:
        if key.lower() in self._denied:
            raise Unavailable(f"{key}: 5")


def _value(value: object) -> Value:
    if isinstance(value, dict):
        return bytes.fromhex(str(value.get("hex", "")))
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return value if isinstance(value, str | int | bytes) else None


def text(values: Mapping[str, Value] | None, name: str) -> str:
    """A value that should be text; empty when it is missing or of another type."""
    value = _get(values, name)
    return value.rstrip("\0") if isinstance(value, str) else ""


def number(values: Mapping[str, Value] | None, name: str) -> int | None:
    """A value that should be a number; a text of digits counts, other types do not."""
    value = _get(values, name)
    if isinstance(value, int):
        return value
    digits = (
        isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 12
    )
    return int(value) if digits and isinstance(value, str) else None


def blob(values: Mapping[str, Value] | None, name: str) -> bytes:
    """A value that should be bytes; empty when it is missing or of another type."""
    value = _get(values, name)
    return value if isinstance(value, bytes) else b""


def _get(values: Mapping[str, Value] | None, name: str) -> Value:
    for key, value in (values or {}).items():
        if key.lower() == name.lower():
            return value
    return None
