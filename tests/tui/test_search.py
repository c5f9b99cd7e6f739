"""The search: kanji, kana, romaji in any spelling and English find the same things; every kanji of ours has a reading.

Covers tui.kanji_readings.
"""

from __future__ import annotations

import re

import pytest

from checks.guide import load_guide
from checks.guides.entries import names
from checks.text import Text
from tui.commands import COMMANDS
from tui.search import kana, matcher, romaji

CERTIFICATE = Text("電子証明書はありますか", "Is there a digital certificate?")


@pytest.mark.parametrize(
    "typed",
    [
        "証明",
        "しょうめい",
        "ショウメイ",
        "shoumei",
        "shomei",
        "syoumei",
        "SHOUMEI",
        "ｓｈｏｕｍｅｉ",
        "cert",
        "CERTIFICATE",
        "denshi",
        "densi shoumei",
        "ショウメイ digital",
    ],
)
def test_one_thing_is_found_in_many_ways(typed: str) -> None:
    assert matcher(typed)("certificate.held", CERTIFICATE)


@pytest.mark.parametrize("typed", ["保険", "hoken", "xyzzy", "しょうめい xyzzy"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    assert not matcher(typed)("certificate.held", CERTIFICATE)


@pytest.mark.parametrize(
    ("one", "other"),
    [("しょうめい", "shoumei"), ("じゅんび", "junbi"), ("じゅんび", "zyunbi"), ("しんぱ", "shimpa"), ("ねっと", "netto"), ("ちゃっか", "chakka"),
     ("ふづき", "fuzuki"), ("けんさ", "kensa"), ("こうしん", "koushin"), ("ブラウザー", "burauzaa"), ("しんいち", "shin'ichi")],
)  # fmt: skip
def test_spellings_of_one_sound_are_equal(one: str, other: str) -> None:
    assert romaji(one) == romaji(other)


def test_nothing_typed_finds_everything() -> None:
    assert matcher("")("x", CERTIFICATE)
    assert matcher("  ")("x", CERTIFICATE)


def test_the_id_is_found_too() -> None:
    assert matcher("portal.tls")("portal.tls", CERTIFICATE)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_is_found_by_its_reading(command) -> None:  # type: ignore[no-untyped-def]
    wanted = matcher(command.reading[:4])
    assert wanted(command.id, command.title, command.reading, command.about)
    assert not re.search("[一-鿿]", command.reading)


@pytest.mark.parametrize("name", names())
def test_every_kanji_of_a_guide_has_a_reading(name: str) -> None:
    guide = load_guide(name)
    titles = [step.title for step in (guide.case, *guide.steps)] + [
        step.short for step in (guide.case, *guide.steps)
    ]
    titles += [question.text for question in guide.questions.values()] + [
        check.title for check in guide.checks.values()
    ]
    titles += [choice.text for question in guide.questions.values() for choice in question.choices]
    missing = {(run, title.ja) for title in titles for run in re.findall("[一-鿿々]+", kana(title.ja))}
    assert not missing, sorted(missing)
