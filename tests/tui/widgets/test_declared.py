"""What is declared, on the screen: a mark of its own in the tree, by whose word in the pane, a count above.

The modules are tui.widgets.detail, tui.widgets.bars and tui.wording.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from checks.model import Finding
from checks.text import Lang
from state.session_data import EPOCH, Declaration
from tests.support.helpers_tui import drive, main, make_app, press, screen_lines, see


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", ("[申]", "[申告]", "申告（2026-11-20、", "申告 1")),
        ("en", ("[decl]", "[declared]", "Declared by", "Declared 1")),
    ],
)
def test_what_is_declared_is_marked_in_tree_pane_and_progress_line(
    tmp_path: Path, lang: Lang, words: tuple[str, ...]
) -> None:
    app = make_app(tmp_path / "s.toml", lang=lang)
    app.desk.session.declare("pc.disk", Declaration("[b]佐藤", "person", date(2026, 11, 20), EPOCH, 0))

    async def script(pilot: Pilot[int]) -> None:
        main(app).reveal("pc.disk")
        await see(pilot, *words, "[b]佐藤")
        assert words[-1] in screen_lines(app)[1]
        app.desk.session.record("pc.disk", "unknown", Finding("timeout"))
        app.desk.changed()
        await press(pilot, "down", "up")
        await see(pilot, *words)
        await press(pilot, "u")
        main(app).reveal("pc.disk")
        await press(pilot, "down", "up")
        assert words[-1] not in screen_lines(app)[1]

    drive(app, script, (100, 30))
