"""Finding by what a person types: kanji, kana, romaji in any spelling, or English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from checks.text import Text
from tui.kanji_readings import READINGS

_LONGEST = max(map(len, READINGS))

_ROMAJI = {
    "きゃ": "kya", "きゅ": "kyu", "きょ": "kyo", "しゃ": "sya", "しゅ": "syu", "しょ": "syo", "ちゃ": "tya", "ちゅ": "tyu",
    "ちょ": "tyo", "にゃ": "nya", "にゅ": "nyu", "にょ": "nyo", "ひゃ": "hya", "ひゅ": "hyu", "ひょ": "hyo", "みゃ": "mya",
    "みゅ": "myu", "みょ": "myo", "りゃ": "rya", "りゅ": "ryu", "りょ": "ryo", "ぎゃ": "gya", "ぎゅ": "gyu", "ぎょ": "gyo",
    "じゃ": "zya", "じゅ": "zyu", "じょ": "zyo", "びゃ": "bya", "びゅ": "byu", "びょ": "byo", "ぴゃ": "pya", "ぴゅ": "pyu",
    "ぴょ": "pyo", "ふぁ": "fa", "ふぃ": "fi", "ふぇ": "fe", "ふぉ": "fo", "てぃ": "ti", "でぃ": "di", "しぇ": "sye",
    "じぇ": "zye", "ちぇ": "tye", "うぃ": "wi", "うぇ": "we", "うぉ": "wo", "ゔぁ": "va",
    "あ": "a", "い": "i", "う": "u", "え": "e", "お": "o", "か": "ka", "き": "ki", "く": "ku", "け": "ke", "こ": "ko",
    "さ": "sa", "し": "si", "す": "su", "せ": "se", "そ": "so", "た": "ta", "ち": "ti", "つ": "tu", "て": "te", "と": "to",
    "な": "na", "に": "ni", "ぬ": "nu", "ね": "ne", "の": "no", "は": "ha", "ひ": "hi", "ふ": "hu", "へ": "he", "ほ": "ho",
    "ま": "ma", "み": "mi", "む": "mu", "め": "me", "も": "mo", "や": "ya", "ゆ": "yu", "よ": "yo", "ら": "ra", "り": "ri",
    "る": "ru", "れ": "re", "ろ": "ro", "わ": "wa", "を": "o", "ん": "n", "が": "ga", "ぎ": "gi", "ぐ": "gu", "げ": "ge",
    "ご": "go", "ざ": "za", "じ": "zi", "ず": "zu", "ぜ": "ze", "ぞ": "zo", "だ": "da", "ぢ": "zi", "づ": "zu", "で": "de",
    "ど": "do", "ば": "ba", "び": "bi", "ぶ": "bu", "べ": "be", "ぼ": "bo", "ぱ": "pa", "ぴ": "pi", "ぷ": "pu", "ぺ": "pe",
    "ぽ": "po", "ゔ": "bu", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o", "ゃ": "ya", "ゅ": "yu", "ょ": "yo",
    "ー": "", "っ": "",
}  # fmt: skip

_SPELLINGS = (
    ("n'", "n"), ("-", ""),
    ("sha", "sya"), ("shu", "syu"), ("sho", "syo"), ("shi", "si"), ("she", "sye"), ("cha", "tya"), ("chu", "tyu"),
    ("cho", "tyo"), ("chi", "ti"), ("che", "tye"), ("tchi", "ti"), ("tsu", "tu"), ("fu", "hu"), ("ja", "zya"), ("ju", "zyu"),
    ("jo", "zyo"), ("je", "zye"), ("ji", "zi"), ("jya", "zya"), ("jyu", "zyu"), ("jyo", "zyo"), ("dzu", "zu"), ("di", "zi"),
    ("du", "zu"), ("wo", "o"), ("mb", "nb"), ("mp", "np"), ("mm", "nm"),
    ("ou", "o"), ("oo", "o"), ("uu", "u"), ("aa", "a"), ("ei", "e"), ("ee", "e"), ("ii", "i"),
)  # fmt: skip
"""Hepburn and typing spellings and long vowels, each with what we compare in (Kunrei, long vowels short)."""


@lru_cache(maxsize=4096)
def folded_text(text: str) -> str:
    """Text for comparing: width, case and kind of kana make no difference, blanks neither."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(_hiragana(char) for char in text if not char.isspace())


def _hiragana(char: str) -> str:
    return chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char


@lru_cache(maxsize=4096)
def kana(text: str) -> str:
    """Text with its kanji replaced by their reading, as far as the readings know them; the longest word wins."""
    text = folded_text(text)
    out: list[str] = []
    at = 0
    while at < len(text):
        for size in range(min(_LONGEST, len(text) - at), 0, -1):
            reading = READINGS.get(text[at : at + size])
            if reading is not None:
                out.append(reading)
                at += size
                break
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


@lru_cache(maxsize=4096)
def romaji(text: str) -> str:
    """Kana and Latin letters in one spelling: long vowels short, doubled consonants single."""
    text = folded_text(text)
    out: list[str] = []
    at = 0
    while at < len(text):
        pair = _ROMAJI.get(text[at : at + 2])
        if pair is not None:
            out.append(pair)
            at += 2
        else:
            out.append(_ROMAJI.get(text[at], text[at]))
            at += 1
    spelt = "".join(out).encode("ascii", "ignore").decode()
    for other, ours in _SPELLINGS:
        spelt = spelt.replace(other, ours)
    return re.sub(r"([a-z])\1+", r"\1", spelt)  # `kk` of a small tsu, `nn` of a typed n


class SearchKeys(NamedTuple):
    """What a name is found by: all its spellings, and all its sounds, a line each."""

    spelt: str
    sounds: str


def finder(typed: str) -> Callable[[SearchKeys], bool]:
    """A test for search keys: true when every word typed occurs in one of them."""
    words = [(folded_text(word), _sound(word)) for word in unicodedata.normalize("NFKC", typed).split()]
    return lambda keys: all(
        word in keys.spelt or (bool(sound) and sound in keys.sounds) for word, sound in words
    )


def begins(typed: str, keys: SearchKeys) -> bool:
    """Whether one of the names begins with what is typed."""
    word, sound = "\n" + folded_text(typed), _sound(typed)
    return word in "\n" + keys.spelt or (bool(sound) and "\n" + sound in "\n" + keys.sounds)


def matcher(typed: str) -> Callable[..., bool]:
    """A test for names: `wanted(id, title, …)` is true when every word typed occurs in one of its spellings or sounds."""
    wanted = finder(typed)
    return lambda name, *titles: wanted(search_keys(name, *titles))


def _sound(word: str) -> str:
    """Kana or Latin letters in romaji; empty for what cannot be compared by its sound."""
    comparable = (
        char.isascii() or "ぁ" <= _hiragana(char) <= "ゖ" or char == "ー" for char in folded_text(word)
    )
    return romaji(word) if all(comparable) else ""


@lru_cache(maxsize=4096)
def search_keys(name: str, *titles: Text | str) -> SearchKeys:
    """All spellings of a name and its titles, and all sounds of the titles."""
    spelt, sounds = [folded_text(name)], []
    for title in titles:
        if isinstance(title, str):
            spelt.append(folded_text(title))
            sounds.append(romaji(title))
            continue
        read = kana(title.ja)
        spelt += [folded_text(title.ja), read, folded_text(title.en)]
        sounds += [romaji(read), romaji(title.en)]
    return SearchKeys("\n".join(spelt), "\n".join(sounds))
