"""A letter in the format that is asked for, or that the ending of its file names."""

from __future__ import annotations

import os

from state.letters.papers import Letter
from state.letters.plain_text import as_json, as_markdown, as_text

_ENDINGS = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
    ".txt": "text",
}


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters, as `.html`; empty where it has none."""
    return os.path.splitext(name)[1].lower()


def format_of(name: str) -> str:
    """`text`, `markdown`, `html` or `json` by the ending of a file's name; empty for any other ending."""
    return _ENDINGS.get(ending_of(name), "")


def rendered(letter: Letter, form: str, cells: int = 0) -> str:
    """The letter in that format; as plain text wrapped to `cells`, whole lines when 0."""
    if form == "html":
        from state.letters.html_page import as_html

        return as_html(letter)
    if form == "json":
        import json

        from checks.shown import inert_json

        return inert_json(json.dumps(as_json(letter), ensure_ascii=False, indent=2)) + "\n"
    return as_markdown(letter) if form == "markdown" else as_text(letter, cells)
