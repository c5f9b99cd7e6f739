"""A Windows registry from a plain table."""

from __future__ import annotations

from collections.abc import Mapping

from checks.system.api import Unavailable
from checks.system.registry import Value


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
