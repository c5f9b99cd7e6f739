"""Running the checks of the session on the desk: which are run, when, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from checks.model import Check, Context, Memo, Outcome
from checks.rules.conditions import evaluate
from checks.runner import Started, asks_for_password, leads_elsewhere, with_prerequisites
from checks.secret import FILE_PASSWORD, Secret
from checks.text import Text
from state.errors import ReadOnly
from state.standing import Status
from tui.desk import Desk
from tui.runs import CheckRun

CHECKS_BEGUN = Text("{count}件の検査を始めました（xで中止）", "{count|check} started (x to stop)")
CHECKS_DONE = Text(
    "検査が終わりました: 要対応 {bad}、注意 {warn}、不明 {unknown}、良好 {good}",
    "Checks done: {bad} to fix, {warn|warning}, {unknown} unknown, {good} passed",
)
NOT_ALL_WELL = Text("（fで問題だけ表示）", " (f: problems only)")
CHECKS_STOPPED = Text("検査を止めました", "Checks stopped")
NOTHING_RUNS = Text("検査は行われていません", "No checks are running")
NOTHING_TO_CHECK = Text("ここには検査がありません", "Nothing to check here")
ALREADY_RUNNING = Text("検査中です。xで止められます", "Checks are already running (x to stop)")
NO_SYSTEM = Text("このPCの検査を始められません: {why}", "Cannot run checks on this PC: {why}")

# Which.


def applicable(desk: Desk, numbers: Iterable[int] | None = None) -> list[Check]:
    """The checks of these steps, of all where none are given, that concern this application and are really run."""
    wanted = set(range(1, len(desk.guide.steps) + 1) if numbers is None else numbers)
    answers = desk.session.answers
    return [
        check
        for check in desk.guide.checks.values()
        if check.shown
        and check.step in wanted
        and not check.derived
        and evaluate(check.applies, answers).yes
        and (check.applies.any_of or desk.part(check.step).applies)
        and not ((item := desk.progress.item(check.id)) and item.elsewhere)
    ]


def repeatable(desk: Desk, wanted: Iterable[Check]) -> list[Check]:
    """Without those that are run only by themselves.

    A file when it was read with its password, for read without it would say less; and what would follow a
    path to another machine that was not typed here.
    """
    kept = []
    for check in wanted:
        if leads_elsewhere(check, desk.session.answers) and not paths_typed(desk, check):
            continue
        item = desk.progress.item(check.id)
        if item is None or item.status is not Status.DONE or not wants_password(desk, check):
            kept.append(check)
    return kept


def wants_password(desk: Desk, check: Check) -> bool:
    """Whether the file that the check reads can only be read whole with a password."""
    return asks_for_password(check, desk.guide, desk.session.answers)


def paths_typed(desk: Desk, check: Check) -> bool:
    """Whether every path that the check follows was typed here, and not only found in the session's file."""
    questions, answers = desk.guide.questions, desk.session.answers
    paths = [name for name in check.needs if name in questions and questions[name].kind == "path"]
    return all(name not in answers or answers[name] == desk.typed.get(name) for name in paths)


def uses_network(desk: Desk, check: Check) -> bool:
    """Whether the check, or one that it builds on, asks the network."""
    return any(c.network for c in with_prerequisites([check.id], desk.guide.checks))


# Beginning and stopping.


