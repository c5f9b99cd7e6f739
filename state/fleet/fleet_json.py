"""A fleet as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from checks import __version__
from checks.model import Outcome
from checks.shown import inert_json
from state.fleet.fleet_pc import FleetPc
from state.fleet.inventory import Fleet, Group
from state.layout import utc

SCHEMA = 1


def json_pieces(fleet: Fleet, now: datetime, *, ascii_only: bool = False) -> Iterator[str]:
    """The document of `fleet merge --format json` in pieces: a large fleet is never one string."""

    def text(value: object) -> str:
        return inert_json(json.dumps(value, ensure_ascii=ascii_only))

    document: dict[str, object] = {
        "schema": SCHEMA,
        "tool": {"name": "oss-junbi", "version": __version__},
        "made": utc(now),
        "exit": fleet.exit,
        "files": sum(pc.file != "" for pc in fleet.pcs),
        "replaced": 0,
        "standings": fleet.counts(),
        "checks": fleet.columns,
        "pcs": map(_pc_json, fleet.pcs),
        "groups": map(_group_json, fleet.groups),
        "expiries": (
            {
                "pc": end.pc.name,
                "host": end.pc.host,
                "id": end.check,
                "date": end.on.isoformat(),
                "days": end.days,
            }
            for end in fleet.expiries
        ),
        "warnings": (
            {"pcs": [pc.name for pc in pcs], "code": why.code, "reason": why.text.as_json()}
            for pcs, why in fleet.warnings
        ),
        "problems": (
            {"pc": pc.name, "file": pc.file, "code": why.code, "reason": why.text.as_json()}
            for pc in fleet.pcs
            for why in pc.problems
        ),
    }
    for at, (key, value) in enumerate(document.items()):
        yield ("," if at else "{") + f"\n  {text(key)}: "
        if isinstance(value, Iterator):
            yield "["
            for number, entry in enumerate(value):
                yield ("," if number else "") + "\n    " + text(entry)
            yield "\n  ]"
        else:
            yield text(value)
    yield "\n}\n"


def _group_json(group: Group) -> dict[str, Any]:
    texts = [{"ja": found.text[0], "en": found.text[1], "count": n} for found, n in group.texts]
    return {"id": group.check, "outcome": group.outcome.value, "code": group.code, "count": len(group.pcs),
            "pcs": [pc.name for pc in group.pcs], "hosts": [pc.host for pc in group.pcs], "texts": texts}  # fmt: skip


def _pc_json(pc: FleetPc) -> dict[str, Any]:
    counts = Counter(found.outcome for found in pc.cells.values())
    results = {
        check: {"outcome": found.outcome.value, "code": found.code} for check, found in pc.cells.items()
    }
    return {
        "name": pc.name,
        "standing": pc.standing,
        "reasons": [why.code for why in pc.problems],
        "file": pc.file,
        "host": pc.host,
        "user": pc.user,
        "machine": pc.machine,
        "platform": pc.platform,
        "finished": pc.finished,
        "counts": {outcome: counts[outcome] for outcome in Outcome},
        "results": {
            check: result | ({pc.accepted[check]: True} if check in pc.accepted else {})
            for check, result in results.items()
        },
    }
