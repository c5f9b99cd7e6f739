"""Commands as processes, interleaved with `python -c pass`: how many times as long they take, and their CPU time."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from state.fleet.pc_block import pack
from tests.support.certificates_of_vehicles import as_json
from tests.support.pc_runs import GUIDE, full_run

_SCRIPT = Path(sys.executable).with_name("oss-junbi")
OURS = (str(_SCRIPT),) if _SCRIPT.exists() else (sys.executable, "-m", "tui")
"""The command that people start, where it is installed beside this Python."""


def commands(state: Path) -> dict[str, list[str]]:
    """The yardstick and our commands that scripts call."""
    file = ["--state", str(state)]
    block = state.with_name("block.txt")
    block.write_text(pack(full_run(), GUIDE).text, "ascii")
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "--version": [*OURS, "--version"],
        "list": [*OURS, "list"],
        "status": [*OURS, "status", *file],
        "answer": [*OURS, "answer", "case.procedure=transfer", *file],
        "vehicle": [*OURS, "vehicle", str(_certificate(state)), *file],
        "pc add": [*OURS, "pc", "add", str(block)],
        "check --offline": [*OURS, "check", "--offline", *file],
        "no terminal": [*OURS, *file],
    }


def _certificate(state: Path) -> Path:
    """An invented file of the viewer app beside the session."""
    path = state.with_name("vehicle.json")
    path.write_text(as_json(), "utf-8")
    return path


def once(argv: Sequence[str], env: Mapping[str, str]) -> tuple[float, float]:
    """Wall and CPU milliseconds of one process; what it says goes nowhere."""
    if sys.platform == "win32":
        raise OSError("measured on POSIX systems")
    begin = time.perf_counter()
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    pid = os.posix_spawn(argv[0], list(argv), env, file_actions=nowhere)
    used = os.wait4(pid, 0)[2]
    return (time.perf_counter() - begin) * 1000, (used.ru_utime + used.ru_stime) * 1000


def measure(
    programs: Mapping[str, Sequence[str]], env: Mapping[str, str], rounds: int
) -> dict[str, dict[str, float]]:
    """Medians of each command, and the ratios of the medians to the first."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, argv in programs.items():
            took = once(argv, env)
            if number:  # the first round warms the caches
                taken[name].append(took)
    rows = {
        name: {
            "ms": statistics.median(wall for wall, _ in found),
            "CPU ms": statistics.median(cpu for _, cpu in found),
        }
        for name, found in taken.items()
    }
    base = next(iter(rows.values()))
    return {
        name: {**row, "x pass": row["ms"] / base["ms"], "x pass CPU": row["CPU ms"] / base["CPU ms"]}
        for name, row in rows.items()
    }
