"""Build hook: puts the guide into the wheel as a Python module too, so that no start has to parse TOML.

The module is made from the TOML files at every build and never committed; an editable install reads the files.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileGuide(BuildHookInterface[Any]):
    """Adds `checks/guide/compiled.py` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module beside the build and include it; not for an editable install."""
        if version == "editable":
            return
        folder = Path(self.root) / "checks" / "guide"
        guide = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))}
        made = Path(self.directory) / "compiled.py"
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(
            '"""The guide as parsed from its TOML files when this package was built."""\n\n'
            f"import datetime\n\nGUIDE = {guide!r}\n",
            "utf-8",
        )
        build_data["force_include"][str(made)] = "checks/guide/compiled.py"
