"""Reports as plain text and as Markdown."""

from __future__ import annotations

import re
from typing import Any

from checks.text import Lang
from state import words
from state.layout import lines
from state.letters.papers import Document, Entry, Section

_BOX = {"done": "[x]", "open": "[ ]", "none": " - "}


def as_text(document: Document, cells: int = 0) -> str:
    """The document as plain text; wrapped to `cells`, whole lines when 0."""
    out = [document.title, ""]
    for label, value in document.head:
        out += lines(f"{label}: {value}", cells, "", "  ")
    for section in document.sections:
        out += ["", *_text_section(section, cells, document.lang)]
    if document.signature:
        out.append("")
        out += [f"{label}: ____________________" for label in document.signature]
    return "\n".join(out) + "\n"


def _text_section(section: Section, cells: int, lang: Lang) -> list[str]:
    out = []
    if section.title:
        out += lines(f"{section.title}  [{section.state}]" if section.state else section.title, cells)
    for text in section.text:
        out += lines(text, cells, "  " if section.title else "")
    for label, value in section.rows:
        out += lines(f"{label}: {value}", cells, "  ", "    ")
    for entry in section.entries:
        out += _text_entry(entry, cells, lang)
    return out


def _text_entry(entry: Entry, cells: int, lang: Lang) -> list[str]:
    name = f" ({entry.id})" if entry.id else ""
    state = f" [{entry.word}]" if entry.word else ""
    out = lines(f"{_BOX[entry.mark]}{state} {entry.title}{name}", cells, "  ", "      ")
    for fact in entry.facts:
        out += lines(fact, cells, "      ")
    for text in entry.advice:
        out += lines(text, cells, "      ")
    for label, parts in _extras(entry, lang):
        out += lines(label, cells, "      ")
        for part in parts:
            out += lines(part, cells, "        ")
    if entry.source:
        title = words.SOURCE.to(lang)
        out += lines(f"{title}: {entry.source}", cells, "      ", "        ")
    if entry.link:
        out += ["      " + entry.link]
    return out


def _extras(entry: Entry, lang: Lang) -> list[tuple[str, tuple[str, ...]]]:
    pairs = ((words.COMMANDS, entry.commands), (words.SEEN, entry.evidence))
    return [(f"{title.to(lang)}:", parts) for title, parts in pairs if parts]


def as_json(document: Document) -> dict[str, Any]:
    """A report for a customer or a helpdesk as plain data; the office's own is `report.status_json`."""
    return {
        "schema": 1,
        "lang": document.lang,
        "title": document.title,
        "head": [{"label": label, "value": value} for label, value in document.head],
        "sections": [
            {
                "title": section.title,
                "text": list(section.text),
                "rows": [{"label": label, "value": value} for label, value in section.rows],
                "entries": [
                    {"id": entry.id, "state": entry.word, "title": entry.title, "facts": list(entry.facts),
                     "advice": list(entry.advice), "evidence": list(entry.evidence), "link": entry.link}
                    for entry in section.entries
                ],
            }
            for section in document.sections
        ],
    }  # fmt: skip


def as_markdown(document: Document) -> str:
    """The document as Markdown; nothing from outside can become markup."""
    out = [f"# {plain(document.title)}", ""]
    out += [f"- {plain(label)}: {plain(value)}" for label, value in document.head]
    for section in document.sections:
        out.append("")
        if section.title:
            state = f" [{section.state}]" if section.state else ""
            out += [f"## {plain(section.title + state)}", ""]
        for text in section.text:
            out += [_paragraph(text), ""]
        out += [f"- {plain(label)}: {plain(value)}" for label, value in section.rows]
        for entry in section.entries:
            out += _markdown_entry(entry, document.lang)
    if document.signature:
        out += ["", *(f"- {plain(label)}: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_" for label in document.signature)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def _markdown_entry(entry: Entry, lang: Lang) -> list[str]:
    box = {"done": "[x] ", "open": "[ ] ", "none": ""}[entry.mark]
    word = f"**{plain(entry.word)}** " if entry.word else ""
    name = f" ({_code(entry.id)})" if entry.id else ""
    out = [f"- {box}{word}{plain(entry.title)}{name}"]
    for text in (*entry.facts, *entry.advice):
        out += [f"  - {_paragraph(text, '    ')}"]
    for label, parts in _extras(entry, lang):
        out.append(f"  - {plain(label)}")
        out += [f"    - {_code(part)}" for part in parts]
    if entry.source or entry.link:
        title = words.SOURCE.to(lang)
        link = f" <{entry.link}>" if re.fullmatch(r"https://[!-;=?-~]+", entry.link) else ""
        out.append(f"  - {plain(title)}: {plain(entry.source)}{link}")
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
