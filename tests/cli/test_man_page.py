"""The manual page says what the table of commands says. Covers `.ci/man_page.py`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli.spec import COMMANDS, OPTIONS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "oss-junbi.1"


def test_the_page_is_up_to_date(tmp_path: Path) -> None:
    made = tmp_path / "page"
    subprocess.run([sys.executable, ROOT / ".ci" / "man_page.py", made], check=True)
    assert PAGE.read_text("utf-8") == made.read_text("utf-8"), "run python .ci/man_page.py"


def test_every_command_and_option_is_in_it() -> None:
    text = PAGE.read_text("utf-8").replace("\\-", "-")
    for name in (*COMMANDS, *OPTIONS):
        assert name in text


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")
def test_the_page_is_well_formed() -> None:
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "error", PAGE], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
