"""The findings of one run of checks, in the forms that machines read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from checks import __version__
from checks.guide import Guide
from checks.model import Options, Outcome
from checks.record import dataclass, field
from checks.runner import Finished
from checks.shown import show
from checks.text import Text
from checks.verdict import verdict
from state import words
from state.layout import utc
from state.session_data import LOOKED, Declaration, Waiver

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class RunResults:
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
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    machine: str = ""
    """The random id of this machine's data folder, empty where there is none."""

    @property
    def exit(self) -> int:
        """The exit code of `check`; accepted exceptions and what is declared do not count."""
        return exit_code(done.outcome for done in self.results if not self.accepted(done))

    def accepted(self, done: Finished) -> Waiver | Declaration | None:
        """What keeps a result from counting: the word that settles it where the look found nothing out, or an exception."""
        return self.declared(done) or self.waived(done.check.id)

    def declared(self, done: Finished) -> Declaration | None:
        """The word that settles the check, when the look found nothing out."""
        return None if done.outcome in LOOKED else self.declarations.get(done.check.id)

    def waived(self, id: str) -> Waiver | None:  # noqa: A002 - the word the contract uses
        """The exception for that check, when it holds today."""
        waiver = self.waivers.get(id)
        return waiver if waiver is not None and waiver.until >= self.options.today() else None

    def counts(self) -> dict[str, int]:
        """How many results there are of each outcome; a skipped prerequisite and what is declared do not count."""
        counted = Counter(
            done.outcome
            for done in self.results
            if not (done.prerequisite and done.outcome is Outcome.SKIP) and self.declared(done) is None
        )
        return {outcome.value: counted[outcome] for outcome in Outcome}


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """1 something failed, 3 something could not be determined, else 0."""
    seen = set(outcomes)
    return 1 if Outcome.FAIL in seen else 3 if seen & {Outcome.UNKNOWN, Outcome.CRASH} else 0


def portal_of(options: Options) -> str:
    """`host:port`, an IPv6 address in brackets."""
    host = f"[{options.portal}]" if ":" in options.portal else options.portal
    return f"{host}:{options.port}"


