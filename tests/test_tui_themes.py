"""Every role of every theme can be read: at least 4.5 to 1 with the palettes of common terminals, and never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.helpers_tui import drive, make_app, press, see
from tui import wording
from tui.styles.themes import THEMES, look, style

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
PALETTES: Mapping[str, str] = {
    # Normal and bright colours, then the terminal's own foreground and background, as the programs ship them.
    "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff aaaaaa 000000",
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff e5e5e5 000000",
    "windows": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2 cccccc 0c0c0c",
    "putty": "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff bbbbbb 000000",
}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("theme", THEMES)
def test_the_contrast_of_every_role(theme: str, palette: str) -> None:
    colours = PALETTES[palette].split()
    for role in look(theme):
        found = style(theme, role)
        front = colours[16] if found.color is None else colours[found.color.number or 0]
        back = colours[17] if found.bgcolor is None else colours[found.bgcolor.number or 0]
        assert contrast(front, back) >= 4.5, (role, front, back)


@pytest.mark.parametrize("theme", [*THEMES, "plain"])
def test_only_the_terminals_own_sixteen_colours(theme: str) -> None:
    for role in look(theme):
        found = style(theme, role)
        for colour in (found.color, found.bgcolor):
            assert colour is None or (colour.number is not None and colour.number < 16)
        if theme == "plain":
            assert found.color is None
            assert found.bgcolor is None


def test_every_state_has_a_word_of_its_own() -> None:
    for tags in ([tag.ja for tag in wording.TAGS.values()], [tag.en for tag in wording.TAGS.values()]):
        assert len(tags) == len(set(tags))
    assert set(wording.TAGS) == set(wording.STATES) == set(wording.ROLES)


def test_all_tags_of_a_language_are_equally_wide() -> None:
    from checks.wrap import cell_width

    assert len({cell_width(tag.ja) for tag in wording.TAGS.values()}) == 1
    assert len({cell_width(tag.en) for tag in wording.TAGS.values()}) == 1


def test_t_changes_the_theme_at_once(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        for name in ("light", "contrast", "dark"):
            await press(pilot, "t")
            await see(pilot, wording.THEMES[name].ja)
            assert app.desk.theme == name

    drive(app, script)


def test_without_colours_there_is_only_one_look(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", theme="plain")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "t")
        await see(pilot, wording.THEMES["plain"].ja)

    drive(app, script)
