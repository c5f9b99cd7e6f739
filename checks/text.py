"""Sentences in both languages, side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from checks.record import dataclass

Lang: TypeAlias = Literal["ja", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?:\|([^{|}]+)(?:\|([^{|}]+))?)?\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or paragraph in Japanese and English.

    Placeholders are `{name}` with lower-case letters and must be the same in both languages. Where a noun follows the
    number it counts, `{name|day}` and `{name|entry|entries}` take the right form: `1 day`, `3 entries`.
    Raises `ValueError` when a language is empty or the placeholders differ.
    """

    ja: str
    en: str

    def __post_init__(self) -> None:
        if not self.ja or not self.en:
            raise ValueError(f"a language is missing: {self.ja or self.en!r}")
        if ("{" in self.ja or "{" in self.en) and placeholders(self.ja) != placeholders(self.en):
            raise ValueError(f"placeholders differ: {self.ja!r} / {self.en!r}")

    def to(self, lang: Lang) -> str:
        """The sentence in that language, placeholders untouched."""
        return self.ja if lang == "ja" else self.en

    def as_json(self) -> dict[str, str]:
        """The sentence as JSON documents carry it."""
        return {"ja": self.ja, "en": self.en}

    def fill(self, values: Mapping[str, object], lang: Lang) -> str:
        """The sentence with its placeholders filled, a `Text` in the same language; one without a value stays as `{name}`.

        A value that is words has those of another language under `name_en`, and so on.
        """

        def said(match: re.Match[str]) -> str:
            name, one, many = match.groups()
            value = values.get(f"{name}_{lang}", values.get(name, f"{{{name}}}"))
            if isinstance(value, Text):
                return value.to(lang)
            return str(value) if one is None else counted(value, one, many)

        return _PLACEHOLDER.sub(said, self.to(lang))

    def filled(self, values: Mapping[str, object]) -> Text:
        """The text filled in every language; braces within the values, come from outside, mean nothing."""
        made = object.__new__(Text)
        for lang in LANGS:
            object.__setattr__(made, lang, self.fill(values, lang))
        return made


def counted(number: object, one: str, many: str | None = None) -> str:
    """A number and what it counts in English: `1 day`, `3 days`; `many` where it is more than an `s` that is added."""
    return f"{number} {one if str(number) == '1' else many or f'{one}s'}"


def next_lang(lang: Lang) -> Lang:
    return LANGS[(LANGS.index(lang) + 1) % len(LANGS)]


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces of a sentence."""
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(sentence))
