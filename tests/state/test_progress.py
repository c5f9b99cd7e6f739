"""What applies, what is done, what is next: the rules on a small guide of the test's own.

Covers state.next_item, state.session_data and state.standing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks.guide import Guide, load_guide
from checks.model import Check, Context, Finding, Options, Outcome, Says, Scope, check
from checks.rules.conditions import ALWAYS, When
from checks.steps import Basis, Choice, Question, Step
from checks.text import Text
from state.progress import progress
from state.session_data import Answer, Declaration, Pc, Result, SessionData, Waiver
from state.standing import Progress, Status

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WORDS = Text("語", "words")
BASIS = Basis("page", date(2026, 11, 22), "official")
TRANSFER = When(((("case.procedure", frozenset({"transfer"})),),))
NEW = When(((("case.procedure", frozenset({"new"})),),))


def yesno(name: str, step: int, **more: object) -> Question:
    choices = (Choice("yes", WORDS), Choice("no", WORDS, "to-do"), Choice("trouble", WORDS, "attention"))
    base = Question(name, step, "yesno", Text(f"問{name}", name), BASIS, None, choices)
    return replace(base, **more)  # type: ignore[arg-type]


SAYS = {
    "fine": Says(Outcome.PASS, WORDS),
    "odd": Says(Outcome.WARN, WORDS),
    "wrong": Says(Outcome.FAIL, WORDS),
    "lost": Says(Outcome.UNKNOWN, WORDS),
    "later": Says(Outcome.SKIP, WORDS),
    "never": Says(Outcome.SKIP, WORDS, not_needed=True),
}


def probe(context: Context) -> Finding:
    return Finding({"yes": "fine", "no": "wrong"}.get(context.answer("one.asked"), "later"))


def made(
    name: str, step: int, *, derived: bool = False, days: float | None = None, asks: bool = False
) -> Check:
    needs = ("one.asked",) if asks or derived else ()
    one = check(
        name, title=WORDS, why=WORDS, how=WORDS, says=SAYS, needs=needs, derived=derived, fresh_for=days
    )(probe)
    return replace(one, step=step)


def make_guide(*extra: Check) -> Guide:
    procedures = tuple(Choice(value, WORDS) for value in ("new", "transfer"))
    asked = replace(yesno("case.procedure", 0), kind="choice", choices=procedures)
    case = Step(0, "case", WORDS, WORDS, "page", ALWAYS, None, (), (asked,))
    follow = yesno("one.follow", 1, applies=When(((("one.asked", frozenset({"no"})),),)), wait_hours=24)
    one = Step(1, "one", WORDS, WORDS, "page", ALWAYS, None, (), (yesno("one.asked", 1), follow))
    two = Step(
        2,
        "two",
        WORDS,
        WORDS,
        "page",
        NEW,
        Text("新規だけ", "new only"),
        (),
        (
            yesno("two.bought", 2),
            yesno("two.renamed", 2, applies=TRANSFER),
            yesno("two.number", 2, required=False),
            yesno("two.slow", 2, wait_hours=24, document=True),
        ),
    )
    checks = {found.id: found for found in (made("one.pc", 1, days=7, asks=True), *extra)}
    questions = {q.id: q for step in (case, one, two) for q in step.questions}
    return Guide(case, (one, two), {}, questions, checks)


def answered(**values: str) -> dict[str, Answer]:
    return {
        name.replace("_", "."): Answer(value, NOW, rev)
        for rev, (name, value) in enumerate(values.items(), 10)
    }


def session(answers: dict[str, Answer] | None = None, **results: Result) -> SessionData:
    found = {name.replace("_", "."): result for name, result in results.items()}
    return SessionData("test", NOW, NOW, "0", answers=answers or {}, results=found)


def result(code: str, *, rev: int = 50, days: float = 0, host: str = "PC-01") -> Result:
    outcome = SAYS[code].outcome if code in SAYS else Outcome.PASS
    return Result(outcome, code, {}, (), NOW - timedelta(days=days), rev, host)


def look(data: SessionData, *extra: Check, host: str = "PC-01") -> Progress:
    return progress(make_guide(*extra), data, Options(now=NOW), host=host)


def standing(found: Progress) -> dict[str, str]:
    return {item.id: item.status.value for item in found.items()}


def test_while_the_case_is_open_a_step_applies_and_names_the_question() -> None:
    step = look(session()).steps[1]
    assert step.applies
    assert step.reason is not None
    assert "問case.procedure" in step.reason.ja
    assert step.status is Status.TO_DO


def test_a_step_that_does_not_apply_says_why_and_keeps_its_answers() -> None:
    found = look(session(answered(case_procedure="change", two_bought="yes")))
    step = found.steps[1]
    assert (step.applies, step.status, step.reason) == (
        False,
        Status.NOT_NEEDED,
        Text("新規だけ", "new only"),
    )
    item = found.item("two.bought")
    assert item is not None
    assert (item.status, item.value, item.applies) == (Status.NOT_NEEDED, "yes", False)


def test_a_step_that_holds_an_item_with_a_condition_of_its_own_is_headed_by_it() -> None:
    step = look(session(answered(case_procedure="transfer"))).steps[1]
    assert [item.id for item in step.items if item.applies] == ["two.renamed"]
    assert (step.done, step.open) == (0, 1)
    assert (step.applies, step.status, step.reason) == (True, Status.TO_DO, None)
    done = look(session(answered(case_procedure="transfer", two_renamed="yes"))).steps[1]
    assert (done.done, done.open, done.status) == (1, 0, Status.DONE)


@pytest.mark.parametrize(
    ("answer", "status"),
    [("yes", "done"), ("no", "to-do"), ("trouble", "attention"), ("no longer a choice", "to-do")],
)
def test_an_answer_stands_as_its_choice_says(answer: str, status: str) -> None:
    assert standing(look(session(answered(one_asked=answer))))["one.asked"] == status


def test_an_optional_question_is_never_open() -> None:
    found = look(session(answered(case_procedure="new")))
    assert standing(found)["two.number"] == "not-needed"
    assert standing(look(session(answered(case_procedure="new", two_number="yes"))))["two.number"] == "done"


@pytest.mark.parametrize(
    ("code", "status", "ends"),
    [
        ("fine", "done", 4),
        ("odd", "attention", 4),
        ("wrong", "attention", 1),
        ("lost", "attention", 3),
        ("later", "to-do", 4),
        ("never", "not-needed", 4),
        ("not-applicable", "not-needed", 4),
        ("offline", "to-do", 4),
        ("a code of another version", "stale", 4),
    ],
)
def test_a_finding_stands_as_its_outcome_says(code: str, status: str, ends: int) -> None:
    found = look(session(one_pc=result(code)))
    assert standing(found)["one.pc"] == status
    assert found.exit == ends


def test_everything_settled_is_ready_and_a_warning_does_not_hinder() -> None:
    answers = answered(case_procedure="transfer", one_asked="yes", two_renamed="yes")
    assert look(session(answers, one_pc=result("fine"))).exit == 0
    warned = look(session(answers, one_pc=result("odd")))
    assert (warned.exit, warned.ready, warned.next) == (0, True, None)
    assert warned.steps[0].status is Status.ATTENTION


@pytest.mark.parametrize(
    ("stored", "host", "status"),
    [
        (result("wrong", days=6.9), "PC-01", "attention"),
        (result("wrong", days=7.1), "PC-01", "stale"),
        (result("wrong"), "PC-02", "stale"),
        (result("wrong"), "", "attention"),
        (result("wrong", rev=10), "PC-01", "stale"),
        (result("wrong", rev=11), "PC-01", "attention"),
    ],
)
def test_a_finding_goes_stale_with_time_another_pc_or_a_newer_answer(
    stored: Result, host: str, status: str
) -> None:
    answers = {"one.asked": Answer("no", NOW, 11)}
    found = look(session(answers, one_pc=stored), host=host)
    assert standing(found)["one.pc"] == status
    assert (found.exit == 1) is (status == "attention")


@pytest.mark.parametrize(
    ("answered_on", "scope", "standing"),
    [(-1, "case", "done"), (1, "case", "stale"), (1, "office", "stale"), (1, "pc", "done")],
)
def test_a_look_at_a_pc_holds_until_what_it_was_judged_by_is_answered_anew(
    answered_on: int, scope: Scope, standing: str
) -> None:
    """An answer about the case goes by its day; one about the PC by its revision, which is lower here."""
    guide = load_guide("oss")
    at = NOW + timedelta(days=answered_on)
    data = SessionData(
        "x", NOW, NOW, "0", pc=Pc("", "DESK-3", "tanaka", "windows", NOW),
        answers={"certificate.kind": Answer("registry-file", at, 9 if scope != "pc" else 1, scope)},
        results={
            id_: Result(Outcome.PASS, code, {}, (), NOW, 3, "DESK-3", "tanaka")
            for id_, code in (("certificate.file", "ok"), ("pc.extension", "enabled"))
        },
    )  # fmt: skip
    found = progress(guide, data, Options(now=NOW + timedelta(days=2)))
    item = found.item("certificate.file")
    assert item is not None
    assert item.status == standing
    other = found.item("pc.extension")  # it looks at no answer
    assert other is not None
    assert other.status is Status.DONE


def test_a_check_on_answers_alone_is_worked_out_whenever_it_is_shown() -> None:
    derived = made("one.judged", 1, derived=True)
    assert standing(look(session(), derived))["one.judged"] == "to-do"
    assert standing(look(session(answered(one_asked="yes")), derived))["one.judged"] == "done"
    wrong = look(session(answered(one_asked="no")), derived)
    assert standing(wrong)["one.judged"] == "attention"
    assert wrong.exit == 1


def test_a_check_may_judge_the_question_whose_id_it_shares() -> None:
    judge = made("one.asked", 1)
    items = [
        item for item in look(session(answered(one_asked="no")), judge).items() if item.id == "one.asked"
    ]
    assert [(item.kind, item.outcome, item.status) for item in items] == [
        ("question", Outcome.FAIL, Status.ATTENTION)
    ]
    assert [item.outcome for item in look(session(), judge).items() if item.id == "one.asked"] == [None]


@pytest.mark.parametrize(("until", "ends"), [(date(2026, 11, 20), 1), (date(2027, 1, 1), 4)])
def test_an_accepted_exception_counts_until_its_day(until: date, ends: int) -> None:
    waiver = Waiver("別のPCで申請", "例 太郎", until, NOW, 60)
    data = replace(session(one_pc=result("wrong")), waivers={"one.pc": waiver})
    assert look(data).exit == ends


@pytest.mark.parametrize("order", [-1, 0, 1], ids=["before", "same second", "after"])
@pytest.mark.parametrize("stale", [False, True], ids=["fresh", "stale"])
@pytest.mark.parametrize("code", [None, "fine", "odd", "wrong", "lost", "later", "never", "crash"])
def test_a_declaration_settles_what_no_look_has_settled(code: str | None, stale: bool, order: int) -> None:
    """`order` says when the look was made, seen from the declaration."""
    at = NOW - timedelta(hours=2)
    said = Declaration("田中", "person", date(2026, 11, 20), at, 60)
    answers = answered(case_procedure="transfer", one_asked="yes", two_renamed="yes")
    data = replace(session(answers), declared={"one.pc": said})
    if code is not None:
        found = replace(result(code, rev=5 if stale else 50), at=at + timedelta(hours=order))
        if code == "crash":
            found = replace(found, outcome=Outcome.CRASH)
        data = replace(data, results={"one.pc": found})
    state = look(data)
    item = state.item("one.pc")
    assert item is not None
    looked = code in ("fine", "odd", "wrong")
    settled = not stale and code in ("fine", "odd", "never")
    if (
        code == "odd" and order < 0 and not stale
    ):  # a warning is nothing settled: a later word may speak of it
        settled = False
    expected = code != "wrong" and not settled and not (looked and order >= 0)
    assert (item.declared is said) is expected
    if expected:
        assert (item.state, item.status, item.outcome) == ("declared", Status.DONE, None)
        assert (state.exit, state.ready, state.declared, state.next) == (0, True, 1, None)
        assert (state.steps[0].state, state.steps[0].done) == ("declared", 2)
    else:
        assert (item.state != "declared", state.declared) == (True, 0)
    if code == "wrong" and not stale:
        assert state.exit == 1


def test_a_declaration_shows_nothing_as_settled_that_follows_from_answers_or_does_not_apply() -> None:
    said = Declaration("田中", "official-check", date(2026, 11, 20), NOW, 60)
    derived = made("one.judged", 1, derived=True)
    gone = replace(made("two.gone", 2), applies=NEW)
    never = replace(made("one.fits", 1), waivable=False)
    data = replace(
        session(answered(case_procedure="transfer")),
        declared=dict.fromkeys(("one.judged", "two.gone", "one.fits", "one.asked"), said),
    )
    state = look(data, derived, gone, never)
    assert (state.declared, state.steps[0].state) == (0, "to-do")
    running = progress(
        make_guide(),
        replace(data, declared={"one.pc": said}),
        Options(now=NOW),
        running=frozenset({"one.pc"}),
    )
    assert standing(running)["one.pc"] == "running"


def test_a_step_is_called_by_what_is_open_before_what_is_declared() -> None:
    said = Declaration("田中", "person", date(2026, 11, 20), NOW, 60)
    data = replace(session(answered(case_procedure="transfer")), declared={"one.pc": said})
    assert (look(data).steps[0].state, look(data).steps[0].done) == ("to-do", 1)


def test_next_is_the_case_then_what_takes_time_then_the_lowest_open_item() -> None:
    def at(**values: str) -> str:
        coming = look(session(answered(**values), one_pc=result("fine", rev=99))).next
        return coming.id if coming else ""

    assert at() == "case.procedure"
    assert at(case_procedure="transfer") == "one.asked"
    assert at(case_procedure="new") == "two.slow"
    assert at(case_procedure="new", two_slow="yes") == "one.asked"
    assert at(case_procedure="new", two_slow="yes", one_asked="yes") == "two.bought"


def test_what_may_prove_needless_waits_for_the_question_that_decides_it() -> None:
    answers = answered(case_procedure="transfer")
    assert (coming := look(session(answers, one_pc=result("fine"))).next)
    assert coming.id == "one.asked"
    answers = answered(case_procedure="transfer", one_asked="no")
    assert (coming := look(session(answers, one_pc=result("fine", rev=99))).next)
    assert coming.id == "one.follow"


def test_what_takes_time_names_the_moment_from_which_it_can_be_used() -> None:
    coming = look(session(answered(case_procedure="new"))).next
    assert coming is not None
    ready = (NOW + timedelta(hours=24)).astimezone()
    assert f"{ready:%Y-%m-%d %H:%M}" in coming.text.ja
    assert f"{ready:%Y-%m-%d %H:%M}" in coming.text.en


def test_a_running_check_shows_as_running_and_is_not_next() -> None:
    found = progress(make_guide(), session(), Options(now=NOW), running=frozenset({"one.pc"}))
    assert standing(found)["one.pc"] == "running"
    assert found.steps[0].status is Status.RUNNING