def begin(
    desk: Desk,
    wanted: Iterable[Check],
    *,
    quiet: bool = False,
    report_end: bool = True,
    password: Secret | None = None,
    named: bool = False,
) -> None:
    """Run checks with all that they build on; `quiet` says nothing at the beginning, without `report_end` it says nothing at the end.

    What another run is at already is left to it. `password` is that of the file that a check reads, for this run alone. `named`
    when the person chose the checks themselves: these may follow a path to another machine.
    """
    names = [check.id for check in wanted]
    if not names:
        desk.say(NOTHING_TO_CHECK)
    if not names or not desk.writable:
        return
    busy = desk.runs.unfinished
    needed = with_prerequisites(names, desk.guide.checks)
    checks = [check for check in needed if not check.derived and check.id not in busy]
    if not checks and not quiet:
        desk.say(ALREADY_RUNNING)
    if not checks:
        return
    from checks.rules.answers import standing_answers

    run = desk.runs.add(desk.shell.news, report_end=report_end, quiet=quiet)
    guide, options, system = desk.guide, desk.options.at(desk.guide.portal), desk.system
    answers = standing_answers(guide, desk.session.answers)
    memo = Memo()
    if password is not None:
        memo.once(FILE_PASSWORD, lambda: password)
    trusted = frozenset(check.id for check in checks if named or paths_typed(desk, check))
    run.begin(checks, lambda: Context(system(), answers, options, memo, named=trusted, guide=guide))
    if not quiet:
        desk.say(CHECKS_BEGUN, count=len(checks))
    desk.shell.redraw()


def begin_untried(desk: Desk) -> None:
    """Run the checks within this PC that have no finding yet."""
    _begin_local(desk, lambda check: check.id not in desk.session.data.results)


def begin_those_of(desk: Desk, question: str) -> None:
    """An answer that a local check looks at, or that decides whether it is needed, makes it worth running again."""
    answers = desk.session.answers
    _begin_local(
        desk,
        lambda check: (
            question in {*check.needs, *check.applies.questions()}
            and all(name in answers for name in check.needs)
        ),
        report_end=False,
    )


def _begin_local(desk: Desk, wanted: Callable[[Check], bool], *, report_end: bool = True) -> None:
    checks = [
        check
        for check in applicable(desk)
        if wanted(check) and not uses_network(desk, check) and paths_typed(desk, check)
    ]
    if checks and not desk.session.read_only:
        begin(desk, checks, quiet=True, report_end=report_end)


def stop(desk: Desk) -> None:
    """Stop all runs."""
    if not desk.runs.under_way:
        desk.say(NOTHING_RUNS)
        return
    desk.runs.cancel()
    desk.say(CHECKS_STOPPED)
    desk.changed()


# What comes of it.


def take_news(desk: Desk, number: int) -> bool:
    """Take in what a run has found; False when that run is over or was stopped."""
    runs = desk.runs
    run = runs.under_way.get(number)
    if run is None:
        return False
    ended = run.ended.is_set()
    for event in run.take():
        name = event.check.id
        if isinstance(event, Started):
            runs.running[name] = time.monotonic()
            continue
        runs.running.pop(name, None)
        run.left.discard(name)
        run.tally[event.outcome] += 1
        with suppress(ReadOnly):  # another login took the session over meanwhile
            desk.session.record(
                name, event.outcome, event.finding, took_ms=event.took_ms, scope=event.check.scope
            )
    if ended:
        runs.end(number)
        if run.error is not None:
            desk.say(NO_SYSTEM, wrong=True, why=type(run.error).__name__)
        elif run.report_end:
            _tell_result(desk, run)
    desk.changed()
    return True


def _tell_result(desk: Desk, run: CheckRun) -> None:
    shown, tally = desk.message, run.tally
    if run.quiet and set(tally) <= {Outcome.SKIP}:
        return
    bad = tally.keys() & {Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN, Outcome.CRASH}
    desk.say(
        Text(CHECKS_DONE.ja + NOT_ALL_WELL.ja, CHECKS_DONE.en + NOT_ALL_WELL.en) if bad else CHECKS_DONE,
        good=tally[Outcome.PASS],
        warn=tally[Outcome.WARN],
        bad=tally[Outcome.FAIL],
        unknown=tally[Outcome.UNKNOWN] + tally[Outcome.CRASH],
    )
    if run.quiet and shown is not None:
        desk.message = shown  # what the person just did matters more; the result is in the history
