"""Whether this process can show Japanese: the encoding that locale and environment leave it with."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from checks.record import dataclass
from checks.text import Lang, Text

_NOT_UTF8 = Text(
    "文字コードが {encoding} になっているため、日本語の画面が正しく表示されません。"
    "環境変数を LANG=ja_JP.UTF-8 (なければ LANG=C.UTF-8) にして、端末の文字コードも UTF-8 にしてください。"
    "一時的に試すには、コマンドの前に PYTHONUTF8=1 を付けます。",
    "The character encoding is {encoding}, so the Japanese screen would be garbled. "
    "Set LANG=ja_JP.UTF-8 (or LANG=C.UTF-8) and set the terminal to UTF-8. "
    "To try it once, put PYTHONUTF8=1 in front of the command.",
)
_OVERRIDDEN = Text(
    "環境変数 {name} が {value} に設定されています。これを外すか、UTF-8 にしてください。",
    "The environment variable {name} is set to {value}. Remove it, or set it to UTF-8.",
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the output is encoded in, and why."""

    name: str
    utf8: bool
    variable: str = ""
    """The environment variable that decides it, where one does."""
    value: str = ""


def encoding(stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> Encoding:
    """The encoding of a stream (standard output by default) as Python set it up."""
    environ = os.environ if environ is None else environ
    stream = sys.__stdout__ if stream is None else stream
    name = getattr(stream, "encoding", None) or "unknown"
    try:
        utf8 = codecs.lookup(name).name == "utf-8"
    except LookupError:
        utf8 = False
    for variable in ("PYTHONIOENCODING", "LC_ALL", "LC_CTYPE", "LANG"):
        if environ.get(variable):
            return Encoding(name, utf8, variable, environ[variable][:40])
    return Encoding(name, utf8)


def describe(found: Encoding, lang: Lang) -> str | None:
    """What to set, when Japanese cannot be shown; `None` when all is well."""
    if found.utf8:
        return None
    sentence = _NOT_UTF8.fill({"encoding": found.name}, lang)
    if found.variable:
        sentence += (" " if lang == "en" else "") + _OVERRIDDEN.fill(
            {"name": found.variable, "value": found.value}, lang
        )
    return sentence


def problem(lang: Lang) -> str | None:
    """The sentence for this process, or `None`. The full screen itself always sends UTF-8."""
    return describe(encoding(), lang)
