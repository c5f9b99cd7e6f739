"""Every benchmark in one run, as tables and as JSON.

    python -m tests.benchmarks [--rounds N] [--json FILE] [--only start,ssh,line,processes,growth,sessions,oversize,bundle] [--peers NAME=COMMAND]

Programs take turns, so that a noisy machine hits all alike; each figure is a median and each ratio is that of the
medians of one run. Judge by ratios, bytes and CPU time: milliseconds only say which machine it was. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from tests.benchmarks import bundle, growth, line, oversize, processes, sessions, terminal
from tests.support import wine

PARTS = ("start", "ssh", "line", "processes", "growth", "sessions", "oversize", "bundle")
Rows = dict[str, dict[str, float]]


def beside(
    place: str, home: Path, rounds: int, peers: Mapping[str, Sequence[str]], size: tuple[int, int]
) -> Rows:
    """Every program's figures in one place: `start` (here), `ssh`, or `line` (ssh through a slow line)."""
    env = {**os.environ, "TERM": "xterm-256color", "OSS_JUNBI_HOME": str(home), "LANG": "C.UTF-8"}
    found = terminal.programs(_session(home, env), peers)
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in found}
    gap = terminal.GAP + (0.6 if place == "line" else 0)
    with nullcontext(None) if place == "start" else line.ssh(slow=place == "line") as wrap:
        for number in range(rounds + 1):
            for name, program in found.items():
                argv = list(program.argv) if wrap is None else wrap(program.argv, env)
                got = terminal.measure(program, argv, env, local=wrap is None, gap=gap, size=size)
                if number:
                    taken[name].append(got)
    rows = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in taken.items()
    }
    for base in ("min5", "tree7"):
        rows[f"x {base}"] = {
            key: value / rows[base][key]
            for key, value in rows["oss-junbi"].items()
            if rows[base].get(key, 0) > 0
        }
    return rows


def _session(home: Path, env: Mapping[str, str]) -> Path:
    """A session with an answer, whose local checks have run: the second start of a person."""
    state = home / "bench.toml"
    for words in (
        ["answer", "case.procedure=transfer", "case.role=dealer"],
        ["check", "--offline", "--save"],
    ):
        argv = [*processes.OURS, *words, "--state", str(state)]
        subprocess.run(argv, env=dict(env), stdout=subprocess.DEVNULL, check=False)
    return state


def table(title: str, rows: Rows) -> str:
    """Rows of figures under the names of all columns that occur, turned where there are many columns."""
    names = list(dict.fromkeys(key for row in rows.values() for key in row))
    lines = [f"\n{title}", f"{'':<20}" + "".join(f"{name:>18}" for name in rows)]
    for key in names:
        cells = (f"{row[key]:>18.2f}" if key in row else f"{'-':>18}" for row in rows.values())
        lines.append(f"{key:<20}" + "".join(cells))
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--json", type=Path, help="write all figures here too")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument(
        "--peers", action="append", default=[], metavar="NAME=COMMAND", help="measure this one too"
    )
    chosen = parser.parse_args(argv)
    parts = [part for part in chosen.only.split(",") if part]
    if not set(parts) <= set(PARTS):
        parser.error(f"--only takes {', '.join(PARTS)}")
    columns, lines = (int(part) for part in chosen.size.split("x"))
    peers = {
        name: shlex.split(command) for name, _, command in (peer.partition("=") for peer in chosen.peers)
    }
    figures: dict[str, Rows] = {}

    def show(name: str, rows: Rows) -> None:
        figures[name] = rows
        print(table(f"{name} (median of {chosen.rounds})", rows), flush=True)

    for part in parts:
        if part in ("ssh", "line") and line.SSHD is None:
            print(f"\n{part}: no SSH server on this machine", file=sys.stderr)
            continue
        archive = os.environ.get("WINDOWS_BUNDLE", "")
        if part == "bundle" and (missing := wine.missing() or ("" if archive else "WINDOWS_BUNDLE")):
            print(f"\nbundle: not here: {missing}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as name:
            home = Path(name)
            env = {**os.environ, "OSS_JUNBI_HOME": name, "LANG": "C.UTF-8"}
            if part in ("start", "ssh", "line"):
                rounds = chosen.rounds if part == "start" else max(1, min(3, chosen.rounds))
                show(part, beside(part, home, rounds, peers, (columns, lines)))
            elif part == "processes":
                show(part, processes.measure(processes.commands(_session(home, env)), env, chosen.rounds * 2))
            elif part == "bundle":
                show(part, bundle.measure(Path(archive), home, chosen.rounds))
            elif part == "sessions":
                show(part, sessions.measure(home, env, chosen.rounds))
            elif part == "oversize":
                show(part, oversize.measure(home))
            else:
                show("one save", growth.saving(home))
                show("session size", growth.session_size(home, env))
                show("certificates", growth.certificates(home, env))
                show("sessions", growth.sessions(home / "many", {**env, "OSS_JUNBI_HOME": f"{name}/many"}))
    if chosen.json:
        chosen.json.write_text(
            json.dumps({"schema": 1, "figures": figures}, indent=2, ensure_ascii=False), "utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
