"""The findings of one run of checks, in the forms that machines read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from checks import __version__
from checks.guide import Guide
from checks.model import Finding, Options, Outcome
from checks.record import dataclass
from checks.runner import Finished
from checks.shown import show
from checks.text import Text
from checks.verdict import verdict
from state.layout import utc
from state.session_data import Waiver

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Run:
    """One run: who looked at what, when, and what was found, in the guide's order."""

    host: str
    user: str
    platform: str
    options: Options
    started: datetime
    finished: datetime
    results: Sequence[Finished]
    waivers: Mapping[str, Waiver]
    """Accepted exceptions, expired ones included."""

    @property
    def exit(self) -> int:
        """1 something failed, 3 something could not be determined, else 0; accepted exceptions do not count."""
        outcomes = {done.outcome for done in self.results if not self.waived(done.check.id)}
        if Outcome.FAIL in outcomes:
            return 1
        return 3 if outcomes & {Outcome.UNKNOWN, Outcome.CRASH} else 0

    def waived(self, id: str) -> Waiver | None:  # noqa: A002 - the word the contract uses
        """The exception for that check, when it holds today."""
        waiver = self.waivers.get(id)
        return waiver if waiver is not None and waiver.until >= self.options.today() else None

    def counts(self) -> dict[str, int]:
        """How many results there are of each outcome; a prerequisite that was skipped is listed alone."""
        return {outcome.value: sum(done.outcome is outcome for done in self.counted) for outcome in Outcome}

    @property
    def counted(self) -> list[Finished]:
        """The results that count."""
        return [done for done in self.results if not (done.prerequisite and done.outcome is Outcome.SKIP)]


def portal_of(options: Options) -> str:
    """`host:port`, an IPv6 address in brackets."""
    host = f"[{options.portal}]" if ":" in options.portal else options.portal
    return f"{host}:{options.port}"


