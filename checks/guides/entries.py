"""The guide's files read into steps, questions, notes and pages; whatever is ill-formed is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from checks.model import Scope as Reach
from checks.rules.conditions import parse_when
from checks.rules.scope import Code, Default, Row, Scope
from checks.steps import (
    Basis,
    Choice,
    Confidence,
    Note,
    NoteKind,
    Page,
    Question,
    Standing,
    Step,
    TakesKind,
    Validity,
)
from checks.text import LANGS, Text

GUIDE = ("case", "step1", "step2", "step3", "step4", "step5", "step6", "step7")


class GuideError(ValueError):
    """The guide is not well-formed; says in which file and entry."""


@cache
def read_guide(name: str, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """A guide's files as plain data, by name; `folder` holds the guides, None means those of the program."""
    import tomllib

    folder = (folder or Path(__file__).parent) / name
    return {
        name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
        for name in (*GUIDE, "links", "scope")
    }


def pages(data: Mapping[str, Any]) -> dict[str, Page]:
    """The pages of `links.toml` by their ids; raises `GuideError` for an entry that is not one."""
    pages = {}
    for key, page in data["links"].items():
        try:
            _known(page, PAGE)
            pages[key] = Page(
                key, page["url"], _text(page["title"]), page.get("read"), page.get("official", True)
            )
        except (KeyError, TypeError, ValueError) as error:
            raise GuideError(f"links.toml: {key}: {error!r}") from error
    return pages


