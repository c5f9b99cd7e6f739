"""What people see, typed or pasted in any spelling, and the items of the guide that help."""

from __future__ import annotations

import re
import unicodedata

from checks.guide import Guide
from checks.steps import Symptom

_LEAST = 3
"""Characters that what is typed must have; a kanji counts two."""
_LEFT_OUT = re.compile(r"[\s「」『』“”\"'`()（）。.!！]+|net::")


def _plain(text: str) -> str:
    """Text for comparing: width, case, blanks, quotation marks and Chrome's `net::` make no difference."""
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text[:500]).casefold())


def matching(guide: Guide, typed: str) -> tuple[Symptom, ...]:
    """The symptoms of which `typed` is a part or which are a part of it, those that begin so first."""
    key = _plain(typed)
    if len(key) + sum(char > "\u2e7f" for char in key) < _LEAST:
        return ()
    ranked = []
    for number, symptom in enumerate(guide.symptoms):
        seen = [_plain(text) for text in symptom.seen]
        parts = [text for text in seen if key in text or (len(text) > _LEAST and text in key)]
        if parts:
            ranked.append((key not in seen, not any(text.startswith(key) for text in parts), number))
    return tuple(guide.symptoms[number] for *_, number in sorted(ranked))


def items(guide: Guide, typed: str) -> frozenset[str]:
    """The questions and checks that help with what was typed; for a note, the step that it stands in."""
    steps = {note.id: step.id for step in (guide.case, *guide.steps) for note in step.notes}
    return frozenset(steps.get(item, item) for symptom in matching(guide, typed) for item in symptom.items)
