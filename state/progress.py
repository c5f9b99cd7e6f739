"""What applies, what is done, and what comes next: pure rules over answers and findings, nothing stored."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import cast

from checks.finding import find
from checks.guide import Guide
from checks.model import Check, Context, Finding, Options, Outcome, SendingPc
from checks.record import dataclass, replace
from checks.rules.answers import standing_answers
from checks.rules.conditions import Holds, When, evaluate
from checks.rules.dates import in_japan
from checks.rules.scope import Fit, judge
from checks.steps import Question, Step
from checks.system.api import System
from checks.text import Text
from checks.verdict import outcome_of
from state.next_item import invitation, next_item
from state.session_data import LOOKED, Result, SessionData
from state.standing import Item, Next, Progress, Status, StepProgress

_UNDECIDED = Text(
    "「{question}」が未回答なので、必要なものとして扱っています。",
    'Treated as needed, because "{question}" is not answered yet.',
)
_RULED_OUT = Text(
    "「{question}」の答えが「{answer}」なので、必要ありません。",
    'Not needed, because "{question}" is answered "{answer}".',
)
_RULED_OUT_BY_WORDS = Text(
    "「{question}」への回答により、必要ありません。",
    'Not needed, because of the answer to "{question}".',
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the items of a session are judged by."""

    data: SessionData
    context: Context
    """With the guide and the answers that count."""
    host: str
    """The PC that findings are wanted of: that which the session names, else the one it is looked at from."""
    here: str
    """The host it is looked at from."""
    elsewhere: str
    """The name of the session's PC where that is another one than this."""
    running: frozenset[str]


def progress(
    guide: Guide,
    data: SessionData,
    options: Options,
    *,
    host: str = "",
    user: str = "",
    platform: str = "",
    running: frozenset[str] = frozenset(),
) -> Progress:
    """How far the preparation of `data` has come at `options.moment()`, looked at by `user` on `host`, a system `platform`.

    Findings about another PC than that which the session names, or than `host` where it names none, are stale. Checks that
    follow from the answers alone are worked out here.
    """
    answers, pc = standing_answers(guide, data.values()), sending_pc(guide, data, platform)
    context = Context(cast(System, None), answers, options, guide=guide, pc=pc, session=data.name)
    elsewhere, here = "", host
    if data.pc is not None:
        elsewhere = "" if data.pc.is_at(host, user or data.pc.user) else data.pc_name
        host = data.pc.host
    known = _Known(data, context, host, here, elsewhere, running)
    fit = judge(guide.scope, context.answers)
    case, *steps = (_within_scope(_step(step, known), fit) for step in (guide.case, *guide.steps))
    items = [item for part in (case, *steps) for item in part.items]
    coming = next_item([item for item in items if item.blocking], guide)
    following = None if coming is None else Next(coming.id, coming.step, invitation(coming, options))
    return Progress(case, tuple(steps), following, _exit(items), fit.refusal)


def sending_pc(guide: Guide, data: SessionData, platform: str) -> SendingPc:
    """The PC from which the application will be sent, looked at on a system `platform`; empty: one that can send it."""
    here = guide.sending is None or not platform or platform in guide.sending.platforms
    return SendingPc(data.pc_name, in_japan(data.pc.seen).isoformat() if data.pc is not None else "", here)


def _within_scope(part: StepProgress, fit: Fit) -> StepProgress:
    """The step as it stands, with nothing called right in what the application's scope refuses or could refuse."""
    found = fit.steps.get(part.step.number)
    if found is None:
        return part
    items = tuple(_out_of_scope(item, found, fit) for item in part.items)
    if found.code == "out-of-scope":
        return StepProgress(part.step, False, fit.refusal, Status.NOT_NEEDED, items)
    return replace(part, status=_status(part.applies, items), items=items)


