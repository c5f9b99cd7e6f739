"""A session file that cannot be read: the newest good copy is offered before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from checks.shown import show
from checks.wrap import fit
from tui import wording
from tui.desk import Desk
from tui.screens.ask import Ask
from tui.screens.main import Main
from tui.shell import filled

if TYPE_CHECKING:
    from state.errors import SessionUnreadable
    from state.session import Session

UNREADABLE = 65
NAME = 40
"""Cells of the session's name in the question, which must be seen whole on the smallest screen."""


def offer(desk: Desk, error: SessionUnreadable, recover: Callable[[], Session]) -> None:
    """Ask whether to go on from the copy; without it the program ends with 65 and changes nothing."""
    copy = error.recoverable
    assert copy is not None
    file = error.quarantine or copy.source
    text = filled(
        wording.RECOVER_SJIS if copy.kind == "shift-jis" else wording.RECOVER,
        name=fit(show(file.name.partition(".toml")[0], 200), NAME),
        at=desk.minute(copy.at),
        count=len(copy.data.answers),
    )
    desk.say(error.text, wrong=True)  # names every file and the line; to be found in the history
    desk.hush()

    def then(result: Session | Exception) -> None:
        if isinstance(result, Exception):
            raise result
        desk.adopt(result)

    desk.views.append(Main(desk))
    desk.views.append(
        Ask(
            desk,
            text,
            wording.YES_NO,
            lambda: desk.shell.background(recover, then),
            no=lambda: desk.shell.leave(UNREADABLE),
        )
    )
