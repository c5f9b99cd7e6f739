"""`diff` of files that do not quite belong together, or are not whole.

Covers state.live.history.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.test_commands import Cli, cli, schema

__all__ = ["cli"]


def run(host: str = "PC-01", outcome: str = "pass", day: int = 22, **more: Any) -> dict[str, Any]:
    result = {"id": "pc.os", "outcome": outcome, "code": outcome, "values": {}}
    return {"schema": 1, "host": host, "user": "hanako", "portal": "portal.example:443",
            "finished": f"2026-11-{day}T01:00:00Z", "results": [result], **more}  # fmt: skip


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def write(name: str, content: object) -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(
    ("before", "after", "code", "told"),
    [
        (run(), run(day=23), 0, ""),
        (run(), run("pc-01", day=23), 0, ""),
        (run(), run("PC-02", "fail", 23), 1, "different PC: PC-01 and PC-02"),
        (run(), run(day=23, portal="127.0.0.1:1"), 0, "different portal"),
        (run(day=23), run(), 0, "is the later one"),
        (run(), run(day=23, schema=2), 0, "newer version"),
        (run(), run(day=23, outcome="fail", schema=2), 1, "newer version"),
        (run(), run("\x1b[31m", day=23), 0, "\\x1b[31m"),
        (run(finished=5), run(finished=None), 0, ""),
    ],
)
def test_runs_that_are_hard_to_compare_are_compared_and_it_is_said(
    cli: Cli, put: Any, before: dict[str, Any], after: dict[str, Any], code: int, told: str
) -> None:
    files = put("a.json", before), put("b.json", after)
    done = cli("diff", *files, "--format", "json", "--lang", "en")
    assert (done.returncode, json.loads(done.stdout)["exit"]) == (code, code)
    jsonschema.validate(json.loads(done.stdout), schema("diff"))
    assert told in done.stderr
    assert bool(told) == bool(done.stderr)
    assert "\x1b" not in done.stderr + done.stdout


def test_half_a_run_is_not_taken_for_a_run_without_faults(cli: Cli, put: Any) -> None:
    start = {"event": "run-started", **{key: value for key, value in run(day=23).items() if key != "results"}}
    del start["finished"]
    cut = json.dumps(start) + '\n{"event": "finished", "id": "pc.memory", "outcome": "pa'
    done = cli("diff", put("a.json", run()), put("b.jsonl", cut), "--format", "json", "--lang", "en")
    assert done.returncode == 3
    assert "half-written" in done.stderr
    jsonschema.validate(json.loads(done.stdout), schema("diff"))
