"""Step 4: every payee of the procedure against the ways of paying answered."""

from __future__ import annotations

from typing import cast

import pytest

from checks.model import Context, Options, Outcome
from checks.probes import payment
from checks.probes.payment import NATIONAL
from checks.rules.conditions import Value
from checks.system.api import System


def found(procedure: str, garage: str = "not-needed", **answered: str) -> tuple[str, object]:
    answers: dict[str, Value] = {"case.procedure": procedure, "case.garage": garage}
    answers |= {f"payment.{key.replace('_', '-')}": value for key, value in answered.items()}
    finding = payment.ready.probe(
        Context(cast(System, None), {k: v for k, v in answers.items() if v}, Options())
    )
    return finding.code, finding.values.get("payees")


BANK = {"national_rail": "internet-banking", "national_bank": "yes"}
PREFECTURE = {"prefecture_rail": "atm", "prefecture_bank": "yes"}


@pytest.mark.parametrize(
    ("procedure", "garage", "payees"),
    [
        ("new-registration", "not-needed", 2),
        ("new-registration", "apply-together", 3),
        ("used-registration", "have", 2),
        ("transfer", "apply-together", 2),
        ("transfer", "have", 1),
        ("transfer", "not-needed", 1),
        ("change", "not-needed", 1),
        ("change", "apply-together", 2),
        ("continuous-inspection", "apply-together", 1),
    ],
)
def test_who_is_to_be_paid(procedure: str, garage: str, payees: int) -> None:
    assert found(procedure, garage, **BANK, **PREFECTURE) == ("ready", payees)


@pytest.mark.parametrize(
    ("rail", "more", "code"),
    [
        ("internet-banking", {"national_bank": "yes"}, "ready"),
        ("atm", {"national_bank": "no"}, "bank-not-national"),
        ("atm", {}, "unanswered"),
        ("combined", {"national_bank": "yes"}, "ready"),
        ("card", {"card_registered": "yes"}, "ready"),
        ("card", {"card_registered": "no"}, "card-not-registered"),
        ("card", {}, "unanswered"),
        ("direct", {"direct_registered": "yes"}, "ready"),
        ("direct", {"direct_registered": "no"}, "direct-not-registered"),
        ("undecided", {}, "undecided"),
        ("", {}, "unanswered"),
    ],
)
def test_the_ways_of_paying_the_state(rail: str, more: dict[str, str], code: str) -> None:
    assert found("continuous-inspection", national_rail=rail, **more)[0] == code
    assert found("change", national_rail=rail, **more)[0] == code


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"prefecture_rail": "atm", "prefecture_bank": "yes"}, "ready"),
        ({"prefecture_rail": "atm", "prefecture_bank": "no"}, "bank-not-prefecture"),
        ({"prefecture_rail": "atm"}, "unanswered"),
        ({"prefecture_rail": "undecided"}, "undecided"),
        ({}, "unanswered"),
    ],
)
def test_the_ways_of_paying_the_prefecture(more: dict[str, str], code: str) -> None:
    assert found("new-registration", **BANK, **more)[0] == code
    assert found("transfer", "apply-together", **BANK, **more)[0] == code
    assert found("transfer", "have", **BANK, **more)[0] == "ready"
    assert found("change", "apply-together", **BANK, **more)[0] == code
    assert found("change", "have", **BANK, **more)[0] == "ready"


def test_combined_payment_needs_a_bank_for_both() -> None:
    combined = {"national_rail": "combined", "national_bank": "yes"}
    for case in (("new-registration", "have"), ("transfer", "apply-together")):
        assert found(*case, **combined)[0] == "unanswered"
        assert found(*case, **combined, prefecture_bank="yes")[0] == "ready"
        assert found(*case, **combined, prefecture_bank="no")[0] == "bank-not-prefecture"
    assert found("transfer", "have", **combined)[0] == "ready"


def test_a_fault_is_told_before_what_is_open() -> None:
    assert (
        found("used-registration", national_rail="undecided", prefecture_rail="atm", prefecture_bank="no")[0]
        == "bank-not-prefecture"
    )


def test_the_garage_decides_so_it_must_be_answered() -> None:
    assert found("change", "", **BANK)[0] == "unanswered"
    assert found("transfer", "", **BANK)[0] == "unanswered"
    assert found("continuous-inspection", "", **BANK)[0] == "ready"


@pytest.mark.parametrize(
    "procedure",
    ["temporary-deletion", "permanent-deletion", "transfer-permanent-deletion", "change-temporary-deletion"],
)
def test_deletions_are_looked_up_on_the_official_page(procedure: str) -> None:
    assert procedure not in NATIONAL
    assert found(procedure, **BANK)[0] == "see-page"
    assert found(procedure, page_read="no")[0] == "see-page"
    assert found(procedure, page_read="yes")[0] == "page-read"


READY = {
    "state": ("new-registration", "have", "internet-banking", "yes", "atm", "yes"),
    "garage": ("transfer", "apply-together", "atm", "yes", "internet-banking", "yes"),
    "both at once": ("used-registration", "apply-together", "combined", "yes", "", "yes"),
}


@pytest.mark.parametrize("case", READY.values(), ids=READY)
@pytest.mark.parametrize("broken", range(6))
def test_that_all_can_be_paid_holds_for_each_of_them(case: tuple[str, ...], broken: int) -> None:
    """The sentence speaks of all payees: each answer taken back, and each bank that does not, takes it away."""

    def code(answers: list[str]) -> str:
        procedure, garage, rail, bank, other_rail, other_bank = answers
        return found(
            procedure,
            garage,
            national_rail=rail,
            national_bank=bank,
            prefecture_rail=other_rail,
            prefecture_bank=other_bank,
        )[0]

    assert code([*case]) == "ready"
    for value in ("", "no") if case[broken] == "yes" else ("", "undecided") if broken in (2, 4) else ("",):
        answers = [*case]
        answers[broken] = value
        needed = case[2] != "combined" or broken != 4
        assert (code(answers) != "ready") is needed, answers


def test_no_procedure_no_verdict() -> None:
    assert found("")[0] == "unanswered"


def test_what_stops_the_application_fails() -> None:
    fails = {code for code, says in payment.ready.says.items() if says.outcome is Outcome.FAIL}
    assert fails == {
        "card-not-registered",
        "direct-not-registered",
        "bank-not-national",
        "bank-not-prefecture",
    }
