"""The bytes of a session file and the plain tables in them: encoding, TOML, end table, checksum, places of errors."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Literal, TypeAlias

from checks.record import dataclass
from checks.shown import show
from checks.text import Text
from state.file import quick_toml
from state.file.entry_types import TomlTable

MAX_BYTES = 1 << 20
"""A session file is some 30 kB; a larger one than this is not read (1 MiB)."""

Whole: TypeAlias = Literal["whole", "edited", "unsealed", "cut"]
"""whole: the checksum is right; edited: it is not; unsealed: there is none, the end table agrees; cut: no sound end."""

_SEAL = re.compile(rb"^# sha256 ([0-9a-f]{64})\n?\Z", re.MULTILINE)
_POSITION = r"\(at (?:line (\d+), column \d+|end of document)\)"
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
# Begun only where a name begins, so that a long name is read once and not once for each of its letters.
_DEEP_KEY = rf"(?<![.A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{150}}"


class NotToml(Exception):
    """The bytes are no session: why, and on which line (from 1; None when no line can be named)."""

    def __init__(self, why: Text, line: int | None = None, key: str = "") -> None:
        super().__init__(why.en)
        self.why = why
        self.line = line
        self.key = key


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The plain tables of a file, and whether the file is whole."""

    tables: TomlTable
    text: str
    whole: Whole
    stated: int | None
    """The number of answers that the end table states."""


def decode_text(raw: bytes, encoding: str = "utf-8") -> str:
    """The characters of a file, without a byte order mark; raises `NotToml` naming the encoding it seems to have."""
    if len(raw) > MAX_BYTES:
        raise NotToml(Text("ファイルが大きすぎます (上限1 MiB)", "the file is too large (limit 1 MiB)"))
    if raw and not raw.strip(b"\0"):
        raise NotToml(
            Text(
                "中身がすべて0です。書き込み中の停電などで失われたようです",
                "it holds nothing but zeros; what was written was probably lost when the power failed",
            )
        )
    if encoding == "utf-8" and utf16(raw):
        raise NotToml(
            Text(
                "文字コードがUTF-16です。UTF-8で保存し直してください",
                "the file is written in UTF-16; save it as UTF-8",
            ),
            1,
        )
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        try:
            raw.decode("cp932")
        except UnicodeDecodeError:
            why = Text("UTF-8として読めない文字があります", "there are bytes that are not UTF-8")
        else:
            why = Text(
                "文字コードがシフトJIS (CP932) のようです。UTF-8で保存し直してください",
                "the file seems to be written in Shift_JIS (CP932); save it as UTF-8",
            )
        raise NotToml(why, line) from None


