"""One check on one machine, held to what every finding must be."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.finding import find
from checks.guide import load_guide
from checks.model import Check, Context, Finding, Options
from checks.system.api import System
from checks.verdict import outcome_of

NOVEMBER = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def look(check: Check, system: System, now: datetime = NOVEMBER, **options: object) -> Finding:
    """What the check finds there; it has a sentence for it and has not crashed."""
    known = Options(now=now, **options).at(load_guide("oss").portal)  # type: ignore[arg-type]
    finding = find(check, Context(system, options=known))
    assert finding.code != "crash", finding
    assert outcome_of(check, finding.code) is not None, finding
    return finding


def close(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """Refuse that file or folder, and all within it, to whoever asks: also to an account that may read everything."""

    def refused(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def ask(path: object, *rest: object, **more: object) -> object:
            if isinstance(path, str | os.PathLike) and Path(path).is_relative_to(place):
                raise PermissionError(errno.EACCES, "Permission denied")
            return real(path, *rest, **more)

        return ask

    for name in ("stat", "open", "scandir"):
        monkeypatch.setattr(os, name, refused(name))
