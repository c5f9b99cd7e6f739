"""Which language to speak; the first thing that is decided, with next to nothing imported."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from checks.text import LANGS, Lang


def language(argv: Sequence[str], env: Mapping[str, str] = os.environ, config: str = "") -> Lang:
    """`--lang`, then OSS_JUNBI_LANG, then the configuration, then the locale; Japanese unless English is asked for."""
    asked = ""
    for at, word in enumerate(argv):
        if word == "--":
            break
        if word.startswith("--lang="):
            asked = word[7:]
        elif word == "--lang" and at + 1 < len(argv):
            asked = argv[at + 1]
    for value in (asked, env.get("OSS_JUNBI_LANG", ""), config):
        for lang in LANGS:
            if value == lang:
                return lang
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return next((lang for lang in LANGS if locale.lower().startswith(lang)), "ja")
