"""The main screen: the tree of steps on the left, what is known of the selected line on the right."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from checks.text import Text
from tui import answering, checking
from tui.commands import Key, command_for, direction
from tui.cursor_rest import CursorRest
from tui.desk import Desk
from tui.screens import main_picture, selected
from tui.screens.selected import OF_NODE
from tui.screens.tree_position import TreePosition
from tui.screens.view import ALWAYS, UnsavedText, View
from tui.widgets.editor import Editor
from tui.widgets.frame import Frame, Row
from tui.widgets.tree import Node

if TYPE_CHECKING:
    from tui.widgets.form import Form

NOT_A_QUESTION = Text("これは検査です。rで検査します。", "This is a check. Press r to run it.")
ONLY_STEPS = Text("項目を選んでください。", "Please select an item.")
NO_OPEN = Text("未完了の項目はありません", "No open items")


class Main(View):
    """Tree, detail, and everything that acts on the selected line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.two_panes = True
        """There is room for both; set by the last picture, as is what follows."""
        self.split = 0
        """The column of the line between them."""
        self.tree_top = 0
        self.lines = 0
        """How many lines the right pane has."""
        self.beside: tuple[tuple[int, int], list[Row]] = ((0, 0), [])
        """What the right pane last showed, and its columns and lines."""
        self.cursor_rest = CursorRest()
        self.waits: float | None = None
        """Seconds that the right pane waits for the selection to rest, if it does."""
        self.take_place()

    def take_place(self) -> None:
        """Go where the session was left."""
        session = self.desk.session
        self.place = TreePosition(self.desk)
        self.welcome = not session.data.answers and not self.desk.options.offline and not session.read_only
        self.form: Form | None = None
        self.field: Editor | None = None
        """The field of the filter while it is typed."""
        self.reading = False
        """The right pane has the keys."""
        self.top = 0
        """The first line of the right pane that is to be seen."""
        for item in session.drafts():
            self.place.go(item)

    @property
    def node(self) -> Node | None:
        """The selected line."""
        return self.place.node

    @property
    def subject(self) -> object:
        """The selected line, the form with its highlighted choice, and which pane has the keys."""
        form = self.form
        return self.place.cursor, self.reading, self.field is None, form and (form.question.id, form.at)

    def _select(self, node_id: str) -> None:
        if node_id != self.place.cursor:
            self.top = 0
        self.place.select(node_id)

    def _go(self, node_id: str) -> None:
        if self.place.go(node_id):
            self.top, self.welcome = 0, False

    def reveal(self, node_id: str) -> None:
        """Go to an item, for the palette and for undo."""
        self.form = None
        self.reading = False
        self._go(node_id)

    def draw(self, width: int, height: int) -> Frame:
        return main_picture.draw(self, width, height)

    @property
    def unsaved_text(self) -> UnsavedText | None:
        form = self.form
        if form is None or form.editor is None:
            return None
        return UnsavedText(form.question.id, "answer", form.unsaved_text)

    # Keys.

    @property
    def typing(self) -> bool:  # type: ignore[override]
        """Printable keys are text in the filter and in the forms that have a field."""
        return self.field is not None or (self.form is not None and self.form.editor is not None)

    def key(self, key: Key) -> bool:
        if self.field is not None:
            return self._key_filter(key)
        if self.form is not None and not self._is_global(key):
            self._after_form(self.form.key(key))
            return True
        return False

    def _is_global(self, key: Key) -> bool:
        """Keys that also work while a form is open: those which cannot be an answer."""
        if key.name in ALWAYS:
            return True
        command = command_for(key)
        return (
            not self.typing
            and command is not None
            and command.where == "any"
            and command.id not in ("move", "page", "ends", "back")
        )

    def _after_form(self, done: str) -> None:
        if done != "open":
            self.form, self.top, self.reading = None, 0, False

    def _key_filter(self, key: Key) -> bool:
        assert self.field is not None
        if key.name == "escape":
            self.place.filter, self.field = "", None
        elif key.name == "enter":
            self.field = None
        elif key.name in ("up", "down"):
            self._move(-1 if key.name == "up" else 1)
        elif key.name in ALWAYS:
            return False
        elif self.field.key(key):
            self._narrow()
        return True

    def _narrow(self) -> None:
        assert self.field is not None
        self.place.filter = self.field.text
        self.place.narrow_to_first()
        self.top = 0

    def knows(self, char: str) -> bool:
        if self.form is not None:
            return char in "0123456789-ynvbhlgGKJjk " or super().knows(char)
        return command_for(Key(char, char)) is not None

    def paste(self, text: str) -> bool:
        if self.field is not None:
            self.field.insert(text)
            self._narrow()
            return True
        return self.form is not None and self.form.paste(text)

    def act(self, command: str, key: Key) -> bool:
        if command != "move":
            self.cursor_rest.settle()
        of_node, method = OF_NODE.get(command), getattr(self, f"_do_{command}", None)
        if of_node is None and method is None:
            return False
        node = self.node
        self.form = self.field = (
            None  # a click or the palette asked for something else meanwhile; the filter stays
        )
        if method is not None:
            method(key)
        elif of_node is not None and node is not None:
            of_node(self.desk, node)
        return True

    def _move(self, lines: int) -> None:
        if self.reading:
            self.top = max(0, self.top + lines)
            return
        nodes = self.place.nodes()
        if nodes:
            self.welcome = False
            self._select(nodes[max(0, min(self.place.index(nodes) + lines, len(nodes) - 1))].id)
            self.cursor_rest.move(time.monotonic())

    def _do_move(self, key: Key) -> None:
        self._move(-1 if direction(key) == "up" else 1)

    def _do_page(self, key: Key) -> None:
        step = max(1, self.page - 2) * (1 if direction(key) == "pagedown" else -1)
        if not self.reading and self.two_panes and self.lines > self.page:
            self.top = max(0, self.top + step)  # a long explanation is paged through; the tree is short
        else:
            self._move(step)

    def _do_ends(self, key: Key) -> None:
        self._move(-1_000_000 if direction(key) == "home" else 1_000_000)

    def _do_fold(self, key: Key) -> None:
        if self.reading:
            self.reading = False
        elif self.place.shut():
            self.top = 0

    def _do_unfold(self, key: Key) -> None:
        if not self.place.open():
            self._read()

    def _read(self) -> None:
        self.reading = True
        self.welcome = self.welcome and self.two_panes

    def _do_pane(self, key: Key) -> None:
        self.reading = not self.reading

    def _do_open(self, key: Key) -> None:
        node = self.node
        if node is None:
            return
        if node.kind == "case" or (node.id in self.desk.guide.questions and not self.reading):
            self._open_form(node)
        elif node.kind == "rest" and not node.folded:
            self.place.fold(node.id, shut=True)
        elif node.folded:
            self._do_unfold(key)
        else:
            self._read()

    def _do_answer(self, key: Key) -> None:
        node = self.node
        if node is not None and (node.kind == "case" or node.id in self.desk.guide.questions):
            self._open_form(node)
        elif node is not None:
            self.desk.say(NOT_A_QUESTION if node.item is not None else ONLY_STEPS)

    def _open_form(self, node: Node) -> None:
        if node.part.step.number == 0:
            self._do_case(Key("c", "c"))
        elif self.desk.writable:
            from tui.widgets.form import Form

            self.form = Form(self.desk, self.desk.guide.questions[node.id])
            self.top = 0
            self.welcome = False

    def _do_back(self, key: Key) -> None:
        if self.reading:
            self.reading = False
        elif self.place.filter or self.place.problems:
            self.place.filter, self.place.problems = "", False
        else:
            self.welcome = False

    def _do_step(self, key: Key) -> None:
        number = int(key.half) if key.half.isdecimal() else 1
        self.reading = False
        if number <= len(self.desk.guide.steps):
            self._go(self.desk.guide.steps[number - 1].id)

    def _do_next_open(self, key: Key, direction: int = 1) -> None:
        target = self.place.open_item(direction)
        if target is None:
            self.desk.say(NO_OPEN)
        else:
            self.reading = False
            self._go(target)

    def _do_previous_open(self, key: Key) -> None:
        self._do_next_open(key, -1)

    def _do_following(self, key: Key) -> None:
        following = self.desk.progress.next
        if following is None:
            self.desk.say(NO_OPEN)
        elif following.step == 0:
            self._do_case(key)
        else:
            self.reveal(following.id)

    def _do_check_all(self, key: Key) -> None:
        selected.ask_and_check(self.desk, checking.repeatable(self.desk, checking.applicable(self.desk)))

    def _do_report(self, key: Key) -> None:
        from tui.screens.papers_view import ReportView

        self.desk.push(ReportView(self.desk))

    def _do_sessions(self, key: Key) -> None:
        from tui.screens.shelf_view import Sessions

        self.desk.push(Sessions(self.desk))

    def _do_stop(self, key: Key) -> None:
        checking.stop(self.desk)

    def _do_case(self, key: Key) -> None:
        from tui.screens.case import Case

        self.welcome = False
        self.desk.push(Case(self.desk, self.place.cursor))

    def _do_filter(self, key: Key) -> None:
        self.reading = self.welcome = False
        self.field = Editor(self.place.filter, limit=60)

    def _do_problems(self, key: Key) -> None:
        self.place.problems = not self.place.problems
        self.reading, self.welcome, self.top = False, False, 0
        if self.place.problems:
            self.place.narrow_to_first()

    def _do_undo(self, key: Key, again: bool = False) -> None:
        question = answering.undo(self.desk, again)
        if question is not None:
            self.reveal(question)

    def _do_redo(self, key: Key) -> None:
        self._do_undo(key, again=True)

    # The mouse.

    def click(self, act: str) -> None:
        verb, _, rest = act.partition(" ")
        if verb == "go":
            self.form = self.field = None
            self.reading = False
            if rest == self.place.cursor:
                self.act("open", Key("enter"))
            else:
                self.welcome = False
                self._select(rest)
        elif verb == "choose" and self.form is not None:
            self._after_form(self.form.clicked(rest))

    def wheel(self, lines: int, x: int) -> None:
        if self.form is None and self.two_panes and x > self.split:
            self.top = max(0, self.top + lines)
        elif self.form is None:
            self._move(lines)