def head_json(run: Run) -> dict[str, Any]:
    """What is known before the first result."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "oss-junbi", "version": __version__},
        "host": run.host,
        "user": run.user,
        "platform": run.platform,
        "portal": portal_of(run.options),
        "started": utc(run.started),
    }


def run_json(run: Run, guide: Guide) -> dict[str, Any]:
    """The document of `check --format json`."""
    return {
        **head_json(run),
        "finished": utc(run.finished),
        "exit": run.exit,
        "counts": run.counts(),
        "results": [
            result_json(done, guide, run.platform, run.waived(done.check.id)) for done in run.results
        ],
    }


def result_json(done: Finished, guide: Guide, platform: str, waiver: Waiver | None = None) -> dict[str, Any]:
    """One result of that document."""
    check, finding = done.check, done.finding
    said = verdict(check, finding.code, finding.values, platform)
    source = guide.pages[check.source]
    link = guide.pages.get(said.link) if said else None
    document: dict[str, Any] = {
        "id": check.id,
        "step": check.step,
        "scope": check.scope,
        "outcome": done.outcome.value,
        "code": finding.code,
        "values": dict(finding.values),
        "evidence": list(finding.evidence),
        "coverage": _coverage(finding),
        "prerequisite": done.prerequisite,
        "text": _text(said.text if said else None),
        "remedy": _text(said.remedy if said else None),
        "commands": list(said.commands) if said else [],
        "link": link.url if link else "",
        "source": source.url,
        "checked": source.read.isoformat() if source.read else None,
        "started": utc(done.started),
        "took_ms": done.took_ms,
    }
    if waiver is not None:
        document["waiver"] = {"reason": waiver.reason, "by": waiver.by, "until": waiver.until.isoformat()}
    return document


def _coverage(finding: Finding) -> dict[str, Any] | None:
    if finding.coverage is None:
        return None
    unread = [show(name) for name in finding.coverage.unread]
    return {"looked": finding.coverage.looked, "of": finding.coverage.of, "unread": unread}


def _text(text: Text | None) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en} if text is not None else {"ja": "", "en": ""}


def junit(run: Run, guide: Guide, lang: str) -> str:
    """The run as JUnit XML: fail is a failure, unknown and crash are errors, skip and accepted exceptions are skipped."""
    cases: list[str] = []
    tally = {"failures": 0, "errors": 0, "skipped": 0}
    for done in run.results:
        result = result_json(done, guide, run.platform)
        sentence, remedy = result["text"][lang], result["remedy"][lang]
        body = "\n".join(
            [
                sentence,
                *([remedy] if remedy else []),
                *result["commands"],
                *result["evidence"],
                result["link"],
            ]
        )
        attributes = f"message={_attribute(sentence)} type={_attribute(done.finding.code)}"
        waiver = run.waived(done.check.id)
        inner = ""
        if waiver is not None and done.outcome not in (Outcome.PASS, Outcome.SKIP):
            tally["skipped"] += 1
            inner = f"<skipped message={_attribute(f'waived until {waiver.until} by {waiver.by}: {waiver.reason}')}/>"
        elif done.outcome is Outcome.FAIL:
            tally["failures"] += 1
            inner = f"<failure {attributes}>{_xml(body)}</failure>"
        elif done.outcome in (Outcome.UNKNOWN, Outcome.CRASH):
            tally["errors"] += 1
            inner = f"<error {attributes}>{_xml(body)}</error>"
        elif done.outcome is Outcome.SKIP:
            tally["skipped"] += 1
            inner = f"<skipped message={_attribute(sentence)}/>"
        elif done.outcome is Outcome.WARN:
            inner = f"<system-out>{_xml(body)}</system-out>"
        step = guide.step(done.check.step).id
        cases.append(
            f"    <testcase classname={_attribute(f'oss-junbi.{step}')} name={_attribute(done.check.id)} "
            f'time="{done.took_ms / 1000:.3f}">{inner}</testcase>\n'
        )
    seconds = max((run.finished - run.started).total_seconds(), 0.0)
    numbers = f'tests="{len(cases)}" failures="{tally["failures"]}" errors="{tally["errors"]}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="oss-junbi" {numbers} skipped="{tally["skipped"]}" time="{seconds:.3f}">\n'
        f'  <testsuite name="oss-junbi" {numbers} skipped="{tally["skipped"]}" time="{seconds:.3f}" '
        f'timestamp="{utc(run.started)[:-1]}" hostname={_attribute(run.host)}>\n'
        f"{''.join(cases)}  </testsuite>\n</testsuites>\n"
    )


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(text: str) -> str:
    from html import escape

    return escape(_NOT_XML.sub("?", text), quote=False)


def _attribute(text: str) -> str:
    from html import escape

    return '"' + escape(_NOT_XML.sub("?", text.replace("\n", " ")), quote=True) + '"'


def nagios(run: Run) -> tuple[str, int]:
    """The one line (ASCII, at most 80 bytes before the performance data) and the plugin's exit code.

    Format: Monitoring Plugins Development Guidelines.
    """
    counts = dict.fromkeys(Outcome, 0)
    for done in run.results:
        if run.waived(done.check.id) is None:
            counts[done.outcome] += 1
    unknown = counts[Outcome.UNKNOWN] + counts[Outcome.CRASH]
    if counts[Outcome.FAIL]:
        word, code = "CRITICAL", 2
    elif unknown:
        word, code = "UNKNOWN", 3
    elif counts[Outcome.WARN]:
        word, code = "WARNING", 1
    else:
        word, code = "OK", 0
    order = {2: (Outcome.FAIL,), 1: (Outcome.WARN,), 3: (Outcome.UNKNOWN, Outcome.CRASH), 0: ()}[code]
    names = [
        done.check.id for done in run.results if done.outcome in order and run.waived(done.check.id) is None
    ]
    line = f"OSS-JUNBI {word} - {counts[Outcome.FAIL]} fail {counts[Outcome.WARN]} warn {unknown} unknown {counts[Outcome.PASS]} ok"
    for at, name in enumerate(names):
        more = f"{': ' if at == 0 else ' '}{name}"
        if len(line) + len(more) > 80 - (4 if at + 1 < len(names) else 0):
            line += " .." if len(line) <= 77 else ""
            break
        line += more
    perf = " ".join(f"{outcome.value}={run.counts()[outcome.value]}" for outcome in Outcome)
    days = "".join(f" {label}={number};30:;7:" for label, number in _days_left(run))
    seconds = (run.finished - run.started).total_seconds()
    return f"{line} | time={max(seconds, 0):.2f}s {perf}{days}\n", code


def _days_left(run: Run) -> list[tuple[str, int]]:
    """Days until the day on which something that was found ends."""
    today = run.options.today()
    found = []
    for done in run.results:
        until = expiry(done.finding.values)
        if until is not None:
            found.append((done.check.id.replace(".", "_").replace("-", "_") + "_days", (until - today).days))
    return found


EXPIRY_KEYS = ("not_after", "expires", "expiry", "until", "end", "removal")
"""Names under which findings carry the day on which something ends."""


def expiry(values: Mapping[str, object]) -> date | None:
    """The earliest day on which something that was found ends, where a finding carries one."""
    days = []
    for key in EXPIRY_KEYS:
        value = values.get(key)
        if isinstance(value, str):
            with suppress(ValueError):
                days.append(date.fromisoformat(value[:10]))
    return min(days, default=None)
