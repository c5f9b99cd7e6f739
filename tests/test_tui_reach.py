"""Every command is carried out when it is reached by mouse alone, through the palette alone, and by letters alone, on every screen."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

import tui.screens
from tests.helpers_reach import QUESTIONS, SCREENS, Reach, reach
from tests.helpers_tui import make_app
from tui import wording
from tui.commands import BY_ID, COMMANDS, TWINS
from tui.screens.ask import Ask
from tui.screens.case import Case
from tui.screens.explain import Explain
from tui.screens.help import Help
from tui.screens.link import Link
from tui.screens.messages import Messages
from tui.screens.note import NoteScreen
from tui.screens.palette import Palette
from tui.screens.report import Report
from tui.screens.sessions import Sessions
from tui.screens.take_over import TakeOver
from tui.screens.view import Picker, Scroll, View
from tui.widgets.bars import session_name
from tui.widgets.tree import CASE

Step = Callable[[Reach], object]
Way = tuple[str, str]
"""A command and the key of the direction in which it goes."""
WAYS: tuple[Way, ...] = tuple((one.id, way) for one in COMMANDS for way in one.ways or (one.keys[0],))


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    with reach(tmp_path_factory.mktemp("reach")) as found:
        yield found


# What each command does on the main screen, to be seen from outside.


def at(name: str) -> Step:
    return lambda hands: (hands.main.place.go(name), hands.frame())


def is_at(name: str) -> Step:
    return lambda hands: hands.main.place.cursor == name


def shows(kind: type[View]) -> Step:
    return lambda hands: isinstance(hands.desk.view, kind)


def says(*texts: object) -> Step:
    return lambda hands: hands.desk.message is not None and hands.desk.message.text in texts


def answered(hands: Reach) -> None:
    hands.desk.answer("pc.update", "yes")


def undone(hands: Reach) -> None:
    answered(hands)
    hands.desk.undo()


def folded(hands: Reach) -> None:
    at(CASE)(hands)
    hands.main.place.folded = {step.id for step in hands.desk.catalog.steps}


def shut(hands: Reach) -> None:
    folded(hands)
    at("documents")(hands)


def excepted(hands: Reach) -> None:
    hands.desk.session.waive("portal.tls", "tried by hand", "an example", date(2099, 1, 1))
    at("portal.tls")(hands)


def checking(hands: Reach) -> None:
    hands.desk.check([hands.desk.catalog.checks["pc.slow"]])


def reading(hands: Reach) -> None:
    hands.main.reading = True


def ran(hands: Reach) -> bool:
    return bool(hands.desk.runs)


MAIN: Mapping[Way, tuple[Step, Step]] = {
    ("move", "up"): (at("portal.tls"), is_at("root.store")),
    ("move", "down"): (at("root.store"), is_at("portal.tls")),
    ("page", "pageup"): (at("proxy-issuance"), lambda hands: hands.main.place.cursor != "proxy-issuance"),
    ("page", "pagedown"): (at(CASE), lambda hands: hands.main.place.cursor != CASE),
    ("ends", "home"): (at("documents"), is_at(CASE)),
    ("ends", "end"): (at("documents"), is_at("proxy-issuance.asked")),
    ("fold", "left"): (at("documents"), lambda hands: "documents" in hands.main.place.folded),
    ("unfold", "right"): (
        shut,
        lambda hands: "documents" not in hands.main.place.folded,
    ),
    ("open", "enter"): (at("root.store"), lambda hands: hands.main.reading),
    ("pane", "tab"): (at("root.store"), lambda hands: hands.main.reading),
    ("answer", "space"): (at("pc.update"), lambda hands: hands.main.form is not None),
    ("next_open", "n"): (at("pc.update"), is_at("pc.disk")),
    ("previous_open", "N"): (at("documents.seal"), is_at("payment.bank")),
    **{
        ("step", key): (folded, is_at(name))
        for key, name in zip(
            BY_ID["step"].ways,
            ("root-certificate", "pc-environment", "compulsory-insurance", "electronic-payment", "documents",
             "digital-certificate", "proxy-issuance"),
            strict=True,
        )
    },
    ("recheck", "r"): (at("pc.slow"), ran),
    ("check_all", "R"): (at(CASE), shows(Ask)),
    ("stop", "x"): (checking, lambda hands: not hands.desk.runs and says(wording.CHECKS_STOPPED)(hands)),
    ("case", "c"): (at("documents"), shows(Case)),
    ("filter", "/"): (at("documents"), lambda hands: hands.main.field is not None),
    ("problems", "f"): (at("documents"), lambda hands: hands.main.place.problems),
    ("explain", "e"): (at("documents"), shows(Explain)),
    ("note", "m"): (at("documents"), shows(NoteScreen)),
    ("withdraw", "W"): (excepted, lambda hands: not hands.desk.session.data.waivers),
    ("copy", "y"): (at("documents"), lambda hands: len(hands.shell.sent) == 1),
    ("link", "o"): (at("documents"), shows(Link)),
    ("undo", "u"): (answered, lambda hands: not hands.desk.session.answers),
    ("redo", "ctrl+r"): (undone, lambda hands: "pc.update" in hands.desk.session.answers),
    ("report", "p"): (at("documents"), shows(Report)),
    ("sessions", "s"): (at("documents"), shows(Sessions)),
    ("take_over", "T"): (at("documents"), shows(TakeOver)),
    ("language", "L"): (at("documents"), lambda hands: hands.desk.lang == "en"),
    ("theme", "t"): (at("documents"), lambda hands: hands.desk.theme == "light"),
    ("messages", "!"): (at("documents"), shows(Messages)),
    ("help", "?"): (at("documents"), shows(Help)),
    ("palette", ":"): (at("documents"), shows(Palette)),
    ("repaint", "ctrl+l"): (
        lambda hands: setattr(hands.shell, "repainted", 0),
        lambda hands: hands.shell.repainted == 1,
    ),
    ("back", "escape"): (reading, lambda hands: not hands.main.reading),
    ("quit", "q"): (at("documents"), lambda hands: hands.shell.left == [0]),
}  # fmt: skip


def test_the_table_has_every_direction_of_every_command() -> None:
    assert set(MAIN) == set(WAYS)


# The ways to a command.


def by_mouse(hands: Reach, command: str, way: str) -> None:
    """By what can be clicked here; else help, which is always there, its list turned to where the command stands."""
    for act in (f"{command} {way}", command if way == (BY_ID[command].ways or (way,))[-1] else ""):
        if act and act in hands.acts() and command != "help":
            return hands.click(act)
    step = f"go {hands.desk.catalog.steps[int(way) - 1].id}" if command == "step" else ""
    if step and step in hands.acts():
        return hands.click(step)
    hands.click("help")
    wanted = f"run {command} {way}"
    for _ in range(20):
        if wanted in hands.acts():
            return hands.click(wanted)
        hands.click("page pagedown")
    raise AssertionError(f"{wanted} is not in the help")


def by_palette(hands: Reach, command: str, way: str) -> None:
    """By its name; a step by its number and what it is called."""
    if not isinstance(hands.desk.view, Palette):
        hands.press("ctrl+p" if hands.desk.view.typing or hands.main.form is not None else ":")
    palette = hands.desk.view
    assert isinstance(palette, Palette)
    wanted = f"run {command} {way}" if BY_ID[command].ways else f"run {command}"
    typed = command
    if command == "step":
        step = hands.desk.catalog.steps[int(way) - 1]
        wanted, typed = f"go {step.id}", step.title.ja
    hands.press(*typed)
    found = [line[0] for line in palette._found]
    assert wanted in found, (wanted, found)
    hands.press(*["down"] * found.index(wanted), "enter")


def by_letter(hands: Reach, command: str, way: str) -> None:
    """By a key that types a character."""
    letters = [
        key for key in BY_ID[command].keys
        if (key == "space" or len(key) == 1) and (not BY_ID[command].ways or TWINS.get(key, key) == way)
    ]  # fmt: skip
    assert letters, f"{command} {way} has no key that types a character"
    for letter in letters[:1]:
        hands.press(letter)


BY: Mapping[str, Callable[[Reach, str, str], None]] = {
    "mouse": by_mouse, "palette": by_palette, "letter": by_letter,
}  # fmt: skip


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_every_command_is_done_on_the_main_screen(hands: Reach, way: Way, by: str) -> None:
    prepare, done = MAIN[way]
    hands.fresh()
    prepare(hands)
    assert not done(hands) or way == ("help", "?")
    BY[by](hands, *way)
    assert done(hands), hands.lines()


@pytest.mark.parametrize("by", ["mouse", "palette"])
@pytest.mark.parametrize("name", SCREENS)
def test_every_command_of_the_main_screen_is_done_from_every_other(hands: Reach, name: str, by: str) -> None:
    for command, way in WAYS:
        if BY_ID[command].where == "main" and (command, way) != ("unfold", "right"):
            prepare, done = MAIN[command, way]
            hands.fresh()
            SCREENS[name](hands)
            prepare(hands)
            BY[by](hands, command, way)
            if command not in (
                "undo",
                "redo",
                "copy",
                "answer",
                "fold",
            ):  # these mean something of their own there
                assert done(hands), (command, way, hands.lines())


# The commands that are there on every screen.

TEXT = ("note", "password", "report's file", "field", "new session")
"""Nothing but a field for text: the arrows move in it."""
OWN = {"help": "help", "messages": "messages", "palette": "palette"}
"""A screen cannot be opened over itself."""


def place(hands: Reach) -> tuple[object, ...]:
    """Where the person is on the screen in front."""
    hands.frame()
    view, main = hands.desk.view, hands.main
    form = main.form.at if main.form is not None else None
    return (*(getattr(view, name, None) for name in ("top", "at", "choice")), form, main.place.cursor)


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
        view.choice = 1
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


def test_no_screen_is_missing_here(hands: Reach) -> None:
    for module in pkgutil.iter_modules(tui.screens.__path__):
        importlib.import_module(f"tui.screens.{module.name}")
    seen: set[type] = set()
    for show in (*SCREENS.values(), *QUESTIONS.values()):
        hands.fresh()
        show(hands)
        seen |= {type(view) for view in hands.desk.views}

    def below(kind: type[View]) -> Iterator[type[View]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    assert {one for one in below(View) if one.__module__.startswith("tui.")} - seen == {Scroll, Picker}


# What is a screen's own.


Own = tuple[str, str, tuple[str, ...], Step, str]


def own(screen: str, act: str, done: Step, *before: str, letter: str = "") -> Own:
    return screen, act, before, done, letter


OWN_KEYS = (
    own("case", "choose 2", lambda h: h.desk.session.answers.get("case.role") == "dealer", letter="2"),
    own("case", "ask case.procedure", lambda h: h.desk.view.at == 1, letter="n"),  # type: ignore[attr-defined]
    own("case", "key enter", lambda h: h.desk.session.answers.get("case.role") == "self", letter="space"),
    own("case", "key -", lambda h: "case.role" not in h.desk.session.answers, "1", "k", "k", letter="-"),
    own("choices", "choose 1", lambda h: h.desk.session.answers.get("pc.update") == "yes", letter="1"),
    own("choices", "key enter", lambda h: h.desk.session.answers.get("pc.update") == "yes", letter="space"),
    own("field", "key enter", lambda h: h.desk.session.answers.get("documents.folder") == "ab", "a", "b"),
    own("filter", "key enter", lambda h: h.main.field is None and h.main.place.filter == "o"),
    own(
        "filter",
        "go pc-environment",
        lambda h: h.main.field is None and h.main.place.cursor == "pc-environment",
    ),
    own(
        "note",
        "key enter",
        lambda h: (
            h.desk.session.data.notes["root.store"].text == "ab" if h.desk.session.data.notes else False
        ),
        "a",
        "b",
    ),
    own("note", "key ctrl+n", lambda h: h.desk.view.editor.text.endswith("\n"), "a"),  # type: ignore[attr-defined]
    own("password", "key enter", lambda h: ran(h) and len(h.desk.views) == 1),
    own("report", "key w", lambda h: h.desk.view.typing, letter="w"),
    own("report's file", "key enter", lambda h: not h.desk.view.typing, *["backspace"] * 90),
    own("link", "copy", lambda h: len(h.shell.sent) == 1, letter="y"),
    own("sessions", "key tab", lambda h: h.desk.view.order == 1),  # type: ignore[attr-defined]
    own("sessions", "key ctrl+n", lambda h: h.desk.view.naming),  # type: ignore[attr-defined]
    own("sessions", "key enter", lambda h: len(h.desk.views) == 1),
    own("new session", "key enter", lambda h: h.desk.message is not None),
    own("palette", "pick 3", lambda h: not isinstance(h.desk.view, Palette)),
    own("palette", "key enter", lambda h: not isinstance(h.desk.view, Palette)),
)


@pytest.mark.parametrize("case", OWN_KEYS, ids=lambda case: f"{case[0]}, {case[1]}")
def test_what_a_screen_offers_is_done_by_a_click_and_by_a_letter(
    hands: Reach, case: tuple[str, str, tuple[str, ...], Step, str]
) -> None:
    screen, act, before, done, letter = case
    for by in ("click", "letter") if letter else ("click",):
        hands.fresh()
        SCREENS[screen](hands)
        hands.press(*before)
        if letter != "-":
            assert not done(hands)
        hands.click(act) if by == "click" else hands.press(letter)
        assert done(hands), (by, hands.lines())


def test_every_key_in_a_last_line_is_tried_above(hands: Reach) -> None:
    tried = {(case[0], case[1]) for case in OWN_KEYS}
    for name, show in SCREENS.items():
        hands.fresh()
        show(hands)
        offered = {act for act in hands.acts((120, 40)) if act.startswith("key ")}
        assert {(name, act) for act in offered} <= tried


@pytest.mark.parametrize(
    ("reply", "letter", "enter", "left"),
    [("y", "y", "enter", 1), ("p", "p", "", 2), ("escape", "n", "escape", 3), ("escape", "b", "q", 3)],
)
def test_a_question_is_answered_by_click_letter_and_key(
    hands: Reach, reply: str, letter: str, enter: str, left: int
) -> None:
    ways: tuple[Callable[[], None], ...] = (
        lambda: hands.click(f"reply {reply}"),
        lambda: hands.press(letter),
        lambda: hands.press(enter or letter),
    )
    for answer in ways:
        hands.fresh()
        QUESTIONS["ask"](hands)
        assert hands.acts() == {"reply y", "reply p", "reply escape"}  # and nothing of the screen behind
        answer()
        assert hands.shell.left == [left]
        assert len(hands.desk.views) == 1


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_taking_over_is_answered_by_a_click(hands: Reach, size: tuple[int, int]) -> None:
    hands.fresh()
    QUESTIONS["take over"](hands)
    hands.click("reply escape", size)
    assert len(hands.desk.views) == 1


def test_a_note_is_not_lost_by_going_elsewhere(hands: Reach) -> None:
    for go in (by_mouse, by_palette):
        hands.fresh()
        SCREENS["note"](hands)
        hands.press("x")
        go(hands, "report", "p")
        assert says(wording.NOTE_OPEN)(hands)
        assert isinstance(hands.desk.view, NoteScreen)
        hands.press("escape", "n")
        assert isinstance(hands.desk.view, NoteScreen)
        hands.press("escape", "y")
        assert len(hands.desk.views) == 1


@pytest.mark.parametrize("width", [40, 47, 60, 80, 120])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_last_line_has_whole_entries_and_help(hands: Reach, width: int, lang: str) -> None:
    for name, show in {"main": lambda _hands: None, **SCREENS}.items():
        hands.fresh()
        hands.desk.lang = lang  # type: ignore[assignment]
        show(hands)
        last = hands.frame((width, 12 if width < 60 else 24)).rows[-1]
        words = "".join(span.text for span in last)
        assert ".." not in words, (name, words)
        assert any(span.act == "help" for span in last), (name, words)
        assert any(span.act in ("back", "quit") for span in last), (name, words)


def test_the_first_screen_to_the_end_of_a_step_by_mouse_alone(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        hands.click("case")
        hands.click("choose 1")
        hands.click("choose 2")
        hands.click("back")
        hands.click("next")
        hands.click("recheck")
        assert hands.desk.runs


def test_the_key_beside_what_is_next_goes_there(hands: Reach) -> None:
    def key() -> str:
        row = next(line for line in hands.lines((120, 40)) if "次にやること" in line)
        return row.rstrip().rpartition("(")[2].rstrip(")") if row.rstrip().endswith(")") else ""

    hands.fresh()
    assert key() == "c"
    hands.press("c")
    assert key() == ""  # here n does something else
    hands.press("1", "1", "escape")
    following = hands.desk.progress.next
    assert following is not None
    assert following.id == "root.store"
    at("root-certificate")(hands)
    assert key() == "n"
    hands.press("n")
    assert hands.main.place.cursor == following.id
    assert key() == "r"
    at("documents.seal")(hands)
    assert key() == ""  # n goes on from here, not back
    hands.click("next")
    assert hands.main.place.cursor == following.id
    at("documents.seal")(hands)
    hands.press("space")
    assert key() == ""


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_case_says_that_an_answer_is_saved(hands: Reach, width: int) -> None:
    hands.fresh()
    hands.press("c", "1")
    assert hands.desk.session.flush(10.0)
    assert wording.SAVED.ja.partition(" ")[0] in hands.lines((width, 24))[0]


def test_a_copied_file_is_called_by_its_own_name(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        pass
    copy = tmp_path / "sessions" / "copy.toml"
    copy.write_bytes((tmp_path / "sessions" / "first.toml").read_bytes())
    desk = make_app(copy).desk
    try:
        assert session_name(desk) == "copy (first)"
    finally:
        desk.session.close(5.0)
    assert session_name(hands.desk) == "first"


def test_what_is_next_and_a_message_are_both_whole(hands: Reach) -> None:
    hands.fresh()
    hands.press("c", "1", "1", "escape", "2")
    hands.desk.lang = "en"
    for width in range(80, 121):
        for message in (wording.SENT, wording.CHECKS_BEGUN):
            hands.desk.say(message, count=2)
            words = "".join("".join(line.strip() for line in hands.lines((width, 24))[-6:]).split())
            following = hands.desk.progress.next
            assert following is not None
            assert "".join(following.text.en.split()) in words
            assert "".join(message.en.replace("{count}", "2").split()) in words
