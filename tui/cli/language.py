"""Which language to speak; the first thing that is decided, with next to nothing imported."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from checks.text import LANGS, Lang


def language(argv: Sequence[str], env: Mapping[str, str] = os.environ) -> Lang:
    """`--lang`, then OSS_JUNBI_LANG, then the locale; Japanese unless English is asked for."""
    option = ""
    for at, word in enumerate(argv):
        if word == "--":
            break
        if word.startswith("--lang="):
            option = word[7:]
        elif word == "--lang" and at + 1 < len(argv):
            option = argv[at + 1]
    for value in (option, env.get("OSS_JUNBI_LANG", "")):
        for lang in LANGS:
            if value == lang:
                return lang
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return next((lang for lang in LANGS if locale.lower().startswith(lang)), "ja")


def language_at_a_glance(lang: Lang) -> Lang:
    """The language of the settings file, for the first picture only; everything after it reads the file properly."""
    if os.environ.get("OSS_JUNBI_LANG"):
        return lang
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    folder = os.environ.get("OSS_JUNBI_HOME") or os.path.join(config, "oss-junbi")
    try:
        with open(os.path.join(folder, "config.toml"), "rb") as file:
            text = file.read(65536)
    except (OSError, ValueError):
        return lang
    for line in text.splitlines():
        key, _, value = line.partition(b"=")
        if key.strip() == b"lang":
            return next((known for known in LANGS if value.strip()[1:3] == known.encode()), "ja")
    return lang
