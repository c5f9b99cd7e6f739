"""Reports as plain text and as Markdown."""

from __future__ import annotations

import re
from typing import Any

from checks.text import Lang
from state import words
from state.layout import lines
from state.letters.papers import ChecklistItem, Letter

_BOX = {"done": "[x]", "open": "[ ]", "none": " - "}


def as_text(letter: Letter, cells: int = 0) -> str:
    """The letter as plain text; wrapped to `cells`, whole lines when 0."""
    out = [letter.title, ""]
    for label, value in letter.head:
        out += lines(f"{label}: {value}", cells, "", "  ")
    for section in letter.sections:
        out.append("")
        if section.title:
            state = f"  [{section.state}]" if section.state else ""
            out += lines(f"{section.title}{state}", cells)
        for text in section.text:
            out += lines(text, cells, "  " if section.title else "")
        for label, value in section.rows:
            out += lines(f"{label}: {value}", cells, "  ", "    ")
        for item in section.items:
            out += _text_item(item, cells, letter.lang)
    if letter.signature:
        out += ["", *(f"{label}: ____________________" for label in letter.signature)]
    return "\n".join(out) + "\n"


def _text_item(item: ChecklistItem, cells: int, lang: Lang) -> list[str]:
    name = f" ({item.id})" if item.id else ""
    state = f" [{item.word}]" if item.word else ""
    out = lines(f"{_BOX[item.mark]}{state} {item.title}{name}", cells, "  ", "      ")
    for text in (*item.facts, *item.advice):
        out += lines(text, cells, "      ")
    for label, parts in code_lists(item, lang):
        out += lines(f"{label}:", cells, "      ")
        for part in parts:
            out += lines(part, cells, "        ")
    if item.source:
        out += lines(f"{words.SOURCE.to(lang)}: {item.source}", cells, "      ", "        ")
    return [*out, "      " + item.link] if item.link else out


def code_lists(item: ChecklistItem, lang: Lang) -> list[tuple[str, tuple[str, ...]]]:
    """What is shown as code below an item, each list with its label: commands, and what was seen."""
    pairs = ((words.COMMANDS, item.commands), (words.SEEN, item.evidence))
    return [(title.to(lang), parts) for title, parts in pairs if parts]


def as_json(letter: Letter) -> dict[str, Any]:
    """A report for a customer or a helpdesk as plain data; the office's own is `status_json`."""
    return {
        "schema": 1,
        "lang": letter.lang,
        "title": letter.title,
        "head": [{"label": label, "value": value} for label, value in letter.head],
        "sections": [
            {
                "title": section.title,
                "text": list(section.text),
                "rows": [{"label": label, "value": value} for label, value in section.rows],
                "entries": [
                    {"id": item.id, "state": item.word, "title": item.title, "facts": list(item.facts),
                     "advice": list(item.advice), "evidence": list(item.evidence), "link": item.link}
                    for item in section.items
                ],
            }
            for section in letter.sections
        ],
    }  # fmt: skip


def as_markdown(letter: Letter) -> str:
    """The document as Markdown; nothing from outside can become markup."""
    out = [f"# {plain(letter.title)}", ""]
    out += [f"- {plain(label)}: {plain(value)}" for label, value in letter.head]
    for section in letter.sections:
        out.append("")
        if section.title:
            state = f" [{section.state}]" if section.state else ""
            out += [f"## {plain(section.title + state)}", ""]
        for text in section.text:
            out += [_paragraph(text), ""]
        out += [f"- {plain(label)}: {plain(value)}" for label, value in section.rows]
        for item in section.items:
            out += _markdown_item(item, letter.lang)
    if letter.signature:
        out += ["", *(f"- {plain(label)}: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_" for label in letter.signature)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def _markdown_item(item: ChecklistItem, lang: Lang) -> list[str]:
    box = {"done": "[x] ", "open": "[ ] ", "none": ""}[item.mark]
    word = f"**{plain(item.word)}** " if item.word else ""
    name = f" ({_code(item.id)})" if item.id else ""
    out = [f"- {box}{word}{plain(item.title)}{name}"]
    for text in (*item.facts, *item.advice):
        out += [f"  - {_paragraph(text, '    ')}"]
    for label, parts in code_lists(item, lang):
        out.append(f"  - {plain(label)}:")
        out += [f"    - {_code(part)}" for part in parts]
    if item.source or item.link:
        link = f" <{item.link}>" if re.fullmatch(r"https://[!-;=?-~]+", item.link) else ""
        out.append(f"  - {plain(words.SOURCE.to(lang))}: {plain(item.source)}{link}")
    return out


def plain(text: str) -> str:
    """`text` on one line with every character that Markdown knows set back to itself."""
    text = re.sub(r"([\\`*_{}\[\]<>#|~&!])", r"\\\1", text.replace("\n", " "))
    return re.sub(r"^(\s*\d*)([-+.)])(\s|$)", r"\1\\\2\3", text)


def _paragraph(text: str, indent: str = "") -> str:
    return f"  \n{indent}".join(plain(line) for line in text.split("\n"))


def _code(text: str) -> str:
    """`text` as code, fenced by more backquotes than it holds in a row."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
