"""`oss-junbi take-over`: makes every other login that has a session open one that can only read."""

from __future__ import annotations

import os

from checks.text import Text
from state.file import places, presence
from state.layout import local
from tui.cli import console
from tui.cli.opened import change
from tui.cli.problem import filled
from tui.cli.sessions import no_such
from tui.cli.setup import Setup

_DONE = Text("セッション「{name}」を引き継ぎました。", "The session '{name}' is taken over.")
_READS = Text(
    "次の保存から見るだけになります: {who}（{since} から使用中）",
    "Can only read from its next save on: {who} (open since {since})",
)
_NOBODY = Text("ほかに開いているログインは見当たりません。", "No other login is to be seen.")


def main(setup: Setup) -> int:
    """Take the session over and say from whom."""
    folder = places.locate()
    name = setup.args.positional[0]
    path = places.session_path(folder, name)
    if not os.path.lexists(path):
        raise no_such(folder, name)
    with change(setup, path, note=False) as session:
        session.session.claim()
        session.settle()
    console.tell(filled(_DONE, name=path.name.removesuffix(".toml")), setup.lang)
    others = presence.present(path.with_name(path.name + ".here"))
    for other in others:
        who = f"{other.user}@{other.host} (pid {other.pid})"
        console.tell(filled(_READS, who=who, since=local(other.since)), setup.lang)
    if not others:
        console.tell(_NOBODY, setup.lang)
    return 0
