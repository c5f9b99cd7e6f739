"""The Textual application: it gives keys to the views and shows their pictures on one canvas."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, TypeVar

for _name in [name for name in os.environ if name.startswith("TEXTUAL")]:
    del os.environ[_name]  # they load modules, press keys and write files
os.environ["TEXTUAL_ANIMATIONS"] = "none"
if not os.environ.get("NO_COLOR"):
    os.environ.pop("NO_COLOR", None)  # Textual takes an empty one for a set one

# asyncio does without TLS where Python has none; ours opens no connection, and OpenSSL would be loaded at every start.
if "ssl" not in sys.modules and "asyncio" not in sys.modules:
    sys.modules["ssl"] = None  # type: ignore[assignment]
    import asyncio

    del sys.modules["ssl"]
else:
    import asyncio

from textual import events  # noqa: E402
from textual.app import App  # noqa: E402

from state.errors import ReadOnly  # noqa: E402
from tui import checking, session_messages  # noqa: E402
from tui.commands import Key  # noqa: E402
from tui.desk import Desk, Shell  # noqa: E402
from tui.screens.dispatch import UnmarkedPaste, clicked, dispatch, keep_drafts, paste  # noqa: E402
from tui.screens.main import Main  # noqa: E402
from tui.screens.view import too_small  # noqa: E402
from tui.thread_messages import Burst, CheckNews, SaveNews  # noqa: E402
from tui.widgets.canvas import Board, Canvas  # noqa: E402
from tui.widgets.clicks import Clicks, ShownFrame  # noqa: E402

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.geometry import Size
    from textual.screen import Screen

    from state.live.session import Session

T = TypeVar("T")

NEWS_EVERY = 0.25
"""Seconds between two pictures that background checks cause."""
LAG = 0.05
"""Seconds that a picture may wait for further keys that have come already."""
TICK = 0.5
"""Seconds between two pictures while the time of a running check is shown."""
BUG = 70


class JunbiApp(App[int], Shell, inherit_bindings=False):
    """Gives keys to the views and pictures to the canvas; everything else is the desk's and the views'."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []
    CSS = ""

    def __init__(self, desk: Desk, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class, ansi_color=True)
        self.desk = desk
        desk.shell = self
        self.crash: BaseException | None = None
        self.canvas = Canvas(self._pointed)
        self.clicks = Clicks()
        self._live = False
        self._due = False
        self._typed_ahead: list[events.Key | Burst] = []
        self._unmarked_paste = UnmarkedPaste()
        self._last = 0.0
        self._news_timer = self._tick_timer = self._rest_timer = False
        """Whether a picture is due later: for news of checks, for the time of a running check, for the right pane."""

    # Life.

    def get_default_screen(self) -> Screen[None]:
        """No screen is made twice."""
        return Board(self.canvas, self._begin)

    def _begin(self) -> None:
        """The first picture; then what takes longer."""
        self._live = True
        if not self.desk.views:
            self.desk.views.append(Main(self.desk))
        self.watch_session()
        for event in self._typed_ahead:
            self.on_burst(event) if isinstance(event, Burst) else self.on_key(event)
        self._typed_ahead.clear()
        self._draw()
        self.call_after_refresh(self._settled)

    def adopted(self) -> None:
        """Another session: where it was left, what its file has to say, and its checks."""
        main = self.desk.views[0]
        if isinstance(main, Main):
            main.take_place()
        self.watch_session()
        checking.begin_untried(self.desk)

    def watch_session(self) -> None:
        """Hear of the session's saves, and say what its file has to say."""
        session = self.desk.session
        session.subscribe(lambda: self._saved(session))
        self._told = session_messages.opened(self.desk)
        self.desk.others = ()
        self.background(session.others, self._take_others)

    def _take_others(self, others: object) -> None:
        if isinstance(others, tuple):
            self.desk.others = others

    def _saved(self, session: Session) -> None:
        """On the saver's thread."""
        if session is self.desk.session:
            self.post_message(SaveNews(session.others()))

    def _settled(self) -> None:
        gc.enable()
        self.redraw()
        checking.begin_untried(self.desk)

    # What the desk asks for.

    def redraw(self) -> None:
        if not self._due and self._live:
            self._due = True
            self.call_next(self._draw)

    def _draw(self) -> None:
        if self.message_queue_size and time.monotonic() - self._last < LAG and self._live:
            self.call_later(self._draw)  # keys that came in the meantime: one picture for all of them
            return
        self._due = False
        if not self._live or not self.is_running:
            return
        self._present(self.size)
        if self.desk.runs.running and not self._tick_timer:
            self._tick_timer = True
            self.set_timer(TICK, self._tick)

    def _present(self, size: Size) -> None:
        width, height = max(1, size.width), max(1, size.height)
        view = self.desk.view
        frame = too_small(self.desk, width, height) or view.draw(width, height)
        self.canvas.present(frame, self.desk.theme)
        shown = ShownFrame(frame, view, view.subject)
        self.canvas.when_out(lambda now: self.clicks.drawn(shown, now))
        self._last = time.monotonic()
        if frame.again is not None and not self._rest_timer:
            self._rest_timer = True
            if frame.again > 0:
                self.set_timer(frame.again, self._rested)
            else:
                asyncio.get_running_loop().call_soon(self._rested)  # once the driver has sent this one

    def _rested(self) -> None:
        self._rest_timer = False
        self.redraw()

    def _tick(self) -> None:
        self._tick_timer = False
        if self.desk.runs.running:
            self.redraw()

    def background(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        def go() -> None:
            result: T | Exception
            try:
                result = work()
            except Exception as error:
                result = error
            self.call_later(finish, result)  # from any thread

        def finish(result: T | Exception) -> None:
            then(result)
            self.redraw()

        threading.Thread(target=go, daemon=True, name="background").start()

    def news(self, run: int) -> None:
        self.post_message(CheckNews(run))

    def send_control(self, data: str) -> bool:
        return bool(getattr(self._driver, "send_control", lambda _data: False)(data))

    def repaint(self) -> None:
        getattr(self._driver, "repaint", lambda: None)()
        self.refresh(layout=False)
        self.screen.refresh()
        self.canvas.refresh()

    def leave(self, code: int) -> None:
        self.desk.runs.cancel()
        self.exit(code)

    # What comes in.

    def on_check_news(self, message: CheckNews) -> None:
        """Take findings in at once, show them at most four times a second."""
        if message.run not in self.desk.runs.under_way:
            return
        rest = self._last + NEWS_EVERY - time.monotonic()
        if rest <= 0 or self._last == 0:
            checking.take_news(self.desk, message.run)
        elif not self._news_timer:
            self._news_timer = True
            self.set_timer(rest, self._take_later)

    def _take_later(self) -> None:
        self._news_timer = False
        for number in list(self.desk.runs.under_way):
            checking.take_news(self.desk, number)

    def on_save_news(self, message: SaveNews) -> None:
        """The saver has done something, or somebody came or went."""
        self.desk.others = message.others
        self._told = session_messages.saved(self.desk, self._told)
        self.redraw()

    async def on_event(self, event: events.Event) -> None:
        """Keys and the mouse go to the view in front and not first through screen and widgets, which have no use for them."""
        if isinstance(event, events.Key):
            if self._live:
                self.on_key(event)
            else:
                self._typed_ahead.append(event)
        elif isinstance(event, events.MouseEvent):
            self._pointed(event)
        else:
            await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """Every key goes to the view in front."""
        event.stop()
        event.prevent_default()
        self.desk.message = None
        name, char = event.key, event.character or ""
        if name.startswith("alt+"):
            # No key of ours has Alt: Esc and the next key came together over a slow line.
            from tui.terminal.keys import after_escape

            typing, views = self.desk.view.typing, len(self.desk.views)
            self._take(Key("escape"))
            name = char = char or after_escape(name) or ""
            if typing or len(self.desk.views) > views:
                name = ""  # it was text, or Esc had something to ask: neither a command nor the answer
        if name:
            self._take(Key(name, char))
        self._acted()

    def _take(self, key: Key) -> None:
        if too_small(self.desk, *self.size) is None or key.half in ("q", "ctrl+q", "ctrl+c", "ctrl+l"):
            try:
                dispatch(self.desk, key)
            except ReadOnly as error:  # another login took the session over at this moment
                self.desk.say(error.text, wrong=True)

    def _acted(self) -> None:
        """A person has done something."""
        keep_drafts(self.desk)
        self.redraw()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text never acts as keys."""
        event.stop()
        self.desk.message = None
        paste(self.desk, event.text)
        self._acted()

    def on_burst(self, message: Burst) -> None:
        """A long text in one read."""
        if not self._live:
            self._typed_ahead.append(message)
            return
        self.desk.message = None
        for key in self._unmarked_paste.take(self.desk, message.text, more=message.more, alone=message.alone):
            self._take(key)
        self._acted()

    def on_resize(self, event: events.Resize) -> None:
        self.redraw()

    def _pointed(self, event: events.MouseEvent) -> None:
        """The mouse: the wheel goes to the view in front, a click to the view that drew what it means."""
        x, y = int(event.screen_x), int(event.screen_y)
        if isinstance(event, events.MouseDown):
            if event.button in (0, 1):
                self.clicks.down(x, y, event.time)
        elif isinstance(event, events.MouseUp):
            click = self.clicks.up(x, y, event.time)
            if click is not None:
                self.desk.message = None
                with suppress(ReadOnly):  # as above; the notice says why
                    clicked(self.desk, click)
                self._acted()
        elif isinstance(event, events.MouseScrollUp | events.MouseScrollDown):
            self.desk.view.wheel(-3 if isinstance(event, events.MouseScrollUp) else 3, x)
            self.redraw()

    # Doors that stay shut, and the last resort.

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Never: the browser would open on the far side."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Never: pictures of personal data belong to nobody's downloads."""

    def get_system_commands(self, screen: Screen[object]):  # type: ignore[no-untyped-def]
        """None: our palette is our own."""
        return iter(())

    def _handle_exception(self, error: Exception) -> None:
        """Ends the program without printing a traceback, which would show variables."""
        if self.crash is None:
            self.crash = error
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._return_code = BUG
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        error = sys.exc_info()[1]
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError("fatal"))
