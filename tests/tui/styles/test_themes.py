"""Every role of every theme can be read: at least 4.5 to 1 with the palettes of common terminals, and never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from state.errors import BadSettings
from state.file.settings import read_settings
from tests.support.helpers_tui import drive, make_app, press, see
from tui import wording
from tui.desk import THEME_TITLES
from tui.styles.themes import THEMES, look, style

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
PALETTES: Mapping[str, str] = {
    # Normal and bright colours, then the terminal's own foreground and background, as the programs ship them.
    "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff aaaaaa 000000",
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff e5e5e5 000000",
    "windows": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2 cccccc 0c0c0c",
    # Tera Term lists the bright colours first (TERATERM.INI, ANSIColor and VTColor); its background is cream.
    "teraterm": "000000 c00000 00c000 c0c000 4040c0 c000c0 00c0c0 c0c0c0 404040 ff0000 00ff00 ffff00 8080ff ff00ff 00ffff ffffff 000000 fffff0",
    "xterm-white": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff 000000 ffffff",
    "putty": "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff bbbbbb 000000",
}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def shown(theme: str, role: str, palette: str, *, bright: bool) -> tuple[str, str]:
    """Front and back as a terminal draws them; `bright`: one that draws bold in the bright colour, as most do."""
    colours = PALETTES[palette].split()
    found = style(theme, role)
    number = None if found.color is None else found.color.number or 0
    if bright and found.bold and number is not None and number < 8:
        number += 8
    front = colours[16] if number is None else colours[number]
    back = colours[17] if found.bgcolor is None else colours[found.bgcolor.number or 0]
    return (back, front) if found.reverse else (front, back)


@pytest.mark.parametrize("bright", [False, True], ids=["bold", "bold-is-bright"])
@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("theme", THEMES)
def test_the_contrast_of_every_role(theme: str, palette: str, bright: bool) -> None:
    for role in look(theme):
        front, back = shown(theme, role, palette, bright=bright)
        assert contrast(front, back) >= 4.5, (role, front, back, contrast(front, back))


@pytest.mark.parametrize("theme", [*THEMES, "nord"])
def test_the_settings_file_takes_the_themes_and_nothing_else(theme: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'theme = "{theme}"\n', "utf-8")
    if theme in THEMES:
        assert read_settings(path).theme == theme
    else:
        with pytest.raises(BadSettings, match="contrast"):
            read_settings(path)


def test_every_role_of_a_theme_has_both_colours() -> None:
    """Nothing is left to a background that nobody measured; and no theme lacks a role of another."""
    for theme in THEMES:
        assert set(look(theme)) == set(look("dark"))
        for role in look(theme):
            found = style(theme, role)
            assert found.color is not None, (theme, role)
            assert found.bgcolor is not None, (theme, role)


def test_the_measure_can_fail() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("00ffff", "fffff0") < 1.5  # what dark text colours would be on the cream of Tera Term
    assert contrast("7f7f7f", "ffff00") < 4.5


@pytest.mark.parametrize("depth", ["16", "256", "true"])
def test_the_same_sixteen_colours_are_sent_at_every_depth(depth: str) -> None:
    """So what was measured for 16 colours holds for 256 and for true colour: no other colour ever goes out."""
    from rich.color import ColorSystem

    system = {"16": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "true": ColorSystem.TRUECOLOR}[depth]
    for theme in THEMES:
        for role in look(theme):
            found = style(theme, role)
            drawn = found.render("x", color_system=system)
            codes = {int(code) for code in drawn[2 : drawn.index("m")].split(";")} - {1, 4, 7}
            fronts = {30 + n for n in range(8)} | {90 + n for n in range(8)}
            assert codes <= fronts | {code + 10 for code in fronts}, (theme, role, drawn)
            assert len(codes) == 2


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
            await see(pilot, THEME_TITLES[name].ja)
            assert app.desk.theme == name

    drive(app, script)


def test_without_colours_there_is_only_one_look(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", theme="plain")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "t")
        await see(pilot, THEME_TITLES["plain"].ja)

    drive(app, script)
