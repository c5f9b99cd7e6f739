"""Japanese line breaking (kinsoku) and cell widths, for the screen and for every report.

Rules: JLREQ (W3C, Requirements for Japanese Text Layout) 3.1.7 and 3.1.8, and UAX #14 where both scripts
meet. Lines are only ever shortened (oidashi), never stretched or hung. Widths agree with the ones Textual
lays out by, so that what is wrapped here is never wrapped a second time there.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

_NO_START = frozenset(
    "、。，．・：；？！‼⁇⁈⁉゛゜´｀ヽヾゝゞ々〻ー‐–〜～…‥"
    "’”）〕］｝〉》」』】〙〗〟｠»｡､･｣ｰﾞﾟ％‰℃°′″"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯ"
)
_NO_END = frozenset("‘“（〔［｛〈《「『【〘〖〝｟«｢￥￡＄№")
_CLOSES = frozenset(")]},.:;!?%")
_OPENS = frozenset("([{")
_QUOTES = frozenset("\"'")
_PAIRED = frozenset("…‥—―")
_SPACES = " \u3000"
_NICE_AFTER = frozenset("/-_.?&=,:;@%+#\\")

# How good a place for a break is; a line breaks at the last place of the best kind it has.
_VIOLATION, _IN_WORD, _NICE_IN_WORD, _FREE = range(1, 5)

_EMOJI_STYLE = (
    "23 2a 30-39 a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 2328 23cf 23ed-23ef 23f1-23f2 23f8-23fa "
    "24c2 25aa-25ab 25b6 25c0 25fb-25fc 2600-2604 260e 2611 2618 261d 2620 2622-2623 2626 262a 262e-262f "
    "2638-263a 2640 2642 265f-2660 2663 2665-2666 2668 267b 267e 2692 2694-2697 2699 269b-269c 26a0 26a7 "
    "26b0-26b1 26c8 26cf 26d1 26d3 26e9 26f0-26f1 26f4 26f7-26f9 2702 2708-2709 270c-270d 270f 2712 2714 "
    "2716 271d 2721 2733-2734 2744 2747 2763-2764 27a1 2934-2935 2b05-2b07 1f170-1f171 1f17e-1f17f 1f321 "
    "1f324-1f32c 1f336 1f37d 1f396-1f397 1f399-1f39b 1f39e-1f39f 1f3cb-1f3ce 1f3d4-1f3df 1f3f3 1f3f5 "
    "1f3f7 1f43f 1f441 1f4fd 1f549-1f54a 1f56f-1f570 1f573-1f579 1f587 1f58a-1f58d 1f590 1f5a5 1f5a8 "
    "1f5b1-1f5b2 1f5bc 1f5c2-1f5c4 1f5d1-1f5d3 1f5dc-1f5de 1f5e1 1f5e3 1f5e8 1f5ef 1f5f3 1f5fa 1f6cb "
    "1f6cd-1f6cf 1f6e0-1f6e5 1f6e9 1f6f0 1f6f3 "
)
"""Narrow characters (hexadecimal) that U+FE0F turns into two cells: emoji-variation-sequences.txt of Unicode."""

_WIDE_SYMBOLS = ((0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D356), (0x1D360, 0x1D376))
"""First and last of the symbols that Unicode 16 made wide, whatever Unicode this Python knows."""


@cache
def char_width(char: str) -> int:
    """Cells one character takes by itself: 0, 1 or 2. East-Asian-ambiguous ones take one here."""
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return 0
    if code < 0x300:
        return 1
    if 0x1F3FB <= code <= 0x1F3FF or code in (0x3164, 0xFFA0):  # skin tones, fillers
        return 0
    if 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF:  # jamo that join the one before
        return 0
    if any(low <= code <= high for low, high in _WIDE_SYMBOLS):
        return 2
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Mc", "Zl", "Zp"):
        return 0
    if category == "Cf":
        return 1 if (0x600 <= code <= 0x8E2 and code != 0x61C) or code in (0x110BD, 0x110CD) else 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def is_ambiguous(char: str) -> bool:
    """Whether terminals disagree (one cell or two) about this character: class A of UAX #11, marks excepted."""
    return char > "\x7f" and unicodedata.east_asian_width(char) == "A" and char_width(char) > 0


