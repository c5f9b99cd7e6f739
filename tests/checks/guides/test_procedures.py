"""What applies for each of the ten procedures, one table per step, and what the answers change."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from checks.guide import load_guide
from checks.model import Options
from checks.rules.conditions import Value, evaluate
from state.progress import progress
from state.session_data import Answer, SessionData
from state.standing import Progress, Status

GUIDE = load_guide("oss")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NEW, USED, TRANSFER, CHANGE = "new-registration", "used-registration", "transfer", "change"
OFF, END, TOFF, TEND, COFF = (
    "temporary-deletion",
    "permanent-deletion",
    "transfer-temporary-deletion",
    "transfer-permanent-deletion",
    "change-temporary-deletion",
)
INSPECTION = "continuous-inspection"
ALL = (NEW, USED, TRANSFER, CHANGE, OFF, END, TOFF, TEND, COFF, INSPECTION)
SELF: dict[str, Value] = {
    "case.role": "self",
    "case.vehicle": "registered",
    "case.use": "private",
    "case.channel": "portal",
    "case.plate": "keep",
    "case.applicant": "individual",
    "case.route": "full",
    "case.owner-is-user": "yes",
    "case.garage": "not-needed",
    "case.proxy-issuance": "no",
    "certificate.kind": "jpki-reader",
}


def look(**changed: Value | None) -> Progress:
    values = {**SELF, **{key.replace("__", ".").replace("_", "-"): value for key, value in changed.items()}}
    answers = {
        key: Answer(value, NOW, rev)
        for rev, (key, value) in enumerate(values.items(), 1)
        if value is not None
    }
    return progress(GUIDE, SessionData("test", NOW, NOW, "0", answers=answers), Options(now=NOW))


def items(found: Progress, number: int) -> set[str]:
    """What applies in a step, without its step's name."""
    return {item.id for item in found.steps[number - 1].items if item.applies}


@pytest.mark.parametrize("procedure", ALL)
def test_which_steps_apply(procedure: str) -> None:
    found = look(case__procedure=procedure)
    applying = [step.step.number for step in found.steps if step.applies]
    three = [3] if procedure in (NEW, USED, TRANSFER, INSPECTION) else []
    assert applying == [1, 2, *three, 4, 5, 6]
    wanted = look(case__procedure=procedure, case__proxy_issuance="yes")
    assert wanted.steps[6].applies is (procedure in (TRANSFER, CHANGE, INSPECTION))


@pytest.mark.parametrize("procedure", ALL)
def test_step_3(procedure: str) -> None:
    found = look(case__procedure=procedure)
    insured = {"insurance.contract", "insurance.start", "insurance.end", "insurance.inspection-end", "insurance.data-visible",
               "insurance.covers-inspection"}  # fmt: skip
    if procedure == INSPECTION:
        insured |= {"documents.inspection-expiry", "insurance.present-end"}
    expected = (
        insured
        if procedure in (NEW, USED, INSPECTION)
        else {"insurance.renamed"}
        if procedure == TRANSFER
        else set()
    )
    assert items(found, 3) == expected
    if procedure == TRANSFER:
        assert (found.steps[2].status, found.steps[2].reason) == (Status.TO_DO, None)
    elif procedure not in (NEW, USED, INSPECTION):
        assert found.steps[2].status is Status.NOT_NEEDED
        reason = found.steps[2].reason
        assert reason is not None
        assert "新車新規登録・中古車新規登録・継続検査だけ" in reason.ja


def test_a_transfer_must_rename_its_insurance_to_be_ready() -> None:
    item = look(case__procedure=TRANSFER).item("insurance.renamed")
    assert item is not None
    assert item.blocking
    done = look(case__procedure=TRANSFER, insurance__renamed="yes").item("insurance.renamed")
    assert done is not None
    assert done.status is Status.DONE


PAYMENT = {
    NEW: "national prefecture", USED: "national prefecture", TRANSFER: "national", CHANGE: "national",
    INSPECTION: "national", OFF: "", END: "", TOFF: "", TEND: "", COFF: "",
}  # fmt: skip