def utf16(raw: bytes) -> str:
    """The form of UTF-16 that a file is written in, empty for another encoding: by its mark, else because every
    other byte at its beginning is 0."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for name, letters, zeros in (
        ("utf-16-le", raw[:16:2], raw[1:16:2]),
        ("utf-16-be", raw[1:16:2], raw[:16:2]),
    ):
        if len(zeros) == 8 and 0 not in letters and not zeros.strip(b"\0"):
            return name
    return ""


def parse_toml(text: str) -> TomlTable:
    """The tables of a TOML text; raises `NotToml` with the line, whatever the text is."""
    import tomllib

    if "." in text:
        deep = re.search(_DEEP_KEY, text)
        if deep:
            raise _too_deep(text.count("\n", 0, deep.start()) + 1)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(_POSITION, message)
        line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
        words = show(re.sub(_POSITION, "", message).strip(), 160)
        raise NotToml(
            Text(f"TOMLとして読めません ({words})", f"it cannot be read as TOML ({words})"), line
        ) from None
    except RecursionError:
        raise _too_deep(None) from None
    except (ValueError, OverflowError) as error:
        words = show(str(error), 160)
        raise NotToml(
            Text(f"読めない値があります ({words})", f"there is a value that cannot be read ({words})")
        ) from None


def _too_deep(line: int | None) -> NotToml:
    return NotToml(Text("入れ子が深すぎます", "it is nested too deeply"), line)


def parse(raw: bytes, encoding: str = "utf-8") -> ParsedFile:
    """The tables of a file and whether it is whole; raises `NotToml` when there is nothing to read.

    A file that is cut is told by its missing end, since TOML alone cannot tell.
    """
    text = decode_text(raw, encoding)
    if not text.strip():
        raise NotToml(Text("ファイルが空です", "the file is empty"), 1)
    seal = _SEAL.search(raw)
    right = seal is not None and sha256(raw[: seal.start()]).encode() == seal[1]
    # What bears our seal has our layout; a file that somebody edited is read the careful way, which names the line.
    quick = quick_toml.loads(text) if right else None
    tables = parse_toml(text) if quick is None else quick
    end = tables.get("end")
    stated = end.get("answers") if isinstance(end, dict) else None
    if not isinstance(stated, int) or isinstance(stated, bool):
        stated = None
    answers = tables.get("answers")
    whole: Whole = "cut"
    if seal:
        whole = "whole" if right else "edited"
    elif stated is not None and stated == (len(answers) if isinstance(answers, dict) else 0):
        whole = "unsealed"
    if whole != "whole" and stated is None:
        # Schema 0 had no end; a file of ours with that number has been tampered with.
        whole = "unsealed" if seal is None and tables.get("schema") == 0 else "cut"
    return ParsedFile(tables, text, whole, stated)


def sha256(data: bytes) -> str:
    """The checksum in hexadecimal, of Python's own code: `hashlib` would load all of OpenSSL for 30 kB."""
    name = "_sha2" if sys.version_info >= (3, 12) else "_sha256"
    try:
        module = importlib.import_module(name)
    except ImportError:
        module = importlib.import_module("hashlib")
    digest: str = module.sha256(data).hexdigest()
    return digest


def seal(body: str) -> bytes:
    """The bytes of a file: its text and the final line with the checksum of all bytes before it."""
    raw = body.encode("utf-8")
    return raw + f"# sha256 {sha256(raw)}\n".encode()


def same(one: object, other: object) -> bool:
    """Whether two plain values are the same in TOML: 1, 1.0 and true differ, not-a-number equals itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, datetime | time) and isinstance(other, datetime | time):
        # `fold` says which of two equal local times is meant; TOML has no word for it.
        return repr(one.replace(fold=0)) == repr(other.replace(fold=0))
    return one == other


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line (from 1) on which the key `path` is set, or of the table or entry that should hold it; None when unknown."""
    return lines_of(text, [path])[0]


def lines_of(text: str, paths: Sequence[Sequence[str]]) -> list[int | None]:
    """The same for several keys, in one reading.

    Reads headers and keys one line at a time, so a key that only looks like one inside a long string may be taken for it.
    """
    lines: list[int | None] = [None] * len(paths)
    depths = [0] * len(paths)
    header: tuple[str, ...] = ()
    wanted = [tuple(path) for path in paths]
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#") or len(stripped) > 20_000:
            continue
        if stripped.startswith("["):
            header = _keys(stripped) or header
            here = header
        else:
            key = _keys(stripped.split("=", 1)[0].strip() + " = 0") if "=" in stripped else ()
            here = (*header, *key) if key else ()
        for at, one in enumerate(wanted):
            if here and len(here) > depths[at] and here == one[: len(here)]:
                lines[at], depths[at] = number, len(here)
    return lines


def _keys(line: str) -> tuple[str, ...]:
    """The names on the way to the one thing that a line of TOML opens or sets; empty when it is no such line."""
    import tomllib

    try:
        value: object = tomllib.loads(line)
    except (ValueError, RecursionError):
        return ()
    names: list[str] = []
    while True:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        elif isinstance(value, Mapping) and len(value) == 1:
            name, value = next(iter(value.items()))
            names.append(name)
        else:
            return tuple(names)
