"""A guide's files as plain data, and their tables made into records.

The fields of a record are the words that its table may have, and their types say what may stand there; what has no
default must be there. Whatever is ill-formed is refused with file, entry, word and what is expected instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from checks.guide import GuideError
from checks.guides.borrowing import with_borrowed
from checks.record import dataclass, field, replace, required
from checks.rules.conditions import When, parse_when
from checks.shown import show
from checks.steps import Basis
from checks.text import Text

R = TypeVar("R")
Table = Mapping[str, Any]

FOLDER = Path(__file__).parent
MANY = 25
"""Of more known words than these only the nearest are named."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a guide's files something stands."""

    file: str
    entry: str = ""
    """The id of the entry or the name of the table, and within it the word whose value is a table."""
    checked: date | None = None
    """The day of the file's `[basis]`, which holds for every entry that says no other."""
    references: list[tuple[Place, str, str]] = field(default_factory=list)
    """Every id that was read, where, and of what it is one: see `refuse_unknown`."""

    def at(self, entry: object) -> Place:
        """An entry of the same file."""
        return replace(self, entry=show(str(entry), 80))

    def wrong(self, word: object, why: Text) -> GuideError:
        """The error about a word, which may be empty."""
        said = show(str(word), 80)
        ja, en = (f"「{said}」: ", f'"{said}": ') if said else ("", "")
        where = (f" の {self.entry}", f", {self.entry}") if self.entry else ("", "")
        return GuideError(
            Text(
                f"ガイドのファイル {self.file}{where[0]}: {ja}{why.ja}",
                f"Guide file {self.file}{where[1]}: {en}{why.en}",
            )
        )

    def unknown(self, word: object, known: Iterable[str]) -> GuideError:
        """The error about a word that is none of the known ones."""
        from difflib import get_close_matches

        words = sorted(map(str, known))
        near = get_close_matches(str(word)[:80], words, 3, 0.6)
        named = near if near and len(words) > MANY else words[:MANY]
        ja, en = (f"近いもの: {near[0]}。", f" Nearest: {near[0]}.") if near else ("", "")
        return self.wrong(
            word,
            Text(
                f"ここでは使えません。{ja}使えるもの: {', '.join(named) or 'なし'}。",
                f"not known here.{en} Expected: {', '.join(named) or 'nothing'}.",
            ),
        )

    def refer(self, word: str, known: Iterable[str]) -> None:
        """Raise the error about `word` unless it is one of the known ones."""
        if word not in known:
            raise self.unknown(word, known)


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The guides that are there: the folders that have a `guide.toml`."""
    return tuple(sorted(path.parent.name for path in (folder or FOLDER).glob("*/guide.toml")))


@cache
def read_guide(name: str, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """All files of a guide as plain data, by their names without `.toml`; raises `GuideError`.

    `folder` holds the guides, None means those that come with the program.
    """
    there = names(folder)
    if name not in there:
        raise GuideError(Place(f"{show(name, 80)}/guide.toml").unknown(name, there).text, there)
    files = sorted(((folder or FOLDER) / name).glob("*.toml"))
    return with_borrowed(
        {path.stem: _parsed(path, f"{name}/{path.name}") for path in files},
        lambda other: read_guide(other, folder),
        lambda file, entry, word, why: Place(f"{name}/{file}.toml").at(entry).wrong(word, why),
    )


@cache
def shared_pages() -> dict[str, Any]:
    """The file of the pages that checks refer to, whichever guide shows them."""
    return _parsed(FOLDER / "links.toml", "links.toml")


def _parsed(path: Path, shown: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        at = re.search(r"line (\d+)", str(error))
        place = Place(shown).at(f"line {at[1]}" if at else "")
        raise place.wrong(
            "", Text(f"TOMLとして読めません（{error}）。", f"not readable as TOML ({error}).")
        ) from None


_MISSING = Text("この項目が必要です。", "missing.")
_TWICE = Text("このIDは{file}にもあります。", "this id stands in {file} too.")
_IS_CHECK = Text("このIDは検査のIDです。", "this is the id of a check.")
_KINDS: Mapping[object, Text] = {
    str: Text("引用符で囲んだ文字列", "a text in quotes"),
    int: Text("整数", "a whole number"),
    bool: Text("true か false", "true or false"),
    date: Text("日付（例 2026-11-22）", "a date, as 2026-11-22"),
    tuple: Text("[ ] で囲んだ並び", "a list in [ ]"),
    dict: Text("表（テーブル）", "a table"),
    When: Text('条件（例 { "ID" = ["答え"] }）', 'a condition, as { "ID" = ["answer"] }'),
    Text: Text(
        "同じ差し込みを持つ日本語と英語の文", "the words in both languages, with the same placeholders"
    ),
}


def expected(place: Place, word: str, kind: object) -> GuideError:
    """The error about a value of another kind."""
    what = _KINDS.get(kind, _KINDS[dict])
    return place.wrong(word, Text(f"{what.ja}が必要です。", f"expected {what.en}."))


def tables(data: Table, word: str, place: Place) -> list[Table]:
    """The tables of a list `[[word]]`, none where it is not there."""
    found = data.get(word, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise expected(place, word, tuple)
    return found


@cache
def _fields(kind: type) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The type of each field of a record, and the fields that have no default."""
    return get_type_hints(kind, include_extras=True), required(kind)


