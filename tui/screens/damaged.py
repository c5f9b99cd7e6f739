"""A session file that cannot be read: the newest good copy is offered before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui import wording
from tui.desk import Desk
from tui.screens.ask import Ask
from tui.screens.main import Main
from tui.shell import filled

if TYPE_CHECKING:
    from state.errors import SessionUnreadable
    from state.session import Session

UNREADABLE = 65


def offer(desk: Desk, error: SessionUnreadable, recover: Callable[[], Session]) -> None:
    """Ask whether to go on from the copy; without it the program ends with 65 and changes nothing."""
    copy = error.recoverable
    assert copy is not None
    text = filled(wording.RECOVER, why=error.text, copy=copy.told())

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