def _out_of_scope(item: Item, found: Finding, fit: Fit) -> Item:
    """The item with what is found of its whole step; an answer stays, and what is only open is not held against it."""
    if found.code == "out-of-scope":
        return replace(item, applies=False, reason=fit.refusal, status=Status.NOT_NEEDED, outcome=Outcome.SKIP,
                       finding=found, waiver=None, declared=None)  # fmt: skip
    if found.code == "unanswered" and item.kind != "check":
        return item
    outcome, status = (
        (Outcome.UNKNOWN, Status.ATTENTION) if found.code == "not-known" else (Outcome.SKIP, Status.TO_DO)
    )
    if item.status in (Status.NOT_NEEDED, Status.RUNNING):
        status = item.status
    return replace(item, status=status, outcome=outcome, finding=found, waiver=None, declared=None)


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


def _step(step: Step, known: _Known) -> StepProgress:
    holds = evaluate(step.applies, known.context.answers)
    reason = _undecided(holds, known) if holds.yes else step.not_needed
    checks = {check.id: check for check in known.context.guide.checks_of(step.number)}
    items: list[Item] = []
    for question in step.questions:
        applies = _applies(question.applies, (holds.yes, reason), known)
        items.append(_question(question, checks.pop(question.id, None), len(items) + 1, *applies, known))
    for check in checks.values():
        applies = _applies(check.applies, (holds.yes, reason), known)
        items.append(_check(check, len(items) + 1, *applies, known))
    placed = tuple(items)
    # A step that the procedure does not need may hold an item that it does.
    needed = holds.yes or any(item.applies for item in placed)
    return StepProgress(
        step, needed, reason if holds.yes is needed else None, _status(needed, placed), placed
    )


def _applies(own: When, step: tuple[bool, Text | None], known: _Known) -> tuple[bool, Text | None]:
    """Whether an item applies, and which open question decides that or which answer rules it out.

    An item with a condition of its own is judged by that alone, any other follows its step.
    """
    if not own.any_of:
        return step
    answers, questions = known.context.answers, known.context.guide.questions
    holds = evaluate(own, answers)
    if holds.yes:
        return True, _undecided(holds, known)
    against = {
        name
        for group in own.any_of
        for name, allowed in group
        if name in answers and answers[name] not in allowed
    }
    # Of several answers that rule it out, that to the question asked first.
    asked = next(question for question in questions.values() if question.id in against)
    choice = asked.choice(str(answers[asked.id]))
    return False, _ruled_out(asked.text, None if choice is None else choice.text)


@cache  # a listing of many sessions would fill in the same few sentences a hundred times each
def _ruled_out(question: Text, answer: Text | None) -> Text:
    sentence = _RULED_OUT_BY_WORDS if answer is None else _RULED_OUT
    return sentence.filled({"question": question, "answer": answer})


@cache
def _decided_by(question: Text) -> Text:
    return _UNDECIDED.filled({"question": question})


def _undecided(holds: Holds, known: _Known) -> Text | None:
    return _decided_by(known.context.guide.questions[holds.open].text) if holds.open else None


def _question(
    question: Question, judge: Check | None, position: int, applies: bool, reason: Text | None, known: _Known
) -> Item:
    """The question as it stands; `judge` is the check that shares its id and judges the answer."""
    answer = known.data.answers.get(question.id)
    begun = known.context.day(question.due_from)
    due = None if begun is None else begun + timedelta(days=question.due_days)
    required = question.required or due is not None
    finding: Finding | None = None
    outcome: Outcome | None = None
    if not applies:
        status = Status.NOT_NEEDED
    elif answer is None or question.id not in known.context.answers:
        status = Status.TO_DO if required else Status.NOT_NEEDED
    elif question.choices:
        choice = question.choice(str(answer.value))
        status = Status.TO_DO if choice is None else Status(choice.standing)
    else:
        status = Status.DONE
    if judge is not None and answer is not None:
        finding, outcome, judged = _derived(judge, known.context)
        status = judged if applies else status
    item = Item(
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
        outcome=outcome,
        finding=finding,
        wait_hours=question.wait_hours,
        due=due,
    )
    return _waived(item, known)


