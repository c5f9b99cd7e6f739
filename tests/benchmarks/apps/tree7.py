"""A tree of seven steps with header and footer: what an ordinary Textual version of our screen costs."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Tree

STEPS = (
    "証明書とブラウザー",
    "PC環境",
    "自賠責保険",
    "電子納付",
    "書類",
    "電子証明書",
    "記録等事務代行",
)


class SevenSteps(App[None]):
    """The tree."""

    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - as Textual writes it

    def compose(self) -> ComposeResult:
        yield Header()
        tree: Tree[None] = Tree("準備")
        tree.root.expand()
        for step in STEPS:
            node = tree.root.add(step, expand=True)
            for number in range(3):
                node.add_leaf(f"[未] {step} {number}")
        yield tree
        yield Footer()


SevenSteps().run()
