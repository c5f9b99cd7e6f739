"""The tree of steps and items: which lines it has, how they look, and how one moves in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from checks.record import dataclass
from checks.text import Text
from state.standing import Item, Progress, Status, StepProgress
from tui import wording
from tui.desk import Desk
from tui.widgets.frame import Row, Span, acting, aligned, between, clip

REST = Text("対象外 {count}件", "Not needed: {count}")

PROBLEMS = ("attention", "warn", "unknown", "crash", "stale")
CASE = "case"
"""The id of the line of the case."""


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree."""

    id: str
    kind: Literal["case", "step", "item", "rest"]
    """`rest` stands for the items of a step that this application does not need."""
    part: StepProgress
    item: Item | None = None
    folded: bool = False

    @property
    def title(self) -> Text:
        """Its full title."""
        return self.item.title if self.item is not None else self.part.step.title


def is_optional(item: Item) -> bool:
    """A question that may be left unanswered, and is."""
    return item.applies and not item.required and item.value is None and item.kind != "check"


def is_rest(item: Item) -> bool:
    """Not needed for this application."""
    return not item.applies or (item.status is Status.NOT_NEEDED and not is_optional(item))


def is_problem(item: Item) -> bool:
    """Needs action or review."""
    return item.applies and item.state in PROBLEMS


def rest_of(step: str) -> str:
    """The id of the line that stands for what a step does not need."""
    return f"{step}/rest"


def nodes(
    progress: Progress,
    folded: frozenset[str],
    *,
    unfolded_rest: frozenset[str] = frozenset(),
    wanted: Callable[[str, Text], bool] | None = None,
    problem: Callable[[Item], bool] | None = None,
) -> list[Node]:
    """The lines that are to be seen. With `wanted` or `problem` only what they accept, under its step, all unfolded."""
    lines: list[Node] = []
    narrowed = wanted is not None or problem is not None
    for part in (progress.case, *progress.steps):
        step = part.step
        whole = problem is None and wanted is not None and wanted(step.id, step.title)
        items = [
            item
            for item in part.items
            if (problem is None or problem(item)) and (whole or wanted is None or wanted(item.id, item.title))
        ]
        if narrowed and not items and not whole:
            continue
        shut = not narrowed and (step.id in folded or step.number == 0)
        lines.append(
            Node(step.id, "step", part, folded=shut) if step.number else Node(CASE, "case", part, folded=True)
        )
        lines += [
            Node(item.id, "item", part, item)
            for item in items
            if narrowed or (not shut and not is_rest(item))
        ]
        rest = [] if narrowed or shut else [item for item in items if is_rest(item)]
        if rest:
            name = rest_of(step.id)
            lines.append(Node(name, "rest", part, folded=name not in unfolded_rest))
            if name in unfolded_rest:
                lines += [Node(item.id, "item", part, item) for item in rest]
    return lines


def draw(desk: Desk, lines: list[Node], cursor: int, width: int, *, focused: bool) -> list[Row]:
    """The lines as they look, the one at `cursor` highlighted."""
    rows = []
    for number, node in enumerate(lines):
        row = (_step_row if node.kind in ("case", "step") else _item_row)(desk, node, width)
        if number == cursor:
            row = aligned(row, "cursor" if focused else "cursor-off")
        rows.append(acting(row, f"go {node.id}"))
    return rows


def _step_row(desk: Desk, node: Node, width: int) -> Row:
    part, glyphs = node.part, desk.glyphs
    mark = "  " if node.kind == "case" else glyphs.closed if node.folded else glyphs.open
    title = f"{mark}{part.step.number or 'c'} {desk.t(part.step.short)}"
    if not part.applies:
        state = Span(f" {desk.t(wording.STATES['not-needed'])} ", "muted")
        return between((Span(title, "muted"),), (state,), width)
    tag = Span(desk.t(wording.TAGS[part.state]), wording.ROLES[part.state])
    count = f" {part.done}/{part.done + part.open} "
    return between((Span(title, "title"),), (Span(" "), tag, Span(f"{count:>7}")), width)


def _item_row(desk: Desk, node: Node, width: int) -> Row:
    item = node.item
    if item is None:
        count = sum(is_rest(item) for item in node.part.items)
        mark = desk.glyphs.closed if node.folded else desk.glyphs.open
        return clip((Span(f"  {mark}{desk.t(REST, count=count)}", "muted"),), width)
    state = item.state
    question, note = desk.guide.questions.get(item.id), desk.session.data.notes.get(item.id)
    label = desk.t(question.label if question is not None else item.title)
    role = "muted" if state in ("not-needed", "optional") else "text"
    tag = Span(desk.t(wording.TAGS[state]), wording.ROLES[state])
    right = (Span(" *", "notice"),) if note is not None and note.text else ()
    return between((Span("  "), tag, Span(" " + label, role)), right, width)
