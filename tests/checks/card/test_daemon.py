"""The same cards behind a real PC/SC daemon with a virtual reader, in a network of its own; skipped where none is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.virtual_card import scenarios

ROOT = Path(__file__).resolve().parents[3]
NAMESPACES = ("unshare", "--net", "--mount")


def missing() -> str:
    """What is not here to play cards with; empty when all is."""
    if not sys.platform.startswith("linux"):
        return "no Linux"
    if not (shutil.which("pcscd") or os.path.exists("/usr/sbin/pcscd")):
        return "no pcscd"
    if not any(Path("/usr/lib").rglob("libifdvpcd.so")):
        return "no virtual reader (vsmartcard-vpcd)"
    if (
        shutil.which("unshare") is None
        or subprocess.run((*NAMESPACES, "true"), capture_output=True).returncode
    ):
        return "no namespaces"
    return ""


@pytest.fixture(scope="module")
def played() -> dict[str, Any]:
    """All scenarios, played once."""
    if reason := missing():
        pytest.skip(reason)
    done = subprocess.run(
        (*NAMESPACES, sys.executable, "-m", "tests.support.card_daemon"),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_cards_behind_the_daemon(played: dict[str, Any]) -> None:
    for name, (_, code, tries) in scenarios().items():
        found = played[name]
        # A reader whose card answers with nothing waits for more, until we let go.
        assert found["certificate.card"] == ("blocked" if name == "empty" else code), name
        if tries != "-":
            assert found["certificate.pin-tries"] == tries, name
            assert found["certificate.auth-expiry"] == "in-date", name
        assert found["spent"] == 0, name
    assert played["resets"] == 0, "cards are left as they were"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("no-service", "service-stopped"),
        ("no-reader", "no-reader"),
        ("no-card", "no-card"),
        ("held", "held"),
        ("in-use", "blocked"),
        ("let-go", "my-number-card"),
        ("stopped", "service-stopped"),
    ],
)
def test_states_of_the_daemon(played: dict[str, Any], state: str, code: str) -> None:
    assert played[state]["certificate.card"] == code
