"""The main screen: the tree of steps on the left, what is known of the selected line on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui import wording
from tui.commands import Key
from tui.desk import Desk
from tui.screens import selected
from tui.screens.view import View
from tui.widgets import bars, panes, tree
from tui.widgets.detail import detail
from tui.widgets.editor import Editor
from tui.widgets.form import Form
from tui.widgets.frame import Frame, Row, Span, clip, window
from tui.widgets.tree import CASE, Node

TWO_PANES = 80
FRAMED = 18
"""Lines from which the panes have a frame."""


OF_NODE: Mapping[str, Callable[[Desk, Node], None]] = {
    "recheck": selected.recheck,
    "explain": selected.explain,
    "note": selected.note,
    "copy": selected.copy,
    "link": selected.link,
}
"""Commands that are about the selected line alone."""


class Main(View):
    """Tree, detail, and everything that acts on the selected line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.cursor = CASE
        self.folded: set[str] = set()
        self.rest: set[str] = set()
        """The lines of what is not needed that are unfolded."""
        self.reading = False
        """The right pane has the keys."""
        self.form: Form | None = None
        self.filter = ""
        self.field: Editor | None = None
        """The field of the filter while it is typed."""
        self.problems = False
        self.welcome = False
        self.two_panes = True
        self._tree_top = 0
        self._top = 0
        self._lines = 0
        self.take_place()

    def take_place(self) -> None:
        """Go where the session was left."""
        desk = self.desk
        ui = desk.session.data.ui
        steps = [step.id for step in desk.catalog.steps]
        fresh = not ui.cursor and not ui.folded
        self.folded = {name for name in ui.folded if name in steps} if not fresh else set(steps[1:])
        self.welcome = (
            not desk.session.data.answers and not desk.options.offline and not desk.session.read_only
        )
        self.form = None
        self.reading = False
        self.filter, self.field, self.problems = "", None, False
        self.cursor = CASE
        if ui.cursor:
            self._go(ui.cursor, remember=False)

    # The tree.

    def nodes(self) -> list[Node]:
        """The lines of the tree as they are now."""
        wanted = None
        if self.filter.strip():
            from tui.search import matcher

            wanted = matcher(self.filter)
        problem = (
            (lambda item: self.desk.standing(item) in tree.PROBLEMS and item.applies)
            if self.problems
            else None
        )
        return tree.nodes(
            self.desk.progress,
            frozenset(self.folded),
            unfolded_rest=frozenset(self.rest),
            wanted=wanted,
            problem=problem,
        )

    def _index(self, nodes: list[Node]) -> int:
        for number, node in enumerate(nodes):
            if node.id == self.cursor:
                return number
        item = self.desk.progress.item(self.cursor)
        step = self.desk.catalog.step(item.step).id if item is not None and item.step else CASE
        return next((number for number, node in enumerate(nodes) if node.id == step), 0)

    @property
    def node(self) -> Node | None:
        """The selected line."""
        nodes = self.nodes()
        return nodes[self._index(nodes)] if nodes else None

    def _select(self, node_id: str) -> None:
        if node_id != self.cursor:
            self.cursor = node_id
            self._top = 0
            self._remember()

    def _remember(self) -> None:
        self.desk.session.look(cursor=self.cursor, folded=tuple(sorted(self.folded)))

    def _go(self, node_id: str, *, remember: bool = True) -> None:
        """Select a step or an item wherever it is, unfolding its step."""
        item = self.desk.progress.item(node_id)
        if item is not None:
            if item.step == 0:
                node_id = CASE
            else:
                step = self.desk.catalog.step(item.step).id
                self.folded.discard(step)
                if tree.is_rest(item):
                    self.rest.add(tree.rest_of(step))
        elif node_id != CASE and node_id not in {step.id for step in self.desk.catalog.steps}:
            return
        if (self.filter or self.problems) and node_id not in {node.id for node in self.nodes()}:
            self.filter, self.problems = "", False
        self.cursor, self._top = node_id, 0
        self.welcome = False
        if remember:
            self._remember()

    def reveal(self, node_id: str) -> None:
        """Go to an item, for the palette and for undo."""
        self.form = None
        self.reading = False
        self._go(node_id)

    # Drawing.

    def draw(self, width: int, height: int) -> Frame:
        """The whole screen."""
        desk = self.desk
        self.two_panes = width >= TWO_PANES
        above: list[Row] = [bars.header(desk, width), bars.progress_line(desk, width)]
        if height >= 16:
            above += bars.notices(desk, width)
        most = 3 if height >= 20 else 2 if height >= 14 else 1
        following = bars.next_lines(desk, width)
        message = self._message(width, most)
        if (
            len(following) > 1 and message is None
        ):  # the message's line is free: the rest of what is next goes there
            below = [*following[:2], self._footer(width)]
        else:
            below = [bars.next_line(desk, width), *(message or [clip((), width)]), self._footer(width)]
        framed = height >= FRAMED
        room = height - len(above) - len(below) - (2 if framed else 0)
        body, cursor = self._body(width, max(1, room), framed)
        x, y = cursor
        if self.field is not None:
            spot = (self._field_x(width), height - 1 - (len(below) - 2))
        else:
            spot = (x, len(above) + y)
        rows = (*above, *body, *below)
        return Frame(rows[:height], spot)

    def _footer(self, width: int) -> Row:
        """The keys that matter now."""
        if self.form is not None or self.field is not None:
            return bars.hint(self.desk, width, self.desk.t(wording.FORM_FOOTER))
        if self.reading:
            return bars.footer(
                self.desk, width, ("back", "move", "page", "answer", "recheck", "explain", "copy", "link")
            )
        return bars.footer(self.desk, width)

    def _message(self, width: int, most: int) -> list[Row] | None:
        """The message, or None when there is nothing to say."""
        desk = self.desk
        if self.field is not None:
            text, _ = self.field.view(max(4, width - 20))
            return [
                clip(
                    (Span(" " + desk.t(wording.FILTER), "title"), Span(desk.data(text) or " ", "input")),
                    width,
                )
            ]
        if desk.message is None:
            if self.filter:
                count = sum(node.item is not None for node in self.nodes())
                return [
                    clip(
                        (Span(" " + desk.t(wording.FILTER_ON, text=self.filter, count=count), "notice"),),
                        width,
                    )
                ]
            if self.problems:
                return [clip((Span(" " + desk.t(wording.PROBLEMS_ON), "notice"),), width)]
            return None
        return bars.message_lines(desk, width, most)

    def _field_x(self, width: int) -> int:
        from checks.wrap import cell_width

        assert self.field is not None
        return min(
            width - 1, 1 + cell_width(self.desk.t(wording.FILTER)) + self.field.view(max(4, width - 20))[1]
        )

    def _body(self, width: int, room: int, framed: bool) -> tuple[list[Row], tuple[int, int]]:
        """The panes with their frame, and the cursor's place among these lines."""
        inner = width - (2 if framed else 0)
        left = panes.left_width(width) if self.two_panes else inner
        right = inner - left - 1 if self.two_panes else inner
        edge, down = (1, 1) if framed else (0, 0)
        show_right = self.two_panes or self.reading or self.form is not None
        tree_rows, tree_y = self._tree_rows(left, room) if self.two_panes or not show_right else ([], 0)
        cursor = (edge, down + tree_y)
        detail_rows: list[Row] = []
        if show_right:
            detail_rows, spot = self._right(right - 2, room)
            detail_rows = [(Span(" "), *row) for row in detail_rows]
            if self.form is not None or self.reading:
                cursor = (edge + (left + 1 if self.two_panes else 0) + 1 + spot[0], down + spot[1])
        shown = detail_rows if show_right else tree_rows
        parts = [(tree_rows, left), (detail_rows, right)] if self.two_panes else [(shown, inner)]
        return panes.side_by_side(self.desk.glyphs, parts, room, framed=framed), cursor

    def _tree_rows(self, width: int, room: int) -> tuple[list[Row], int]:
        nodes = self.nodes()
        self.page = room
        if not nodes:
            return tree.empty(self.desk, width), 0
        at = self._index(nodes)
        self._tree_top = window(len(nodes), room, at, self._tree_top)
        shown = nodes[self._tree_top : self._tree_top + room]
        focused = not self.reading and self.form is None
        return tree.draw(self.desk, shown, at - self._tree_top, width, focused=focused), at - self._tree_top

    def _right(self, width: int, room: int) -> tuple[list[Row], tuple[int, int]]:
        """The lines of the right pane that are to be seen, and the cursor's place in them."""
        desk = self.desk
        if self.form is not None:
            rows, (x, y) = self.form.draw(width)
            self._top = window(len(rows), room, y, self._top)
            return rows[self._top : self._top + room], (x, y - self._top)
        if self.welcome:
            rows = panes.welcome(desk, width, room)
        else:
            node = self.node
            rows = detail(desk, node, width) if node is not None else []
        self._lines = len(rows)
        self._top = max(0, min(self._top, len(rows) - room))
        shown = rows[self._top : self._top + room]
        if self._top + room < len(rows):
            more = clip((Span(desk.t(wording.MORE_BELOW), "muted", "page"),), width)
            shown = [*shown[: room - 1], more]
        return shown, (0, 0)

    # Keys.

    @property
    def typing(self) -> bool:  # type: ignore[override]
        """Printable keys are text in the filter and in the forms that have a field."""
        return self.field is not None or (self.form is not None and self.form.editor is not None)

    def key(self, key: Key) -> bool:
        """The filter's field and the form come before the commands."""
        if self.field is not None:
            return self._key_filter(key)
        if self.form is not None and not self._is_global(key):
            self._after_form(self.form.key(key))
            return True
        return False

    def _is_global(self, key: Key) -> bool:
        """Keys that also work while a form is open: those which cannot be an answer."""
        if key.name in ("ctrl+q", "ctrl+c", "ctrl+l", "ctrl+p", "f1"):
            return True
        return (
            self.form is not None and self.form.editor is None and key.half in ("?", ":", "L", "t", "!", "q")
        )

    def _after_form(self, done: str) -> None:
        if done == "open":
            return
        self.form = None
        self._top = 0
        self.reading = False

    def _key_filter(self, key: Key) -> bool:
        assert self.field is not None
        if key.name == "escape":
            self.filter, self.field = "", None
        elif key.name == "enter":
            self.field = None
        elif key.name in ("up", "down"):
            self._move(-1 if key.name == "up" else 1)
        elif key.name in ("ctrl+q", "ctrl+c", "ctrl+l"):
            return False
        elif self.field.key(key):
            self._narrow()
        return True

    def _narrow(self) -> None:
        assert self.field is not None
        self.filter = self.field.text
        nodes = self.nodes()
        if nodes and self.filter and self.cursor not in {node.id for node in nodes if node.item is not None}:
            first = next((node for node in nodes if node.item is not None), nodes[0])
            self.cursor, self._top = first.id, 0

    def paste(self, text: str) -> None:
        """Into the field that is open; nowhere else."""
        if self.field is not None:
            self.field.insert(text)
            self._narrow()
        elif self.form is not None:
            self.form.paste(text)

    def act(self, command: str, key: Key) -> bool:
        """Do a command of the main screen."""
        of_node = OF_NODE.get(command)
        if of_node is not None:
            node = self.node
            if node is not None:
                of_node(self.desk, node)
            return True
        method = getattr(self, f"_do_{command}", None)
        if method is None:
            return False
        method(key)
        return True

    def _move(self, lines: int) -> None:
        if self.reading:
            self._top = max(0, self._top + lines)
            return
        nodes = self.nodes()
        if nodes:
            self.welcome = False
            self._select(nodes[max(0, min(self._index(nodes) + lines, len(nodes) - 1))].id)

    def _do_move(self, key: Key) -> None:
        self._move(-1 if key.half in ("up", "k") else 1)

    def _do_page(self, key: Key) -> None:
        step = max(1, self.page - 2)
        if not self.reading and self.two_panes and self._lines > self.page:
            # A long explanation is what one wants to page through; the tree is short.
            self._top = max(0, self._top + (step if key.half == "pagedown" else -step))
            return
        self._move(-step if key.half == "pageup" else step)

    def _do_ends(self, key: Key) -> None:
        self._move(-1_000_000 if key.half == "home" else 1_000_000)

    def _do_fold(self, key: Key) -> None:
        node = self.node
        if self.reading:
            self.reading = False
        elif node is not None and node.item is not None:
            self._select(node.part.step.id if node.part.step.number else CASE)
        elif node is not None and node.kind == "step":
            self.folded.add(node.id)
            self._remember()
        elif node is not None and node.kind == "rest":
            if node.folded:
                self._select(node.part.step.id)
            else:
                self.rest.discard(node.id)

    def _do_unfold(self, key: Key) -> None:
        node = self.node
        if node is not None and node.kind == "step" and node.folded:
            self.folded.discard(node.id)
            self._remember()
        elif node is not None and node.kind == "rest":
            self.rest.add(node.id)
        else:
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
        if node.kind == "case":
            self._do_case(key)
        elif node.kind == "rest" and not node.folded:
            self.rest.discard(node.id)
        elif node.folded:
            self._do_unfold(key)
        elif node.id in self.desk.catalog.questions and not self.reading:
            self._open_form(node)
        else:
            self._read()

    def _do_answer(self, key: Key) -> None:
        node = self.node
        if node is None:
            return
        if node.kind == "case":
            self._do_case(key)
        elif node.id in self.desk.catalog.questions:
            self._open_form(node)
        else:
            self.desk.say(wording.NOT_A_QUESTION if node.item is not None else wording.ONLY_STEPS)

    def _open_form(self, node: Node) -> None:
        if node.part.step.number == 0:
            self._do_case(Key("c", "c"))
        elif self.desk.writable:
            self.form = Form(self.desk, self.desk.catalog.questions[node.id])
            self._top = 0
            self.welcome = False

    def _do_back(self, key: Key) -> None:
        if self.reading:
            self.reading = False
        elif self.filter or self.problems:
            self.filter, self.problems = "", False
        else:
            self.welcome = False

    def _do_step(self, key: Key) -> None:
        number = int(key.half) if key.half.isdecimal() else 1
        self.reading = False
        self._go(self.desk.catalog.steps[number - 1].id)

    def _do_next_open(self, key: Key) -> None:
        self._go_open(1)

    def _do_previous_open(self, key: Key) -> None:
        self._go_open(-1)

    def _go_open(self, direction: int) -> None:
        """From the next thing to do onwards, in the order of the tree; the case is one stop."""
        stops: list[tuple[int, int, str]] = []
        for item in self.desk.progress.items():
            if item.open:
                stop = (0, 0, CASE) if item.step == 0 else (item.step, item.position, item.id)
                if stop not in stops:
                    stops.append(stop)
        if not stops:
            self.desk.say(wording.NO_OPEN)
            return
        following = self.desk.progress.next
        here = self._place()
        self.reading = False
        if direction > 0 and following is not None and not any(stop[:2] == here for stop in stops):
            self._go(
                following.id
            )  # from what is settled on to what is next; from an open item to the one after
            return
        if direction > 0:
            target = next((stop for stop in stops if stop[:2] > here), stops[0])
        else:
            target = next((stop for stop in reversed(stops) if stop[:2] < here), stops[-1])
        self._go(target[2])

    def _place(self) -> tuple[int, int]:
        item = self.desk.progress.item(self.cursor)
        if item is not None:
            return (item.step, item.position)
        node = self.node
        return (node.part.step.number, 0) if node is not None else (0, 0)

    # Checks.

    def _do_check_all(self, key: Key) -> None:
        selected.ask_and_check(self.desk, self.desk.applicable())

    def _do_report(self, key: Key) -> None:
        from tui.screens.report import Report

        self.desk.push(Report(self.desk))

    def _do_sessions(self, key: Key) -> None:
        from tui.screens.sessions import Sessions

        self.desk.push(Sessions(self.desk))

    def _do_stop(self, key: Key) -> None:
        self.desk.stop()

    # Everything else.

    def _do_case(self, key: Key) -> None:
        from tui.screens.case import Case

        self.welcome = False
        self.desk.push(Case(self.desk))

    def _do_filter(self, key: Key) -> None:
        self.reading = False
        self.field = Editor(self.filter, limit=60)

    def _do_problems(self, key: Key) -> None:
        self.problems = not self.problems
        self.reading = False
        nodes = self.nodes()
        if self.problems and nodes and self.cursor not in {node.id for node in nodes}:
            self.cursor = next((node.id for node in nodes if node.item is not None), nodes[0].id)

    def _do_undo(self, key: Key) -> None:
        question = self.desk.undo()
        if question is not None:
            self.reveal(question)

    def _do_redo(self, key: Key) -> None:
        question = self.desk.undo(again=True)
        if question is not None:
            self.reveal(question)

    # The mouse.

    def click(self, act: str, twice: bool) -> None:
        """A click selects; a second one opens."""
        verb, _, rest = act.partition(" ")
        if verb == "go":
            self.form = None
            self.reading = False
            if twice or rest == self.cursor:
                self._select(rest)
                self.act("open", Key("enter"))
            else:
                self.welcome = False
                self._select(rest)
        elif verb == "choose" and self.form is not None:
            self._after_form(self.form.choose(rest))

    def wheel(self, lines: int, x: int) -> None:
        """The wheel moves the pane under the pointer."""
        if self.two_panes and x > panes.left_width(80) and self.form is None:
            self._top = max(0, self._top + lines)
        elif self.form is None:
            self._move(lines)
