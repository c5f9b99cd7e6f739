"""The settings file `config.toml`: what a person set once for all sessions. Flags and the environment come before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from checks.record import dataclass, field
from checks.shown import show
from checks.text import LANGS, Lang, Text
from state.errors import BadSettings, StateError, place_in
from state.file import files
from state.file.document import NotToml, decode_text, line_of, parse_toml

Glyphs = Literal["auto", "safe", "narrow"]

_LIMIT = 64 * 1024
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings file says; None where it says nothing."""

    lang: Lang | None = None
    glyphs: Glyphs | None = None
    theme: str | None = None
    portal: str | None = None
    """HOST or HOST:PORT."""
    proxy: str | None = field(default=None, repr=False)
    """A URL; never shown, since it may hold a password."""
    ca_file: str | None = None
    timeout: float | None = None
    """Seconds."""
    offline: bool | None = None


def read_settings(path: Path) -> Settings:
    """The settings in a file, all None when there is no file; raises `BadSettings` with file, key and line."""
    try:
        raw = files.read(path, _LIMIT)
    except StateError as error:
        raise BadSettings(error.text) from None
    if raw is None:
        return Settings()
    try:
        text = decode_text(raw)
        table = parse_toml(text)
    except NotToml as error:
        raise _bad(path, error.why, error.line) from None
    known: dict[str, Any] = {}
    for written, value in table.items():
        key = written.replace("-", "_")
        if key not in _KEYS:  # passed over in silence, a misspelt `offline` would go into the network
            raise _bad(path, _UNKNOWN, line_of(text, (written,)), show(written, 60))
        good, expected = _KEYS[key]
        if not good(value):
            raise _bad(path, expected, line_of(text, (written,)), written)
        known[key] = float(value) if key == "timeout" else value
    return Settings(**known)


def _bad(path: Path, why: Text, line: int | None, key: str = "") -> BadSettings:
    place = place_in(path, line, key)
    return BadSettings(Text(f"{place.ja}: {why.ja}。", f"{place.en}: {why.en}."), line=line, key=key)


def _matches(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_portal(value: object) -> bool:
    match = _HOST.fullmatch(value) if isinstance(value, str) else None
    return match is not None and (match[1] is None or 0 < int(match[1]) < 65536)


def _one_of(*choices: str) -> tuple[Callable[[object], bool], Text]:
    said = " / ".join(choices)
    return _matches("|".join(choices)), Text(f"{said} のどれかが必要です", f"one of {said} is expected")


_KEYS: dict[str, tuple[Callable[[Any], bool], Text]] = {
    "lang": _one_of(*LANGS),
    "glyphs": _one_of("auto", "safe", "narrow"),
    "theme": _one_of("dark", "light", "contrast"),
    "portal": (_is_portal, Text("HOST または HOST:PORT が必要です", "HOST or HOST:PORT is expected")),
    "proxy": (
        _matches(r"(?i:https?://[^\s/?#]+/?)?"),
        Text("http://HOST:PORT の形が必要です", "http://HOST:PORT is expected"),
    ),
    "ca_file": (_matches(r"[^\0]+"), Text("ファイル名が必要です", "a file name is expected")),
    "timeout": (
        lambda value: type(value) in (int, float) and 0 < value <= 600,
        Text("0より大きく600以下の秒数が必要です", "seconds above 0 and up to 600 are expected"),
    ),
    "offline": (
        lambda value: isinstance(value, bool),
        Text("trueかfalseが必要です", "true or false is expected"),
    ),
}

_UNKNOWN = Text(
    f"この名前の設定はありません（あるもの: {'、'.join(_KEYS)}）",
    f"there is no such setting (there are: {', '.join(_KEYS)})",
)
