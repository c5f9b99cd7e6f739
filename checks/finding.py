"""What one check finds, here and now: a finding in every case, never an exception."""

from __future__ import annotations

from checks.model import Check, Context, Finding, Outcome
from checks.record import replace
from checks.shown import show
from checks.system.api import Unavailable
from checks.verdict import outcome_of

UNREAD_LINES = 10
"""Lines of evidence on what a check could not read; the rest is counted."""


def find(check: Check, context: Context) -> Finding:
    """What the check's probe finds, here and now; whatever the probe does becomes a finding."""
    try:
        return _held_to_coverage(check, check.probe(context))
    except Unavailable as error:
        return Finding("unavailable", {}, (show(error.reason),))
    except Exception as error:
        # Raised in a child process: its own exception's class and place.
        name, where = getattr(error, "raised", None) or (type(error).__name__, place(error))
        return Finding("crash", {"error": name}, (where,))


def _held_to_coverage(check: Check, finding: Finding) -> Finding:
    """Names what was left unread in the evidence; a pass then becomes `partly`, with the counts and the first of it."""
    coverage = finding.coverage
    if coverage is None or coverage.complete:
        return finding
    unread = [show(name) for name in coverage.unread]
    lines = [f"not looked at: {name}" for name in unread[:UNREAD_LINES]]
    if len(unread) > UNREAD_LINES:
        lines.append(f"not looked at: {len(unread) - UNREAD_LINES} more")
    finding = replace(finding, evidence=(*finding.evidence, *lines))
    if outcome_of(check, finding.code) is not Outcome.PASS:
        return finding
    values = {
        **finding.values,
        "looked": coverage.looked,
        "of": max(coverage.of, coverage.looked),
        "unread": unread[0] if unread else "-",
    }
    return replace(finding, code="partly", values=values)


def place(error: BaseException) -> str:
    """Where an exception was raised, without its message and variables: they may hold what must not be kept."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}.{code.co_name}:{trace.tb_lineno}"