def _check(check: Check, position: int, applies: bool, reason: Text | None, known: _Known) -> Item:
    result = known.data.results.get(check.id)
    finding: Finding | None = None
    outcome: Outcome | None = None
    at, status, found_on = None, Status.TO_DO, ""
    if check.derived:
        finding, outcome, status = _derived(check, known.context)
    elif result is not None:
        finding = Finding(result.code, result.values, result.evidence)
        now = outcome_of(check, result.code)
        outcome, at = now or result.outcome, result.at
        found_on = result.host if known.here and result.host != known.here else ""
        stale = now is None or _stale(check, result, known)
        status = Status.STALE if stale else _settled(check, finding.code, outcome)
    if check.id in known.running:
        status = Status.RUNNING
    item = Item(
        id=check.id,
        step=check.step,
        position=position,
        kind="check",
        title=check.title,
        applies=applies,
        reason=reason,
        status=status if applies else Status.NOT_NEEDED,
        outcome=outcome,
        finding=finding,
        at=at,
        found_on=found_on,
        elsewhere=known.elsewhere if check.scope == "pc" and not check.derived else "",
    )
    return _waived(_declared(item, check, known), known) if check.waivable else item


def _derived(check: Check, context: Context) -> tuple[Finding, Outcome, Status]:
    """What a check finds that looks at answers alone, and what that means."""
    finding = find(check, context)
    outcome = outcome_of(check, finding.code) or Outcome.CRASH
    return finding, outcome, _settled(check, finding.code, outcome)


def _settled(check: Check, code: str, outcome: Outcome) -> Status:
    if outcome is Outcome.SKIP:
        says = check.says.get(code)
        done = code == "not-applicable" or (says is not None and says.not_needed)
        return Status.NOT_NEEDED if done else Status.TO_DO
    return Status.DONE if outcome is Outcome.PASS else Status.ATTENTION


def _stale(check: Check, result: Result, known: _Known) -> bool:
    """The finding no longer speaks of this PC, of today, or of what is answered now."""
    if known.host and check.scope == "pc" and result.host and result.host != known.host:
        return True
    age = known.context.options.moment() - result.at
    if check.fresh_for is not None and age > timedelta(days=check.fresh_for):
        return True
    answers = known.data.answers
    needed = [answers[name] for name in check.needs if name in answers]
    deciding = [answers[name] for name in check.applies.questions() if name in answers]
    if known.data.pc is None or result.scope != "pc":
        # Revisions count in one file, and what is said of a PC stands in its record.
        shared = known.data.pc is not None
        return any(
            answer.at > result.at if shared and answer.scope == "pc" else answer.rev > result.rev
            for answer in (*needed, *deciding)
        )
    # A look at a PC holds for whatever application, unless it was judged by what has been answered anew since. That one
    # car did not need it says nothing of the next.
    return result.code == "not-applicable" or any(
        answer.rev > result.rev if answer.scope == "pc" else answer.at > result.at for answer in needed
    )


def _declared(item: Item, check: Check, known: _Known) -> Item:
    """Somebody's word settles what is open, unless a look has failed, or was made since and found something out."""
    declaration = known.data.declared.get(check.id)
    if declaration is None or check.derived or not item.open or item.status is Status.RUNNING:
        return item
    if item.outcome is Outcome.FAIL or (item.outcome in LOOKED and item.at and item.at >= declaration.at):
        return item
    return replace(item, status=Status.DONE, outcome=None, declared=declaration)


def _waived(item: Item, known: _Known) -> Item:
    """An accepted exception settles an open item until its last day."""
    waiver = known.data.waivers.get(item.id)
    if waiver is None or not item.open or waiver.until < known.context.options.today():
        return item
    return replace(item, status=Status.DONE, waiver=waiver)


def _status(applies: bool, items: tuple[Item, ...]) -> Status:
    if not applies:
        return Status.NOT_NEEDED
    standing = {item.status for item in items if item.applies}
    order = (Status.RUNNING, Status.ATTENTION, Status.STALE, Status.TO_DO)
    return next((status for status in order if status in standing), Status.DONE)
