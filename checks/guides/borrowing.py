"""Entries that a guide has in common with another one: an entry with `as_in` takes its words and its source from there.

What the entry says itself holds instead. Conditions of the other guide are narrowed to the questions and answers that
this guide has, and the pages that are referred to come along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from checks.text import Text

WORD = "as_in"
_NOT_THERE = Text("このIDの項目は、そのガイドにありません。", "that guide has no such entry under this id.")

Files = Mapping[str, Mapping[str, Any]]
Refuse = Callable[[str, str, str, Text], Exception]
"""Makes the error about a file's entry and word."""


def with_borrowed(files: Files, other: Callable[[str], Files], refuse: Refuse) -> dict[str, dict[str, Any]]:
    """The files with every entry whole. `other` reads the guide of a name; raises what `refuse` makes."""
    made = {file: dict(data) for file, data in files.items()}
    borrowed: list[dict[str, Any]] = []
    sources: dict[str, Files] = {}
    for file, data in made.items():
        if isinstance(name := data.get(WORD), str):
            sources[name] = other(name)
            made[file] = data = _whole(data, sources[name].get(file, {}), name)
        for word, entries in data.items():
            if not isinstance(entries, list):
                continue
            data[word] = entries = list(entries)
            for at, entry in enumerate(entries):
                if not isinstance(entry, dict) or not isinstance(name := entry.get(WORD), str):
                    continue
                sources.setdefault(name, other(name))
                found = _entry(sources[name], word, entry.get("id"))
                if found is None:
                    raise refuse(file, str(entry.get("id")), name, _NOT_THERE)
                own = {key: value for key, value in entry.items() if key != WORD}
                entries[at] = deepcopy({**found, **own})
                if not own.keys() & {"applies", "items"}:
                    borrowed.append(entries[at])
    if sources:
        _narrow(borrowed, _offered(made))
        _leave_out(made, borrowed)
        pages, wanted = made.setdefault("links", {}).setdefault("links", {}), set(_words(made))
        made["links"]["links"] = dict(pages)
        for source in sources.values():
            for id_, page in source.get("links", {}).get("links", {}).items():
                if id_ in wanted:
                    made["links"]["links"].setdefault(id_, page)
    return made


def _whole(own: Mapping[str, Any], there: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A file with all that the other guide's has: lists hold its entries after this guide's own, which keep their ids."""
    data = {**there, **own}
    for word, entries in there.items():
        if isinstance(entries, list):
            kept = own.get(word, [])
            ids = {entry.get("id") for entry in kept if isinstance(entry, dict)}
            data[word] = [*kept, *({"id": one["id"], WORD: name} for one in entries if one["id"] not in ids)]
    return data


def _leave_out(files: dict[str, dict[str, Any]], entries: list[dict[str, Any]]) -> None:
    """Keeps the items of borrowed symptoms that these files have, and of the symptoms those that have any."""
    items = set()
    for data in files.values():
        listed = (*data.get("note", ()), *data.get("question", ()))
        items |= {entry.get("id") for entry in listed if isinstance(entry, dict)}
        items |= set(data["step"].get("checks", ())) if isinstance(data.get("step"), dict) else set()
    for entry in entries:
        if "items" in entry:
            entry["items"] = [item for item in entry["items"] if item in items]
    for data in files.values():
        if "symptom" in data:
            data["symptom"] = [entry for entry in data["symptom"] if entry.get("items") != []]


def _entry(files: Files, word: str, id_: object) -> dict[str, Any] | None:
    """The entry of that id in lists of that name, with the day of its file."""
    for data in files.values():
        for entry in data.get(word, ()):
            if isinstance(entry, dict) and entry.get("id") == id_:
                basis, day = entry.get("basis"), data.get("basis", {}).get("checked")
                dated = {"basis": {"checked": day, **basis}} if isinstance(basis, dict) and day else {}
                return {**entry, **dated}
    return None


def _offered(files: Files) -> dict[str, set[str]]:
    """The answers of each question that has choices."""
    return {
        entry["id"]: {"yes", "no"}
        if entry.get("kind") == "yesno"
        else {choice.get("value") for choice in entry.get("choices", ())}
        for data in files.values()
        for entry in data.get("question", ())
        if isinstance(entry, dict) and "id" in entry
    }


def _narrow(entries: list[dict[str, Any]], offered: Mapping[str, set[str]]) -> None:
    for entry in entries:
        for part in (entry, *entry.get("choices", ())):
            for word in ("applies", "unless", "office"):
                if word in part:
                    groups = part[word] if isinstance(part[word], list) else [part[word]]
                    part[word] = [kept for group in groups if (kept := _group(group, offered))]
                    if not part[word]:
                        del part[word]


def _group(group: Mapping[str, Any], offered: Mapping[str, set[str]]) -> dict[str, Any] | None:
    """The alternative with the answers that there are; None where it can never be met."""
    kept = {}
    for question, answers in group.items():
        if question not in offered:
            return None
        known = offered[question]
        kept[question] = [answer for answer in answers if not known or answer in known]
        if not kept[question]:
            return None
    return kept


def _words(value: object) -> Iterator[str]:
    """Every text under `page` or `link` in these tables."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key in ("page", "link") and isinstance(one, str):
                yield one
            else:
                yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
