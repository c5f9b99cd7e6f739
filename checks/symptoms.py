"""What people see, typed or pasted in any spelling, and the items of the guide that help."""

from __future__ import annotations

import re
import unicodedata

from checks.guide import Guide
from checks.steps import Symptom
from checks.text import Text

_LEAST = 3
"""Characters that what is typed must have; a kanji counts two."""
_LEFT_OUT = re.compile(r"[\s「」『』“”\"'`()（）。.!！]+|net::")


def _plain(text: str) -> str:
    """Text for comparing: width, case, blanks, quotation marks and Chrome's `net::` make no difference."""
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text[:500]).casefold())


def matching(guide: Guide, typed: str) -> tuple[Symptom, ...]:
    """The symptoms of which `typed` is a part or which are a part of it, those that begin so first.

    Where there is none: those whose spellings and causes have every word of it.
    """
    key = _plain(typed)
    if not _enough(key):
        return ()
    ranked = []
    for number, symptom in enumerate(guide.symptoms):
        seen = [_plain(text) for text in symptom.seen]
        parts = [text for text in seen if key in text or (len(text) > _LEAST and text in key)]
        if parts:
            ranked.append((key not in seen, not any(text.startswith(key) for text in parts), number))
    if ranked:
        return tuple(guide.symptoms[number] for *_, number in sorted(ranked))
    return tuple(one for one in guide.symptoms if _has(typed, *one.seen, *one.causes))


def mentioning(guide: Guide, typed: str) -> tuple[str, ...]:
    """The ids of the notes and questions whose words have every word of what was typed."""
    steps = (guide.case, *guide.steps)
    words = {note.id: [note.text] for step in steps for note in step.notes}
    words |= {one.id: [one.text, *([one.help] if one.help else [])] for one in guide.questions.values()}
    return tuple(id_ for id_, texts in words.items() if _has(typed, *texts))


def _enough(key: str) -> bool:
    return len(key) + sum(char > "\u2e7f" for char in key) >= _LEAST


def _has(typed: str, *texts: str | Text) -> bool:
    """Whether these texts have every word of what was typed, which together are long enough."""
    words = [_plain(word) for word in typed.split()]
    whole = " ".join(_plain(text if isinstance(text, str) else f"{text.ja} {text.en}") for text in texts)
    return _enough("".join(words)) and all(word in whole for word in words)


def items(guide: Guide, typed: str) -> frozenset[str]:
    """The questions and checks that help with what was typed; for a note, the step that it stands in."""
    steps = {note.id: step.id for step in (guide.case, *guide.steps) for note in step.notes}
    return frozenset(steps.get(item, item) for symptom in matching(guide, typed) for item in symptom.items)
