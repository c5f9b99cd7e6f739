"""What applies, what is done, and what comes next: pure rules over answers and findings, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import cast

from checks.finding import find
from checks.guide import Guide
from checks.model import Check, Context, Finding, Options, Outcome
from checks.record import replace
from checks.rules.answers import standing_answers
from checks.rules.conditions import Holds, Value, When, evaluate
from checks.rules.scope import Fit, judge
from checks.steps import Question, Standing, Step
from checks.system.api import System
from checks.text import Text
from checks.verdict import outcome_of
from state.next_item import invitation, next_item
from state.session_data import Answer, Result, SessionData, Waiver
from state.standing import Item, Next, Progress, Status, StepProgress


def progress(
    guide: Guide,
    data: SessionData,
    options: Options,
    *,
    host: str = "",
    running: frozenset[str] = frozenset(),
) -> Progress:
    """How far the preparation of `data` has come at `options.moment()`.

    Findings about another PC than `host` are stale. Checks that follow from the answers alone are worked out here.
    """
    context = Context(cast(System, None), standing_answers(guide, data.values()), options, guide=guide)
    fit = judge(guide.scope, context.answers)
    parts = tuple(
        _within_scope(_step(step, guide, data, context, host, running), fit)
        for step in (guide.case, *guide.steps)
    )
    items = [item for part in parts for item in part.items]
    coming = next_item([item for item in items if item.blocking], guide)
    following = None if coming is None else Next(coming.id, coming.step, invitation(coming, options))
    refusal = fit.row.text if fit.row is not None and fit.refused else None
    return Progress(parts[0], parts[1:], following, _exit(items), refusal)


def _within_scope(part: StepProgress, fit: Fit) -> StepProgress:
    """The step as it stands, with nothing called right in what the application's scope refuses or could refuse."""
    found = fit.steps.get(part.step.number)
    if found is None:
        return part
    items = tuple(_out_of_scope(item, found, fit) for item in part.items)
    if found.code == "out-of-scope":
        reason = fit.row.text if fit.row is not None else None
        return StepProgress(part.step, False, reason, Status.NOT_NEEDED, items)
    return replace(part, status=_status(part.applies, items), items=items)


def _out_of_scope(item: Item, found: Finding, fit: Fit) -> Item:
    """The item with what is found of its whole step; an answer stays, and what is only open is not held against it."""
    if found.code == "out-of-scope":
        reason = fit.row.text if fit.row is not None else None
        return replace(item, applies=False, reason=reason, status=Status.NOT_NEEDED, outcome=Outcome.SKIP,
                       finding=found, waiver=None)  # fmt: skip
    if found.code == "unanswered" and item.kind != "check":
        return item
    outcome, status = (
        (Outcome.UNKNOWN, Status.ATTENTION) if found.code == "not-known" else (Outcome.SKIP, Status.TO_DO)
    )
    if item.status in (Status.NOT_NEEDED, Status.RUNNING):
        status = item.status
    return replace(item, status=status, outcome=outcome, finding=found, waiver=None)


def _exit(items: list[Item]) -> int:
    outcomes = {
        item.outcome
        for item in items
        if item.applies and item.waiver is None and item.status is not Status.STALE
    }
    if Outcome.FAIL in outcomes:
        return 1
    if outcomes & {Outcome.UNKNOWN, Outcome.CRASH}:
        return 3
    return 4 if any(item.blocking for item in items) else 0


def _step(
    step: Step, guide: Guide, data: SessionData, context: Context, host: str, running: frozenset[str]
) -> StepProgress:
    holds = evaluate(step.applies, context.answers)
    reason = step.not_needed if not holds.yes else _undecided(holds, guide)
    checks = {check.id: check for check in guide.checks_of(step.number)}
    items: list[Item] = []
    today = context.options.today()
    for question in step.questions:
        applies, why = _applies(question.applies, holds, reason, guide, context)
        item = _question(question, len(items) + 1, data.answers, context.answers, applies, why)
        judge = checks.pop(question.id, None)
        if judge is not None and item.value is not None:
            item = _judged(item, judge, context)
        items.append(_waived(item, data.waivers.get(item.id), today))
    for check in checks.values():
        applies, why = _applies(check.applies, holds, reason, guide, context)
        item = _check(check, len(items) + 1, data, context, applies, why, host, check.id in running)
        items.append(_waived(item, data.waivers.get(item.id), today) if check.waivable else item)
    placed = tuple(items)
    # A step that the procedure does not need may hold an item that it does.
    applies = holds.yes or any(item.applies for item in placed)
    return StepProgress(
        step, applies, reason if holds.yes is applies else None, _status(applies, placed), placed
    )


def _applies(
    own: When, step: Holds, step_reason: Text | None, guide: Guide, context: Context
) -> tuple[bool, Text | None]:
    """An item with a condition of its own is judged by that alone, any other follows its step."""
    if not own.any_of:
        return step.yes, step_reason
    holds = evaluate(own, context.answers)
    if holds.yes:
        return True, _undecided(holds, guide)
    return False, _other_case(own, guide, context)


def _undecided(holds: Holds, guide: Guide) -> Text | None:
    if not holds.open:
        return None
    asked = guide.questions[holds.open].text
    return Text(
        f"「{asked.ja}」が未回答なので、必要なものとして扱っています。",
        f'Treated as needed, because "{asked.en}" is not answered yet.',
    )


