"""The reports printed by a real browser: the customer's page is one sheet of A4, the helpdesk's at most two."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from checks.guide import load_guide
from tests.cli.test_commands import Cli

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


def pages(html: Path, tmp_path: Path) -> tuple[int, set[tuple[int, int]]]:
    """Number and sizes (millimetres) of the printed pages."""
    assert CHROMIUM is not None
    pdf = tmp_path / "out.pdf"
    subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={tmp_path}/profile",
         f"--print-to-pdf={pdf}", html.as_uri()], capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    raw = pdf.read_bytes()
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", raw)
    return len(re.findall(rb"/Type\s*/Page\b", raw)), {
        (round(float(x) * 25.4 / 72), round(float(y) * 25.4 / 72)) for x, y in boxes
    }


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_short_reports_are_one_sheet(tmp_path: Path, lang: str) -> None:
    cli = Cli(tmp_path / "home")
    longest = 0
    for choice in load_guide("oss").questions["case.procedure"].choices:
        assert cli("answer", f"case.procedure={choice.value}", "case.applicant=corporation").returncode == 0
        html = tmp_path / f"{choice.value}.html"
        assert cli(
            "report", "--for", "customer", "--format", "html", "--lang", lang, "--output", str(html)
        ).returncode in (1, 3, 4)
        longest = max(longest, html.stat().st_size)
        if html.stat().st_size == longest:
            assert pages(html, tmp_path) == (1, {(210, 297)})
    html = tmp_path / "support.html"
    cli("check", "--offline", "--save")
    cli("report", "--for", "support", "--format", "html", "--lang", lang, "--output", str(html))
    # As long as this machine has findings: a service account sees less than a person, and that is told of each check.
    assert pages(html, tmp_path)[0] <= 2


@pytest.mark.parametrize(
    "procedure", ["continuous-inspection", "transfer", "new-registration", "permanent-deletion"]
)
def test_the_offices_page_is_one_sheet(tmp_path: Path, procedure: str) -> None:
    """Also on the first day, when nothing is done and more than fifty items are open."""
    cli = Cli(tmp_path / "home")
    cli(
        "answer",
        f"case.procedure={procedure}",
        "case.role=dealer",
        "case.channel=bulk",
        "case.use=private",
        "case.vehicle=registered",
    )
    html = tmp_path / "office.html"
    cli("report", "--for", "office", "--output", str(html))
    assert html.read_text("utf-8").count('class="box open"') > 40
    assert pages(html, tmp_path) == (1, {(210, 297)})


def test_the_whole_report_prints_on_a4(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "home")
    html = tmp_path / "report.html"
    cli("report", "--format", "html", "--output", str(html))
    count, sizes = pages(html, tmp_path)
    assert 3 <= count <= 20
    assert sizes == {(210, 297)}
