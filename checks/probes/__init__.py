"""The checks: each is one decorated function, in a module named after its topic.

Its sentences stand in its `says`, above it. Where that would make `NAME.py` longer than 350 lines, its table stands in
`NAME_says.py` beside it, and nothing else does. Which step shows a check is said in the files of a guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check


def every_check() -> Iterator[tuple[str, str, Check]]:
    """Module, name within it, and check, for all checks of this folder; imports all of it."""
    import importlib
    from pathlib import Path

    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        for name, value in vars(importlib.import_module(f"{__name__}.{path.stem}")).items():
            if isinstance(value, Check):
                yield path.stem, name, value
