"""The guide is one consistent whole, and what is wrong in it is refused by name.

Covers checks.guide and checks.guides.entries.
"""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest

from checks.finding import find
from checks.guide import Guide, GuideError, load_guide
from checks.guides.building import build
from checks.guides.entries import read_guide
from checks.model import Check, Context, Options
from checks.rules.conditions import Value, When, both, evaluate
from checks.system.api import System
from checks.text import placeholders

GUIDE = load_guide("oss")

CASE = {
    "case.role": ["self", "employee", "gyoseishoshi", "dealer", "other-agent"],
    "case.vehicle": ["registered", "small-motorcycle", "kei"],
    "case.use": ["private", "business", "rental", "official"],
    "case.procedure": [
        "new-registration", "used-registration", "transfer", "change", "temporary-deletion", "permanent-deletion",
        "transfer-temporary-deletion", "transfer-permanent-deletion", "change-temporary-deletion", "continuous-inspection",
    ],
    "case.applicant": ["individual", "corporation"],
    "case.channel": ["portal", "bulk", "counter"],
    "case.route": ["full", "hybrid"],
    "case.filing-agent": ["ourselves", "association", "gyoseishoshi", "undecided"],
    "case.owner-is-user": ["yes", "no"],
    "case.garage": ["have", "apply-together", "not-needed"],
    "case.plate": ["keep", "change", "wish"],
    "case.proxy-issuance": ["yes", "no"],
    "certificate.kind": [
        "jpki-reader", "jpki-phone", "registry-file", "registry-remote", "gyoseishoshi", "other-ca", "agent",
    ],
    "case.planned-date": [],
    "case.reference": [],
}  # fmt: skip


def test_the_case_is_asked_in_this_order_with_these_values() -> None:
    asked = {q.id: [choice.value for choice in q.choices] for q in GUIDE.case.questions}
    assert asked == CASE
    assert list(asked) == list(CASE)


def test_the_questions_that_others_rely_on() -> None:
    fixed = {
        "insurance.start": "date", "insurance.end": "date", "insurance.inspection-end": "date",
        "insurance.data-visible": "yesno", "insurance.renamed": "yesno",
        "proxy-issuance.face-changes": "yesno", "documents.delivery-papers": "choice",
        "proxy-issuance.old-certificate": "choice", "proxy-issuance.agent-asked": "yesno",
        "proxy-issuance.agent-available": "yesno", "proxy-issuance.agent-number": "text",
        "certificate.moved-house": "yesno", "certificate.issued-on": "date", "certificate.file-path": "path",
        "documents.images-path": "path", "pc.official-check": "choice",
    }  # fmt: skip
    assert {name: GUIDE.questions[name].kind for name in fixed} == fixed
    assert GUIDE.questions["insurance.end"].after == "insurance.start"
    asked = list(GUIDE.questions)
    assert asked.index("documents.inspection-expiry") < asked.index("insurance.inspection-end")


def test_an_id_that_a_question_had_finds_it_and_its_old_answers_are_choices() -> None:
    for name in ("oss", "kei"):
        guide = load_guide(name)
        question = guide.question("proxy-issuance.papers-to-submit")
        assert question is guide.questions["documents.delivery-papers"]
        assert [question.renewed(old) for old in ("yes", "no", "ready", 7)] == ["not-yet", "none", "ready", 7]
        former = [old for one in guide.questions.values() for old in one.formerly]
        assert len(set(former)) == len(former)
        assert not set(former) & {*guide.questions, *guide.checks}
        assert guide.question("proxy-issuance.nothing") is None


def test_the_pages_that_checks_refer_to() -> None:
    wanted = (
        "jizen-junbi pc-kankyou pc-check terms portal-top root-update payment shorui ninsho-list mozilla-lifecycle chrome-policy "
        "ms-root-program secom-repository windows-lifecycle jpki-download jpki-faq jpki-top moj-cert gpki addon-consent "
        "extension-store viewer-app cashless kei-oss kei-preparation denshishakensho mynaportal-app"
    )
    assert set(wanted.split()) <= set(GUIDE.pages)


def test_derived_checks_follow_from_answers_and_calendar_alone() -> None:
    derived = [check for check in GUIDE.checks.values() if check.derived]
    ours = {"insurance.covers-inspection", "insurance.data-visible", "payment.ready", "documents.complete", "documents.age",
            "documents.deadline", "proxy-issuance.eligible"}  # fmt: skip
    assert ours <= {check.id for check in derived}
    day = date(2026, 11, 22)
    for question in GUIDE.questions.values():
        values: list[object] = [choice.value for choice in question.choices]
        for value in values or [day, "", "x"]:
            context = Context(cast(System, None), {question.id: cast(Value, value)}, Options(), guide=GUIDE)
            for check in derived:
                if check.id in ours:
                    finding = find(check, context)
                    assert finding.code in check.says, (check.id, question.id, value)
                    assert placeholders(check.says[finding.code].text.ja) <= set(finding.values)
                    assert find(check, context) == finding


