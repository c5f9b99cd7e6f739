"""Files of the viewer app and scanned codes, told apart, read and refused.

Covers checks.shakensho.vehicle_facts and checks.shakensho.scanned_codes.
"""

from __future__ import annotations

import json
import random
from contextlib import suppress
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.guide import load_guide
from checks.shakensho.certificate_reader import read_certificate
from checks.shakensho.vehicle_facts import NAMES, InspectionCertificateError, VehicleFacts, answers
from tests.support.certificates_of_vehicles import (
    CODE_2,
    ELECTRONIC,
    KEI_2,
    KEI_3,
    NOTE,
    OWNER,
    PAPER,
    STREET,
    TODAY,
    as_csv,
    as_json,
    fields,
)

CAR = {"plate": "見本500さ1234", "kind": "registered", "wished": "no"}
FILE = {**CAR, "make": "見本自動車", "form": "ic", "expiry": "2027-03-31", "owner_is_user": "yes"}


def read(text: str | bytes) -> VehicleFacts:
    return read_certificate(text if isinstance(text, bytes) else text.encode(), TODAY)


def facts(text: str | bytes) -> dict[str, str]:
    found = read(text)
    assert all(fact.source.ja and fact.source.en for fact in found.values())
    assert set(found) <= set(NAMES)
    return {name: fact.value for name, fact in found.items()}


def refusal(text: str | bytes) -> str:
    with pytest.raises(InspectionCertificateError) as caught:
        read(text)
    said = caught.value.text
    assert "{" not in said.ja + said.en
    for secret in (OWNER, STREET, NOTE):
        assert secret not in said.ja + said.en
    return said.en


# The viewer app's file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("write", [as_json, as_csv])
def test_both_forms_in_every_encoding(write: object, encoding: str) -> None:
    assert callable(write)
    assert facts(write().encode(encoding)) == FILE


def test_nothing_that_names_a_person_or_a_place_is_in_what_was_read() -> None:
    for text in (as_json(), as_csv(), as_json(UsernameLowLevelChar="例示次郎")):
        assert all(secret not in repr(read(text)) for secret in (OWNER, STREET, NOTE, "例示次郎"))


@pytest.mark.parametrize(
    ("era", "year", "month", "day", "expected"),
    [
        ("令和", " 9", " 3", "31", "2027-03-31"),
        ("令和", "元", "5", "1", "2019-05-01"),
        ("平成", "31", "4", "30", "2019-04-30"),
        ("昭和", "64", "1", "7", "1989-01-07"),
        ("令和", "１０", "２", "２９", "2028-02-29"),
        ("", "", "", "", "2027-03-31"),
        ("-", "＊＊", " ", "-", "2027-03-31"),
    ],
)
def test_a_date_in_an_era(era: str, year: str, month: str, day: str, expected: str) -> None:
    parts = dict(zip("EYMD", (era, year, month, day), strict=True))
    assert facts(as_json(**{f"ValidPeriodExpirdate{k}": v for k, v in parts.items()}))["expiry"] == expected


@pytest.mark.parametrize(
    ("era", "year", "month", "day"),
    [
        ("令和", "9", "2", "29"),
        ("令和", "9", "13", "1"),
        ("令和", "0", "1", "1"),
        ("令和", "1", "4", "30"),
        ("平成", "31", "5", "1"),
        ("昭和", "64", "1", "8"),
        ("不明", "9", "3", "31"),
        ("令和", "9", "3", ""),
        ("", "9", "3", "31"),
        ("", "2027", "3", "31"),
        ("令和", "999", "3", "31"),
        ("令和", "9", "3", "31日"),
    ],
)
def test_a_date_that_cannot_be(era: str, year: str, month: str, day: str) -> None:
    parts = dict(zip("EYMD", (era, year, month, day), strict=True))
    text = as_json(**{f"ValidPeriodExpirdate{k}": v for k, v in parts.items()})
    assert "ValidPeriodExpirdate" in refusal(text)


