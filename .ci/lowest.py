"""Print the lowest versions of the dependencies that `pyproject.toml` allows, one requirement a line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"

for line in tomllib.loads(PROJECT.read_text("utf-8"))["project"]["dependencies"]:
    match = re.match(r"([A-Za-z0-9._-]+)>=([0-9.]+)", line)
    if match is None:
        raise SystemExit(f"no lowest version: {line}")
    print(f"{match[1]}=={match[2]}")
