"""`oss-junbi check`: runs checks and says what they found."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from checks.guide import Guide
from checks.model import Check, Context, Finding, Outcome
from checks.record import replace
from checks.rules.answers import standing_answers
from checks.rules.scope import judge
from checks.runner import Finished, Started, asks_for_password, run, with_prerequisites
from checks.shown import inert_json
from state.check_report import RunResults, head_json, junit, nagios, result_json, run_json
from state.errors import StateError
from state.file.places import locate
from state.layout import utc
from state.live.history import keep_run
from tui.cli import console, sentences
from tui.cli.findings import as_text
from tui.cli.ids import check_of
from tui.cli.opened import Change, Opened, change, guide_meant, look_or_empty, who
from tui.cli.output import columns, deliver, json_text
from tui.cli.problem import Problem, filled
from tui.cli.setup import Setup, number

LONGEST_JITTER = 3600

pause: Callable[[float], None] = time.sleep
"""How the wait of `--jitter` is done; a signal ends it."""
draw: Callable[[float, float], float] = random.SystemRandom().uniform


def main(setup: Setup) -> int:
    """Run the checks asked for and report them in the form asked for."""
    guide = guide_meant(setup)
    wanted = selected(guide, setup)
    jitter = setup.args.one("--jitter")
    seconds = number(jitter, "--jitter", 0, LONGEST_JITTER) if jitter else 0.0
    if not setup.args.has("--save"):
        made = perform(setup, wanted, look_or_empty(setup), None, seconds)
        return present(setup, guide, made)
    found: RunResults | None = None
    try:
        with change(setup, note=False) as session:
            found = perform(setup, wanted, session.opened(), session, seconds)
            session.settle()
        keep_run(locate(), session.path, run_json(found, guide))
    except (StateError, Problem) as error:
        if found is None:
            raise
        code = present(setup, guide, found)  # what took minutes is said even where it cannot be kept
        if setup.args.format() != "nagios":
            raise
        console.tell(error.text, setup.lang)
        return code
    return present(setup, guide, found)


def selected(guide: Guide, setup: Setup) -> tuple[Check, ...]:
    """The checks that were named, or those of the steps given, or all; in the guide's order."""
    names = {check_of(guide, id_).id for id_ in setup.args.positional}
    numbers = [str(step.number) for step in guide.steps]
    steps = setup.args.options.get("--step", ())
    for step in steps:
        if step not in numbers:
            raise Problem(sentences.NOT_A_CHOICE, option="--step", given=step, choices=", ".join(numbers))
    shown = [check for check in guide.checks.values() if check.shown]
    if not names and not steps:
        return tuple(shown)
    return tuple(check for check in shown if check.id in names or str(check.step) in steps)


def perform(
    setup: Setup,
    wanted: tuple[Check, ...],
    opened: Opened,
    session: Change | None,
    jitter: float = 0.0,
) -> RunResults:
    """Run `wanted` with their prerequisites; of those only what is not passed is in the result.

    A portal that cannot be reached is then told and counted, although only a check behind it was asked for.
    """
    from checks.system import current

    system, guide = current(), opened.guide
    options = setup.options.at(guide.portal)
    host, user = who()
    answers = standing_answers(guide, opened.data.values())
    names = [check.id for check in wanted]
    refused: Mapping[int, Finding] = {}
    if any(check.scope != "pc" for check in wanted):
        # What is asked about the application depends on whether it can be filed as answered; the PC alone does not.
        names += [guide.scope.check] if guide.scope.check else []
        refused = judge(guide.scope, answers).steps
    named = frozenset(check_of(guide, id_).id for id_ in setup.args.positional)
    context = Context(
        system=system,
        answers=answers,
        options=options,
        refused=refused,
        named=named,
        guide=guide,
    )
    _ask_password(setup, context)
    order = with_prerequisites(names, guide.checks)
    asked = frozenset(check.id for check in wanted)
    if jitter and not setup.options.offline and any(check.network for check in order):
        _wait(jitter, setup)
    started = datetime.now(UTC)
    made = RunResults(host, user, system.platform, options, started, started, (), opened.data.waivers)
    stream = _Stream(setup, guide, made)
    stream.begin()
    meter = _Meter(setup, len(order))
    results: dict[str, Finished] = {}
    try:
        for event in run(order, context):
            meter.show(event)
            if isinstance(event, Finished):
                if event.check.id not in asked:
                    if event.outcome is Outcome.PASS:
                        continue
                    event = replace(event, prerequisite=True)
                results[event.check.id] = event
                if session is not None and event.check.step not in refused:
                    session.record(event)
                stream.add(event)
            elif event.check.id in asked:
                stream.start(event)
    finally:
        meter.clear()
    ordered = tuple(results[check.id] for check in order if check.id in results)
    made = replace(made, finished=datetime.now(UTC), results=ordered)
    stream.end(made)
    return made


