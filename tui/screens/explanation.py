"""One line of the tree explained: what it is, why, how it is found out, what may come out, and the source."""

from __future__ import annotations

import re

from checks.model import Check
from checks.steps import Question
from checks.text import Text
from state import words
from tui import wording
from tui.checking import uses_network
from tui.commands import Key
from tui.desk import Desk
from tui.screens.selected import OF_NODE
from tui.screens.view import Scroll
from tui.widgets.detail import section
from tui.widgets.frame import Row, paragraph
from tui.widgets.sources import basis_rows, page_rows
from tui.widgets.tree import Node

HOW = Text("調べ方", "How it is checked")
EXPLAIN_TITLE = Text("くわしい説明", "Explanation")

MAY_FIND = Text("わかること", "Possible results")
SCOPE = Text("有効な範囲", "Applies to")
SCOPES = {
    "pc": Text("このPC。新しい申請にも引き継ぎます。", "This PC; carried over to new applications."),
    "office": Text(
        "この事業所。新しい申請にも引き継ぎます。", "This office; carried over to new applications."
    ),
    "case": Text("この申請だけ。", "This application only."),
}
NETWORK = Text("ネットワークを使います: {contact}", "Uses the network: {contact}")
LOCAL = Text(
    "このPCの中だけで調べ、ネットワークは使いません。",
    "Looks only within this PC and does not use the network.",
)


class Explain(Scroll):
    """The explanation of a step, a question or a check."""

    letters = " yom"

    def __init__(self, desk: Desk, node: Node) -> None:
        super().__init__(desk)
        self.node = node

    def act(self, command: str, key: Key) -> bool:
        if command in ("copy", "link", "note"):
            OF_NODE[command](self.desk, self.node)
            return True
        return super().act(command, key)

    def title(self) -> str:
        return f"{self.desk.t(EXPLAIN_TITLE)}: {self.desk.t(self.node.title)}"

    def body(self, width: int) -> list[Row]:
        desk, node = self.desk, self.node
        check, question = desk.guide.checks.get(node.id), desk.guide.questions.get(node.id)
        rows: list[Row] = [
            *paragraph(desk.t(node.title), width, "title"),
            *paragraph(f"id: {node.id}", width, "muted"),
        ]
        if question is not None:
            rows += self._question(question, width)
        if check is not None:
            rows += self._check(check, width)
        if node.item is None:
            for note in node.part.step.notes:
                rows += self._part(wording.KINDS[note.kind], note.text, width)
                rows += basis_rows(desk, note.basis, width)
            rows += [(), *page_rows(desk, node.part.step.link, width)]
        return rows

    def _part(self, heading: Text, text: Text, width: int) -> list[Row]:
        return section(self.desk, heading, paragraph(self.desk.t(text), width, indent=1))

    def _question(self, question: Question, width: int) -> list[Row]:
        desk = self.desk
        rows: list[Row] = []
        if question.help is not None:
            rows += self._part(HOW, question.help, width)
        if question.choices:
            rows += section(desk, wording.CHOICES, ())
            for choice in question.choices:
                rows += paragraph(desk.t(choice.text), width, indent=1)
                if choice.hint is not None:
                    rows += paragraph(desk.t(choice.hint), width, "muted", indent=3)
        rows += self._part(SCOPE, SCOPES[question.scope_with(desk.session.answers)], width)
        return [*rows, (), *basis_rows(desk, question.basis, width)]

    def _check(self, check: Check, width: int) -> list[Row]:
        desk = self.desk
        rows = self._part(wording.WHY, check.why, width) + self._part(HOW, check.how, width)
        net = desk.t(NETWORK, contact=desk.contact) if uses_network(desk, check) else desk.t(LOCAL)
        rows += paragraph(net, width, "muted", indent=1)
        rows += section(desk, MAY_FIND, ())
        for code, says in check.says.items():
            # Values are not known yet.
            text = re.sub(r"\{[a-z_]+\}", "..", desk.t(says.text.filled({})))
            line = f"[{desk.t(words.OUTCOMES[says.outcome])}] {text} ({code})"
            rows += paragraph(line, width, indent=1, hang=2)
        rows += self._part(SCOPE, SCOPES[check.scope], width)
        return [*rows, (), *page_rows(desk, check.source, width)]
