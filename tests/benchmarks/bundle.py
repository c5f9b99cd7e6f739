"""The Windows bundle under Wine: how large it is, and how long it takes to start beside the Python inside it."""

from __future__ import annotations

import statistics
import time
import zipfile
from pathlib import Path

from tests.support import wine


def measure(archive: Path, folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Medians in turns: the embedded Python with nothing to do, and the program's `--version`."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    program = next(folder.iterdir()) / "oss-junbi.exe"
    started = folder / "wine"
    started.mkdir()
    commands = {
        "python -c pass": (program.parent / "python" / "python.exe", ("-c", "pass")),
        "--version": (program, ("--version",)),
    }
    took: dict[str, list[float]] = {name: [] for name in commands}
    with wine.windows(started, program) as windows:
        for number in range(rounds + 1):
            for name, (path, words) in commands.items():
                begin = time.perf_counter()
                windows.run(path, *words)
                if number:  # the first round compiles and warms the caches
                    took[name].append((time.perf_counter() - begin) * 1000)
    base, ours = (statistics.median(times) for times in took.values())
    return {
        "python -c pass": {"ms": base},
        "--version": {"ms": ours, "x": ours / base, "MB": archive.stat().st_size / 1e6},
    }