def head_json(run: RunResults, guide: Guide) -> dict[str, Any]:
    """What is known before the first result."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "oss-junbi", "version": __version__},
        "guide": guide.name,
        "machine": run.machine,
        "host": run.host,
        "user": run.user,
        "platform": run.platform,
        "portal": portal_of(run.options),
        "started": utc(run.started),
    }


def run_json(run: RunResults, guide: Guide) -> dict[str, Any]:
    """The document of `check --format json`."""
    return {
        **head_json(run, guide),
        "finished": utc(run.finished),
        "exit": run.exit,
        "counts": run.counts(),
        "results": [result_json(done, guide, run.platform, run.accepted(done)) for done in run.results],
    }


def result_json(
    done: Finished, guide: Guide, platform: str, accepted: Waiver | Declaration | None = None
) -> dict[str, Any]:
    """One result of that document."""
    check, finding, coverage = done.check, done.finding, done.finding.coverage
    looked = None
    if coverage is not None:
        unread = [show(name) for name in coverage.unread]
        looked = {"looked": coverage.looked, "of": coverage.of, "unread": unread}
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
        "coverage": looked,
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
    if accepted is not None:
        document["waiver" if isinstance(accepted, Waiver) else "declared"] = accepted.as_json()
    return document


def _text(text: Text | None) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en} if text is not None else {"ja": "", "en": ""}


_ELEMENTS = {
    Outcome.FAIL: "failure",
    Outcome.UNKNOWN: "error",
    Outcome.CRASH: "error",
    Outcome.SKIP: "skipped",
    Outcome.WARN: "system-out",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: RunResults, guide: Guide, lang: str) -> str:
    """The run as JUnit XML: fail is a failure, unknown and crash are errors, skip, accepted exceptions and what is declared are skipped."""
    from xml.etree import ElementTree as ET

    suites = ET.Element("testsuites", name="oss-junbi")
    suite = ET.SubElement(suites, "testsuite", name="oss-junbi")
    elements: list[str] = []
    for done in run.results:
        result = result_json(done, guide, run.platform)
        sentence, remedy = result["text"][lang], result["remedy"][lang]
        case = ET.SubElement(
            suite, "testcase", classname=f"oss-junbi.{guide.step(done.check.step).id}", name=done.check.id,
            time=f"{done.took_ms / 1000:.3f}",
        )  # fmt: skip
        accepted = run.accepted(done)
        element = _ELEMENTS.get(done.outcome, "")
        if isinstance(accepted, Declaration):
            element, sentence = "skipped", words.DECLARED[accepted.said].fill(accepted.as_json(), "en")
        elif accepted is not None and element not in ("", "skipped"):
            element = "skipped"
            sentence = f"waived until {accepted.until} by {accepted.by}: {accepted.reason}"
        if not element:
            continue
        elements.append(element)
        inner = ET.SubElement(case, element)
        if element != "system-out":
            inner.set("message", _xml(sentence))
        if element in ("failure", "error"):
            inner.set("type", _xml(done.finding.code))
        if element != "skipped":
            more = [remedy] if remedy else []
            inner.text = _xml(
                "\n".join([sentence, *more, *result["commands"], *result["evidence"], result["link"]])
            )
    for each in (suites, suite):
        each.set("tests", str(len(suite)))
        for name, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            each.set(name, str(elements.count(element)))
        each.set("time", f"{max((run.finished - run.started).total_seconds(), 0.0):.3f}")
    suite.set("timestamp", utc(run.started)[:-1])
    suite.set("hostname", _xml(run.host))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _xml(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return _NOT_XML.sub("?", text)


def nagios(run: RunResults) -> tuple[str, int]:
    """The one line (ASCII, at most 80 bytes before the performance data) and the plugin's exit code.

    Format: Monitoring Plugins Development Guidelines.
    """
    results = [done for done in run.results if run.accepted(done) is None]
    counts = Counter(done.outcome for done in results)
    unknown = counts[Outcome.UNKNOWN] + counts[Outcome.CRASH]
    if counts[Outcome.FAIL]:
        word, code, told = "CRITICAL", 2, {Outcome.FAIL}
    elif unknown:
        word, code, told = "UNKNOWN", 3, {Outcome.UNKNOWN, Outcome.CRASH}
    elif counts[Outcome.WARN]:
        word, code, told = "WARNING", 1, {Outcome.WARN}
    else:
        word, code, told = "OK", 0, set()
    names = [done.check.id for done in results if done.outcome in told]
    line = f"OSS-JUNBI {word} - {counts[Outcome.FAIL]} fail {counts[Outcome.WARN]} warn {unknown} unknown {counts[Outcome.PASS]} ok"
    for at, name in enumerate(names):
        more = f"{': ' if at == 0 else ' '}{name}"
        if len(line) + len(more) > 80 - (4 if at + 1 < len(names) else 0):
            line += " .." if len(line) <= 77 else ""
            break
        line += more
    perf = [f"time={max((run.finished - run.started).total_seconds(), 0):.2f}s"]
    perf += [f"{outcome}={count}" for outcome, count in run.counts().items()]
    for done in run.results:
        until = expiry(done.finding.values)
        if until is not None:
            label = done.check.id.replace(".", "_").replace("-", "_")
            perf.append(f"{label}_days={(until - run.options.today()).days};30:;7:")
    return f"{line} | {' '.join(perf)}\n", code


EXPIRY_KEYS = ("not_after", "expires", "expiry", "until", "end", "removal")
"""Names under which findings carry the day on which something ends."""


def expiry(values: Mapping[str, object]) -> date | None:
    """The earliest day on which something that was found ends, where a finding carries one."""
    days = []
    for value in map(values.get, EXPIRY_KEYS):
        if isinstance(value, str):
            with suppress(ValueError):
                days.append(date.fromisoformat(value[:10]))
    return min(days, default=None)
