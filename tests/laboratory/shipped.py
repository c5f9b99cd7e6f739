"""Every sentence that the program can say, found in its source and its guide, with values filled in."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from checks.text import LANGS, Lang, Text, counted

ROOT = Path(__file__).resolve().parents[2]
LONG = "株式会社さくら自動車販売（見本）第1営業所の「見本」"
VALUES = {"ja": (LONG, "12", "sakura-fleet-12", "2026-11-22 10:03", "portal.example.jp:443", "/home/taro/見本/報告書.html"),
          "en": ("Example Motors, Inc.", "12", "sakura-fleet-12", "2026-11-22 10:03", "portal.example.jp:443", "/home/taro/report.html")}  # fmt: skip
"""What stands in for values: names, numbers, dates, hosts and paths, in turn."""


@cache
def shipped() -> tuple[Text, ...]:
    """The texts of the source and of the guide, each once."""
    found: dict[Text, None] = {}
    for package in ("checks", "state", "tui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            found.update(dict.fromkeys(_in_source(path.read_text("utf-8"))))
        for path in sorted((ROOT / package).rglob("*.toml")):
            found.update(dict.fromkeys(_in_table(tomllib.loads(path.read_text("utf-8")))))
    return tuple(found)


def said(lang: Lang) -> list[str]:
    """All of them in one language, filled in."""
    return [filled(text.to(lang), lang) for text in shipped()]


def filled(sentence: str, lang: Lang) -> str:
    """The sentence with values in its places."""
    values = VALUES.get(lang, VALUES["en"])
    at = -1

    def value(place: re.Match[str]) -> str:
        nonlocal at
        at += 1
        said = values[at % len(values)]
        return said if place[1] is None else counted(said, place[1], place[2])

    return re.sub(r"\{\w+(?:\|([^{|}]+)(?:\|([^{|}]+))?)?\}", value, sentence)


def _in_source(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Text":
            words = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if 2 <= len(words) <= len(LANGS):
                yield Text(*words)


def _in_table(table: Any) -> Iterator[Text]:
    if isinstance(table, dict):
        words = [table[lang] for lang in LANGS if isinstance(table.get(lang), str)]
        if len(words) > 1:
            yield Text(*words)
        for value in table.values():
            yield from _in_table(value)
    elif isinstance(table, list):
        for value in table:
            yield from _in_table(value)