def record(kind: type[R], table: object, place: Place, **given: object) -> R:
    """A record of that kind made of a table; `given` are the fields that do not stand in it."""
    if not isinstance(table, dict):
        raise expected(place, "", dict)
    if isinstance(table.get("id"), str):
        place = place.at(table["id"])
    if kind is Basis and place.checked:
        table = {"checked": place.checked, **table}
    hints, needed = _fields(kind)  # type: ignore[arg-type] # a class can be hashed
    wanted = {word: hint for word, hint in hints.items() if word not in given}
    for word in table:
        place.refer(word, wanted)
    values = {word: _value(wanted[word], found, place, word) for word, found in table.items()}
    for word in needed:
        if word not in values and word not in given:
            raise place.wrong(word, _MISSING)
    try:
        return kind(**given, **values)
    except ValueError:
        raise expected(place, "", kind) from None


def _value(kind: Any, found: Any, place: Place, word: str) -> Any:
    """A value as the type of a field wants it."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:  # `X | None`
        return _value(inner[0], found, place, word)
    if origin is Annotated:
        place.references.append((place, inner[1], _value(inner[0], found, place, word)))
        return found
    if origin is Literal and isinstance(found, str):
        place.refer(found, inner)
        return found
    if origin in (tuple, frozenset) and isinstance(found, list):
        return origin(_value(inner[0], one, place, word) for one in found)
    if kind is When:
        with suppress(ValueError):
            when = parse_when(found)
            if word == "covers":  # answers of any guide
                return when
            for question, answers in (term for group in when.any_of for term in group):
                place.references.append((place, "question", question))
                place.references.extend(
                    (place, f"answer to {question}", answer) for answer in sorted(answers)
                )
            return when
    elif hasattr(kind, "__match_args__") and isinstance(found, dict):
        return record(kind, found, replace(place, entry=f"{place.entry}, {word}".removeprefix(", ")))
    elif type(found) is kind:
        return found
    raise expected(place, word, {Literal: str, frozenset: tuple}.get(origin, origin or kind))


def refuse_unknown(references: Iterable[tuple[Place, str, str]], known: Mapping[str, Iterable[str]]) -> None:
    """Raise `GuideError` for an id that refers to nothing, and for an `id` that stands twice.

    `known` has the ids by what they are of. A check that shares a question's id is the verdict on its answer.
    """
    ids: dict[str, Place] = {}
    for place, kind, word in references:
        if kind != "id":
            place.refer(word, known[kind])
        elif ids.setdefault(word, place) is not place:
            raise place.wrong(word, _TWICE.filled({"file": ids[word].file}))
        elif word in known["check"] and word not in known["question"]:
            raise place.wrong(word, _IS_CHECK)