def _other_case(own: When, guide: Guide, context: Context) -> Text:
    """The answer that rules it out; of several, that to the question asked first."""
    answers = context.answers
    against = {
        name
        for group in own.any_of
        for name, allowed in group
        if name in answers and answers[name] not in allowed
    }
    asked = next(question for question in guide.questions.values() if question.id in against)
    choice = asked.choice(str(answers[asked.id]))
    if choice is None:
        return Text(
            f"「{asked.text.ja}」への回答により、必要ありません。",
            f'Not needed, because of the answer to "{asked.text.en}".',
        )
    said = choice.text
    return Text(
        f"「{asked.text.ja}」の答えが「{said.ja}」なので、必要ありません。",
        f'Not needed, because "{asked.text.en}" is answered "{said.en}".',
    )


def _question(
    question: Question,
    position: int,
    answers: Mapping[str, Answer],
    known: Mapping[str, Value],
    applies: bool,
    reason: Text | None,
) -> Item:
    answer = answers.get(question.id)
    begun = answers.get(question.due_from)
    due: date | None = None
    if begun is not None and isinstance(begun.value, date):
        due = begun.value + timedelta(days=question.due_days)
    required = question.required or due is not None
    if not applies:
        status = Status.NOT_NEEDED
    elif answer is None or question.id not in known:
        status = Status.TO_DO if required else Status.NOT_NEEDED
    else:
        status = _standing(question, answer)
    return Item(
        id=question.id,
        step=question.step,
        position=position,
        kind="document" if question.document else "question",
        title=question.text,
        applies=applies,
        reason=reason,
        status=status,
        required=required,
        value=None if answer is None else str(answer.value),
        at=None if answer is None else answer.at,
        wait_hours=question.wait_hours,
        due=due,
    )


_STANDINGS: Mapping[Standing, Status] = {
    "done": Status.DONE,
    "to-do": Status.TO_DO,
    "attention": Status.ATTENTION,
}


def _standing(question: Question, answer: Answer) -> Status:
    if not question.choices:
        return Status.DONE
    choice = question.choice(str(answer.value))
    return Status.TO_DO if choice is None else _STANDINGS[choice.standing]


def _judged(item: Item, judge: Check, context: Context) -> Item:
    """An answered question with the verdict of the check that shares its id."""
    finding = find(judge, context)
    outcome = outcome_of(judge, finding.code) or Outcome.CRASH
    status = _settled(judge, finding, outcome) if item.applies else item.status
    return replace(item, outcome=outcome, finding=finding, status=status)


def _check(
    check: Check,
    position: int,
    data: SessionData,
    context: Context,
    applies: bool,
    reason: Text | None,
    host: str,
    running: bool,
) -> Item:
    result = data.results.get(check.id)
    finding: Finding | None = None
    outcome: Outcome | None = None
    at: datetime | None = None
    status = Status.TO_DO
    if check.derived:
        finding = find(check, context)
        outcome = outcome_of(check, finding.code) or Outcome.CRASH
        status = _settled(check, finding, outcome)
    elif result is not None:
        finding = Finding(result.code, result.values, result.evidence)
        known = outcome_of(check, result.code)
        outcome, at = known or result.outcome, result.at
        stale = known is None or _stale(check, result, data.answers, context, host)
        status = Status.STALE if stale else _settled(check, finding, outcome)
    if running:
        status = Status.RUNNING
    if not applies:
        status = Status.NOT_NEEDED
    return Item(
        id=check.id,
        step=check.step,
        position=position,
        kind="check",
        title=check.title,
        applies=applies,
        reason=reason,
        status=status,
        outcome=outcome,
        finding=finding,
        at=at,
    )


def _settled(check: Check, finding: Finding, outcome: Outcome) -> Status:
    if outcome is Outcome.PASS:
        return Status.DONE
    if outcome is Outcome.SKIP:
        if finding.code == "not-applicable":
            return Status.NOT_NEEDED
        says = check.says.get(finding.code)
        return Status.NOT_NEEDED if says is not None and says.not_needed else Status.TO_DO
    return Status.ATTENTION


def _stale(check: Check, result: Result, answers: Mapping[str, Answer], context: Context, host: str) -> bool:
    """The finding no longer speaks of this PC, of today, or of what is answered now."""
    if host and check.scope == "pc" and result.host and result.host != host:
        return True
    if check.fresh_for is not None and context.options.moment() - result.at > timedelta(days=check.fresh_for):
        return True
    asked = {*check.needs, *check.applies.questions()}
    return any(name in answers and answers[name].rev > result.rev for name in asked)


def _waived(item: Item, waiver: Waiver | None, today: date) -> Item:
    """An accepted exception settles an open item until its last day."""
    if waiver is None or not item.open or waiver.until < today:
        return item
    return replace(item, status=Status.DONE, waiver=waiver)


def _status(applies: bool, items: tuple[Item, ...]) -> Status:
    if not applies:
        return Status.NOT_NEEDED
    standing = {item.status for item in items if item.applies}
    for status in (Status.RUNNING, Status.ATTENTION, Status.STALE, Status.TO_DO):
        if status in standing:
            return status
    return Status.DONE
