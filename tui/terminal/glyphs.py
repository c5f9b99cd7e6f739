"""The two sets of glyphs, and the substitution that keeps ambiguous characters off the screen.

Terminals disagree whether characters of East-Asian class A (UAX #11: `●`, `…`, `─`, `×` …) take one cell or
two. `safe` draws none of them anywhere; `narrow` is for terminals known to draw them in one cell.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from checks.record import dataclass
from checks.wrap import char_width, is_ambiguous


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Everything on the screen that is drawn rather than written."""

    name: str
    rule: str
    """One cell of a horizontal line; `bar_line` of a vertical one."""
    bar_line: str
    open: str
    """In front of an unfolded step: one cell and a blank."""
    closed: str
    """In front of a folded step and of a field that is being filled in."""
    bar_left: str
    bar_full: str
    bar_empty: str
    bar_right: str
    up: str
    down: str
    left: str
    right: str
    measured: bool = False
    """This terminal was asked and draws ambiguous characters in one cell."""


SAFE = Glyphs(
    name="safe",
    rule="-",
    bar_line="|",
    open="v ",
    closed="> ",
    bar_left="[",
    bar_full="#",
    bar_empty=".",
    bar_right="]",
    up="^",
    down="v",
    left="<-",
    right="->",
)
"""No East-Asian-ambiguous character."""

NARROW = Glyphs(
    name="narrow",
    rule="─",
    bar_line="│",
    open="▾ ",
    closed="▸ ",
    bar_left="▕",
    bar_full="█",
    bar_empty="▁",
    bar_right="▏",
    up="↑",
    down="↓",
    left="←",
    right="→",
)
"""For terminals that draw ambiguous characters in one cell."""

_WRITTEN = {
    "…": "..", "‥": "..", "×": "x", "÷": "/", "→": "->", "←": "<-", "↑": "^", "↓": "v", "↔": "<->", "⇒": "=>",
    "⇔": "<=>", "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "―": "-", "‖": "||", "•": "・", "·": "・",
    "※": "*", "●": "*", "○": "〇", "◎": "〇", "◯": "〇", "■": "#", "□": "[]", "◆": "*", "◇": "<>", "★": "*", "☆": "*",
    "▲": "^", "△": "^", "▼": "v", "▽": "v", "▶": ">", "▷": ">", "◀": "<", "◁": "<", "◉": "*", "♂": "male", "♀": "female",
    "°": "度", "℃": "度C", "±": "+/-", "§": "S.", "¶": "P.", "†": "+", "‡": "++", "‰": "/1000", "′": "'", "″": '"',
    "´": "'", "¨": '"', "¸": ",", "¡": "!", "¿": "?", "ª": "a", "º": "o", "¤": "$", "®": "(R)", "™": "TM", "€": "EUR",
    "№": "No.", "℡": "TEL", "℉": "度F", "Å": "A", "Ω": "ohm", "\u00ad": "", "ß": "ss", "Æ": "AE", "æ": "ae", "Ø": "O",
    "ø": "o", "Ð": "D", "ð": "d", "Đ": "D", "đ": "d", "Þ": "Th", "þ": "th", "Ħ": "H", "ħ": "h", "ı": "i", "Ł": "L",
    "ł": "l", "ĸ": "q", "Ŋ": "NG", "ŋ": "ng", "Œ": "OE", "œ": "oe", "Ŧ": "T", "ŧ": "t", "∞": "oo", "≒": "=~", "≠": "!=",
    "≡": "==", "≦": "<=", "≧": ">=", "≤": "<=", "≥": ">=", "≪": "<<", "≫": ">>", "√": "root", "∴": ":.", "∵": "'.",
    "∥": "||", "∠": "angle", "−": "-", "∑": "sum", "∏": "prod", "∈": "in", "♪": "*", "♯": "#", "♭": "b", "〒": "〒",
    "\ufffd": "?",
}  # fmt: skip

_CELL = {"●": "*", "•": "*", "○": "o", "◎": "o", "▲": "^", "△": "^", "▼": "v", "▽": "v", "▶": ">", "◀": "<", "■": "#",
         "□": "#", "★": "*", "☆": "*", "◆": "*", "◇": "*", "→": ">", "←": "<", "↑": "^", "↓": "v", "…": ".", "×": "x",
         "—": "-", "–": "-", "―": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "※": "*", "·": ".", "°": "o"}  # fmt: skip


@lru_cache(maxsize=4096)
def substitute(text: str, glyphs: Glyphs) -> str:
    """`text` as this set of glyphs may show it; in `safe` every ambiguous character in an unambiguous form.

    For outside text and for our own sentences, before anything is measured or laid out.
    """
    if glyphs.name != "safe" or text.isascii():
        return text
    return "".join(_safe_form(char) for char in unicodedata.normalize("NFC", text))


@cache
def _safe_form(char: str) -> str:
    if not is_ambiguous(char):
        return char
    written = _WRITTEN.get(char)
    if written is not None:
        return written
    code = ord(char)
    if 0x2500 <= code <= 0x259F:
        return _box_or_block(char)
    if 0x2460 <= code <= 0x24FF or 0x2776 <= code <= 0x2793 or 0x3248 <= code <= 0x324F:
        # circled and bracketed numbers and letters
        inner = unicodedata.normalize("NFKC", char).strip("().")
        number = unicodedata.numeric(char, None)
        inner = inner if inner.isascii() and inner else f"{number:g}" if number is not None else "*"
        return f"({inner})"
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if char_width(c))
    plain = plain.replace("\u2044", "/")
    if plain and plain != char:
        return "".join(map(_safe_form, plain))
    return _spelled(char)


def _box_or_block(char: str) -> str:
    if char in "─━┄┅┈┉╌╍═╴╶╸":
        return "-"
    if char in "│┃┆┇┊┋╎╏║╵╷╹":
        return "|"
    return "#" if char >= "\u2580" else "+"


def _spelled(char: str) -> str:
    """Greek and Cyrillic by the letter's name, the rest as a question mark: shown as unreadable, not lost."""
    name = unicodedata.name(char, "")
    script, _, rest = name.partition(" ")
    if script not in ("GREEK", "CYRILLIC") or " LETTER " not in rest:
        return "?"
    case, _, letter = rest.partition(" LETTER ")
    letter = letter.split(" ")[0]
    return letter.lower() if case == "SMALL" else letter.capitalize()


@cache
def one_cell(char: str) -> str:
    """An unambiguous character of one cell for an ambiguous one that reached the screen after the layout.

    The last safety net, used by the driver in `safe`: frames, scroll bars and whatever a widget draws by itself.
    """
    form = _CELL.get(char) or _safe_form(char)
    return form[0] if form and char_width(form[0]) == 1 and not is_ambiguous(form[0]) else "?"
