"""Start, bytes, keys, memory and exit in a pseudo-terminal, beside a minimal Textual app, interleaved in one run.

    python -m tests.benchmarks.terminal [--rounds N] [--json FILE] [--size 80x24]

Times say only which machine this was: read the ratios, the bytes and the memory.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tests.pty_screen import PtyScreen

APPS = Path(__file__).parent / "apps"
QUIET = 0.8
"""Seconds without a byte after which a picture counts as settled."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one start of one program cost; times in milliseconds, sizes in bytes and megabytes."""

    first_ms: float
    settled_ms: float
    bytes_to_settled: int
    key_ms: float
    key_bytes: int
    idle_bytes: int
    rss_mb: float
    exit_ms: float


def settle(terminal: PtyScreen, since: float) -> tuple[float, float]:
    """Read until nothing has come for a while; when the first and the last byte came, in ms after `since`."""
    first = last = 0.0
    quiet_from = time.monotonic()
    while time.monotonic() - quiet_from < QUIET or not first:
        before = len(terminal.received)
        alive = terminal.pump(0.01)
        if len(terminal.received) > before:
            last = time.monotonic()
            first = first or last
            quiet_from = last
        if not alive or time.monotonic() - since > 20:
            break
    return (first - since) * 1000, (last - since) * 1000


def measure(argv: Sequence[str], env: Mapping[str, str], size: tuple[int, int], quit_key: str) -> Run:
    """Start the program, press Down, wait, quit."""
    begin = time.monotonic()
    with PtyScreen(argv, env, columns=size[0], lines=size[1]) as terminal:
        first, settled = settle(terminal, begin)
        started = len(terminal.received)
        rss = psutil.Process(terminal.pid).memory_info().rss / 1e6
        pressed = time.monotonic()
        terminal.send("\x1b[B")
        key, _ = settle(terminal, pressed) if "min5" not in argv[-1] else (0.0, 0.0)
        after_key = len(terminal.received)
        limit = time.monotonic() + 1.0
        while time.monotonic() < limit:
            terminal.pump(0.05)
        idle = len(terminal.received) - after_key
        leaving = time.monotonic()
        terminal.send(quit_key)
        terminal.wait()
        gone = (time.monotonic() - leaving) * 1000
        return Run(first, settled, started, key, after_key - started, idle, rss, gone)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; with `--json` also write the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--size", default="80x24")
    chosen = parser.parse_args(argv)
    columns, lines = (int(part) for part in chosen.size.split("x"))
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "TERM": "xterm-256color", "OSS_JUNBI_HOME": home, "LANG": "C.UTF-8"}
        session = Path(home) / "bench.toml"
        ours = [sys.executable, "-m", "tui", "--offline", "--state", str(session)]
        answer = [sys.executable, "-m", "tui", "answer", "case.procedure=transfer", "--state", str(session)]
        subprocess.run(answer, env=env, check=True)
        programs = {
            "min5": ([sys.executable, str(APPS / "min5.py")], "\x11"),
            "tree7": ([sys.executable, str(APPS / "tree7.py")], "q"),
            "oss-junbi": (ours, "q"),
        }
        runs: dict[str, list[Run]] = {name: [] for name in programs}
        for _ in range(chosen.rounds):
            for name, (command, quit_key) in programs.items():
                runs[name].append(measure(command, env, (columns, lines), quit_key))
    medians = {
        name: {field: statistics.median(asdict(run)[field] for run in found) for field in asdict(found[0])}
        for name, found in runs.items()
    }
    fields = list(next(iter(medians.values())))
    print(f"{'median of ' + str(chosen.rounds):<14}" + "".join(f"{field:>17}" for field in fields))
    for name, row in medians.items():
        print(f"{name:<14}" + "".join(f"{row[field]:>17.1f}" for field in fields))
    least = medians["min5"]
    ratio = {
        field: row / least[field] if least[field] else 0.0 for field, row in medians["oss-junbi"].items()
    }
    print(f"{'x min5':<14}" + "".join(f"{ratio[field]:>17.2f}" for field in fields))
    if chosen.json:
        chosen.json.write_text(json.dumps({"schema": 1, "medians": medians}, indent=2), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
