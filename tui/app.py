"""The way into the full screen and out of it: the session is opened, shown and closed."""

from __future__ import annotations

import gc
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checks.text import Text
from tui.application import BUG, JunbiApp
from tui.desk import Desk, Shell, filled

if TYPE_CHECKING:
    from checks.system.api import System
    from state.errors import SessionUnreadable
    from state.live.session import Session
    from tui.cli.setup import Setup
    from tui.terminal.skeleton import FirstPicture

ANOTHER = Text(
    "ほかのセッションを開くか新しく始めるには、oss-junbi --session 名前 を使います。",
    "To open or start another session, run: oss-junbi --session NAME",
)
LOST = Text("保存できなかった変更が{count}件あります。", "{count|change} could not be saved.")


def start(setup: Setup, picture: FirstPicture | None = None) -> int:
    """Show the session until the person quits; returns the exit code (0, 65, 70 or 74).

    Opens the session itself, so it raises what `open_session` raises, before Textual touches the terminal; but a
    session of a newer version is opened read-only, and for a damaged one the newest good copy is offered.
    `picture` is what `skeleton.paint` returned. The caller has made sure that both ends are a terminal.
    """
    from checks.guide import load_guide
    from state.errors import SessionTooNew, SessionUnreadable
    from state.file import places, presence
    from state.live.open_session import open_session, recover
    from tui.cli.opened import path_of
    from tui.styles.themes import THEMES
    from tui.terminal import probe

    gc.disable()  # until the first picture; nothing that is made before goes away again
    gc.set_threshold(20_000, 20, 20)  # from then on: a screen stays open for hours
    folder = places.locate()
    path = path_of(setup, folder)
    if not setup.read_only:
        places.prepare(folder.sessions)
        if path.parent == folder.sessions:
            places.note_last(folder, path.name.removesuffix(".toml"))
    glyphs = probe.choose_glyphs(setup.glyphs)
    theme = setup.theme or ("light" if probe.has_light_background() else "dark")
    clock = None if setup.options.now is None else setup.options.moment

    opened = partial(open_session, now=clock, folder=folder, platform=presence.platform_name())

    def reopen(file: Path, read_only: bool) -> Session:
        try:
            return opened(file, load_guide, read_only=read_only)
        except SessionTooNew:
            if read_only:
                raise
            return opened(file, load_guide, read_only=True)

    damaged: SessionUnreadable | None = None
    try:
        session = reopen(path, setup.read_only)
    except SessionUnreadable as error:
        error.text = Text(error.text.ja + ANOTHER.ja, f"{error.text.en} {ANOTHER.en}")
        if setup.read_only or error.recoverable is None:
            raise
        damaged = error
        # Empty, and never made.
        session = opened(path.with_name("-"), load_guide, read_only=True)
    os.environ.pop("NO_COLOR", None)  # we have a look of our own without colours
    desk = Desk(
        session=session,
        options=setup.options,
        system=_system,
        shell=Shell(),
        lang=setup.lang,
        glyphs=glyphs,
        theme=(theme if theme in THEMES else "dark") if setup.color else "plain",
        platform=presence.platform_name(),
        host=session.host,
        user=session.user,
        sessions=folder.sessions,
        reopen=reopen,
    )
    if damaged is None:
        return show(desk, picture)
    from tui.screens.damaged import UNREADABLE, offer

    offer(desk, damaged, lambda: recover(path, load_guide, now=clock, folder=folder))
    code = show(desk, picture)
    if code == UNREADABLE:
        setup.say(damaged.text)
    return code


def show(desk: Desk, picture: FirstPicture | None = None) -> int:
    """Run the screen over a desk whose session is open, then close the session; returns the exit code."""
    from tui.terminal import exit as leaving
    from tui.terminal.driver import driver_class

    leaving.install(lambda seconds: desk.session.flush(seconds))  # of the session that is open by then
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
