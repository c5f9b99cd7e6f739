"""Which driver Textual gets, and with what."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.terminal.glyphs import SAFE, Glyphs

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui.terminal.skeleton import Picture


def driver_class(
    *, glyphs: Glyphs = SAFE, on_gone: Callable[[], None] | None = None, picture: Picture | None = None
) -> type[Driver] | None:
    """The driver for `App(driver_class=…)`; `None` where Textual's own must do: on Windows, or if asked for.

    `on_gone` is called once, from any thread, when the terminal is gone. `picture` is what `skeleton.paint`
    left on the screen.
    """
    if sys.platform == "win32" or os.environ.get("OSS_JUNBI_DRIVER") == "textual":
        return None
    from tui.terminal.shadow import ShadowDriver

    class Driver(ShadowDriver):
        GLYPHS = glyphs
        ON_GONE = staticmethod(on_gone) if on_gone else None
        PICTURE = picture

    return Driver
