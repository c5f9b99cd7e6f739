"""The commands that are there on every screen, reached by mouse, palette and letter alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.helpers_reach import SCREENS, Reach, reach
from tests.tui.test_reach import BY, MAIN, WAYS
from tui.commands import BY_ID
from tui.screens.case import Case
from tui.screens.view import Picker, Scroll


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    with reach(tmp_path_factory.mktemp("reach")) as driven:
        yield driven


TEXT = ("note", "password", "report's file", "field", "new session")
"""Nothing but a field for text: the arrows move in it."""


OWN = {"help": "help", "messages": "messages", "palette": "palette"}
"""A screen cannot be opened over itself."""


def place(hands: Reach) -> tuple[object, ...]:
    """Where the person is on the screen in front."""
    hands.frame()
    view, main = hands.desk.view, hands.main
    form = getattr(view, "form", None)
    return (*(getattr(view, name, None) for name in ("top", "at")), form and form.at, main.place.cursor)


def middle(hands: Reach, name: str) -> None:
    """To where every direction leads somewhere."""
    view = hands.desk.view
    hands.frame()
    if isinstance(view, Scroll):
        view.top = 2
    elif isinstance(view, Picker):
        view.at = view.count() // 2
    elif isinstance(view, Case):
        view._move(1)
        view.form.at = 1
    elif name == "choices":
        hands.press("down")


SHORT = {"sessions", "case", "choices"}
"""Too short for a place in the middle; walked through below."""


def general(hands: Reach, command: str, way: str, name: str, before: tuple[object, ...], views: int) -> bool:
    """Whether a command that is on every screen was done."""
    if command in ("move", "page", "ends"):
        return place(hands) != before
    if command == "back":
        if name == "new session":
            return not getattr(hands.desk.view, "naming", True)
        closed = (
            hands.main.form is None
            and hands.main.field is None
            and not getattr(hands.desk.view, "field", None)
        )
        return len(hands.desk.views) < views or (
            name in ("choices", "field", "filter", "report's file") and closed
        )
    return bool(MAIN[command, way][1](hands))


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("name", SCREENS)
def test_every_general_command_is_done_on_every_screen(hands: Reach, name: str, by: str) -> None:
    for command, way in WAYS:
        moves = command in ("move", "page", "ends")
        if BY_ID[command].where != "any" or OWN.get(name) == command:
            continue
        if moves and (name in TEXT or name in SHORT or (name == "filter" and by != "palette")):
            continue
        hands.fresh()
        SCREENS[name](hands)
        if by == "letter" and hands.desk.view.typing:
            continue
        middle(hands, name)
        hands.frame()
        view = hands.desk.view
        if moves and isinstance(view, Scroll) and view.top != 2:
            continue  # all of it is on the screen
        hands.shell.repainted = 0
        before, views = place(hands), len(hands.desk.views)
        BY[by](hands, command, way)
        assert general(hands, command, way, name, before, views), (command, way, hands.lines())


@pytest.mark.parametrize("by", ["letter", "click"])
@pytest.mark.parametrize("name", ["case", "choices"])
def test_a_short_list_is_walked_through(hands: Reach, name: str, by: str) -> None:
    hands.fresh()
    SCREENS[name](hands)
    start = place(hands)
    for go, back in (("j", "k"), ("J", "K"), ("G", "g")):
        if by == "letter":
            hands.press(go)
            assert place(hands) != start, go
            hands.press(back)
            assert place(hands)[1] == start[1], back
    if by == "click" and name == "case":
        hands.click("move down")
        assert place(hands) != start
        hands.click("move up")
        assert place(hands) == start
