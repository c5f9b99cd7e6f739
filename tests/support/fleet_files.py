"""Result files of PCs as the tests write them, and the fleet that they make."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema

from checks.model import Finding, Options
from checks.runner import Finished
from checks.text import counted
from state.check_report import RunResults, run_json
from state.fleet.fleet_json import json_pieces
from state.fleet.fleet_page import as_html
from state.fleet.fleet_text import as_text
from state.fleet.inventory import Fleet, merge
from tests.support.small_guide import CHECKS, NOW, make_guide

OPTIONS = Options(now=NOW)


def document(
    host: str, code: str = "fine", later: int = 0, user: str = "sakura", **values: str
) -> dict[str, Any]:
    finding = Finding(code, {"what": "x", **values})
    done = [
        Finished(CHECKS["net.reach"], CHECKS["net.reach"].says[code].outcome, finding, NOW, 3),
        Finished(CHECKS["pc.disk"], CHECKS["pc.disk"].says["fine"].outcome, Finding("fine"), NOW, 3),
    ]
    end = NOW + timedelta(seconds=later)
    return run_json(RunResults(host, user, "windows", OPTIONS, NOW, end, done, {}), make_guide())


def put(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def merged(*paths: Path) -> Fleet:
    """The fleet of these files; whatever they hold, every one is a row, and the three forms agree on the counts."""
    fleet = merge(paths, make_guide(), NOW)
    schema = json.loads((resources.files("state") / "schemas" / "fleet.schema.json").read_text("utf-8"))
    made = json.loads("".join(json_pieces(fleet, NOW)))
    jsonschema.validate(made, schema)
    counts = {str(key): count for key, count in fleet.counts().items()}
    assert made["standings"] == counts
    assert sum(counts.values()) == len(made["pcs"]) == made["files"] == len(paths)
    told = (
        f"{counted(len(paths), 'PC')} ({counts['failed']} failed, {counts['no-result']} without a usable result, "
        f"{counts['unknown']} unknown, {counts['in-order']} in order)"
    )
    assert told in "".join(as_text(fleet, make_guide(), NOW, "en", 0))
    page = "".join(as_html(fleet, make_guide(), NOW, "en"))
    assert told in page
    assert page.endswith("</html>\n")
    assert page.count('<tr><th scope="row">') == len(paths)
    for standing, count in counts.items():
        assert page.count(f'<td class="s {standing}">') == count
    assert fleet.exit == (1 if counts["failed"] else 0 if 0 < counts["in-order"] == len(paths) else 3)
    assert list(as_text(fleet, make_guide(), NOW, "ja", 80))
    return fleet


def standings(fleet: Fleet) -> dict[str, str]:
    """What each PC counts as."""
    return {pc.name: str(pc.standing) for pc in fleet.pcs}


def reasons(fleet: Fleet) -> dict[str, list[str]]:
    """What is wrong with each PC's file."""
    return {pc.name: [why.code for why in pc.problems] for pc in fleet.pcs}