def test_no_expiry_and_two_that_differ() -> None:
    none = {f"ValidPeriodExpirdate{part}": "" for part in "EYMD"}
    assert "expiry" not in facts(as_json(**none, TwodimensionCodeInfoValidPeriodExpirdate="999999"))
    expiry = read(as_json(TwodimensionCodeInfoValidPeriodExpirdate="260331"))["expiry"]
    assert (expiry.value, expiry.source.ja) == ("2027-03-31", "ValidPeriodExpirdate")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "yes"),
        ({"UsernameLowLevelChar": "", "UsernameHighLevelChar": ""}, "yes"),
        ({"UsernameLowLevelChar": OWNER, "UsernameHighLevelChar": "例示　花子"}, "yes"),
        ({"UsernameLowLevelChar": "例示次郎", "UsernameHighLevelChar": "例示次郎"}, "no"),
        ({"OwnernameLowLevelChar": "", "OwnernameHighLevelChar": ""}, None),  # form B
    ],
)
def test_owner_and_user(changed: dict[str, str], expected: str | None) -> None:
    assert facts(as_json(**changed)).get("owner_is_user") == expected


def test_a_file_without_a_user_says_nothing_of_one() -> None:
    short = {name: value for name, value in fields().items() if not name.startswith("User")}
    assert "owner_is_user" not in facts(json.dumps({"CertInfo": short}))


@pytest.mark.parametrize(
    "changed",
    [
        {"CarShape": "オートバイ"},
        {"CarShape": "側車付オートバイ"},
        {"EntryNoCarNo": "見本　　　　　お　１２３４"},
        {"EntryNoCarNo": "見本　　　Ｃ　お　１２３４"},
    ],
)
def test_a_motorcycle_is_one(changed: dict[str, str]) -> None:
    assert facts(as_json(**changed))["kind"] == "motorcycle"


@pytest.mark.parametrize(
    ("plate", "expected"),
    [
        ("品川　１５０　お　１００７", "品川150お1007"),
        ("尾張小牧５００や１０００", "尾張小牧500や1000"),
        ("いわき 5 さ ・・・1", "いわき5さ1"),
        ("横浜 30A ｻ 12", "横浜30Aさ12"),
        ("横浜　５０　Ｙ　１２３４", "横浜50Y1234"),
        ("", None),
        ("－", None),
    ],
)
def test_plates(plate: str, expected: str | None) -> None:
    assert facts(as_json(EntryNoCarNo=plate, TwodimensionCodeInfoEntryNoCarNo="")).get("plate") == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (as_json(RegistCarLightCar="02"), "Scan the 2D codes"),
        (as_csv(RegistCarLightCar="02"), "Scan the 2D codes"),
        (as_json(RegistCarLightCar="99"), "RegistCarLightCar"),
        (as_json(RegistCarLightCar=""), "RegistCarLightCar"),
        (as_json(EntryNoCarNo=OWNER), "EntryNoCarNo"),
        (as_json(TwodimensionCodeInfoCharInfo="Z"), "TwodimensionCodeInfoCharInfo"),
        (as_json(TwodimensionCodeInfoValidPeriodExpirdate="271332"), "ValidPeriodExpirdate"),
        (as_json(TwodimensionCodeInfoValidPeriodExpirdate="500101"), "ValidPeriodExpirdate"),
        (as_json(CarName="車\x1b[31m"), "CarName"),
        (as_json(CarName="車\u202e"), "CarName"),
        (as_json(CarName="車" * 61), "CarName"),
        (as_json().replace('"01"', "1"), "JSON"),
        (as_json().replace('"1.0"', '"2.0"'), "version 1.0"),
        (as_json().replace('"1.0"', "[[1.0]]"), "version 1.0"),
        (as_json()[:-40], "JSON"),
        ("{}", "CertInfo"),
        ("[1, 2]", "CertInfo"),
        ('{"CertInfo": []}', "CertInfo"),
        ("[" * 100_000, "JSON"),
        ('{"a": ' + "9" * 5000 + "}", "JSON"),
        (as_csv(";"), "separated by commas"),
        (as_csv("\t"), "commas"),
        (as_csv().splitlines()[0], "equally many"),
        (as_csv()[:-30], "equally many"),
        (as_csv() + as_csv().partition("\r\n")[2], "equally many"),
        (as_csv(NoteInfo="あ" * 200_000), "equally many"),
        ("<?xml version='1.0'?><CertInfo/>", "XML"),
        (b"%PDF-1.7 \x00", "PDF"),
        (b"PK\x03\x04aaaa", "ZIP"),
        ("", "Neither"),
        ("\n \r\n", "Neither"),
        (b"\xff\xfe{\x00}\x00", "UTF-16"),
        ("こんにちは。\nA 1 2 3", "Neither"),
        (f"{OWNER},{STREET},{NOTE}", "Neither"),
    ],
)
def test_what_is_refused_and_how(text: str | bytes, said: str) -> None:
    assert said in refusal(text)


