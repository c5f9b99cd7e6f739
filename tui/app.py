"""The way into the full screen and out of it: the session is opened, shown and closed."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from checks.model import Options
from checks.text import Lang, Text
from tui.application import BUG, JunbiApp
from tui.desk import Desk, Shell, filled
from tui.terminal.glyphs import SAFE, Glyphs

if TYPE_CHECKING:
    from checks.system.api import System
    from state.errors import SessionUnreadable
    from state.live.session import Session
    from tui.terminal.skeleton import FirstPicture

ANOTHER = Text(
    "ほかのセッションを開くか新しく始めるには、oss-junbi --session 名前 を使います。",
    "To open or start another session, run: oss-junbi --session NAME",
)
LOST = Text("保存できなかった変更が{count}件あります。", "{count|change} could not be saved.")


def start(
    path: Path,
    options: Options,
    *,
    lang: Lang = "ja",
    glyphs: Glyphs = SAFE,
    theme: str = "dark",
    color: bool = True,
    read_only: bool = False,
    sessions: Path | None = None,
    host: str = "",
    user: str = "",
    picture: FirstPicture | None = None,
) -> int:
    """Show the session in the file `path` until the person quits; returns the exit code (0, 70 or 74).

    Opens the session itself, so it raises what `Session.open` raises, before Textual touches the terminal; but a
    session of a newer version is opened read-only, and for a damaged one the newest good copy is offered.
    `theme` is `dark`, `light` or `contrast`; `color` False means no colours at all (`--no-color`, NO_COLOR).
    `sessions` is the folder of saved sessions that the sessions screen lists; None leaves that screen empty.
    `picture` is what `skeleton.paint` returned, or None. The caller has made sure that both ends are a terminal.
    """
    from checks.guide import load_guide
    from state.errors import SessionTooNew, SessionUnreadable
    from state.live.session import Session, recover
    from tui.styles.themes import THEMES

    gc.disable()  # until the first picture; nothing that is made before goes away again
    gc.set_threshold(20_000, 20, 20)  # from then on: a screen stays open for hours
    clock = None if options.now is None else options.moment

    def reopen(file: Path, only_read: bool) -> Session:
        def opened(look: bool) -> Session:
            return Session.open(
                file, load_guide, read_only=look, now=clock, host=host or None, user=user or None
            )

        try:
            return opened(only_read)
        except SessionTooNew:
            if only_read:
                raise
            return opened(True)

    damaged: SessionUnreadable | None = None
    try:
        session = reopen(path, read_only)
    except SessionUnreadable as error:
        error.text = Text(error.text.ja + ANOTHER.ja, f"{error.text.en} {ANOTHER.en}")
        if read_only or error.recoverable is None:
            raise
        damaged = error
        session = Session.open(
            path.with_name("-"), load_guide, read_only=True, now=clock
        )  # empty, and never made
    os.environ.pop("NO_COLOR", None)  # we have a look of our own without colours
    desk = Desk(
        session=session,
        options=options,
        system=_system,
        shell=Shell(),
        lang=lang,
        glyphs=glyphs,
        theme=(theme if theme in THEMES else "dark") if color else "plain",
        platform={"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux"),
        host=session.host,
        user=session.user,
        sessions=sessions,
        reopen=reopen,
    )
    if damaged is None:
        return show(desk, picture)
    from tui.cli import console
    from tui.screens.damaged import UNREADABLE, offer

    offer(desk, damaged, lambda: recover(path, load_guide, now=clock, host=host or None, user=user or None))
    code = show(desk, picture)
    if code == UNREADABLE:
        console.tell(damaged.text, lang)
    return code


def show(desk: Desk, picture: FirstPicture | None = None) -> int:
    """Run the screen over a desk whose session is open, then close the session; returns the exit code."""
    from tui.terminal import exit as leaving
    from tui.terminal.driver import driver_class

    leaving.install(lambda seconds: desk.session.flush(seconds))  # of the session that is open then
    try:
        app = JunbiApp(desk, driver_class(glyphs=desk.glyphs, picture=picture))
        code = app.run()
    finally:
        leaving.uninstall()
    saved = desk.session.close(2.0)
    for closing in desk.closing:
        closing.join(2.0)
    return _say_end(desk, app, code, saved)


def _say_end(desk: Desk, app: JunbiApp, code: int | None, saved: bool) -> int:
    """The last words, on the ordinary screen."""
    from tui.cli import console

    if app.crash is not None:
        from tui.cli.crash import keep

        console.tell(keep(app.crash), desk.lang)
        code = BUG
    if not saved:
        console.tell(filled(LOST, count=desk.session.save_state().unsaved), desk.lang)
        return code or 74
    return code or 0


def _system() -> System:
    from checks.system import current

    return current()
