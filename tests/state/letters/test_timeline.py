"""The dates drawn as a line: every mark within the picture, told apart without colour, and readable aloud."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta

import pytest

from checks.guide import load_guide
from checks.model import Options
from state.agenda import Agenda, agenda
from state.letters.timeline import as_svg, marks
from state.session_data import Answer, SessionData

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def made(*answers: tuple[str, date | str]) -> Agenda:
    kept = {id_: Answer(value, NOW, at) for at, (id_, value) in enumerate(answers, 1)}
    data = SessionData("見本", NOW, NOW, "0.2.0", answers=kept)
    return agenda([(load_guide("oss"), data)], Options(now=NOW))


CAR = (
    ("case.procedure", "continuous-inspection"),
    ("documents.inspection-expiry", date(2026, 12, 15)),
    ("insurance.start", date(2026, 12, 1)),
)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_line_is_well_formed_and_within_its_frame(lang: str) -> None:
    picture = as_svg(made(*CAR), lang)  # type: ignore[arg-type]
    root = ET.fromstring(picture)
    assert root.get("role") == "img"
    assert "2026-12-15" in str(root.get("aria-label")) or "2027" in str(root.get("aria-label"))
    days = [text.text for text in root.iter("text")]
    assert {"11/22", "12/15", "12/1"} <= set(days)
    width = float(str(root.get("viewBox")).split()[2])
    for x in re.findall(r'(?:cx|x)="([\d.]+)"', picture):
        assert 0 <= float(x) <= width
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', picture)) <= {"#111", "#777"}


def test_each_kind_of_day_has_a_form_of_its_own() -> None:
    certificate = (
        ("certificate.kind", "jpki-reader"),
        ("certificate.issued-on", NOW.date()),
        ("case.channel", "portal"),
    )
    kinds = {mark.shape for mark in marks(made(*CAR, *certificate), "ja")}
    assert kinds == {"today", "from", "date"}
    assert "申請できる" in as_svg(made(*CAR, *certificate), "ja")


def test_a_date_far_away_is_counted_and_the_near_ones_keep_their_room() -> None:
    far = as_svg(made(*CAR, ("certificate.expires-on", NOW.date() + timedelta(days=2000))), "ja")
    assert "それより後" in far
    assert "12/15" in far
