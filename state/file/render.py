"""The text of a session file: our layout, tomli-w's notation for every single value.

Entries are independent pieces of text. A piece that was proved once by reading it back is not made again, so that a save
costs what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from checks.text import Text
from state.errors import CannotWrite
from state.file import document, encode
from state.file.document import Table
from state.file.known_text import Pieces, pieces_of
from state.session_data import MAX_REV, SessionData

KINDS = ("answer", "waiver")
"""Whose changes the history keeps, each in a list of its own."""
HEAD = """\
# oss-junbi のセッションファイルです。UTF-8で手で直せます。[end] の answers は [answers] の数です。
# パスワードや暗証番号は書かれていません。書かないでください。
# A session of oss-junbi. It may be edited by hand, in UTF-8; "answers" in [end] counts the entries of [answers].
# It holds no password and no PIN. Write none into it.
"""


class Writer:
    """Makes the bytes of a session, remembering the proved pieces of the last time."""

    def __init__(self) -> None:
        self._old: Pieces | None = None
        self._new: Pieces = {}

    def learn(self, data: SessionData, raw: bytes | None) -> None:
        """Before the first save: what is on the disk, and the session that was read from it."""
        if self._old is None and raw is not None:
            self._old = pieces_of(data, raw)

    def bytes_of(self, data: SessionData) -> bytes:
        """The bytes of a session file, with end table and checksum.

        Raises `CannotWrite` when something does not read back as what was meant, or the file would be larger than we
        would read; nothing has been touched then.
        """
        if data.top() > MAX_REV:
            raise CannotWrite(_NOT_SAME)  # a file with such numbers would not be read again
        self._new = {}
        loose: encode.Table = {"schema": data.schema}
        tables: list[str] = []
        for key, value in encode.unknown(data).items():
            if _plain({key: value}).startswith("["):
                tables.append(_plain({key: value}))
            else:
                loose[key] = value
        parts = [HEAD, self._plain(loose), self._plain({"session": encode.session_table(data)})]
        if data.takeover is not None:
            parts.append(_plain({"takeover": encode.takeover_table(data.takeover)}))
        parts += self._entries("answers", {**data.answers, **data.unread}, encode.answer_table)
        parts += self._entries("cleared", data.cleared, encode.stamp_table)
        parts += self._entries("results", data.results, encode.result_table)
        parts += self._entries("waivers", data.waivers, encode.waiver_table)
        parts += self._entries("withdrawn", data.withdrawn, encode.stamp_table)
        parts += self._entries("drafts", data.drafts, encode.draft_table)
        for name, table in encode.small_tables(data).items():
            if table:
                parts.append(self._plain({name: table}))
        answers, waivers = (tuple(one for one in data.history if one.kind == kind) for kind in KINDS)
        rows = {"changes": answers} | ({"waivers": waivers} if waivers else {})
        parts += self._rows(data, "history", rows, encode.change_table)
        parts += self._rows(data, "conflicts", {"entries": data.conflicts}, encode.conflict_table)
        parts += tables
        parts.append(self._plain({"end": encode.end_table(data)}))
        raw = document.seal("\n".join(parts) + "\n")
        if len(raw) > document.MAX_BYTES:
            raise CannotWrite(_TOO_LARGE)
        self._old = self._new
        return raw

    def _entries(self, name: str, entries: Mapping[str, Any], table_of: Callable[[Any], Table]) -> list[str]:
        def make(key: str) -> Callable[[Any], str]:
            return lambda entry: _entry(name, key, table_of(entry))

        return [self._piece(name, key, entries[key], make(key)) for key in sorted(entries)]

    def _rows(
        self,
        data: SessionData,
        name: str,
        lists: Mapping[str, tuple[Any, ...]],
        table_of: Callable[[Any], Table],
    ) -> list[str]:
        rest = encode.beside(data, name)
        if not any(lists.values()) and not rest:
            return []
        text = self._plain({name: {key: [] for key in lists} | rest})
        for key, rows in lists.items():
            lines = [
                self._piece(name, f"{key} {number}", row, lambda r: _row(table_of(r)))
                for number, row in enumerate(rows)
            ]
            text = text.replace(f"{key} = []\n", f"{key} = [\n{''.join(lines)}]\n", 1)
        return [text]

    def _plain(self, table: Table) -> str:
        """Tables that are written as a whole; the same ones are not made again."""
        where = ("", next(iter(table)))
        known = (self._old or {}).get(where)
        text = known[1] if known is not None and document.same(known[0], table) else _plain(table)
        self._new[where] = (table, text)
        return text

    def _piece(self, name: str, id: str, entry: object, make: Callable[[Any], str]) -> str:  # noqa: A002
        known = (self._old or {}).get((name, id))
        text = known[1] if known is not None and known[0] is entry else make(entry)
        self._new[name, id] = (entry, text)
        return text


_TOO_LARGE = Text(
    "セッションが大きくなりすぎたため保存できません (上限1 MiB)。長いメモを減らしてください。",
    "The session has grown too large to be saved (limit 1 MiB). Please shorten long notes.",
)
_NOT_SAME = Text(
    "書き込む内容を読み戻して確かめたところ一致しませんでした。ファイルには触れていません。",
    "What was to be written did not read back the same. The file has not been touched.",
)


def _prove(text: str, meant: Table) -> str:
    import tomllib

    try:
        text.encode("utf-8")
        good = document.same(tomllib.loads(text), meant)
    except (ValueError, RecursionError):
        good = False
    if not good:
        raise CannotWrite(_NOT_SAME)
    return text


class _Utc(datetime):
    """A time that is written as in RFC 3339 with a Z."""

    def __str__(self) -> str:
        text = self.isoformat()
        return text[: -len("+00:00")] + "Z" if text.endswith("+00:00") else text


def _dumps(table: Table) -> str:
    import tomli_w

    return tomli_w.dumps(_with_z(table))


def _with_z(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_z(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_z(item) for item in value]
    if isinstance(value, datetime) and value.tzinfo is not None:
        return _Utc.combine(value.date(), value.timetz())
    return value


def _plain(table: Table) -> str:
    return _prove(_dumps(table), table)


def _entry(name: str, id: str, table: Table) -> str:  # noqa: A002 - the word for it
    """One entry under its own header, the values of a finding on one line."""
    values = table.get("values")
    if name != "results" or not values:
        return _plain({name: {id: table}})
    text = _dumps({name: {id: {key: value for key, value in table.items() if key != "values"}}})
    header, outcome, code, rest = text.split("\n", 3)
    lines = (header, outcome, code, f"values = {_inline(values)}", rest)
    return _prove("\n".join(lines), {name: {id: table}})


def _row(table: Table) -> str:
    line = _inline(table)
    _prove(f"row = {line}\n", {"row": table})
    return f"    {line},\n"


def _inline(value: object) -> str:
    """A value on one line, as it may stand in a list or an inline table."""
    if isinstance(value, Mapping):
        pairs = (f"{_dumps({key: 0})[:-5]} = {_inline(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return _dumps({"v": value})[4:-1]
