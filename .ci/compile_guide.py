"""Build hook: puts the catalog and the tables of facts into the wheel as Python modules too: no start parses or builds them.

They are made from the sources at every build and never committed; an editable install works from the sources.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WRITE = """
import sys
from pathlib import Path
from checks.guides.building import from_sources
from checks.guides.compiling import write_catalog, write_tables
from checks.table import parse
to = Path(sys.argv[1])
(to / "guides.py").write_text(write_catalog(from_sources()), "utf-8")
(to / "data.py").write_text(write_tables(parse()), "utf-8")
"""


class CompileGuide(BuildHookInterface[Any]):
    """Adds `checks/guides/compiled.py` and `checks/data/compiled.py` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the modules beside the build and include them; not for an editable install."""
        if version == "editable":
            return
        made = Path(self.directory) / "compiled"
        made.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-X", "utf8", "-c", WRITE, str(made)], cwd=self.root, check=True)
        for part in ("guides", "data"):
            build_data["force_include"][str(made / f"{part}.py")] = f"checks/{part}/compiled.py"
