"""Cards of every kind, read in process: the right code each, no try spent, nothing kept of the person.

Covers checks.card.card, checks.card.contents, checks.card.reader, checks.probes.certificate_card and
checks.probes.certificate_card_limits.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.card import card, contents
from checks.card.card import CardState, Trouble
from checks.card.reader import trouble
from checks.finding import find
from checks.guide import load_guide
from checks.model import Check, Context, Finding, Options, Outcome
from checks.probes.certificate_card import my_number_card
from checks.probes.certificate_card_limits import auth_expiry, pin_tries
from checks.system.api import Platform
from checks.system.facts import SessionFacts
from checks.system.pcsc import PcscError
from checks.verdict import outcome_of, verdict
from tests.support.fake_system import FakeSystem
from tests.support.virtual_card import LAST, Readers, VirtualCard, good_files, scenarios
from tests.support.virtual_card import certificate as made

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CARDS = scenarios()


def look(
    check: Check,
    seen: CardState,
    platform: Platform = "windows",
    now: datetime = NOW,
    session: SessionFacts = SessionFacts("hanako"),  # noqa: B008 - frozen
) -> Finding:
    context = Context(
        FakeSystem(platform, session=session), {"certificate.kind": "jpki-reader"}, Options(now=now)
    )
    context.memo.once("my number card", lambda: seen)
    finding = find(check, context)
    assert finding.code != "crash", finding
    assert outcome_of(check, finding.code) is not None, finding
    for lang in ("ja", "en"):
        said = verdict(check, finding.code, finding.values)
        assert said is not None
        assert "{" not in said.text.to(lang), said
        assert said.remedy is None or "{" not in said.remedy.to(lang), said
    return finding


def seen_of(**inside: VirtualCard | Trouble) -> CardState:
    return contents.parse(json.dumps(contents.look(Readers(**inside).card, list(inside))).encode())


@pytest.mark.parametrize("name", sorted(CARDS))
def test_each_card_has_its_code_and_loses_no_try(name: str) -> None:
    virtual, code, tries = scenarios()[name]
    seen = seen_of(reader=virtual)
    assert look(my_number_card, seen).code == code
    if tries != "-":
        assert look(pin_tries, seen).code == tries
    assert virtual.spent == 0
    assert len(virtual.commands) <= card.MOST_COMMANDS
    assert all(command[1] != 0x20 or len(command) == 4 for command in virtual.commands)


def test_outcomes() -> None:
    outcomes = {
        name: outcome_of(my_number_card, code).value  # type: ignore[union-attr]
        for name, (_, code, _) in CARDS.items()
    }
    assert {name for name, outcome in outcomes.items() if outcome == "fail"} == {
        "old-juki", "test-issuer", "other-card",
    }  # fmt: skip
    assert {name for name, outcome in outcomes.items() if outcome == "unknown"} == {
        "removed", "empty", "garbage", "garbage-token", "blank-token", "endless",
    }  # fmt: skip
    assert outcomes["no-signature"] == outcomes["signature-unclear"] == outcomes["android"] == "warn"


def test_nothing_of_the_person_is_kept() -> None:
    found = json.dumps(contents.look(Readers(reader=scenarios()["good"][0]).card, ["reader"]))
    seen = contents.parse(found.encode())
    kept = found + repr(seen)
    for check in (my_number_card, pin_tries, auth_expiry):
        kept += repr(look(check, seen))
    for secret in ("SECRET", "5ec12e75e21a1", str(0x5EC12E75E21A1), "MII", "example"):
        assert secret.lower() not in kept.lower()
    allowed = {"generation", "left", "until", "wareki", "renewable", "renewable_wareki", "days"}
    for check in (my_number_card, pin_tries, auth_expiry):
        assert set(look(check, seen).values) <= allowed


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (datetime(2029, 12, 13, 14, 59, 59, tzinfo=UTC), "in-date"),
        (datetime(2029, 12, 13, 15, 0, tzinfo=UTC), "renewable"),  # 14 December in Japan
        (LAST, "renewable"),
        (datetime(2030, 3, 14, 15, 0, tzinfo=UTC), "expired"),
    ],
)
def test_the_last_day_and_the_renewal_window(now: datetime, code: str) -> None:
    finding = look(auth_expiry, seen_of(reader=scenarios()["good"][0]), now=now)
    assert finding.code == code
    assert finding.values["until"] == "2030-03-14"
    assert finding.values["wareki"] == "令和12年3月14日"
    assert finding.values["renewable"] == "2029-12-14"


def test_the_generation_of_the_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    files = good_files()
    fingerprint = __import__("hashlib").sha256(files[2]).hexdigest()
    for number, code in ((1, "old-generation"), (3, "in-date")):
        monkeypatch.setitem(card._GENERATIONS, fingerprint, number)
        finding = look(auth_expiry, seen_of(reader=VirtualCard(files)))
        assert (finding.code, finding.values["generation"]) == (code, f"0{number}")
    monkeypatch.undo()
    assert look(auth_expiry, seen_of(reader=VirtualCard(files))).values["generation"] == "?"
    del files[0x0A]
    assert look(auth_expiry, seen_of(reader=VirtualCard(files))).code == "not-readable"


def test_a_certificate_that_is_none_leaves_the_date_open() -> None:
    for content in (
        b"",
        b"\x30\x82",
        b"\x30\x82\xff\xff" + b"x" * 40,
        b"\x30\x82\x00\x10" + b"\x05" * 16,
        b"x" * 400,
    ):
        files = {**good_files(), 0x0A: content, 0x02: content}
        seen = seen_of(reader=VirtualCard(files))
        assert look(my_number_card, seen).code == "partly", "a card of the issuer for tests cannot be told"
        assert look(auth_expiry, seen).code == "not-readable"


@pytest.mark.parametrize(
    ("trouble", "windows", "elsewhere"),
    [
        ("no-service", "service-stopped", "no-service-here"),
        ("no-reader", "no-reader", "no-reader-here"),
        ("no-library", "no-library", "no-library"),
        ("no-card", "no-card", "no-card"),
        ("held", "held", "held"),
        ("removed", "removed", "removed"),
        ("silent", "silent", "silent"),
        ("denied", "denied", "denied"),
        ("no-answer", "no-answer", "no-answer"),
        ("blocked", "blocked", "blocked"),
    ],
)
def test_each_trouble_has_its_code(trouble: str, windows: str, elsewhere: str) -> None:
    seen = contents.parse(json.dumps({"kind": trouble, "detail": "x"}).encode())
    assert look(my_number_card, seen).code == windows
    found = look(my_number_card, seen, "linux")
    assert found.code == elsewhere
    outcome = outcome_of(my_number_card, found.code)
    assert outcome is not None
    assert outcome.value != "fail", "what cannot be looked at here is no fault of the applicant's PC"
    assert look(pin_tries, seen).code == "no-answer"
    assert look(auth_expiry, seen).code == "not-readable"
    assert look(my_number_card, seen, session=SessionFacts("hanako", remote="ssh")).code == elsewhere


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (0x8010001D, "no-service"), (0x8010001E, "no-service"), (0x8010002E, "no-reader"), (0x8010000C, "no-card"),
        (0x8010000B, "held"), (0x80100069, "removed"), (0x80100068, "removed"), (0x80100066, "silent"),
        (0x8010006A, "denied"), (0x80100001, "no-answer"),
    ],
)  # fmt: skip
def test_error_numbers(number: int, code: str) -> None:
    assert trouble(PcscError("call", number)).code == code


def test_of_several_readers_the_my_number_card_counts() -> None:
    good, other = scenarios()["good"][0], scenarios()["other-card"][0]
    seen = seen_of(first=other, second=Trouble("no-card"), third=good)
    assert seen.kind == "my-number"
    assert "reader: third" in seen.evidence
    assert seen.evidence[-2:] == ("another reader: first: other-card", "another reader: second: no-card")
    assert look(my_number_card, seen).code == "my-number-card"
    assert seen_of(first=Trouble("no-card"), second=other).kind == "other-card"
    assert seen_of(first=other, second=Trouble("held")).kind == "held"
    assert seen_of(first=scenarios()["old-juki"][0], second=Trouble("silent")).kind == "silent"


def test_of_two_cards_the_one_that_can_sign_counts() -> None:
    cards = scenarios()
    seen = seen_of(first=cards["no-signature"][0], second=cards["good"][0])
    assert (seen.signature, seen.evidence[0]) == (True, "reader: second")


@pytest.mark.parametrize("trouble", ["held", "silent", "garbage", "removed", "denied", "no-answer"])
def test_a_reader_that_cannot_be_read_leaves_no_pass(trouble: str) -> None:
    finding = look(my_number_card, seen_of(first=Trouble(trouble), second=scenarios()["good"][0]))
    assert finding.code == "partly"
    assert outcome_of(my_number_card, "partly") is Outcome.WARN, "what needs the card is still looked at"
    assert f"not looked at: first: {trouble}" in finding.evidence


@pytest.mark.parametrize("status", [b"\x69\x85", b"\x6f\x00", b"\x62\x83", b"\x69\x82"])
def test_a_card_that_refuses_for_another_reason_is_no_other_card(status: bytes) -> None:
    assert look(my_number_card, seen_of(reader=VirtualCard(answers=[status]))).code == "garbage"


def test_a_certificate_on_the_card_without_an_end() -> None:
    endless = datetime.max.replace(microsecond=0, tzinfo=UTC)
    finding = look(auth_expiry, seen_of(reader=VirtualCard(good_files(last=endless))))
    assert (finding.code, finding.values["until"]) == ("in-date", "9999-12-31")


@given(st.binary(max_size=300))
def test_any_answer_of_the_child_becomes_a_reading(answer: bytes) -> None:
    assert contents.parse(answer).kind == "no-answer"


def test_a_childs_answer_is_taken_only_as_far_as_it_may_go() -> None:
    seen = contents.parse(
        json.dumps(
            {
                "kind": "my-number",
                "sign_tries": 99,
                "generation": True,
                "signature": "yes",
                "reader": "\x1b]0;x\x07",
            }
        ).encode()
    )
    assert (seen.sign_tries, seen.generation, seen.signature) == (None, None, None)
    assert not any("\x1b" in line for line in seen.evidence)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=12))
def test_whatever_a_card_answers_it_is_read_in_bounds(answers: list[bytes]) -> None:
    virtual = VirtualCard(answers=answers)
    look(my_number_card, seen_of(reader=virtual))
    assert virtual.spent == 0
    assert len(virtual.commands) <= card.MOST_COMMANDS


def test_the_checks_are_in_the_guide_and_their_words_encode() -> None:
    checks = load_guide("oss").checks
    for name in ("card", "pin-tries", "auth-expiry", "file", "moved", "validity"):
        check = checks[f"certificate.{name}"]
        assert check.step == 6
        texts = [check.title, check.why, check.how]
        for says in check.says.values():
            texts += [says.text] + ([says.remedy] if says.remedy else [])
        for text in texts:
            text.ja.encode("cp932")
            text.ja.encode("euc-jp")
            assert text.en.isascii()


def test_a_test_issuer_is_seen_in_either_certificate() -> None:
    files = {
        **good_files(),
        0x02: made("JPKI for digital signature", "JPKI for digital signature", "JPKI-TEST"),
    }
    assert look(my_number_card, seen_of(reader=VirtualCard(files))).code == "test-card"