def cell_width(text: str, *, ambiguous_wide: bool = False) -> int:
    """Cells that `text` takes on a terminal; ambiguous characters count one, or two if asked."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(width for _, width in graphemes(text, ambiguous_wide=ambiguous_wide))


def graphemes(text: str, *, ambiguous_wide: bool = False) -> list[tuple[str, int]]:
    """What must not be torn apart: (characters, cells), each a base with its marks, selectors and joiners."""
    found: list[tuple[str, int]] = []
    joined = False
    for char in text:
        width = 0 if joined else char_width(char)  # what follows a joiner belongs to what stands before it
        if width:
            if ambiguous_wide and is_ambiguous(char):
                width = 2
            found.append((char, width))
        elif not found:
            found.append((char, 0))
        else:
            base, cells = found[-1]
            if char == "\ufe0f" and not joined and cells == 1 and base[0] in widened_by_selector():
                cells = 2
            found[-1] = (base + char, cells)
        joined = char == "\u200d" and not joined
    return found


@cache
def widened_by_selector() -> frozenset[str]:
    """The narrow characters that U+FE0F turns into pictures of two cells."""
    ranges = (part.partition("-") for part in _EMOJI_STYLE.split())
    return frozenset(
        chr(code) for low, _, high in ranges for code in range(int(low, 16), int(high or low, 16) + 1)
    )


def fit(text: str, width: int) -> str:
    """`text` in at most `width` cells; what is cut off is marked by `..`."""
    if cell_width(text) <= width:
        return text
    if width < 3:
        return "." * max(0, width)
    kept, used = [], 0
    for chars, cells in graphemes(text):
        if used + cells > width - 2:
            break
        kept.append(chars)
        used += cells
    return "".join(kept) + ".."


def wrap(text: str, width: int, *, ambiguous_wide: bool = False, indent: int = 0) -> list[str]:
    """The lines of `text` in a column of `width` cells (at least 2), broken by kinsoku rules.

    Line breaks in the text stay. Spaces at a break are dropped, everything else is kept. Continuation lines
    begin with `indent` blanks. A word or URL is broken only when it alone is wider than the line, and then
    behind a slash, dot or hyphen where it has one.
    """
    return list(_wrap(text, max(2, width), ambiguous_wide, indent))


@lru_cache(maxsize=512)
def _wrap(text: str, width: int, ambiguous_wide: bool, indent: int) -> tuple[str, ...]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    indent = indent if 0 < indent <= width - 2 else 0
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph.rstrip(_SPACES), width, indent, ambiguous_wide)
    return tuple(lines)


def _wrap_paragraph(text: str, width: int, indent: int, ambiguous_wide: bool) -> list[str]:
    if len(text) <= width and text.isascii() and text.isprintable():
        return [text]
    units = graphemes(text, ambiguous_wide=ambiguous_wide)
    kinds = _break_kinds([chars for chars, _ in units])
    lines: list[str] = []
    start = 0
    while True:
        prefix = " " * indent if lines else ""
        end, kind = _line_end(units, kinds, start, width - len(prefix))
        if kind != _FREE and end < len(units) and units[start][0] in _SPACES:
            while units[start][0] in _SPACES:  # give up the blanks in front before breaking a word
                start += 1
            end, kind = _line_end(units, kinds, start, width - len(prefix))
        line = "".join(chars for chars, _ in units[start:end])
        lines.append(prefix + line.rstrip(_SPACES))
        start = end
        while start < len(units) and units[start][0] in _SPACES:
            start += 1
        if start >= len(units):
            return lines


def _line_end(units: list[tuple[str, int]], kinds: list[int], start: int, width: int) -> tuple[int, int]:
    """Where the line that begins at `start` ends (the index after its last unit), and how good that place is."""
    used = 0
    best, best_kind = start + 1, 0
    for index in range(start, len(units)):
        chars, cells = units[index]
        if index > start and kinds[index] >= best_kind:
            best, best_kind = index, kinds[index]
        used += cells
        if used > width and chars not in _SPACES:
            return best, best_kind
    return len(units), _FREE


def _break_kinds(units: list[str]) -> list[int]:
    """For each unit, how good a break in front of it is; 0 for the first one and for blanks."""
    kinds = [0] * len(units)
    previous = ""
    spaced = False
    for index, unit in enumerate(units):
        char = unit[0]
        if char in _SPACES:
            spaced = True
            continue
        if previous:
            following = units[index + 1][0] if index + 1 < len(units) else " "
            kinds[index] = _between(previous, char, following, spaced)
        previous, spaced = char, False
    return kinds


def _between(left: str, right: str, following: str, spaced: bool) -> int:
    """How good a break is between two characters, with blanks between them or not."""
    if right in _NO_START or left in _NO_END:
        return _VIOLATION
    if spaced:
        if right in _CLOSES and not _is_word(following):
            return _VIOLATION
        return _VIOLATION if left in _OPENS else _FREE
    if right in _CLOSES or left in _OPENS or (left == right and left in _PAIRED):
        return _VIOLATION
    word_left, word_right = _is_word(left), _is_word(right)
    if word_left and word_right:
        nice = left in _NICE_AFTER and right.isalnum()
        return _NICE_IN_WORD if nice else _IN_WORD
    if left in _QUOTES or right in _QUOTES:
        return _VIOLATION
    return _FREE


@cache
def _is_word(char: str) -> bool:
    """Whether the character is part of words that stay whole: Latin and the like, full-width letters and digits too."""
    if char in _SPACES:
        return False
    if "０" <= char <= "ｚ":
        return char.isalnum()
    if "｡" <= char <= "ﾟ" or char in "\u2019\u201d":
        return char in "\u2019\u201d"
    if char.isascii():
        return True
    return char_width(char) == 1 and unicodedata.category(char)[0] in "LNM"