def step(name: str, data: Mapping[str, Any]) -> Step:
    """The step of one of the guide's files; raises `GuideError` for what is not part of one."""
    where = "step"
    try:
        _known(data, FILE)
        head = data["step"]
        _known(head, HEAD)
        default = data["basis"]
        number = int(head["number"])
        notes, questions = [], []
        for entry in data.get("note", ()):
            where = str(entry.get("id"))
            notes.append(_note(entry, default))
        for entry in data.get("question", ()):
            where = str(entry.get("id"))
            questions.append(_question(entry, number, default))
        where = "step"
        return Step(
            number=number,
            id=head["id"],
            title=_text(head["title"]),
            short=_text(head["short"]),
            link=head["link"],
            applies=parse_when(head.get("applies")),
            not_needed=_optional(head.get("not_needed")),
            notes=tuple(notes),
            questions=tuple(questions),
            checks=tuple(head.get("checks", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GuideError(f"{name}.toml: {where}: {error!r}") from error


FILE = {"step", "basis", "note", "question", "validity"}
HEAD = {"number", "id", "title", "short", "link", "applies", "not_needed", "checks"}
PAGE = {"url", "title", "read", "official"}
NOTE = {"id", "kind", "text", "basis", "applies"}
QUESTION = {
    "id", "kind", "text", "help", "basis", "choices", "applies", "required", "scope", "after", "wait_hours",
    "due_from", "due_days", "document", "short", "yes", "no", "yes_hint", "no_hint",
}  # fmt: skip
CHOICE = {"value", "text", "standing", "hint", "applies"}
VALIDITY = {"question", "name", "months", "approximate", "basis"}
SCOPE = {"basis", "assumed", "undecided", "row"}
DEFAULT = {"question", "value", "applies"}
ROW = {"id", "code", "refuses", "text", "remedy", "basis", "applies"}
"""The words that may stand in the files: any other one is a slip of the pen."""


def _known(entry: Mapping[str, Any], words: set[str]) -> None:
    unknown = sorted(set(entry) - words)
    if unknown:
        raise ValueError(f"unknown word: {unknown[0]}")


def _one_of(value: object, words: tuple[str, ...]) -> Any:
    if value not in words:
        raise ValueError(f"not one of {', '.join(words)}: {value}")
    return value


def _note(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Note:
    _known(entry, NOTE)
    return Note(
        id=entry["id"],
        kind=_one_of(entry["kind"], get_args(NoteKind)),
        text=_text(entry["text"]),
        basis=_basis(entry, default),
        applies=parse_when(entry.get("applies")),
    )


def validity(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Validity:
    """How long a paper can be used; raises `GuideError` for an ill-formed entry."""
    try:
        _known(entry, VALIDITY)
        return Validity(
            entry["question"],
            _text(entry["name"]),
            int(entry["months"]),
            entry.get("approximate", False),
            _basis(entry, default),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GuideError(f"validity: {entry.get('question')}: {error!r}") from error


def scope(data: Mapping[str, Any], steps: Mapping[str, int]) -> Scope:
    """The rules of `scope.toml`; `steps` has each step's number. Raises `GuideError` for what is not one."""
    where = "scope"
    try:
        _known(data, SCOPE)
        rows = []
        for entry in data.get("row", ()):
            where = str(entry.get("id"))
            rows.append(_row(entry, data["basis"], steps))
        where = "assumed, undecided"
        assumed, undecided = (
            tuple(_default(entry) for entry in data.get(name, ())) for name in ("assumed", "undecided")
        )
        return Scope(tuple(rows), assumed, undecided)
    except (KeyError, TypeError, ValueError) as error:
        raise GuideError(f"scope.toml: {where}: {error!r}") from error


def _row(entry: Mapping[str, Any], default: Mapping[str, Any], steps: Mapping[str, int]) -> Row:
    _known(entry, ROW)
    refuses = entry.get("refuses", [])
    row = Row(
        id=entry["id"],
        code=_one_of(entry["code"], tuple(code for code in get_args(Code) if code != "unanswered")),
        applies=parse_when(entry["applies"]),
        basis=_basis(entry, default),
        refuses=frozenset(steps.values() if refuses == "application" else (steps[id_] for id_ in refuses)),
        text=_optional(entry.get("text")),
        remedy=_optional(entry.get("remedy")),
    )
    if bool(row.refuses) == (row.code == "fits") or (row.text is None) != (row.code == "fits"):
        raise ValueError("a row refuses something and says why, or it fits")
    return row


def _default(entry: Mapping[str, Any]) -> Default:
    _known(entry, DEFAULT)
    return Default(entry["question"], parse_when(entry["applies"]), entry.get("value", ""))


YES = Text("はい", "Yes")
NO = Text("いいえ", "No")


def _question(entry: Mapping[str, Any], step: int, default: Mapping[str, Any]) -> Question:
    _known(entry, QUESTION)
    kind = _one_of(entry["kind"], get_args(TakesKind))
    if kind == "yesno":
        choices: tuple[Choice, ...] = (
            Choice("yes", YES, _standing(entry.get("yes", "done")), _optional(entry.get("yes_hint"))),
            Choice("no", NO, _standing(entry.get("no", "to-do")), _optional(entry.get("no_hint"))),
        )
    else:
        choices = tuple(_choice(choice) for choice in entry.get("choices", ()))
    if (kind == "choice") != (len(choices) > 1 and kind != "yesno"):
        raise ValueError("choices are for the kind choice")
    return Question(
        id=entry["id"],
        step=step,
        kind=kind,
        text=_text(entry["text"]),
        help=_optional(entry.get("help")),
        basis=_basis(entry, default),
        choices=choices,
        applies=parse_when(entry.get("applies")),
        required=entry.get("required", True),
        scope=_one_of(entry.get("scope", "case"), get_args(Reach)),
        after=entry.get("after", ""),
        wait_hours=entry.get("wait_hours", 0),
        due_from=entry.get("due_from", ""),
        due_days=entry.get("due_days", 0),
        document=entry.get("document", False),
        short=_optional(entry.get("short")),
    )


def _choice(entry: Mapping[str, Any]) -> Choice:
    _known(entry, CHOICE)
    return Choice(
        entry["value"],
        _text(entry["text"]),
        _standing(entry.get("standing", "done")),
        _optional(entry.get("hint")),
        parse_when(entry.get("applies")),
    )


def _standing(value: object) -> Standing:
    return cast(Standing, _one_of(value, get_args(Standing)))


def _basis(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Basis:
    """Page and confidence stand in every entry; only the day may be the file's."""
    given = entry["basis"]
    checked = given.get("checked", default["checked"])
    if not isinstance(checked, date):
        raise ValueError("no day on which it was checked")
    return Basis(given["page"], checked, _one_of(given["confidence"], get_args(Confidence)))


def _text(data: Mapping[str, str]) -> Text:
    return Text(**{lang: data[lang] for lang in LANGS if lang in data})


def _optional(data: Mapping[str, str] | None) -> Text | None:
    return None if data is None else _text(data)
