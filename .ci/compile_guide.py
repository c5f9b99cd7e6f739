"""Build hook: puts the catalog into the wheel as a Python module too, so that no start has to parse or build it.

The module is made from the guide's files and the probes at every build and never committed; an editable install
works from the sources.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WRITE = (
    "import sys; from checks.catalog import from_sources; from checks.guide.compiling import write_catalog;"
    "sys.stdout.buffer.write(write_catalog(from_sources()).encode())"
)


class CompileGuide(BuildHookInterface[Any]):
    """Adds `checks/guide/compiled.py` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module beside the build and include it; not for an editable install."""
        if version == "editable":
            return
        written = subprocess.run(
            [sys.executable, "-c", WRITE], cwd=self.root, stdout=subprocess.PIPE, check=True
        )
        made = Path(self.directory) / "compiled.py"
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(written.stdout)
        build_data["force_include"][str(made)] = "checks/guide/compiled.py"