@pytest.mark.parametrize("procedure", ALL)
def test_step_4(procedure: str) -> None:
    found = items(look(case__procedure=procedure, payment__national_rail="internet-banking"), 4)
    expected = {"payment.page-read", "payment.ready"}
    if "national" in PAYMENT[procedure]:
        expected |= {"payment.national-rail", "payment.national-bank"}
    if "prefecture" in PAYMENT[procedure]:
        expected |= {"payment.prefecture-rail", "payment.prefecture-bank", "payment.prefecture"}
    assert found == expected


@pytest.mark.parametrize("procedure", [TRANSFER, CHANGE])
def test_the_prefecture_is_paid_for_the_garage_certificate_alone(procedure: str) -> None:
    together = items(look(case__procedure=procedure, case__garage="apply-together"), 4)
    assert {"payment.prefecture-bank", "payment.prefecture-rail", "payment.prefecture"} <= together
    for other in ("have", "not-needed"):
        assert not any(
            "prefecture" in name for name in items(look(case__procedure=procedure, case__garage=other), 4)
        )
    assert "payment.prefecture-bank" not in items(
        look(case__procedure=INSPECTION, case__garage="apply-together"), 4
    )


def test_combined_payment_is_chosen_once() -> None:
    found = items(look(case__procedure=NEW, payment__national_rail="combined"), 4)
    assert "payment.prefecture-rail" not in found
    assert {"payment.national-bank", "payment.prefecture-bank"} <= found


ALWAYS = {"documents.page-read", "documents.outside-list", "documents.application-date", "documents.papers-delivered",
          "documents.complete", "documents.age", "documents.deadline"}  # fmt: skip
# Self, a person, full OSS, owner and user the same, no garage certificate needed.
DOCUMENTS = {
    NEW: "completion-certificate completion-issued transfer-deed",
    USED: "compliance-certificate registration-identification transfer-deed-if-sold",
    TRANSFER: "inspection-certificate transfer-deed power-of-attorney delegate-file event-date",
    CHANGE: "inspection-certificate change-cause change-cause-issued event-date",
    OFF: "inspection-certificate",
    END: "inspection-certificate deletion-page",
    TOFF: "inspection-certificate transfer-deed-if-sold power-of-attorney delegate-file",
    TEND: "inspection-certificate transfer-deed-if-sold power-of-attorney delegate-file deletion-page",
    COFF: "inspection-certificate change-cause-deletion change-cause-issued",
    INSPECTION: "inspection-certificate compliance-certificate delivery-papers",
}


@pytest.mark.parametrize("procedure", ALL)
def test_step_5(procedure: str) -> None:
    found = items(look(case__procedure=procedure), 5)
    assert found == ALWAYS | {f"documents.{name}" for name in DOCUMENTS[procedure].split()}


@pytest.mark.parametrize("procedure", ALL)
def test_step_5_hybrid_needs_the_seal_certificate(procedure: str) -> None:
    more = items(look(case__procedure=procedure, case__route="hybrid"), 5) - items(
        look(case__procedure=procedure), 5
    )
    papers = {"documents.seal-certificate", "documents.seal-issued"}
    # The portal takes no hybrid registration of a new car; in bulk nobody is asked for the route.
    assert more == (set() if procedure in (NEW, INSPECTION) else papers)
    bulk = items(look(case__procedure=procedure, case__channel="bulk"), 5)
    assert (papers <= bulk) is (procedure != INSPECTION)


@pytest.mark.parametrize("procedure", ALL)
def test_step_5_garage(procedure: str) -> None:
    base = items(look(case__procedure=procedure), 5)
    have = items(look(case__procedure=procedure, case__garage="have"), 5) - base
    together = items(look(case__procedure=procedure, case__garage="apply-together"), 5) - base
    if procedure in (NEW, USED, TRANSFER, CHANGE):
        assert have == {"documents.garage-certificate", "documents.garage-issued"}
        assert together == {"documents.garage-map", "documents.garage-layout", "documents.garage-right",
                            "documents.images-path", "documents.images"}  # fmt: skip
    else:
        assert have == together == set()


