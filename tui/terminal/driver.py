"""The driver that Textual gets on POSIX: draws what it writes on a picture of its own and sends what changed of it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from rich.cells import get_character_cell_size
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size

from checks.wrap import is_ambiguous, widened_by_selector
from tui.terminal import exit as leaving
from tui.terminal import modes
from tui.terminal.cells import Row, Screen
from tui.terminal.glyphs import SAFE, Glyphs, one_cell
from tui.terminal.inert import InertFilter
from tui.terminal.input import Input, InputEvent
from tui.terminal.modes import tty
from tui.terminal.pump import Pump
from tui.terminal.repaint import Encoder
from tui.terminal.skeleton import FirstPicture
from tui.thread_messages import Burst

_HIDE_FROM = 400
"""Bytes of a frame from which on the cursor is hidden while it is drawn."""
_EMPTY_FRAMES = 10
"""Frames without text that are not drawn over the skeleton."""
_PATIENCE = 0.1
"""Seconds a stalled line may delay the way out."""


class ShadowDriver(Driver):
    """Keeps the picture, sends only changed cells, and never waits for the terminal.

    Whatever Textual writes between two turns of the event loop becomes one write. While the line has not
    taken the last one, frames change the picture only; the newest is sent when the line is free again.
    """

    GLYPHS: ClassVar[Glyphs] = SAFE
    PICTURE: ClassVar[FirstPicture | None] = None

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._thread_id = threading.get_ident()
        self._pump: Pump | None = None
        self._screen: Screen | None = None
        self._shown: list[Row] | None = None
        self._encoder = Encoder(
            erase_paints=not modes.in_screen(),  # GNU screen leaves erased cells in the terminal's own background
            ambiguous_narrow=self.GLYPHS.name == "narrow" and self.GLYPHS.measured,
        )
        self._scheduled = False
        self._out: Callable[[float], None] | None = None
        self._on_its_way: Callable[[float], None] | None = None
        self._head = ""
        self._controls: list[str] = []
        self._suspended = False
        self._lines: list[str] = []
        self._direct = False
        self._first_picture = self.PICTURE
        self._empty_frames = _EMPTY_FRAMES if self.PICTURE else 0
        self._parser = XTermParser()
        self._input = Input(ANSI_SEQUENCES_KEYS.__contains__)
        self._read_at = 0.0
        filters = getattr(app, "_filters", None)
        if isinstance(filters, list) and not any(isinstance(known, InertFilter) for known in filters):
            filters.append(InertFilter())
        if sys.platform != "win32":
            signal.signal(signal.SIGTSTP, self._sigtstp)
            signal.signal(signal.SIGCONT, self._sigcont)

    # ---- what the App may call

    @property
    def can_suspend(self) -> bool:
        """Ctrl+Z and `App.suspend` work."""
        return True

    def repaint(self) -> None:
        """Send the modes and the whole picture again, as after the terminal was disturbed."""
        self._head = modes.switched_on(self._mouse)
        self._shown = None
        self._schedule()

    def after_frame(self, out: Callable[[float], None]) -> None:
        """Have `out` called once the terminal takes the picture as it is now, or a later one, with the time of that."""
        self._out = out
        self._schedule()

    def send_control(self, data: str) -> bool:
        """Send one of the few sequences that are no picture (OSC 52, BEL); anything else is refused."""
        from tui.terminal.clipboard import is_control

        if not is_control(data) or self._pump is None or len(self._controls) > 4:
            return False
        self._controls.append(data)
        self._schedule()
        return True

    # ---- what Textual calls

    def write(self, data: str) -> None:
        """Draw what Textual wrote; it is sent at the end of this turn of the event loop."""
        if threading.get_ident() != self._thread_id:
            self._loop.call_soon_threadsafe(self.write, data)
            return
        if self._pump is None:
            return
        if data == "\x07":
            self.send_control(data)
            return
        if not self._direct:
            self._picture().feed(data)
            self._schedule()

    def show(self, lines: Sequence[str]) -> None:
        """Draw all lines of the screen, each as a `Strip` renders; only for the event loop's thread.

        From then on what Textual writes is not drawn: its compositor would come to the same picture, one timer later.
        """
        if self._pump is None:
            return
        self._direct = True
        screen = self._picture()
        old, self._lines = self._lines, list(lines[: screen.rows])
        for y, line in enumerate(self._lines):
            if y >= len(old) or old[y] != line:
                screen.feed(f"\x1b[0m\x1b[{y + 1};1H\x1b[K{line}")
        self._schedule()

    def _picture(self) -> Screen:
        """The grid, a new and empty one when the terminal has another size."""
        columns, rows = self._size or modes.size(tty.output)
        screen = self._screen
        if screen is None or (screen.columns, screen.rows) != (columns, rows):
            screen = self._screen = Screen(
                columns,
                rows,
                width_of=get_character_cell_size,
                grows=widened_by_selector(),
                swap=_swap_ambiguous if self.GLYPHS.name == "safe" else None,
            )
            first, self._first_picture = self._first_picture, None
            fits = first is not None and (first.columns, first.rows) == (columns, rows)
            self._shown = first.grid if first is not None and fits else None
            self._lines = []
        return screen

    def start_application_mode(self) -> None:
        """Take the terminal and begin to read keys."""
        if not modes.enter():
            self._gone()
            return
        pump = self._pump
        if pump is None:
            pump = self._pump = Pump(self._typed, self._line_free, self._gone, self._quiet, self._after_quiet)
            if tty.typed_ahead:
                typed, tty.typed_ahead = bytes(tty.typed_ahead), bytearray()
                self._typed(typed)
            pump.start()
        self._head = ("" if tty.alternate else modes.ALTERNATE) + modes.switched_on(self._mouse)
        tty.alternate = True
        self._shown = None
        self._encoder.forget()
        self._schedule()
        if sys.platform != "win32":
            signal.signal(signal.SIGWINCH, self._sigwinch)
        self._tell_size()
        if self._suspended:
            self._suspended = False
            self.send_message(self.SignalResume())

    def disable_input(self) -> None:
        """Read no more keys."""
        if self._pump is not None:
            self._pump.stop_reading()

    def stop_application_mode(self) -> None:
        """Give the terminal back; a stalled line delays this by a tenth of a second at most."""
        pump, self._pump = self._pump, None
        if pump is None:
            return
        if sys.platform != "win32":
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        pump.stop(_PATIENCE)
        modes.restore_terminal(_PATIENCE, everything=False)

    # ---- frames

    def _is_still_empty(self, screen: Screen) -> bool:
        """Whether the skeleton had better stay: Textual's first frames have no text yet."""
        if self._empty_frames == 0:
            return False
        empty = all(char == " " for row in screen.grid for char, _ in row)
        self._empty_frames = self._empty_frames - 1 if empty else 0
        return empty

    def _schedule(self) -> None:
        if not self._scheduled and self._pump is not None:
            self._scheduled = True
            self._loop.call_soon(self._flush)

    def _line_free(self) -> None:
        self._loop.call_soon_threadsafe(self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        pump, screen = self._pump, self._screen
        if pump is None or pump.busy or tty.attributes is None:
            return
        now = time.monotonic()  # before it is sent: whoever sees it may answer at once
        self._arrived(now)
        text, self._head = self._head, ""
        if screen is not None and not self._is_still_empty(screen):
            x, y = self._app.cursor_position
            cursor = (min(max(x, 0), screen.columns - 1), min(max(y, 0), screen.rows - 1))
            frame = self._encoder.frame(self._shown, screen.grid, cursor)
            self._shown = [row[:] for row in screen.grid]
            text += f"\x1b[?25l{frame}\x1b[?25h" if len(frame) >= _HIDE_FROM else frame
            self._on_its_way, self._out = self._out, None
        text += "".join(self._controls)
        self._controls.clear()
        if text:
            pump.send(text.encode("utf-8", "replace"))
        if not pump.busy:
            self._arrived(now)

    def _arrived(self, now: float) -> None:
        out, self._on_its_way = self._on_its_way, None
        if out is not None:
            out(now)

    # ---- input, in the pump's thread

    def _typed(self, data: bytes) -> None:
        self._read_at = time.monotonic()
        self._pass_on(self._input.feed(data, self._read_at))

    def _quiet(self) -> float | None:
        return self._input.wait(time.monotonic())

    def _after_quiet(self) -> None:
        self._pass_on(self._input.silence(time.monotonic()))

    def _pass_on(self, typed: Iterable[InputEvent]) -> None:
        for event in typed:
            if event.kind == "paste":
                self.process_message(events.Paste(event.text))
            elif event.kind == "burst" and hasattr(self._app, "on_burst"):
                self.process_message(Burst(event.text, more=event.more, alone=event.alone))
            else:
                self._read(event.text)

    def _read(self, text: str) -> None:
        try:
            for message in self._parser.feed(text):
                if not isinstance(message, events.MouseMove):  # nothing follows the pointer
                    message.time = self._read_at
                    self.process_message(message)
        except Exception:  # whatever a terminal may send, it must not end the program
            self._parser = XTermParser()

    # ---- signals and the end of the terminal

    def _tell_size(self) -> None:
        self._size = modes.size(tty.output)
        size = Size(*self._size)
        self.send_message(events.Resize(size, size))

    def _sigwinch(self, *_: object) -> None:
        self._tell_size()
        self._loop.call_soon_threadsafe(self._maybe_cut)

    def _maybe_cut(self) -> None:
        """Send everything again at a size that is the same as before: in between, the terminal may have cut lines.

        At another size the next picture is a new one anyway.
        """
        screen = self._screen
        if screen is not None and (screen.columns, screen.rows) == self._size:
            self._shown = None
            self._schedule()

    def _sigtstp(self, *_: object) -> None:
        if self._auto_restart:
            self.suspend_application_mode()
            self._suspended = True
        if sys.platform != "win32":
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont(self, *_: object) -> None:
        if self._auto_restart and (self._suspended or self._pump is not None):
            self.resume_application_mode()

    def _gone(self) -> None:
        if leaving.is_installed():
            leaving.terminal_gone()
        else:
            self._loop.call_soon_threadsafe(self._app.exit)


def driver_class(*, glyphs: Glyphs = SAFE, picture: FirstPicture | None = None) -> type[Driver] | None:
    """The driver for `App(driver_class=…)`; `None` where Textual's own must do: on Windows, or if asked for.

    `picture` is what `skeleton.paint` left on the screen.
    """
    if sys.platform == "win32" or os.environ.get("OSS_JUNBI_DRIVER") == "textual":
        return None

    class OurDriver(ShadowDriver):
        GLYPHS = glyphs
        PICTURE = picture

    return OurDriver


def _swap_ambiguous(char: str) -> str:
    return one_cell(char) if is_ambiguous(char) else char
