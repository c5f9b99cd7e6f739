"""Every command is carried out when it is reached by mouse alone, through the palette alone, and by letters alone, on every screen.

Covers tui.checking, tui.cli.screen, tui.screens.ask and tui.screens.view.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import pytest

import tui.screens
from tests.support.helpers_reach import QUESTIONS, SCREENS, Reach, reach
from tui import answering, checking
from tui.checking import CHECKS_STOPPED
from tui.commands import BY_ID, COMMANDS, TWINS, keys_of
from tui.screens.ask import Ask
from tui.screens.case import Case
from tui.screens.explanation import Explain
from tui.screens.help import Help
from tui.screens.link import PageLink
from tui.screens.messages import Messages
from tui.screens.note import NoteScreen
from tui.screens.palette import Palette
from tui.screens.papers_view import ReportView
from tui.screens.shelf_view import Sessions
from tui.screens.take_over import TakeOver
from tui.screens.view import Picker, Scroll, View
from tui.widgets.tree import CASE

Step = Callable[[Reach], object]
Way = tuple[str, str]
"""A command and the key of the direction in which it goes."""
STEPS = 7
"""Of the guide that these tests show; a key for a step that it has not does nothing."""
WAYS: tuple[Way, ...] = tuple(
    (one.id, way)
    for one in COMMANDS
    for way in (keys_of(one, STEPS) if one.id == "step" else one.ways or (one.keys[0],))
)


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
    answering.answer(hands.desk, "pc.update", "yes")


def undone(hands: Reach) -> None:
    answered(hands)
    answering.undo(hands.desk)


def folded(hands: Reach) -> None:
    at(CASE)(hands)
    hands.main.place.folded = {step.id for step in hands.desk.guide.steps}


def shut(hands: Reach) -> None:
    folded(hands)
    at("documents")(hands)


def excepted(hands: Reach) -> None:
    hands.desk.session.waive("portal.tls", "tried by hand", "an example", date(2099, 1, 1))
    at("portal.tls")(hands)


def checks_under_way(hands: Reach) -> None:
    checking.begin(hands.desk, [hands.desk.guide.checks["pc.slow"]])


def described(hands: Reach) -> None:
    for question in ("case.role", "case.procedure"):
        answering.answer(hands.desk, question, hands.desk.guide.questions[question].choices[0].value)
    at("documents.seal")(hands)


def reading(hands: Reach) -> None:
    hands.main.reading = True


def ran(hands: Reach) -> bool:
    return bool(hands.desk.runs.under_way)


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
    ("following", "0"): (described, is_at("root.store")),
    **{
        ("step", key): (folded, is_at(name))
        for key, name in zip(
            keys_of(BY_ID["step"], STEPS),
            ("root-certificate", "pc-environment", "compulsory-insurance", "electronic-payment", "documents",
             "digital-certificate", "proxy-issuance"),
            strict=True,
        )
    },
    ("recheck", "r"): (at("pc.slow"), ran),
    ("check_all", "R"): (at(CASE), shows(Ask)),
    ("stop", "x"): (checks_under_way, lambda hands: not hands.desk.runs.under_way and says(CHECKS_STOPPED)(hands)),
    ("case", "c"): (at("documents"), shows(Case)),
    ("filter", "/"): (at("documents"), lambda hands: hands.main.field is not None),
    ("problems", "f"): (at("documents"), lambda hands: hands.main.place.problems),
    ("explain", "e"): (at("documents"), shows(Explain)),
    ("note", "m"): (at("documents"), shows(NoteScreen)),
    ("withdraw", "W"): (excepted, lambda hands: not hands.desk.session.data.waivers),
    ("copy", "y"): (at("documents"), lambda hands: len(hands.shell.sent) == 1),
    ("link", "o"): (at("documents"), shows(PageLink)),
    ("undo", "u"): (answered, lambda hands: not hands.desk.session.answers),
    ("redo", "ctrl+r"): (undone, lambda hands: "pc.update" in hands.desk.session.answers),
    ("report", "p"): (at("documents"), shows(ReportView)),
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
    step = f"go {hands.desk.guide.steps[int(way) - 1].id}" if command == "step" else ""
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
        step = hands.desk.guide.steps[int(way) - 1]
        wanted, typed = f"go {step.id}", step.title.ja
    hands.press(*typed)
    found = [line[0] for line in palette._listed]
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
