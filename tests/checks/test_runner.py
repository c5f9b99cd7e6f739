"""The engine: whatever a probe does, the run goes on and ends.

Covers checks.finding and checks.model.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from checks.finding import UNREAD_LINES, find
from checks.model import Check, Context, Coverage, Finding, Options, Outcome, Probe, Says, check
from checks.rules.conditions import When
from checks.runner import Event, Finished, Started, run, with_prerequisites
from checks.system.api import Unavailable
from checks.text import Text
from checks.verdict import outcome_of
from tests.support.fake_system import FakeSystem

SAID = {
    "good": Says(Outcome.PASS, Text("良", "good")),
    "odd": Says(Outcome.WARN, Text("注意", "odd")),
    "bad": Says(Outcome.FAIL, Text("悪", "bad {name}".replace(" {name}", ""))),
}


def make(
    name: str,
    probe: Probe,
    *,
    requires: tuple[str, ...] = (),
    network: bool = False,
    timeout: float = 5.0,
    applies: When | None = None,
) -> Check:
    words = Text("検査", "check")
    return check(
        f"test.{name}",
        title=words,
        why=words,
        how=words,
        says=SAID,
        requires=requires,
        network=network,
        timeout=timeout,
        applies=applies or When(),
    )(probe)


def finds(code: str) -> Probe:
    return lambda context: Finding(code)


def context(options: Options | None = None, **answers: str) -> Context:
    return Context(
        FakeSystem(), {key.replace("_", "."): value for key, value in answers.items()}, options or Options()
    )


def outcomes(events: list[Event]) -> dict[str, tuple[str, str]]:
    return {
        event.check.id.removeprefix("test."): (event.outcome.value, event.finding.code)
        for event in events
        if isinstance(event, Finished)
    }


def test_each_way_of_ending_is_a_finding_of_its_own() -> None:
    def raises(context: Context) -> Finding:
        secret = "hunter2"
        raise RuntimeError(f"with {secret}")

    def cannot(context: Context) -> Finding:
        raise Unavailable("no such\x1b[2Jthing")

    forever = threading.Event()

    def hangs(context: Context) -> Finding:
        forever.wait()
        return Finding("good")

    checks = [
        make("good", finds("good")),
        make("bad", finds("bad")),
        make("raises", raises),
        make("cannot", cannot),
        make("hangs", hangs, timeout=0.05),
        make("unheard", finds("never-declared")),
        make("after-bad", finds("good"), requires=("test.bad",)),
        make("after-odd", finds("good"), requires=("test.odd",)),
        make("odd", finds("odd")),
    ]
    events = list(run(checks, context()))
    forever.set()
    assert outcomes(events) == {
        "good": ("pass", "good"),
        "bad": ("fail", "bad"),
        "raises": ("crash", "crash"),
        "cannot": ("unknown", "unavailable"),
        "hangs": ("unknown", "timeout"),
        "unheard": ("crash", "crash"),
        "after-bad": ("skip", "prerequisite"),
        "after-odd": ("pass", "good"),
        "odd": ("warn", "odd"),
    }
    evidence = {e.check.id: "".join(e.finding.evidence) for e in events if isinstance(e, Finished)}
    assert "hunter2" not in evidence["test.raises"]
    assert "raises" in evidence["test.raises"]
    assert "\x1b" not in evidence["test.cannot"]


def test_every_started_check_was_announced_before_it_finished() -> None:
    started: set[str] = set()
    for event in run([make("a", finds("good")), make("b", finds("good"), requires=("test.a",))], context()):
        if isinstance(event, Started):
            started.add(event.check.id)
        else:
            assert event.check.id in started


def test_offline_skips_the_network_without_calling_the_probe() -> None:
    called: list[str] = []

    def probe(context: Context) -> Finding:
        called.append("net")
        return Finding("good")

    checks = [make("net", probe, network=True), make("local", finds("good"))]
    assert outcomes(list(run(checks, context(Options(offline=True))))) == {
        "net": ("skip", "offline"),
        "local": ("pass", "good"),
    }
    assert not called


@pytest.mark.parametrize(("answer", "code"), [("yes", "good"), ("no", "not-applicable"), (None, "good")])
def test_a_check_that_does_not_apply_is_skipped_and_an_open_question_keeps_it(
    answer: str | None, code: str
) -> None:
    when = When(((("case.x", frozenset({"yes"})),),))
    answers = {"case_x": answer} if answer else {}
    found = outcomes(list(run([make("a", finds("good"), applies=when)], context(None, **answers))))
    assert found["a"][1] == code


def test_checks_that_wait_for_each_other_do_not_stop_the_run() -> None:
    checks = [make("a", finds("good"), requires=("test.b",)), make("b", finds("good"), requires=("test.a",))]
    found = outcomes(list(run(checks, context())))
    assert set(found) == {"a", "b"}
    assert ("skip", "prerequisite") in found.values()


def test_a_healthy_check_is_not_held_up_by_stuck_ones() -> None:
    gate = threading.Event()

    def stuck(context: Context) -> Finding:
        gate.wait()
        return Finding("good")

    checks = [make(f"stuck{n}", stuck, timeout=30) for n in range(20)] + [make("well", finds("good"))]
    cancel = threading.Event()
    for event in run(checks, context(), cancel):
        if isinstance(event, Finished):
            assert event.check.id == "test.well"
            cancel.set()
    gate.set()


def test_cancelling_ends_the_run_and_tells_the_probes() -> None:
    seen: list[Callable[[], bool]] = []
    begun = threading.Event()
    release = threading.Event()

    def waits(context: Context) -> Finding:
        seen.append(context.cancelled)
        begun.set()
        release.wait()
        return Finding("good")

    cancel = threading.Event()
    events: list[Event] = []
    for event in run([make("waits", waits, timeout=60)], context(), cancel):
        events.append(event)
        begun.wait()
        cancel.set()
    assert [type(event) for event in events] == [Started]
    assert seen[0]()
    release.set()


def test_the_interpreter_ends_while_a_probe_sleeps_for_twenty_seconds() -> None:
    script = """
