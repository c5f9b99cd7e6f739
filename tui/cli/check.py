"""`oss-junbi check`: runs checks and says what they found."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from checks.guide import Guide
from checks.model import Check, Context, Finding, Outcome
from checks.record import replace
from checks.rules.answers import standing_answers
from checks.rules.scope import judge
from checks.runner import Finished, Started, asks_for_password, run, with_prerequisites
from checks.text import Text
from state.check_report import RunResults, head_json, junit, nagios, result_json, run_json
from state.errors import StateError
from state.file import presence
from state.file.machine import machine_id
from state.file.places import locate
from state.layout import utc
from state.live.history import keep_run
from state.progress import sending_pc
from state.session_data import SessionData
from tui.cli import console, sentences
from tui.cli.findings import as_text
from tui.cli.opened import change, guide_meant, look, path_of, say_age
from tui.cli.output import columns, deliver, deliver_json, json_text
from tui.cli.problem import Problem, unknown_item
from tui.cli.setup import Setup, number

if TYPE_CHECKING:
    from state.live.session import Session

_NOT_A_CHECK = Text(
    "「{id}」は質問なので、検査できません。answer で答えてください。",
    "'{id}' is a question and cannot be checked. Use 'answer'.",
)
_WAITING = Text(
    "ポータルに集中しないよう、{seconds}秒待ってから始めます。",
    "Waiting {seconds|second} before starting, so that not all PCs connect at once.",
)
_RUNNING = Text("検査中 {done}/{all} {title}", "checking {done}/{all} {title}")
_FILE_PASSWORD = Text(
    "証明書ファイルのパスワード（この1回だけに使い、保存しません。空のままでも進めます）: ",
    "Password of the certificate file (used once, not stored; may be left empty): ",
)

LONGEST_JITTER = 3600

pause: Callable[[float], None] = time.sleep
"""How the wait of `--jitter` is done; a signal ends it."""
draw: Callable[[float, float], float] = random.SystemRandom().uniform


def main(setup: Setup) -> int:
    guide = guide_meant(setup)
    checks = selected(guide, setup)
    say_age(setup, guide)
    jitter = setup.args.one("--jitter")
    longest = number(jitter, "--jitter", 0, LONGEST_JITTER) if jitter else 0.0
    if not setup.args.has("--save"):
        return present(setup, guide, perform(setup, guide, checks, look(setup).data, None, longest))
    path = path_of(setup)
    made: RunResults | None = None
    try:
        with change(setup, path, note=False) as session:
            made = perform(setup, guide, checks, session.data, session, longest)
        keep_run(locate(), path, run_json(made, guide))
    except (StateError, Problem) as error:
        if made is None:
            raise
        code = present(setup, guide, made)  # what took minutes is said even where it cannot be kept
        if setup.args.format() != "nagios":
            raise
        setup.say(error.text)
        return code
    return present(setup, guide, made)


def selected(guide: Guide, setup: Setup) -> tuple[Check, ...]:
    """The checks that were named, or those of the steps given, or all; in the guide's order."""
    for id_ in setup.args.positional:
        if id_ not in guide.checks:
            raise Problem(_NOT_A_CHECK, id=id_) if id_ in guide.questions else unknown_item(id_, guide.checks)
    names = setup.args.positional
    numbers = [str(step.number) for step in guide.steps]
    steps = setup.args.options.get("--step", ())
    for step in steps:
        if step not in numbers:
            raise Problem(sentences.NOT_A_CHOICE, option="--step", given=step, choices=", ".join(numbers))
    every = not names and not steps
    shown = [check for check in guide.checks.values() if check.shown]
    return tuple(check for check in shown if every or check.id in names or str(check.step) in steps)


def perform(
    setup: Setup,
    guide: Guide,
    checks: tuple[Check, ...],
    data: SessionData,
    session: Session | None,
    jitter: float = 0.0,
) -> RunResults:
    """Run `checks` with their prerequisites; of those only what is not passed is in the result.

    A portal that cannot be reached is then told and counted, although only a check behind it was asked for. What is found
    is kept in `session`. `jitter` is the longest time to wait before the network is used, in seconds.
    """
    from checks.system import current

    system, options = current(), setup.options.at(guide.portal)
    answers = standing_answers(guide, data.values())
    names = [check.id for check in checks]
    refused: Mapping[int, Finding] = {}
    if any(check.scope != "pc" for check in checks):
        # What is asked about the application depends on whether it can be filed as answered; the PC alone does not.
        names += [guide.scope.check] if guide.scope.check else []
        refused = judge(guide.scope, answers).steps
    named = frozenset(setup.args.positional)
    context = Context(
        system=system, answers=answers, options=options, refused=refused, named=named, guide=guide, session=data.name,
        pc=sending_pc(guide, data, system.platform),
    )  # fmt: skip
    _ask_password(setup, context)
    order = with_prerequisites(names, guide.checks)
    ids = frozenset(check.id for check in checks)
    if jitter and not setup.options.offline and any(check.network for check in order):
        seconds = draw(0, jitter)
        setup.say(_WAITING, seconds=round(seconds))
        pause(seconds)
    began = datetime.now(UTC)
    made = RunResults(
        presence.host_name(),
        presence.user_name(),
        system.platform,
        options,
        began,
        began,
        (),
        data.waivers,
        data.declared,
        _machine(setup),
    )
    live = setup.args.format() == "jsonl" and not setup.to_file
    meter = _meter(setup, len(order))
    results: dict[str, Finished] = {}
    if live:
        console.emit(_line(setup, _began(made, guide)))
    try:
        for event in run(order, context):
            meter(event)
            if isinstance(event, Finished):
                if event.check.id not in ids:
                    if event.outcome is Outcome.PASS:
                        continue
                    event = replace(event, prerequisite=True)
                results[event.check.id] = event
                if session is not None and event.check.step not in refused:
                    record(session, event)
            elif event.check.id not in ids:
                continue
            if live:
                console.emit(_line(setup, _event(event, made, guide)))
    finally:
        meter(None)
    ordered = tuple(results[check.id] for check in order if check.id in results)
    made = replace(made, finished=datetime.now(UTC), results=ordered)
    if live:
        console.emit(_line(setup, _ended(made)))
    return made