# The codes


def test_codes_of_every_certificate() -> None:
    electronic = {"expiry": "2027-03-31", "form": "ic"}
    paper = {"expiry": "2027-03-31", "form": "paper"}
    kei = {"plate": "見本580あ12", "kind": "light", "wished": "yes"}
    for text, expected in (
        (CODE_2, CAR),
        (ELECTRONIC, electronic),
        (PAPER, paper),
        (f"{CODE_2}\n{ELECTRONIC}", CAR | electronic),
        (f"{PAPER}\r\n{CODE_2}\r\n", CAR | paper),
        (f"{ELECTRONIC}\t{CODE_2}\t{CODE_2}", CAR | electronic),
        (CODE_2 + ELECTRONIC, CAR | electronic),
        (PAPER + CODE_2, CAR | paper),
        (f"]Q3{CODE_2}\n]Q3{PAPER}", CAR | paper),
        (f"{CODE_2}\n{ELECTRONIC}".translate({ord("/"): "／", ord("2"): "２"}), CAR | electronic),
        (f"{CODE_2}\n{ELECTRONIC}".replace("　", "").replace(" ", ""), CAR | electronic),
        (KEI_2, kei),
        (f"{KEI_3}\n{KEI_2}", kei | {"expiry": "2027-03-31"}),
        (f"{KEI_2}\n{KEI_3}".lower(), kei | {"expiry": "2027-03-31"}),
    ):
        assert facts(text) == expected, text
        assert facts(text.encode("cp932")) == expected, text


def test_the_face_of_an_electronic_certificate_has_no_expiry() -> None:
    assert facts(ELECTRONIC.replace("270331", "999999")) == {"form": "ic"}
    assert facts(ELECTRONIC.replace("270331", "999999", 1))["expiry"] == "2027-03-31"
    assert "field 6 of code 3" in refusal(ELECTRONIC.replace("270331", "260331", 1))


@pytest.mark.parametrize("code", [ELECTRONIC, PAPER])
def test_linked_parts_cut_anywhere_in_any_order(code: str) -> None:
    chance = random.Random(7)
    expected = facts(f"{CODE_2}\n{code}")
    for _ in range(60):
        first = chance.randrange(3, len(CODE_2) - 2)
        second, third = sorted(chance.sample(range(3, len(code) - 2), 2))
        parts = [CODE_2[:first], CODE_2[first:], code[:second], code[second:third], code[third:]]
        chance.shuffle(parts)
        # Never another answer: an order that could be two is refused.
        try:
            assert facts("\n".join(parts)) == expected
        except InspectionCertificateError as error:
            assert "from left to right" in error.text.en  # noqa: PT017 - the other way to be right


@pytest.mark.parametrize("code", [ELECTRONIC, PAPER])
def test_linked_parts_cut_where_symbols_end(code: str) -> None:
    ends = code.index("MIHON1"), code.index("/28/")
    parts = [CODE_2[:13], CODE_2[13:], code[: ends[0]], code[ends[0] : ends[1]], code[ends[1] :]]
    for order in permutations(parts):
        assert facts("\n".join(order)) == facts(f"{CODE_2}\n{code}")


def test_a_code_of_other_widths_is_read() -> None:
    loose = ELECTRONIC.replace("0094/", "94/").replace("/096/", "/96/").replace("-   /", "/")
    assert facts(loose) == {"expiry": "2027-03-31", "form": "ic"}


