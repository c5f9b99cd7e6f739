"""The first picture, before Textual is imported: title, the steps, "loading". Nothing of the session."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from checks.record import dataclass
from tui.terminal import modes, probe
from tui.terminal.cells import Row, Screen
from tui.terminal.modes import tty


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """What stands on the terminal's screen: the driver's first frame is the difference to it."""

    columns: int
    rows: int
    grid: list[Row]


def paint(
    title: str, steps: Sequence[str], message: str, *, steps_at: tuple[int, int] = (3, 3)
) -> FirstPicture | None:
    """Enter the alternate screen and show the lines; `None` without a terminal, or when it does not take them.

    The title stands on the first line, the message on the second, the steps from (column, row) `steps_at` on:
    where the live screen will have them, nothing need be sent again. Sentences must hold no ambiguous
    character. The question about widths goes out in the same write, so that the answer is there when
    `probe.choose_glyphs` wants it.
    """
    if sys.platform == "win32" or not modes.enter():
        return None
    columns, rows = modes.size(tty.output)
    screen = Screen(columns, rows)
    column, row = steps_at
    lines = [(1, 0, title), (1, 1, message), *((column, row + n, step) for n, step in enumerate(steps))]
    text = ""
    for x, y, line in lines:
        if y < rows:
            screen.x, screen.y = x, y
            screen.put(line)  # cut to fit and made inert there, and sent as it stands in the picture
            text += f"\x1b[{y + 1};{x + 1}H" + "".join(char for char, _ in screen.grid[y][x:]).rstrip()
    data = (modes.ALTERNATE + "\x1b[H" + probe.question() + "\x1b[H\x1b[2J" + text).encode()
    tty.alternate = True
    if modes.write_now(data, 0.05) < len(data):
        tty.cut_off = True
        return None
    probe.question_sent()
    return FirstPicture(columns, rows, [row[:] for row in screen.grid])
