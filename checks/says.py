"""How the sentences of a check are written down: what is so, then how to mend it, each in Japanese and English.

    "few": warns("あと{left}回試せます。", "{left|try|tries} left.", "再設定してください。", "Have it reset.")

A remedy that several codes share is a `Text` in place of its two sentences. Commands, a page other than the check's own
source (`link`) and `not_needed` follow by name; see `Says`.
"""

from __future__ import annotations

from functools import partial

from checks.model import Outcome, Says
from checks.text import Text


def _says(
    outcome: Outcome,
    ja: str,
    en: str,
    remedy: str | Text | None = None,
    remedy_en: str = "",
    *,
    commands: tuple[str, ...] = (),
    link: str = "",
    not_needed: bool = False,
) -> Says:
    if isinstance(remedy, str):
        remedy = Text(remedy, remedy_en)
    return Says(outcome, Text(ja, en), remedy, commands, link, not_needed)


passes = partial(_says, Outcome.PASS)
warns = partial(_says, Outcome.WARN)
fails = partial(_says, Outcome.FAIL)
skips = partial(_says, Outcome.SKIP)
unknown = partial(_says, Outcome.UNKNOWN)
crashes = partial(_says, Outcome.CRASH)


def steps(*sentences: str) -> Text:
    """A remedy of several steps, numbered from 1: for each its Japanese sentence, then its English one."""
    return Text(
        *("\n".join(f"{at}. {step}" for at, step in enumerate(sentences[lang::2], 1)) for lang in (0, 1))
    )