import time
from tests.checks.test_runner import make, context
from checks.runner import run
from checks.model import Finding
def sleeps(context):
    time.sleep(20)
    return Finding("good")
next(run([make("sleeps", sleeps, timeout=60)], context()))
"""
    begin = time.monotonic()
    subprocess.run([sys.executable, "-c", script], check=True, timeout=15)
    assert time.monotonic() - begin < 15


def test_prerequisites_come_along_in_order_and_unknown_ids_are_refused() -> None:
    checks = {c.id: c for c in (make("a", finds("good")), make("b", finds("good"), requires=("test.a",)))}
    assert [c.id for c in with_prerequisites(["test.b"], checks)] == ["test.a", "test.b"]
    with pytest.raises(KeyError):
        with_prerequisites(["test.c"], checks)


@pytest.mark.parametrize(
    ("coverage", "code"),
    [
        (None, "good"),
        (Coverage(3, 3), "good"),
        (Coverage(2, 3), "partly"),
        (Coverage(3, 3, ("C.jpg: too large",)), "partly"),
        (Coverage(0, 1, ("\x1b[2J",)), "partly"),
    ],
)
def test_a_pass_that_has_not_looked_at_everything_is_no_pass(coverage: Coverage | None, code: str) -> None:
    found = find(make("a", lambda ctx: Finding("good", coverage=coverage)), context())
    assert found.code == code
    assert (outcome_of(make("a", finds(code)), code) is Outcome.PASS) == (code == "good")
    if code == "partly" and coverage is not None:
        assert (found.values["looked"], found.values["of"]) == (coverage.looked, coverage.of)
        assert [line.split(": ")[0] for line in found.evidence] == ["not looked at"] * len(coverage.unread)
        assert "\x1b" not in "".join(found.evidence)


@pytest.mark.parametrize("code", ["bad", "odd"])
def test_what_is_wrong_stays_wrong_however_little_was_looked_at(code: str) -> None:
    found = find(make("a", lambda ctx: Finding(code, coverage=Coverage(1, 9))), context())
    assert found.code == code


def test_a_hundred_unread_things_are_counted_and_not_all_listed() -> None:
    many = tuple(f"{n}.jpg" for n in range(100))
    found = find(make("a", lambda ctx: Finding("good", coverage=Coverage(0, 100, many))), context())
    assert len(found.evidence) == UNREAD_LINES + 1
    assert found.evidence[-1] == "not looked at: 90 more"
