"""What one check finds, here and now: a finding in every case, never an exception."""

from __future__ import annotations

from checks.model import Check, Context, Finding
from checks.shown import show
from checks.system.api import Unavailable


def find(check: Check, context: Context) -> Finding:
    """What the check's probe finds, here and now; whatever the probe does becomes a finding."""
    try:
        return check.probe(context)
    except Unavailable as error:
        return Finding("unavailable", {}, (show(error.reason),))
    except Exception as error:
        return Finding("crash", {"error": type(error).__name__}, (_place(error),))


def _place(error: BaseException) -> str:
    """Where an exception was raised, without its message and variables: they may hold what must not be kept."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}.{code.co_name}:{trace.tb_lineno}"