@pytest.mark.parametrize("procedure", ALL)
@pytest.mark.parametrize("role", ["gyoseishoshi", "dealer", "other-agent"])
def test_step_5_agents_need_a_power_of_attorney(procedure: str, role: str) -> None:
    channel = "bulk" if procedure == INSPECTION else "portal"
    found = items(look(case__procedure=procedure, case__role=role, case__channel=channel), 5)
    assert "documents.power-of-attorney" in found
    assert ("documents.user-consent" in found) is (procedure == INSPECTION)


def test_step_5_another_owner_gives_a_power_of_attorney() -> None:
    assert "documents.power-of-attorney" in items(look(case__procedure=CHANGE, case__owner_is_user="no"), 5)
    assert "documents.power-of-attorney" not in items(look(case__procedure=CHANGE, case__role="employee"), 5)


def test_step_5_a_corporation_proves_its_change_on_paper() -> None:
    found = items(look(case__procedure=CHANGE, case__applicant="corporation"), 5)
    assert "documents.change-cause-corporation" in found
    assert "documents.change-cause" not in found
    left_out = items(look(case__procedure=CHANGE, documents__change_cause="omitted-basic-data"), 5)
    assert "documents.change-cause-issued" not in left_out


CERTIFICATE = {
    "jpki-reader": "card-obtained moved-house",
    "jpki-phone": "card-obtained moved-house",
    "registry-file": "file-obtained file-path register-changed",
    "registry-remote": "file-obtained register-changed",
    "gyoseishoshi": "file-obtained file-path office-changed",
    "other-ca": "file-obtained file-path medium authority",
}


@pytest.mark.parametrize("kind", CERTIFICATE)
@pytest.mark.parametrize("changed", ["no", "yes"])
def test_step_6(kind: str, changed: str) -> None:
    found = look(
        case__procedure=CHANGE, certificate__kind=kind, certificate__moved_house=changed,
        certificate__register_changed=changed, certificate__office_changed=changed,
    )  # fmt: skip
    questions = {item.id for item in found.steps[5].items if item.applies and item.kind == "question"}
    expected = {"listed", "issued-on", "expires-on", "password-known", *CERTIFICATE[kind].split()}
    if changed == "yes":
        expected |= {"reissued"} if kind.startswith("jpki") else {"replaced"} if kind != "other-ca" else set()
    assert questions == {f"certificate.{name}" for name in expected}


def test_step_6_a_revoked_certificate_needs_attention() -> None:
    found = look(case__procedure=CHANGE, certificate__moved_house="yes", certificate__reissued="no")
    item = found.item("certificate.reissued")
    assert item is not None
    assert item.status is Status.ATTENTION


@pytest.mark.parametrize("procedure", ALL)
def test_step_7(procedure: str) -> None:
    found = items(look(case__procedure=procedure, case__proxy_issuance="yes"), 7)
    expected = {
        "old-certificate",
        "agent-asked",
        "agent-available",
        "agent",
        "agent-number",
        "asked-on",
        "eligible",
    }
    if procedure not in (TRANSFER, CHANGE, INSPECTION):
        expected = set()
    elif procedure != INSPECTION:
        expected |= {"face-changes"}
    assert found == {f"proxy-issuance.{name}" for name in expected}
    assert items(look(case__procedure=procedure), 7) == set()


def test_an_open_case_names_the_question() -> None:
    found = look(case__procedure=None, case__proxy_issuance=None)
    three, seven = found.steps[2], found.steps[6]
    assert three.applies
    assert seven.applies
    for step in (three, seven):
        assert step.reason is not None
        assert "どの手続をしますか" in step.reason.ja
    seven = look(case__procedure=TRANSFER, case__proxy_issuance=None).steps[6]
    assert seven.applies
    assert seven.reason is not None
    assert "記録等事務代行サービスを使いますか" in seven.reason.ja