def test_derived_checks_load_nothing_heavy() -> None:
    code = (
        "import sys; from checks.guide import load_guide; from checks.model import Context, Options;"
        "c = load_guide('oss'); [x.probe(Context(None, {'case.procedure': 'transfer'}, Options(), guide=c)) for x in c.checks.values()"
        " if x.derived and x.id.split('.')[0] in ('insurance', 'payment', 'documents', 'proxy-issuance')];"
        "print([m for m in ('textual', 'rich', 'cryptography', 'ssl', 'psutil', 'certifi', 'socket') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def changed(change: Callable[[dict[str, Any]], object], checks: tuple[Check, ...] = ()) -> Guide:
    """The guide of the guide after a change to its data."""
    guide = copy.deepcopy(read_guide("oss"))
    change(guide)
    return build("oss", guide, checks or tuple(GUIDE.checks.values()))


def dated(guide: dict[str, Any], id_: str) -> Any:
    """The table of one date."""
    return next(entry for entry in guide["deadlines"]["date"] if entry["id"] == id_)


def test_a_new_document_needs_one_table_and_nothing_else() -> None:
    entry = {
        "id": "documents.new-paper",
        "kind": "yesno",
        "document": True,
        "text": {"ja": "新しい書類", "en": "A new paper"},
        "applies": {"case.procedure": ["transfer"]},
        "basis": {"page": "shorui", "confidence": "official"},
    }
    guide = changed(lambda guide: guide["step5"]["question"].append(entry))
    assert guide.questions["documents.new-paper"].document
    assert not evaluate(guide.questions["documents.new-paper"].applies, {"case.procedure": "change"}).yes


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda g: g["step5"]["question"][0].pop("basis"), "documents.page-read"),
        (lambda g: g["step5"]["note"][0].pop("basis"), "documents.purpose"),
        (lambda g: g["step5"]["note"][0]["basis"].pop("page"), "documents.purpose"),
        (lambda g: g["step5"]["note"][0]["basis"].pop("confidence"), "documents.purpose"),
        (lambda g: g["step5"]["note"][0]["basis"].update(confidence="certain"), "documents.purpose"),
        (lambda g: g["step5"]["note"][0]["basis"].update(page="no-such"), "no-such"),
        (lambda g: g["step5"]["basis"].update(checked="yesterday"), "step5.toml, basis"),
        (lambda g: dated(g, "documents.seal-issued").pop("question"), "documents.seal-issued"),
        (lambda g: dated(g, "documents.seal-issued").update(days="3"), "documents.seal-issued"),
        (lambda g: dated(g, "documents.seal-issued").update(question="case.role"), "case.role"),
        (lambda g: dated(g, "documents.seal-issued").update(kind="papers"), "Nearest: paper"),
        (lambda g: dated(g, "documents.seal-issued").update(year=3), "year"),
        (lambda g: dated(g, "documents.seal-issued").update(basis="documents.no-such"), "documents.no-such"),
        (lambda g: dated(g, "documents.seal-issued")["basis"].update(page="no-such"), "no-such"),
        (lambda g: dated(g, "documents.seal-issued").update(unless={"documents.papers-delivered": ["Yes"]}), "documents.seal-issued"),
        (lambda g: dated(g, "documents.event-date").update(unless={"documents.application-date": ["future"]}), "coming, past, today"),
        (lambda g: g["step5"]["question"][0].update(applies={"insurance.start": ["past"]}), "documents.page-read"),
        (lambda g: dated(g, "documents.event-date").update(check="documents.age"), "documents.event-date"),
        (lambda g: dated(g, "root.lifecycle.expiry").update(fact="roots.end"), "roots.end"),
        (lambda g: dated(g, "certificate.auth-expiry").update(check="certificate.files"), "certificate.files"),
        (lambda g: g["deadlines"]["wait"][0].update(applies={"certificate.kinds": ["x"]}), "certificate.kinds"),
        (lambda g: g["deadlines"]["wait"][0]["text"].pop("en"), "certificate.card-obtained"),
        (lambda g: g["deadlines"]["sent"].pop("id"), "deadlines.toml, sent"),
        (lambda g: g["deadlines"].update(sent=[]), "deadlines.toml, sent"),
        (lambda g: g["guide"]["letters"]["customer"]["steps"].append("step9"), "step9"),
        (lambda g: g["guide"]["letters"]["support"]["always"].append("pc.no-such"), "pc.no-such"),
        (lambda g: g["guide"]["letters"]["support"].update(never=[]), "never"),
        (lambda g: g["step5"]["note"][0]["text"].pop("en"), "documents.purpose"),
        (lambda g: g["step5"]["note"][0]["text"].update(ja=""), "documents.purpose"),
        (lambda g: g["step5"]["note"][0].update(kind="hint"), "documents.purpose"),
        (lambda g: g["step5"]["note"][0].update(colour="red"), "colour"),
        (lambda g: g["step5"]["question"][0].update(apples={}), "apples"),
        (lambda g: g["step5"]["question"][0].update(scope="world"), "world"),
        (lambda g: g["step5"]["question"][0].update(kind="number"), "number"),
        (lambda g: g["step5"]["question"][0].update(applies={"case.procedure": ["transfers"]}), "transfers"),
        (lambda g: g["step5"]["question"][0].update(applies={"case.procedures": ["transfer"]}), "case.procedures"),
        (lambda g: g["step5"]["question"][0].update(applies={"case.procedure": "transfer"}), "documents.page-read"),
        (lambda g: g["step5"]["question"][0].update(id="documents.outside-list"), "documents.outside-list"),
        (lambda g: g["step5"]["note"][0].update(id="documents.page-read"), "documents.page-read"),
        (lambda g: g["step3"]["question"][2].update(after="insurance.begin"), "insurance.begin"),
        (lambda g: g["step3"]["question"][2].update(due_from="insurance.sent"), "insurance.sent"),
        (lambda g: g["step3"]["step"].pop("not_needed"), "not_needed"),
        (lambda g: g["links"]["links"]["windows-roots"].pop("url"), "windows-roots"),
        (lambda g: g["case"]["question"][0]["choices"][0].update(standing="good"), "case.role"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_guide_is_refused_by_name(
    change: Callable[[dict[str, Any]], object], named: str
) -> None:
    with pytest.raises(GuideError) as caught:
        changed(change)
    assert named in str(caught.value)


def test_questions_that_wait_for_each_other_are_refused() -> None:
    def change(guide: dict[str, Any]) -> None:
        first, second = guide["step5"]["question"][:2]
        first["applies"] = {second["id"]: ["yes"]}
        second["applies"] = {first["id"]: ["yes"]}

    with pytest.raises(GuideError):
        changed(change)


def test_an_answer_that_is_no_longer_asked_for_decides_nothing() -> None:
    images = GUIDE.questions["documents.garage-map"]
    assert evaluate(images.applies, {"case.procedure": "transfer", "case.garage": "apply-together"}).yes
    assert not evaluate(
        images.applies, {"case.procedure": "continuous-inspection", "case.garage": "apply-together"}
    ).yes
    assert not evaluate(
        GUIDE.checks["documents.images"].applies,
        {"case.procedure": "continuous-inspection", "case.garage": "apply-together"},
    ).yes


def test_two_conditions_in_one() -> None:
    def when(**terms: str) -> When:
        return When((tuple((name, frozenset(values.split())) for name, values in terms.items()),))

    assert both(when(a="1 2"), when(b="3"), "b") == When(((("a", frozenset("12")), ("b", frozenset("3"))),))
    assert both(when(a="1 2"), when(a="2 3", b="3"), "b") == When(
        ((("a", frozenset("2")), ("b", frozenset("3"))),)
    )
    assert both(when(a="1"), when(a="2", b="3"), "b") == When(())
    assert both(when(a="1"), when(c="2"), "b") == when(c="2")


def test_ids_are_lower_case_and_begin_with_their_area() -> None:
    areas = {0: {"case", "certificate"}, 1: {"root", "portal", "clock"}, 2: {"pc"}, 3: {"insurance", "documents"}, 4: {"payment"},
             5: {"documents"}, 6: {"certificate"}, 7: {"proxy-issuance"}}  # fmt: skip
    for question in GUIDE.questions.values():
        assert question.id == question.id.lower()
        assert question.id.split(".")[0] in areas[question.step], question.id


def test_every_choice_that_leaves_something_to_see_to_says_what() -> None:
    for question in GUIDE.questions.values():
        for choice in question.choices:
            if choice.standing == "attention":
                assert choice.hint is not None, f"{question.id}={choice.value}"


def test_every_failing_check_of_the_rules_says_how_to_mend_it() -> None:
    for check in GUIDE.checks.values():
        for code, says in check.says.items():
            if says.outcome in ("fail", "warn", "unknown"):
                assert says.remedy is not None, f"{check.id} {code}"
