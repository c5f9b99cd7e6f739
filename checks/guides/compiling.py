"""A guide written down as a Python module, so that an installed program neither parses nor builds it.

Used when a package is built (`.ci/compile_guide.py`) and by the tests; never at run time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from checks.guide import Guide, Late
from checks.probes import every_check
from checks.rules.conditions import When
from checks.steps import Basis
from checks.text import Text

_SHARED = (Text, Basis, When)
"""What occurs often is made once and has a name."""


def write_guide(guide: Guide) -> str:
    """The source of a module whose `guide()` makes an equal guide; the probes stay where they are until they are run."""
    places = {id(check.probe): (module, name) for module, name, check in every_check()}
    writer = _Writer(places)
    result = writer.expression(guide)
    return "\n".join(
        [
            '"""The guide as it was built when this package was made: see checks/guides/compiling.py."""',
            *("from datetime import date as _date", "from types import MappingProxyType as _frozen"),
            *sorted(f"from {module} import {name}" for name, module in writer.imports.items()),
            *("def guide():", *writer.lines, f"    return {result}", ""),
        ]
    )


def write_tables(tables: Mapping[str, Any]) -> str:
    """The source of a module whose `TABLES` are the tables of facts (`checks/table.py`)."""
    return f'"""The tables of facts as parsed when this package was made."""\n\nimport datetime\n\nTABLES = {tables!r}\n'


class _Writer:
    def __init__(self, places: Mapping[int, tuple[str, str]]) -> None:
        self.lines: list[str] = []
        self.imports: dict[str, str] = {}
        """The module of each class that is named, by the class's name."""
        self._places = places
        self._names: dict[str, str] = {}

    def expression(self, value: Any) -> str:
        """A Python expression for the value; what occurs often is made once and has a name."""
        if hasattr(value, "__match_args__") and not isinstance(value, tuple | Enum):
            made = self._record(value)
            return self._named(made) if isinstance(value, _SHARED) else made
        if isinstance(value, Enum):
            return f"{self._class(type(value))}.{value.name}"
        if isinstance(value, date):
            return self._named(f"_date({value.year}, {value.month}, {value.day})")
        if isinstance(value, frozenset):
            return self._named(f"frozenset({sorted(value)!r})")
        if isinstance(value, tuple):
            return f"({''.join(self.expression(item) + ', ' for item in value)})"
        if isinstance(value, Mapping):
            pairs = ", ".join(f"{key!r}: {self.expression(item)}" for key, item in value.items())
            return f"_frozen({{{pairs}}})"
        if value is None or isinstance(value, str | int | float | bool):
            return repr(value)
        raise TypeError(f"cannot be written down: {value!r}")

    def _record(self, value: Any) -> str:
        given = []
        for name in value.__match_args__:
            item = getattr(value, name)
            if name == "probe":
                given.append(f"{self._class(Late)}{self._places[id(item)]!r}")
            else:
                given.append(self.expression(item))
        return f"{self._class(type(value))}({', '.join(given)})"

    def _class(self, kind: type) -> str:
        self.imports[kind.__name__] = kind.__module__
        return kind.__name__

    def _named(self, made: str) -> str:
        name = self._names.get(made)
        if name is None:
            name = self._names[made] = f"v{len(self._names)}"
            self.lines.append(f"    {name} = {made}")
        return name
