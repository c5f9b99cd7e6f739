"""A session file that cannot be read: the newest good copy is offered before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from checks.shown import show
from checks.text import Text
from checks.wrap import fit
from tui import wording
from tui.desk import Desk, filled
from tui.screens.ask import Ask
from tui.screens.main import Main

if TYPE_CHECKING:
    from state.errors import SessionUnreadable
    from state.live.session import Session

RECOVER = Text(
    "セッション「{name}」のファイルが壊れていて読めません。{at}の控えに回答が{count}件あります。この控えから続けますか。壊れたファイルも残します。",
    'The file of session "{name}" is damaged. The backup of {at} has '
    "{count|answer}. Continue from it? The damaged file is kept.",
)
RECOVER_ENCODING = Text(
    "セッション「{name}」のファイルは、{encoding}として読むと回答{count}件を取り戻せます。続けますか。元のファイルも残します。",
    'Read as {encoding}, the file of session "{name}" yields {count|answer}. Continue? The original file is kept.',
)

UNREADABLE = 65
RECOVER_MORE = Text(
    "セッション「{name}」のファイルが壊れています。{at}の控えの回答{count}件に、壊れたファイルから読めた新しい回答{answers}件と"
    "そのほか{others}件を加えて続けますか。壊れたファイルも残します。",
    'The file of session "{name}" is damaged. Continue from the backup of {at} ({count|answer}) plus '
    "{answers|newer answer} and {others|other entry|other entries} from the damaged file? That file is kept.",
)
RECOVER_ALONE = Text(
    "セッション「{name}」のファイルが壊れていて、控えもありません。壊れたファイルから読めた回答{answers}件とそのほか{others}件で"
    "続けますか。壊れたファイルも残します。",
    'The file of session "{name}" is damaged and there is no backup. Continue with {answers|answer} '
    "and {others|other entry|other entries} recovered from it? That file is kept.",
)
NAME = 40
"""Cells of the session's name in the question, which must be seen whole on the smallest screen."""


def offer(desk: Desk, error: SessionUnreadable, recover: Callable[[], Session]) -> None:
    """Ask whether to go on from the copy; without it the program ends with 65 and changes nothing."""
    from state.file.notices import ENCODINGS

    copy = error.recoverable
    assert copy is not None
    file = error.quarantine or copy.source
    words = RECOVER_MORE if copy.answers or copy.others else RECOVER
    encoding = ENCODINGS.get(copy.kind)
    text = filled(
        RECOVER_ALONE if copy.kind == "damaged" else RECOVER_ENCODING if encoding is not None else words,
        encoding=encoding,
        name=fit(show(file.name.partition(".toml")[0], 200), NAME),
        at=desk.minute(copy.at),
        count=copy.copied or len(copy.data.answers),
        answers=copy.answers,
        others=copy.others,
    )
    desk.say(error.text, wrong=True)  # names every file and the line; to be found in the history
    desk.message = None

    def then(result: Session | Exception) -> None:
        if isinstance(result, Exception):
            raise result
        desk.adopt(result)

    def yes() -> None:
        desk.shell.background(recover, then)

    def no() -> None:
        desk.shell.leave(UNREADABLE)

    desk.views += [Main(desk), Ask(desk, text, wording.YES_NO, yes, no=no)]
