"""Every sentence that is shipped, broken at every width; every message on the message line; every pane at every width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from checks.text import LANGS, Text
from checks.wrap import cell_width, is_ambiguous, wrap
from tests.laboratory.shipped import filled, said, shipped
from tests.support.helpers_tui import make_app
from tui.desk import Desk
from tui.terminal.glyphs import NARROW, SAFE, substitute
from tui.widgets import bars
from tui.widgets.frame import Row

NO_START = "、。，．・：；？！)）〕］｝〉》」』】ーゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ｡､･｣”’％"
NO_END = "（〔［｛〈《「『【｢“‘￥"
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*")


def wrong_lines(text: str, width: int, lines: Iterable[str]) -> list[str]:
    """What is wrong with the lines that a text was broken into."""
    wrong = []
    kept = list(lines)
    begun = {part.lstrip()[:1] for part in text.split("\n")}  # a list may begin its items with a dot
    for number, line in enumerate(kept):
        first, last = line.lstrip()[:1], line[-1:]
        if number and first and first in NO_START and first not in begun:
            wrong.append(f"width {width}: begins with {first!r}: {line!r}")
        if last and last in NO_END and number + 1 < len(kept):
            wrong.append(f"width {width}: ends in {last!r}: {line!r}")
        if cell_width(line) > width:
            wrong.append(f"width {width}: {cell_width(line)} cells: {line!r}")
    whole = [word for word in _LATIN.findall(text) if len(word) <= width]
    shown = "\n".join(kept)
    if [word for word in _LATIN.findall(shown) if len(word) <= width] != whole:
        for found in re.finditer(f"[{NO_END}]*([!-~]+)[{re.escape(NO_START)}]*", text):
            run = found[1]
            if cell_width(found[0]) <= width and run not in shown:  # with its brackets it must fit
                wrong.append(f"width {width}: {run!r} is torn: {kept!r}")
    return wrong


def kinsoku(widths: Iterable[int]) -> tuple[int, list[str]]:
    """All sentences at these widths, in both languages and both sets of glyphs; how many lines, and what is wrong."""
    count, wrong = 0, []
    texts = {substitute(text, glyphs) for lang in LANGS for text in said(lang) for glyphs in (SAFE, NARROW)}
    for width in widths:
        for text in texts:
            lines = wrap(text, width)
            count += len(lines)
            wrong += wrong_lines(text, width, lines)
    return count, wrong


def _text(row: Row) -> str:
    return "".join(span.text for span in row)


def line_of(desk: Desk, width: int, most: int) -> list[str]:
    """The message line as it is drawn."""
    return [_text(row) for row in bars.message_lines(desk, width, most)]


def messages(folder: Path, widths: Iterable[int]) -> tuple[int, list[str]]:
    """Every sentence as a message: nothing lost but behind `..`, no half of a wide character, every line full."""
    count, wrong = 0, []
    widths = tuple(widths)
    for lang in LANGS:
        for glyphs in (SAFE, NARROW):
            desk = make_app(folder / f"{lang}-{glyphs.name}.toml", lang=lang, glyphs=glyphs).desk
            for text in dict.fromkeys(said(lang)):
                desk.say(Text(text, text))
                whole = _squeezed(substitute(text, glyphs))
                for width in widths:
                    for most in (1, 3):
                        lines = line_of(desk, width, most)
                        count += 1
                        wrong += [
                            f"{lang} {width}x{most}: {loss}" for loss in _lost(whole, lines, width, most)
                        ]
                        if glyphs is SAFE and any(is_ambiguous(char) for line in lines for char in line):
                            wrong.append(f"{lang} {width}x{most}: ambiguous in {lines!r}")
            desk.session.close(1.0)
    return count, wrong


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _lost(whole: str, lines: list[str], width: int, most: int) -> Iterator[str]:
    if len(lines) > most:
        yield f"{len(lines)} lines"
    for line in lines:
        if cell_width(line) != width:
            yield f"{cell_width(line)} cells: {line!r}"
    shown = _squeezed("".join(lines))
    if shown != whole and not (shown.endswith("..") and whole.startswith(shown[:-2]) and len(shown) > 8):
        yield f"lost: {lines!r}"


def panes(folder: Path, widths: Iterable[int]) -> tuple[int, list[str]]:
    """The right pane of every line of the tree, and every screen that is read, with the real guide."""
    from checks.guide import load_guide
    from tui.screens.explanation import Explain
    from tui.screens.help import Help
    from tui.screens.messages import Messages
    from tui.screens.papers_view import ReportView
    from tui.screens.tree_position import TreePosition
    from tui.widgets.detail import detail

    count, wrong = 0, []
    for lang in LANGS:
        desk = make_app(folder / f"panes-{lang}.toml", lang=lang, guide=load_guide("oss")).desk
        for text in shipped()[::40]:
            desk.say(Text(filled(text.ja, "ja"), filled(text.en, "en")))
        place = TreePosition(desk)
        place.folded.clear()
        nodes = place.nodes()
        for width in widths:
            pictures = {node.id: detail(desk, node, width) for node in nodes}
            for view in (Help(desk), Messages(desk), ReportView(desk)):
                pictures[type(view).__name__] = view.body(width)
            for node in nodes:
                pictures[f"explain {node.id}"] = Explain(desk, node).body(width)
            for name, rows in pictures.items():
                for row in map(_text, rows):
                    count += 1
                    if cell_width(row) > width:
                        wrong.append(f"{lang} {name} {width}: {cell_width(row)} cells: {row!r}")
                    if row.lstrip()[:1] and row.lstrip()[0] in NO_START.replace("・", ""):
                        wrong.append(f"{lang} {name} {width}: begins with {row.lstrip()[0]!r}: {row!r}")
                    if row.rstrip()[-1:] and row.rstrip()[-1] in NO_END:
                        wrong.append(f"{lang} {name} {width}: ends in {row.rstrip()[-1]!r}: {row!r}")
        desk.session.close(1.0)
    return count, wrong