@pytest.mark.parametrize("code", [CODE_2, ELECTRONIC, PAPER, KEI_2, KEI_3])
def test_a_cut_code_is_never_taken(code: str) -> None:
    for end in range(len(code)):
        refusal(code[:end])
    for start in range(4, len(code)):
        refusal(code[start:])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CODE_2.replace("/", ";"), "keyboard layout"),
        (CODE_2.replace("/", "\t"), "keyboard layout"),
        (CODE_2.replace("/", "-"), "keyboard layout"),
        (f"{CODE_2}\n{KEI_3}", "two certificates"),
        (f"{CODE_2}\n{CODE_2.replace('１２３４', '１２３５')}", "two certificates"),
        (f"{CODE_2}\n{ELECTRONIC[:40]}", "1 of 2 parts"),
        (f"{CODE_2}\n{ELECTRONIC}\nA1B2C3", "1 of 3 parts"),
        (CODE_2.replace("５００さ", "〒〒〒〒"), "field 2 of code 2"),
        (KEI_2.replace("５８０あ", "〒〒〒〒"), "field 3 of code 2"),
        (PAPER.replace("270331", "271331"), "field 4 of code 3"),
        (PAPER.replace("270331", "27033"), "1 of 1 parts"),
        (PAPER.replace("270331", "700101"), "field 4 of code 3"),
        ("2/" * 5000, "Neither"),
        ("\n".join(f"2/{n}" for n in range(50)), "Neither"),
        ("\n".join(f"2/{n}" for n in range(9)), "9 of 9 parts"),
    ],
)
def test_codes_that_are_refused(text: str, said: str) -> None:
    assert said in refusal(text)


# What nobody expects


@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='2K/-09A\n　５さ品\x1d{}[]",<:', max_size=300).map(str.encode),
    )
)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(InspectionCertificateError):
        assert facts(raw) is not None


@given(st.dictionaries(st.sampled_from(sorted(fields())), st.text(max_size=30), max_size=4))
def test_any_field_is_read_or_refused(changed: dict[str, str]) -> None:
    try:
        found = facts(json.dumps({"CertInfo": {**fields(), **changed}}))
    except InspectionCertificateError:
        return
    for value in found.values():
        assert value.isprintable()
        assert len(value) <= 60


@given(st.integers(0, len(ELECTRONIC) - 1), st.characters(exclude_categories=["Cs"]))
def test_a_flipped_character_makes_no_other_kind_of_certificate(at: int, char: str) -> None:
    try:
        found = facts(ELECTRONIC[:at] + char + ELECTRONIC[at + 1 :])
    except InspectionCertificateError:
        return
    assert found.get("form", "ic") == "ic"


# What it answers


def test_the_guides_say_which_question_a_fact_answers() -> None:
    oss, kei = load_guide("oss"), load_guide("kei")
    assert answers(oss, read(as_json())) == {
        "case.vehicle": "registered",
        "case.owner-is-user": "yes",
        "documents.inspection-expiry": "2027-03-31",
        "proxy-issuance.old-certificate": "ic",
        "case.reference": "見本500さ1234 見本自動車",
    }
    assert answers(oss, read(as_json(CarShape="オートバイ")))["case.vehicle"] == "small-motorcycle"
    assert answers(oss, read(KEI_2)) == {"case.vehicle": "kei", "case.reference": "見本580あ12"}
    assert answers(kei, read(f"{KEI_2}\n{KEI_3}")) == {
        "documents.inspection-expiry": "2027-03-31",
        "case.reference": "見本580あ12",
    }


@pytest.mark.parametrize("name", ["oss", "kei"])
def test_what_a_guide_takes_is_a_fact_and_an_answer(name: str) -> None:
    guide = load_guide(name)
    assert guide.roles.vehicles
    for take in guide.roles.certificate:
        question = guide.questions[take.question]
        assert take.fact in NAMES
        assert bool(take.value) == bool(take.answer)
        assert not take.answer or question.choice(take.answer)