def _ask_password(setup: Setup, context: Context) -> None:
    """Ask for the password of the file that a named check reads, when a person sits there and none was given."""
    guide = context.guide
    named = [guide.checks[id_] for id_ in setup.args.positional if id_ in guide.checks]
    asked = any(asks_for_password(check, guide, context.answers) for check in named)
    if (
        not asked
        or setup.options.password_fd is not None
        or not all(map(console.is_terminal, (sys.stdin, sys.stderr)))
    ):
        return
    import getpass

    from checks.secret import FILE_PASSWORD, Secret, no_dumps

    no_dumps()
    typed = getpass.getpass(sentences.FILE_PASSWORD.to(setup.lang), stream=sys.stderr).encode()
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
        deliver(setup, json_text(run_json(made, guide), setup))
    elif form == "junit":
        text = junit(made, guide, setup.lang)
        if setup.args.one("--output") in (None, "-") and not console.is_unicode(sys.stdout):
            text = text.encode("ascii", "xmlcharrefreplace").decode("ascii")
        deliver(setup, text)
    elif form == "text":
        deliver(setup, as_text(made, guide, setup.lang, columns(setup)))
    elif setup.args.one("--output") not in (None, "-"):
        deliver(setup, "".join(_line(event, setup) for event in _events(made, guide)))
    return made.exit


def _wait(longest: float, setup: Setup) -> None:
    seconds = draw(0, longest)
    console.tell(filled(sentences.PAUSE, seconds=round(seconds)), setup.lang)
    pause(seconds)


def _events(made: RunResults, guide: Guide) -> list[dict[str, object]]:
    """The events of a whole run, as `jsonl` gives them."""
    events: list[dict[str, object]] = [{"event": "run-started", **head_json(made)}]
    for done in made.results:
        result = result_json(done, guide, made.platform, made.waived(done.check.id))
        events.append({"event": "finished", **result})
    return [*events, _last(made)]


def _last(made: RunResults) -> dict[str, object]:
    return {
        "event": "run-finished",
        "finished": utc(made.finished),
        "exit": made.exit,
        "counts": made.counts(),
    }


def _line(event: dict[str, object], setup: Setup) -> str:
    whole = setup.args.one("--output") not in (None, "-") or console.is_unicode(sys.stdout)
    return inert_json(json.dumps(event, ensure_ascii=not whole, separators=(",", ":"))) + "\n"


class _Stream:
    """`--format jsonl` on standard output: a line per event, at once."""

    def __init__(self, setup: Setup, guide: Guide, run: RunResults) -> None:
        self._on = setup.args.command.formats != () and setup.args.format() == "jsonl"
        self._on = self._on and setup.args.one("--output") in (None, "-")
        self._setup, self._guide, self._run = setup, guide, run

    def _put(self, event: dict[str, object]) -> None:
        if self._on:
            console.emit(_line(event, self._setup))

    def begin(self) -> None:
        """The run begins."""
        self._put({"event": "run-started", **head_json(self._run)})

    def start(self, event: Started) -> None:
        """A check begins."""
        self._put(
            {"event": "started", "id": event.check.id, "step": event.check.step, "started": utc(event.at)}
        )

    def add(self, event: Finished) -> None:
        """A check has its finding."""
        if self._on:
            waiver = self._run.waived(event.check.id)
            self._put({"event": "finished", **result_json(event, self._guide, self._run.platform, waiver)})

    def end(self, made: RunResults) -> None:
        """The run is over."""
        self._put(_last(made))


class _Meter:
    """One line of progress on standard error, only where that is a terminal that can move its cursor."""

    def __init__(self, setup: Setup, count: int) -> None:
        import os

        self._on = console.is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        if setup.args.command.formats and setup.args.format() == "jsonl" and console.is_terminal(sys.stdout):
            self._on = False
        self._lang, self._count, self._done = setup.lang, count, 0

    def show(self, event: Started | Finished) -> None:
        """Say which check is at work."""
        self._done += isinstance(event, Finished)
        if not self._on:
            return
        from checks.wrap import fit

        title = event.check.title.to(self._lang)
        text = sentences.RUNNING.fill({"done": self._done, "all": self._count, "title": title}, self._lang)
        self._write("\r\x1b[K" + console.visible(fit(text, console.width(sys.stderr) - 1), sys.stderr))

    def clear(self) -> None:
        """Take the line away."""
        if self._on:
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        import contextlib

        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()
