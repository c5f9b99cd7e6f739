"""Where the person is in the tree: the selected line, what is folded, and what narrows the list."""

from __future__ import annotations

from collections.abc import Callable

from checks.text import Text
from tui.desk import Desk
from tui.widgets import tree
from tui.widgets.tree import CASE, Node


class TreePosition:
    """The position in the tree of one session; remembered there."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.cursor = CASE
        self.rest: set[str] = set()
        """The lines of what is not needed that are unfolded."""
        self.filter = ""
        self.problems = False
        """Only what needs attention is listed."""
        ui = desk.session.data.ui
        steps = [step.id for step in desk.guide.steps]
        fresh = not ui.cursor and not ui.folded
        self.folded = set(steps[1:]) if fresh else set(ui.folded).intersection(steps)
        if ui.cursor:
            self.go(ui.cursor, remember=False)

    def nodes(self) -> list[Node]:
        """The lines of the tree as they are now."""
        wanted: Callable[[str, Text], bool] | None = None
        if self.filter.strip():
            from checks import symptoms
            from tui.search import matcher

            match, title_of = matcher(self.filter), self.desk.title_of
            helps = symptoms.items(self.desk.guide, self.filter)

            def wanted(name: str, title: Text) -> bool:
                return name in helps or match(name, title, title_of(name))

        return tree.nodes(
            self.desk.progress,
            frozenset(self.folded),
            unfolded_rest=frozenset(self.rest),
            wanted=wanted,
            problem=tree.is_problem if self.problems else None,
        )

    def index(self, nodes: list[Node]) -> int:
        """Which of these lines is selected; its step when it is not among them."""
        for number, node in enumerate(nodes):
            if node.id == self.cursor:
                return number
        item = self.desk.progress.item(self.cursor)
        step = self.desk.guide.step(item.step).id if item is not None and item.step else CASE
        return next((number for number, node in enumerate(nodes) if node.id == step), 0)

    @property
    def node(self) -> Node | None:
        """The selected line."""
        nodes = self.nodes()
        return nodes[self.index(nodes)] if nodes else None

    def remember(self) -> None:
        """Have the session keep where the person is."""
        self.desk.session.look(cursor=self.cursor, folded=tuple(sorted(self.folded)))

    def select(self, node_id: str) -> None:
        """Select a line that is to be seen."""
        if node_id != self.cursor:
            self.cursor = node_id
            self.remember()

    def go(self, node_id: str, *, remember: bool = True) -> bool:
        """Select a step or an item wherever it is, unfolding its step; False when there is no such line."""
        item = self.desk.progress.item(node_id)
        if item is not None:
            if item.step == 0:
                node_id = CASE
            else:
                step = self.desk.guide.step(item.step).id
                self.folded.discard(step)
                if tree.is_rest(item):
                    self.rest.add(tree.rest_of(step))
        elif node_id != CASE and node_id not in {step.id for step in self.desk.guide.steps}:
            return False
        if (self.filter or self.problems) and node_id not in {node.id for node in self.nodes()}:
            self.filter, self.problems = "", False
        self.cursor = node_id
        if remember:
            self.remember()
        return True

    def fold(self, name: str, *, shut: bool) -> None:
        """Fold or unfold a step, or the line of what is not needed."""
        if name in {step.id for step in self.desk.guide.steps}:
            (self.folded.add if shut else self.folded.discard)(name)
            self.remember()
        else:
            (self.rest.discard if shut else self.rest.add)(name)

    def shut(self) -> bool:
        """Fold the selected step, or go from one of its lines to the step; True when another line is selected then."""
        node, before = self.node, self.cursor
        if node is None or node.kind == "case":
            return False
        if node.item is not None or (node.kind == "rest" and node.folded):
            self.select(node.part.step.id if node.part.step.number else CASE)
        else:
            self.fold(node.id, shut=True)
        return self.cursor != before

    def open(self) -> bool:
        """Unfold the selected step, or what is not needed of it; False when that is no folded line."""
        node = self.node
        if node is None or (node.kind != "rest" and not (node.kind == "step" and node.folded)):
            return False
        self.fold(node.id, shut=False)
        return True

    def narrow_to_first(self) -> None:
        """Select the first item that is listed, unless the selected one still is."""
        nodes = self.nodes()
        items = [node for node in nodes if node.item is not None]
        if nodes and self.cursor not in {node.id for node in items}:
            self.cursor = (items or nodes)[0].id

    def open_item(self, direction: int) -> str | None:
        """The open item after or before the selected line; a step is worked through whatever is still open above it."""
        stops = [
            (item.step, item.position, item.id) if item.step else (0, 0, CASE)
            for item in self.desk.progress.items()
            if item.open
        ]
        if not stops:
            return None
        item, node = self.desk.progress.item(self.cursor), self.node
        here = (item.step, item.position) if item else (node.part.step.number if node else 0, 0)
        if direction > 0:
            return next((stop for stop in stops if stop[:2] > here), stops[0])[2]
        return next((stop for stop in reversed(stops) if stop[:2] < here), stops[-1])[2]
