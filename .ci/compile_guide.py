"""Build hook: puts the guide and the tables of facts into the wheel as Python modules too: no start parses or builds them.

They are made from the sources at every build and never committed; an editable install works from the sources.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WRITE = """
import sys
from pathlib import Path
from checks.guides.building import from_sources
from checks.guides.entries import names
from checks.guides.compiling import write_guide, write_tables
from checks.table import parse
to = Path(sys.argv[1])
for name in names():
    made = to / "guides" / name / "compiled.py"
    made.parent.mkdir(parents=True)
    made.write_text(write_guide(from_sources(name)), "utf-8")
(to / "data").mkdir()
(to / "data" / "compiled.py").write_text(write_tables(parse()), "utf-8")
"""


class CompileGuide(BuildHookInterface[Any]):
    """Adds `checks/guides/NAME/compiled.py` and `checks/data/compiled.py` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the modules beside the build and include them; not for an editable install."""
        if version == "editable":
            return
        made = Path(self.directory) / "compiled"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        subprocess.run([sys.executable, "-X", "utf8", "-c", WRITE, str(made)], cwd=self.root, check=True)
        for module in made.rglob("*.py"):
            build_data["force_include"][str(module)] = f"checks/{module.relative_to(made).as_posix()}"
