"""Hostile data on the screen is inert: no control character, no markup, nothing that is too wide; and no door stands open.

Covers tui.app.
"""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from checks.model import Context, Finding
from checks.wrap import cell_width
from tests.support.helpers_tui import drive, fake_check, make_app, make_guide, press, screen_lines, see

TUI = Path(__file__).parents[2] / "tui"
SCREEN = [
    *TUI.glob("*.py"),
    *(TUI / "screens").glob("*.py"),
    *(TUI / "widgets").glob("*.py"),
    *(TUI / "styles").glob("*.py"),
]
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x07", "\x1b[2J\x1b[H", "\x9b31m", "[@click=app.quit]x[/]", "[/nope]", "[bold]x", "\u202eevil", "a\u200bb",
    "e" + "\u0301" * 50, "\x00\x0e", "{name}{nope}", "\ud800", "x" * 5000, "字" * 2000, "\r\n\t\x0b", "👨‍👩‍👧", "葛\U000e0100城",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_findings_are_inert(tmp_path: Path, text: str) -> None:
    def probe(_context: Context) -> Finding:
        return Finding("bad", {"name": text}, (text, text))

    app = make_app(tmp_path / "s.toml", fake_check("root.evil", 1, "検査", "Check", probe))

    async def script(pilot: Pilot[int]) -> None:
        await see(pilot, "[要] 検査")
        await press(pilot, "j", "j")
        await see(pilot, "どう直すか")
        for keys in ((), ("e",), ("escape", "p"), ("end",), ("escape", "exclamation_mark")):
            await press(pilot, *keys)
            await pilot.pause()
            for line in screen_lines(app):
                assert not CONTROL.search(line), repr(line)
                assert cell_width(line) == 80
        assert app.is_running

    drive(app, script)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_notes_names_and_typed_text_are_inert(tmp_path: Path, text: str) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        app.desk.session.note("root-certificate", text[:3000])
        app.desk.changed()
        await press(pilot, "1", "slash")
        app.desk.view.paste(text)
        app.redraw()
        await pilot.pause()
        for line in screen_lines(app):
            assert not CONTROL.search(line), repr(line)
            assert cell_width(line) == 80
        await press(pilot, "escape", "m")
        app.desk.view.paste(text)
        app.redraw()
        await pilot.pause()
        for line in screen_lines(app):
            assert not CONTROL.search(line), repr(line)
            assert cell_width(line) == 80

    drive(app, script)


def test_pasted_text_never_acts_as_keys(tmp_path: Path) -> None:
    from textual import events

    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        app.post_message(events.Paste("qRxc\n"))
        await pilot.pause()
        assert app.is_running
        assert len(app.desk.views) == 1

    drive(app, script)


@pytest.mark.parametrize("file", SCREEN, ids=lambda file: file.name)
def test_no_widget_of_textual_is_given_text(file: Path) -> None:
    """Only the canvas shows text, as segments; nothing that reads markup is used at all."""
    banned = {"notify", "push_screen", "Static", "Label", "Markdown", "Header", "Footer", "Tree", "Button", "DataTable", "OptionList",
              "RichLog", "Log", "from_markup", "render_markup", "border_title", "border_subtitle", "tooltip", "webbrowser", "startfile"}  # fmt: skip
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        name = (
            node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
        )
        assert name not in banned, f"{file.name}:{getattr(node, 'lineno', 0)} {name}"
        if isinstance(node, ast.ImportFrom) and node.module:
            assert not node.module.startswith("textual.widgets"), file.name
            assert node.module != "textual.containers"


@pytest.mark.parametrize("file", SCREEN, ids=lambda file: file.name)
def test_segments_are_made_in_one_place(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("Segment", "Strip")
        ):
            assert file.name == "canvas.py"


@pytest.mark.parametrize("file", SCREEN, ids=lambda file: file.name)
def test_nothing_runs_on_textuals_workers_or_the_default_executor(file: Path) -> None:
    source = file.read_text("utf-8")
    for word in ("run_worker", "@work", "to_thread", "run_in_executor", "ThreadPoolExecutor"):
        assert word not in source


def test_the_doors_are_shut(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")
    assert not app.ENABLE_COMMAND_PALETTE
    assert list(app.get_system_commands(None)) == []  # type: ignore[arg-type]
    app.action_screenshot()
    app.open_url("https://example.jp")
    app.desk.session.close(2.0)
    assert not list(tmp_path.glob("*.svg"))


def test_a_defect_ends_with_70_and_shows_no_variable(tmp_path: Path) -> None:
    """In a process of its own, for it writes to the terminal and to the log."""
    program = """
import sys
from pathlib import Path
from tests.support.helpers_tui import make_app
from tui.app import _say_end
from tui.screens.main import Main
app = make_app(Path(sys.argv[1]))
def broken(self, key):
    password = "hunter2"
    raise RuntimeError("no " + password)
Main._do_problems = broken
import asyncio
async def go():
    async with app.run_test() as pilot:
        await pilot.press("f")
        await pilot.pause()
try:
    asyncio.run(go())
except RuntimeError:
    pass
saved = app.desk.session.close(2.0)
sys.exit(_say_end(app.desk, app, app.return_code, saved))
"""
    env = {**os.environ, "OSS_JUNBI_HOME": str(tmp_path / "home"), "PYTHONPATH": str(TUI.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "s.toml")],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 70, done.stderr
    logs = list((tmp_path / "home").rglob("crash-*.log"))
    assert len(logs) == 1
    assert stat.S_IMODE(logs[0].stat().st_mode) == 0o600
    for text in (done.stdout, done.stderr, logs[0].read_text("utf-8")):
        assert "hunter2" not in text
    assert "RuntimeError" in logs[0].read_text("utf-8")
    assert "Traceback" not in done.stderr


def test_textual_takes_no_orders_from_the_environment(tmp_path: Path) -> None:
    program = "import os, tui.app; print(sorted(k for k in os.environ if k.startswith('TEXTUAL')))"
    env = {
        **os.environ,
        "TEXTUAL_DRIVER": "evil:Driver",
        "TEXTUAL_PRESS": "q",
        "TEXTUAL_SCREENSHOT": "1",
        "PYTHONPATH": str(TUI.parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "['TEXTUAL_ANIMATIONS']"


def test_nothing_heavy_is_imported_for_the_first_picture() -> None:
    program = (
        "import sys, tui.app; "
        "print([n for n in ('cryptography', 'psutil', 'certifi', 'segno', 'markdown_it', 'pygments', 'state.letters.papers', 'tui.screens.help', "
        "'tui.screens.shelf_view') if n in sys.modules])"
    )
    env = {**os.environ, "PYTHONPATH": str(TUI.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_guide_of_the_tests_is_whole() -> None:
    guide = make_guide()
    assert [step.number for step in guide.steps] == [1, 2, 3, 4, 5, 6, 7]
