"""What can be filed in which way: no combination that is refused has anything right in what it refuses.

Covers checks.probes.case_fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import product
from typing import cast

import pytest

from checks.guide import load_guide
from checks.model import Check, Context, Finding, Options, Outcome
from checks.rules.answers import AnswerError, validate_answer, validate_answers
from checks.rules.conditions import Value
from checks.rules.scope import OUTCOMES, ScopeRules, judge
from checks.runner import Finished, run
from checks.system.api import System
from checks.verdict import outcome_of, verdict
from state.progress import progress
from state.session_data import Answer, Result, SessionData, Waiver
from state.standing import Progress, Status

GUIDE = load_guide("oss")
CHECK = GUIDE.scope.check
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
AGENTS = ("gyoseishoshi", "dealer", "other-agent")
DELETIONS = ("permanent-deletion", "transfer-permanent-deletion")
COMBINED = ("transfer-temporary-deletion", "transfer-permanent-deletion", "change-temporary-deletion")
WALKED = (
    "case.vehicle",
    "case.use",
    "case.procedure",
    "case.channel",
    "case.route",
    "case.role",
    "case.proxy-issuance",
)


def expected(vehicle: str, use: str, procedure: str, channel: str, route: str, role: str) -> str:
    """The code for a decided case without a garage certificate, written down from the sources without the table."""
    if vehicle == "kei":
        return "other-portal"
    if vehicle == "small-motorcycle":
        taken = procedure in ("new-registration", "continuous-inspection")
        return "not-known" if taken else "not-offered"
    if channel == "counter":
        return "at-the-counter"
    inspection = procedure == "continuous-inspection"
    if channel == "portal":
        if use != "private" or (inspection and role in AGENTS):
            return "not-offered"
        if route == "hybrid" and procedure == "new-registration":
            return "not-offered"
        return "not-known" if route == "hybrid" and inspection else "fits"
    if procedure in DELETIONS or (use in ("business", "rental") and procedure in COMBINED):
        return "not-known"
    return "not-known" if use == "official" and role != "gyoseishoshi" else "fits"


def case(values: Mapping[str, Value]) -> SessionData:
    """A session with these answers, every finding of it a pass, and everything else answered as well as can be."""
    answers = {
        **{name: _best(name) for name in GUIDE.questions},
        "case.garage": "not-needed",
        "case.plate": "keep",
        "proxy-issuance.face-changes": "no",
        "proxy-issuance.old-certificate": "ic",
        "documents.delivery-papers": "none",
        **values,
    }
    results = {
        check.id: Result(Outcome.PASS, _pass(check), {}, (), NOW, 1)
        for check in GUIDE.checks.values()
        if not check.derived
    }
    return SessionData(
        "test",
        NOW,
        NOW,
        "0",
        answers={name: Answer(value, NOW, 1) for name, value in answers.items()},
        results=results,
    )


def _best(name: str) -> Value:
    question = GUIDE.questions[name]
    if question.choices:
        return next(choice for choice in question.choices if choice.standing == "done").value
    return date(2026, 11, 1) if question.kind == "date" else "x"


def _pass(check: Check) -> str:
    return next((code for code, says in check.says.items() if says.outcome is Outcome.PASS), "unavailable")


def stand(values: Mapping[str, Value]) -> Progress:
    return progress(GUIDE, case(values), Options(now=NOW))


def test_no_combination_that_is_refused_shows_a_pass_in_what_it_refuses() -> None:
    lists = [[choice.value for choice in GUIDE.questions[name].choices] for name in WALKED]
    kinds: dict[tuple[object, ...], dict[str, Value]] = {}
    for values in product(*lists):
        answers: dict[str, Value] = dict(zip(WALKED, values, strict=True))
        fit = judge(GUIDE.scope, {**answers, "case.garage": "not-needed"})
        assert fit.code == expected(*values[:6]), answers
        assert (fit.code == "fits") is (fit.refusal is None)
        assert bool(fit.steps) is (fit.refusal is not None)
        kinds.setdefault((fit.row, values[2], values[6]), answers)
    codes = set()
    for answers in kinds.values():
        found, fit = stand(answers), judge(GUIDE.scope, {**answers, "case.garage": "not-needed"})
        codes.add(fit.code)
        assert not (fit.refusal and found.ready)
        assert found.exit == 1 or fit.code not in ("other-portal", "not-offered")
        assert found.refusal == fit.refusal
        for number in fit.steps:
            for item in found.steps[number - 1].items:
                assert item.outcome is not Outcome.PASS, (answers, item.id)
                assert item.status is not Status.DONE, (answers, item.id)
    assert codes == set(OUTCOMES) - {"unanswered"}


def context(values: Mapping[str, Value]) -> Context:
    return Context(
        cast(System, None), values, Options(now=NOW), refused=judge(GUIDE.scope, values).steps, guide=GUIDE
    )


OLD_HYBRID: dict[str, Value] = {
    "case.role": "dealer", "case.vehicle": "registered", "case.procedure": "continuous-inspection",
    "case.applicant": "individual", "case.route": "hybrid", "case.owner-is-user": "yes", "case.proxy-issuance": "yes",
    "documents.delivery-papers": "none", "proxy-issuance.old-certificate": "ic",
    "proxy-issuance.agent-asked": "yes", "proxy-issuance.agent-available": "yes",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code", "eligible"),
    [
        ({}, "unanswered", "unanswered"),
        ({"case.channel": "counter"}, "at-the-counter", "out-of-scope"),
        ({"case.channel": "portal"}, "not-offered", "out-of-scope"),
        ({"case.channel": "bulk"}, "unanswered", "eligible"),
        ({"case.channel": "bulk", "case.use": "private"}, "fits", "eligible"),
        ({"case.route": "full"}, "unanswered", "unanswered"),
        ({"case.route": "full", "case.role": "self"}, "unanswered", "eligible"),
        ({"case.route": "full", "case.role": "self", "case.use": "private"}, "fits", "eligible"),
        ({"case.vehicle": "kei", "case.procedure": "transfer"}, "other-portal", "out-of-scope"),
        ({"case.vehicle": "small-motorcycle"}, "not-known", "not-known"),
    ],
)
def test_a_session_that_was_begun_before_the_channel_was_asked(
    changed: dict[str, Value], code: str, eligible: str
) -> None:
    values = {**OLD_HYBRID, **changed}
    assert judge(GUIDE.scope, values).code == code
    checks = (GUIDE.checks[CHECK], GUIDE.checks["proxy-issuance.eligible"])
    found = {
        event.check.id: event.finding.code
        for event in run(checks, context(values))
        if isinstance(event, Finished)
    }
    assert found == {CHECK: code, "proxy-issuance.eligible": eligible}


def test_a_half_answered_case_refuses_nothing_and_is_not_called_fit() -> None:
    whole: dict[str, Value] = {
        "case.vehicle": "registered", "case.use": "private", "case.procedure": "transfer", "case.channel": "portal",
        "case.route": "full", "case.role": "self",
    }  # fmt: skip
    assert judge(GUIDE.scope, whole).code == "fits"
    for name in ("case.vehicle", "case.use", "case.procedure", "case.role"):
        fit = judge(GUIDE.scope, {key: value for key, value in whole.items() if key != name})
        assert (fit.code, fit.steps) == ("unanswered", {})
    bulk: dict[str, Value] = {**whole, "case.channel": "bulk"}
    assert judge(GUIDE.scope, bulk).code == "unanswered"
    assert judge(GUIDE.scope, {**bulk, "case.garage": "have"}).code == "not-offered"
    assert judge(GUIDE.scope, {**bulk, "case.garage": "apply-together"}).code == "fits"


def test_every_row_has_its_own_sentence_and_a_guide_without_rows_refuses_nothing() -> None:
    check = GUIDE.checks[CHECK]
    told = set()
    for row in GUIDE.scope.rows:
        assert outcome_of(check, row.code) is OUTCOMES[row.code]
        said = verdict(check, row.code, {"row": row.id})
        assert said is not None
        assert said.link == row.basis.page
        if row.code != "fits":
            assert said.remedy is not None
            told.add(said.text)
    assert len(told) == sum(row.code != "fits" for row in GUIDE.scope.rows)
    assert judge(ScopeRules(), {"case.vehicle": "kei"}).steps == {}


def test_a_refusal_cannot_be_waived() -> None:
    data = case({"case.vehicle": "kei"})
    waiver = Waiver("because", "Example", date(2099, 1, 1), NOW, 1)
    found = progress(
        GUIDE,
        SessionData("test", NOW, NOW, "0", answers=data.answers, waivers={CHECK: waiver}),
        Options(now=NOW),
    )
    item = found.item(CHECK)
    assert item is not None
    assert (item.waiver, found.exit) == (None, 1)
    assert found.next is not None
    assert found.next.id == CHECK


def test_a_refused_step_is_not_looked_at_where_the_application_is_meant() -> None:
    probed: list[str] = []

    def probe(_context: Context) -> Finding:
        probed.append("pc")
        return Finding("x")

    from checks.record import replace

    pc = replace(GUIDE.checks["pc.os"], probe=probe)
    kei: dict[str, Value] = {"case.vehicle": "kei"}
    (event,) = [event for event in run((pc,), context(kei)) if isinstance(event, Finished)]
    assert (event.outcome, event.finding.code, probed) == (Outcome.SKIP, "out-of-scope", [])


def test_the_agents_system_signs_in_bulk_alone() -> None:
    question = GUIDE.questions["certificate.kind"]
    bulk: dict[str, Value] = {"case.channel": "bulk"}
    assert question.offered(bulk).choice("agent") is not None
    for answers in ({}, {"case.channel": "portal"}, {"case.channel": "counter"}):
        assert question.offered(answers).choice("agent") is None
        with pytest.raises(AnswerError):
            validate_answer(GUIDE, "certificate.kind", "agent", answers)
        with pytest.raises(AnswerError):
            validate_answers(GUIDE, {"certificate.kind": "agent", "case.channel": "portal"}, bulk)
    assert validate_answers(GUIDE, {"certificate.kind": "agent", "case.channel": "bulk"}, {})[
        "certificate.kind"
    ]
    removed = {"pc.addon", "pc.extension", "pc.jpki-client", "pc.card-reader", "pc.card-service"}
    for channel, applies in (("bulk", False), ("portal", True)):
        found = stand({**OLD_HYBRID, "case.role": "self", "case.route": "full", "case.use": "private",
                       "case.channel": channel, "certificate.kind": "agent"})  # fmt: skip
        items = {item.id: item for item in found.items()}
        assert {name for name in removed if items[name].applies} == (removed if applies else set())
        assert (items["certificate.kind"].status is Status.TO_DO) is applies
