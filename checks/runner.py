"""Runs checks side by side and tells what happens as a stream of events; never hangs, never raises for a probe's sake."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from checks.finding import find
from checks.guide import Guide
from checks.model import Check, Context, Finding, Outcome
from checks.record import dataclass, replace
from checks.rules.conditions import Value, evaluate
from checks.shown import show
from checks.system.paths import readings
from checks.verdict import outcome_of

AT_ONCE = 32
"""Probes under way at the same time; a stuck one gives its place back at its deadline."""

TICK = 0.1
"""Seconds until a cancelled run notices."""


@dataclass(frozen=True, slots=True)
class Started:
    check: Check
    at: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """A check has its finding; `started` in UTC."""

    check: Check
    outcome: Outcome
    finding: Finding
    started: datetime
    took_ms: int
    prerequisite: bool = False
    """Not asked for: run because a check that was asked for builds on it."""


Event: TypeAlias = Started | Finished


def with_prerequisites(wanted: Iterable[str], checks: Mapping[str, Check]) -> tuple[Check, ...]:
    """The wanted checks and all that they build on, in the guide's order; raises `KeyError` for an unknown id."""
    needed: set[str] = set()
    pending = list(wanted)
    while pending:
        check = checks[pending.pop()]
        if check.id not in needed:
            needed.add(check.id)
            pending.extend(check.requires)
    return tuple(check for check in checks.values() if check.id in needed)


def run(checks: Sequence[Check], context: Context, cancel: threading.Event | None = None) -> Iterator[Event]:
    """Run `checks`, each in a daemon thread with a deadline, and yield what happens as it happens.

    A prerequisite that is not among `checks` counts as met. Once `cancel` is set the iterator ends within
    a tick; what was still running yields nothing more.
    """
    cancel = cancel or threading.Event()
    context = replace(context, cancelled=cancel.is_set)
    among = {check.id for check in checks}
    # What asks the network takes longest, so it goes first.
    waiting = sorted(checks, key=lambda check: not check.network)
    settled: dict[str, Outcome] = {}
    running: dict[str, tuple[Check, datetime, float, float]] = {}
    results: queue.SimpleQueue[tuple[str, Finding]] = queue.SimpleQueue()

    def finish(check: Check, finding: Finding, at: datetime, took: float) -> Finished:
        outcome = outcome_of(check, finding.code)
        if outcome is None:
            finding = Finding("crash", {"error": "code"}, (show(finding.code),))
            outcome = Outcome.CRASH
        settled[check.id] = outcome
        return Finished(check, outcome, finding, at, round(took * 1000))

    while (waiting or running) and not cancel.is_set():
        left = len(waiting)
        for check in tuple(waiting):
            if len(running) >= AT_ONCE:
                break
            skipped = _reason_to_skip(check, context, settled)
            if skipped is None and any(name in among and name not in settled for name in check.requires):
                continue
            waiting.remove(check)
            at = datetime.now(UTC)
            if skipped is not None:
                yield finish(check, skipped, at, 0.0)
                continue
            begin = time.monotonic()
            limit = context.options.timeout or check.timeout
            running[check.id] = (check, at, begin, begin + limit)
            threading.Thread(
                target=_probe, args=(check, context, results), daemon=True, name=f"check {check.id}"
            ).start()
            yield Started(check, at)
        if not running:
            if len(waiting) == left:  # checks that wait for each other
                check = waiting.pop(0)
                yield finish(
                    check, Finding("prerequisite", {"check": check.requires[0]}), datetime.now(UTC), 0.0
                )
            continue
        pause = min(deadline for *_, deadline in running.values()) - time.monotonic()
        try:
            name, finding = results.get(timeout=max(0.0, min(pause, TICK)))
        except queue.Empty:
            now = time.monotonic()
            for name, (check, at, begin, deadline) in tuple(running.items()):
                if now >= deadline:
                    del running[name]
                    seconds = round(deadline - begin, 1)
                    yield finish(check, Finding("timeout", {"seconds": f"{seconds:g}"}), at, now - begin)
            continue
        if name in running:
            check, at, begin, _ = running.pop(name)
            yield finish(check, finding, at, time.monotonic() - begin)


_ELSEWHERE = re.compile(
    r"[\s\"']*(?:[\\/][\\/]|\\\?\?\\|[a-z][a-z0-9+.-]+:|/(?:net|afs|network)/)", re.IGNORECASE
)
"""How a path begins that may make the system ask another machine: a UNC or device path of Windows in any spelling, a URL, the
folders under which automounters and AFS find hosts by name."""


def leads_elsewhere(check: Check, answers: Mapping[str, Value]) -> bool:
    """Whether a path that the check follows may lead to another machine, which would be told who looks, and when.

    Windows sends the name and a proof of the password of whoever opens `\\\\host\\share`; a session file may come from anybody.
    """
    return any(
        _ELSEWHERE.match(reading)
        for name in check.needs
        if isinstance(value := answers.get(name), str)
        for reading in (value, *readings(value))
    )


def asks_for_password(check: Check, guide: Guide, answers: Mapping[str, Value]) -> bool:
    """Whether the file that the check reads can only be read whole with a password, by the ending of its name."""
    question = guide.questions.get(check.password)
    if question is None or not evaluate(question.applies, answers).yes:
        return False
    return readings(str(answers.get(question.id, "")))[-1].lower().endswith((".p12", ".pfx"))


def _probe(check: Check, context: Context, results: queue.SimpleQueue[tuple[str, Finding]]) -> None:
    results.put((check.id, find(check, context)))


def _reason_to_skip(check: Check, context: Context, settled: Mapping[str, Outcome]) -> Finding | None:
    if not evaluate(check.applies, context.answers).yes:
        return Finding("not-applicable")
    if check.step in context.refused:
        return context.refused[check.step]
    if check.network and context.options.offline:
        return Finding("offline")
    if check.id not in context.named and leads_elsewhere(check, context.answers):
        return Finding("elsewhere", {"check": check.id})
    for name in check.requires:
        if settled.get(name, Outcome.PASS) not in (Outcome.PASS, Outcome.WARN):
            return Finding("prerequisite", {"check": name})
    return None
