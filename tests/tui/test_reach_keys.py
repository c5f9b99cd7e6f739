"""What each screen offers of its own is done by a click and by a letter; the last lines hold whole entries; keys that are shown are true.

Covers tui.wording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.model import Finding, Outcome
from tests.support.helpers_reach import QUESTIONS, SCREENS, Reach, reach
from tests.support.helpers_tui import make_app
from tests.tui.test_reach import Step, at, by_mouse, by_palette, ran, says
from tui import wording
from tui.checking import CHECKS_BEGUN
from tui.desk import SENT
from tui.screens.dispatch import NOTE_OPEN
from tui.screens.note import NoteScreen
from tui.screens.palette import Palette
from tui.widgets.bars import SAVED, session_name


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    with reach(tmp_path_factory.mktemp("reach")) as found:
        yield found


Own = tuple[str, str, tuple[str, ...], Step, str]


def own(screen: str, act: str, done: Step, *before: str, letter: str = "") -> Own:
    return screen, act, before, done, letter


OWN_KEYS = (
    own(
        "case",
        "choose case.role dealer",
        lambda h: h.desk.session.answers.get("case.role") == "dealer",
        letter="2",
    ),
    own("case", "ask case.procedure", lambda h: h.desk.view.at == 1, letter="n"),  # type: ignore[attr-defined]
    own("case", "key enter", lambda h: h.desk.session.answers.get("case.role") == "self", letter="space"),
    own("case", "key -", lambda h: "case.role" not in h.desk.session.answers, "1", "k", "k", letter="-"),
    own(
        "choices",
        "choose pc.update yes",
        lambda h: h.desk.session.answers.get("pc.update") == "yes",
        letter="1",
    ),
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
    own("palette", "pick run page pageup", lambda h: not isinstance(h.desk.view, Palette)),
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
        assert says(NOTE_OPEN)(hands)
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
        hands.click("choose case.role self")
        hands.click("choose case.procedure transfer")
        hands.click("back")
        hands.click("following")
        hands.click("recheck")
        assert hands.desk.runs.under_way


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
    for char in ("0", "０", ""):
        at("documents.seal")(hands)
        assert key() == "0"  # n goes on from here, not back
        hands.press(char) if char else hands.click("following")
        assert hands.main.place.cursor == following.id
    at("documents.seal")(hands)
    hands.press("space")
    assert key() == ""


def test_a_step_is_worked_through_whatever_is_open_above_it(hands: Reach) -> None:
    hands.fresh()
    hands.press("c", "1", "1", "escape")
    following = hands.desk.progress.next
    assert following is not None
    assert following.step == 1
    hands.press("4", "n")
    assert hands.main.place.cursor == "payment.bank"  # from a step's own line into the step
    hands.press("space", "1", "n")
    assert hands.main.place.cursor == "documents.seal"  # not back up to what is open there


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_case_says_that_an_answer_is_saved(hands: Reach, width: int) -> None:
    hands.fresh()
    hands.press("c", "1")
    assert hands.desk.session.flush(10.0)
    assert SAVED.ja.partition(" ")[0] in hands.lines((width, 24))[0]


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
        for message in (SENT, CHECKS_BEGUN):
            hands.desk.say(message, count=2)
            words = "".join("".join(line.strip() for line in hands.lines((width, 24))[-6:]).split())
            following = hands.desk.progress.next
            assert following is not None
            assert "".join(following.text.en.split()) in words
            assert "".join(message.fill({"count": 2}, "en").split()) in words


def test_the_cursor_is_in_the_filter_also_under_two_lines_of_what_is_next(hands: Reach) -> None:
    hands.fresh()
    hands.press("/", "x")
    for lang in ("ja", "en"):
        hands.desk.lang = lang
        for size in ((80, 24), (60, 20), (40, 20), (40, 12)):
            frame = hands.frame(size)
            row = "".join(span.text for span in frame.rows[frame.cursor[1]])
            assert wording.FILTER.to(hands.desk.lang).strip() in row, (size, row)


def test_a_step_is_called_the_same_in_the_tree_and_beside_it(hands: Reach) -> None:
    hands.fresh()
    hands.desk.session.record("root.store", Outcome.UNKNOWN, Finding("timeout"), took_ms=1, scope="pc")
    hands.desk.session.record("portal.tls", Outcome.PASS, Finding("good"), took_ms=1, scope="pc")
    hands.desk.changed()
    at("root-certificate")(hands)
    row = next(line for line in hands.lines() if "v 1 " in line)
    assert wording.TAGS["unknown"].ja in row
    assert any(f"[{wording.STATES['unknown'].ja}]" in line for line in hands.lines())