def test_a_kei_car_is_sent_elsewhere_and_never_ready() -> None:
    found = look(case__procedure=INSPECTION, case__vehicle="kei")
    item = found.item("case.vehicle")
    assert item is not None
    assert item.status is Status.ATTENTION
    notes = [note for note in GUIDE.case.notes if note.applies.any_of and "kei" in note.id]
    assert notes
    for note in notes:
        assert evaluate(note.applies, {"case.vehicle": "kei"}).yes
        assert not evaluate(note.applies, {"case.vehicle": "registered"}).yes
    assert any(note.basis.page == "kei-preparation" for note in notes)


@pytest.mark.parametrize("role", ["employee", "dealer", "other-agent"])
def test_who_prepares_for_others_reads_about_the_law(role: str) -> None:
    note = next(note for note in GUIDE.case.notes if note.id == "case.scrivener-law")
    assert evaluate(note.applies, {"case.role": role}).yes
    assert not evaluate(note.applies, {"case.role": "gyoseishoshi"}).yes


def test_answers_that_no_longer_apply_are_kept_and_come_back() -> None:
    kept = look(case__procedure=CHANGE, insurance__contract="yes").item("insurance.contract")
    assert kept is not None
    assert (kept.applies, kept.value) == (False, "yes")
    back = look(case__procedure=NEW, insurance__contract="yes").item("insurance.contract")
    assert back is not None
    assert back.status is Status.DONE


def test_every_combination_of_the_case_can_be_shown() -> None:
    for procedure, role, garage, wanted in product(
        ALL, ("self", "dealer"), ("have", "apply-together"), ("yes", "no")
    ):
        found = look(
            case__procedure=procedure, case__role=role, case__garage=garage, case__proxy_issuance=wanted
        )
        for item in found.items():
            assert item.outcome != "crash", item.id


def expected_documents(
    procedure: str, role: str, who: str, route: str, same: str, garage: str, proxy: str
) -> set[str]:
    """The documents of an application, written down from the official pages without the guide."""
    agent = role in ("gyoseishoshi", "dealer", "other-agent")
    moves = procedure in (NEW, USED, TRANSFER, CHANGE)
    wanted = {
        "inspection-certificate": procedure not in (NEW, USED),
        "compliance-certificate": procedure in (USED, INSPECTION),
        "registration-identification": procedure == USED,
        "completion-certificate": procedure == NEW,
        "transfer-deed": procedure in (NEW, TRANSFER),
        "transfer-deed-if-sold": procedure in (USED, TOFF, TEND),
        "seal-certificate": route == "hybrid" and procedure != INSPECTION,
        "power-of-attorney": agent or procedure in (TRANSFER, TOFF, TEND) or same == "no",
        "change-cause": procedure == CHANGE and who == "individual",
        "change-cause-corporation": procedure == CHANGE and who == "corporation",
        "change-cause-deletion": procedure == COFF,
        "garage-certificate": moves and garage == "have",
        "garage-map": moves and garage == "apply-together",
        "garage-layout": moves and garage == "apply-together",
        "garage-right": moves and garage == "apply-together",
        "delivery-papers": procedure == INSPECTION or (procedure in (TRANSFER, CHANGE) and proxy == "yes"),
        "user-consent": procedure == INSPECTION and agent,
    }
    return {f"documents.{name}" for name, needed in wanted.items() if needed}


def test_the_documents_of_every_combination() -> None:
    asked = [question for question in GUIDE.questions.values() if question.document]
    names = (
        "case.role", "case.applicant", "case.route", "case.owner-is-user", "case.garage", "case.proxy-issuance",
    )  # fmt: skip
    values = [[choice.value for choice in GUIDE.questions[name].choices] for name in names]
    for procedure, given in product(ALL, product(*values)):
        answers: dict[str, Value] = {
            "case.procedure": procedure,
            "case.channel": "portal",
            **dict(zip(names, given, strict=True)),
        }
        found = {question.id for question in asked if evaluate(question.applies, answers).yes}
        assert found == expected_documents(procedure, *given), answers