def _machine(setup: Setup) -> str:
    """The random id of this machine, made unless nothing is to be written outside the session's file; empty without one."""
    with contextlib.suppress(StateError):
        return machine_id(locate(), make=not setup.read_only and setup.state is None)
    return ""


def record(session: Session, done: Finished) -> None:
    """Keep a finding; one that says that a place was not opened never takes the place of an earlier look."""
    if done.finding.code != "elsewhere":
        session.record(
            done.check.id, done.outcome, done.finding, took_ms=done.took_ms, scope=done.check.scope
        )


def _ask_password(setup: Setup, context: Context) -> None:
    """Ask for the password of the file that a named check reads, when a person sits there and none was given."""
    guide = context.guide
    named = [guide.checks[id_] for id_ in setup.args.positional if id_ in guide.checks]
    if setup.options.password_fd is not None or not all(map(console.is_terminal, (sys.stdin, sys.stderr))):
        return
    if not any(asks_for_password(check, guide, context.answers) for check in named):
        return
    import getpass

    from checks.secret import FILE_PASSWORD, Secret, no_dumps

    no_dumps()
    typed = getpass.getpass(_FILE_PASSWORD.to(setup.lang), stream=sys.stderr).encode()
    if typed:
        context.memo.once(FILE_PASSWORD, lambda: Secret(typed))


def present(setup: Setup, guide: Guide, made: RunResults) -> int:
    """Write the run in the form asked for and return the exit code."""
    form = setup.args.format()
    if form == "nagios":
        line, code = nagios(made)
        deliver(setup, line)
        return code
    if form == "json":
        deliver_json(setup, run_json(made, guide))
    elif form == "junit":
        deliver(setup, junit(made, guide, setup.lang), markup=True)
    elif form == "text":
        deliver(setup, as_text(made, guide, setup.lang, columns(setup)))
    elif setup.to_file:  # on standard output the events have been written as they came
        events = (_began(made, guide), *(_event(done, made, guide) for done in made.results), _ended(made))
        deliver(setup, "".join(_line(setup, event) for event in events))
    return made.exit


def _line(setup: Setup, event: dict[str, Any]) -> str:
    return json_text(setup, event, separators=(",", ":"))


def _began(made: RunResults, guide: Guide) -> dict[str, Any]:
    return {"event": "run-started", **head_json(made, guide)}


def _event(event: Started | Finished, made: RunResults, guide: Guide) -> dict[str, Any]:
    check = event.check
    if isinstance(event, Started):
        return {"event": "started", "id": check.id, "step": check.step, "started": utc(event.at)}
    return {"event": "finished", **result_json(event, guide, made.platform, made.accepted(event))}


def _ended(made: RunResults) -> dict[str, Any]:
    counts = made.counts()
    return {"event": "run-finished", "finished": utc(made.finished), "exit": made.exit, "counts": counts}


def _meter(setup: Setup, count: int) -> Callable[[Started | Finished | None], None]:
    """Shows each event as one line of progress on standard error, and with None takes that line away.

    Only where that is a terminal that can move its cursor and the data does not come to the same place.
    """
    shares = setup.args.format() == "jsonl" and console.is_terminal(sys.stdout)
    if not console.is_terminal(sys.stderr) or os.environ.get("TERM") == "dumb" or shares:
        return lambda event: None
    from checks.wrap import fit

    done = 0

    def show(event: Started | Finished | None) -> None:
        nonlocal done
        text = ""
        if event is not None:
            done += isinstance(event, Finished)
            title = event.check.title.to(setup.lang)
            text = _RUNNING.fill({"done": done, "all": count, "title": title}, setup.lang)
            text = console.visible(fit(text, console.width(sys.stderr) - 1), sys.stderr)
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write("\r\x1b[K" + text)
            sys.stderr.flush()

    return show
