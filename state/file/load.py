"""The session file read: what is in it, or a diagnosis that names file, key and line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from checks.guide import Guide, Guides
from checks.record import dataclass
from checks.shown import show
from checks.text import Text, counted
from state.errors import SessionTooNew, SessionUnreadable, named, place_in
from state.file import document, files
from state.file.decode import decode, decode_valid
from state.file.document import NotToml
from state.file.entry_types import A_VALUE, Invalid
from state.file.migrate import SAME_TABLES, migrate
from state.file.tables import ANSWERS, KNOWN
from state.session_data import SCHEMA, SessionData


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session as it was read."""

    data: SessionData
    guide: Guide
    raw: bytes
    notices: tuple[Text, ...] = ()
    schema: int = SCHEMA
    """The schema of the file itself: lower when it was migrated, higher when it can only be looked at."""
    whole: bool = False
    """It is unchanged since we, or a version whose tables are ours, wrote it."""
    refusals: tuple[Text, ...] = ()
    """What stands there as an answer and is none, each with file, line, id and what it could be: the first ones. `notices`
    has them too, and how many there are."""


def understand(
    raw: bytes, path: Path, guides: Guides, *, newer: bool = False, encoding: str = "utf-8"
) -> Loaded:
    """The session in these bytes; `path` is for the messages.

    Raises `SessionUnreadable` with file, key and line, `SessionTooNew` unless `newer` asks for what can be understood of it.
    """
    try:
        parsed = document.parse(raw, encoding)
    except NotToml as error:
        raise _diagnosis(path, error.why, error.line) from None
    schema = _schema(parsed, path)
    where = named(path)
    if schema > SCHEMA:
        notice = Text(
            f"{where} は新しい版 (形式{schema}) が書いたファイルのため、見るだけで開きます。変更するには新しい版を使ってください。",
            f"{where} was written by a newer version (format {schema}). It can be looked at only; "
            "use the newer version to change it.",
        )
        if not newer:
            raise SessionTooNew(
                Text(
                    f"{where} は新しい版 (形式{schema}) が書いたファイルです。この版は形式{SCHEMA}までのため、変更せずに終わります。",
                    f"{where} was written by a newer version (format {schema}); this version knows formats up to {SCHEMA} "
                    "and leaves it untouched.",
                ),
                schema,
            )
        data = decode_valid(parsed.tables, guides, path.name.removesuffix(".toml"))
        return Loaded(data, guides(data.guide), raw, (notice,), schema)
    if parsed.whole == "cut":
        last = parsed.text.rstrip("\n").count("\n") + 1
        raise _diagnosis(
            path,
            Text(
                "終わりの部分がありません。途中で切れたファイルのようです ([end] に answers = 数 が必要です)",
                'the end is missing; the file seems to be cut ([end] with "answers = number" is needed)',
            ),
            last,
            "end",
        )
    try:
        tables = migrate(parsed.tables, schema)
        data = decode(tables, guides, path.name.removesuffix(".toml"))
    except Invalid as error:
        raise _diagnosis(path, error.why, document.line_of(parsed.text, error.path), error.key) from None
    guide = guides(data.guide)
    refusals = tuple(_refusals(parsed, data, guide, path))
    notices = _notices(parsed, data, schema, where)
    whole = parsed.whole == "whole" and schema in SAME_TABLES
    if refusals:
        notices += (*refusals, _as_found(len(data.unread)))
    return Loaded(data, guide, raw, notices, schema, whole, refusals)


def _schema(parsed: document.ParsedFile, path: Path) -> int:
    schema = parsed.tables.get("schema")
    if schema is None:
        error = _diagnosis(
            path,
            Text(
                "oss-junbiのセッションではありません (schema がありません)",
                "it is no session of oss-junbi (schema is missing)",
            ),
            1,
            "schema",
        )
        error.foreign = parsed.whole == "cut" and not parsed.tables.keys() & KNOWN
        raise error
    if not isinstance(schema, int) or isinstance(schema, bool) or not 0 <= schema < 10**6:
        line = document.line_of(parsed.text, ("schema",))
        raise _diagnosis(
            path, Text("0以上の整数が必要です", "a whole number from 0 is expected"), line, "schema"
        )
    return schema


def _notices(parsed: document.ParsedFile, data: SessionData, schema: int, where: str) -> tuple[Text, ...]:
    if schema < SCHEMA:
        return (
            Text(
                f"{where} は古い形式{schema}のため、次の保存で形式{SCHEMA}に直します。元のファイルは残します。",
                f"{where} has the older format {schema}; the next save brings it to format {SCHEMA}. The original is kept.",
            ),
        )
    if parsed.whole == "whole":
        return ()
    count = len(parsed.tables.get(ANSWERS.name, {}))
    if parsed.stated is not None and parsed.stated != count:
        return (
            Text(
                f"{where} は手で直されたか壊れています (回答は{parsed.stated}件のはずが{count}件)。内容を確かめてください。",
                f"{where} was edited by hand or damaged ({counted(count, 'answer')} instead of {parsed.stated}). "
                "Please look through the answers.",
            ),
        )
    if data.unread:
        return (Text(f"{where} は手で直されたようです。", f"{where} seems to have been edited by hand."),)
    return (
        Text(
            f"{where} は手で直されたようです。読める内容なので、そのまま受け入れました。",
            f"{where} seems to have been edited by hand. It is valid and was accepted.",
        ),
    )


_NAMED = 10
"""So many of them are told one by one."""


def _as_found(count: int) -> Text:
    return Text(
        f"回答として読めない値が{count}件あります。ファイルにはそのまま残し、未回答として扱います。答え直すと置き換わります。",
        f"Values that are no answers: {count}. They stay in the file as they are and count as not answered; "
        "a new answer replaces them.",
    )


def _refusals(parsed: document.ParsedFile, data: SessionData, guide: Guide, path: Path) -> Iterator[Text]:
    if not data.unread:
        return
    from checks.rules.answers import refusal

    questions = guide.questions
    named = list(data.unread)[:_NAMED]
    places = document.lines_of(parsed.text, [(ANSWERS.name, name, "value") for name in named])
    for name, line in zip(named, places, strict=True):
        question = questions.get(name)
        entry = data.unread[name].entry
        why = refusal(question, entry.get("value")) if question is not None else A_VALUE
        place = place_in(path, line)
        key = "" if question is not None else f"{show(name, 80)}: "
        yield Text(f"{place.ja}: {key}{why.ja}", f"{place.en}: {key}{why.en}")


def _diagnosis(path: Path, why: Text, line: int | None, key: str = "") -> SessionUnreadable:
    place = place_in(path, line, key)
    text = Text(
        f"{place.ja}: {why.ja}。セッションを開けません。ファイルはそのまま残します。",
        f"{place.en}: {why.en}. The session cannot be opened; the file is left as it is.",
    )
    return SessionUnreadable(text, line=line, key=key)


def load(path: Path, guides: Guides, *, newer: bool = False) -> Loaded | None:
    """The session in a file, None when there is no file; raises `SessionUnreadable`, `SessionTooNew`."""
    raw = files.read(path, document.MAX_BYTES)
    return None if raw is None else _again(raw, path, guides, newer)


@lru_cache(maxsize=1)
def _again(raw: bytes, path: Path, guides: Guides, newer: bool) -> Loaded:
    """The same bytes are understood once: a command looks at a session before it opens it to change it."""
    return understand(raw, path, guides, newer=newer)
