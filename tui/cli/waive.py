"""`oss-junbi waive`: an accepted exception with its reason, who accepts it, and its last day; and its withdrawal."""

from __future__ import annotations

from checks.rules.dates import DateError, parse_day
from checks.text import Text
from state.session_data import MAX_TEXT
from tui.cli import console, sentences
from tui.cli.ids import unknown
from tui.cli.opened import change, guide_meant
from tui.cli.problem import Problem, filled
from tui.cli.setup import Setup

MAX_BY = 200
"""Characters of the name of whoever accepts an exception."""

_NEEDED = Text("waive には {option} が必要です。", "waive needs {option}.")
_PAST = Text("--until の {given} は過ぎた日付です。", "--until: {given} is in the past.")


_LONG = Text(
    "{option} が長すぎます（{count}字、上限{most}字）。",
    "{option} is too long ({count} characters, limit {most}).",
)
_NEVER = Text("{id} には例外を認められません。", "No exception can be accepted for {id}.")
_ALONE = Text("--withdraw と {option} は一緒に使えません。", "--withdraw and {option} do not go together.")


def main(setup: Setup) -> int:
    """Record the exception for a check or a question, or take it back."""
    guide = guide_meant(setup)
    id_ = setup.args.positional[0]
    if id_ not in guide.checks and id_ not in guide.questions:
        raise unknown(id_, [*guide.checks, *guide.questions])
    if id_ in guide.checks and not guide.checks[id_].waivable:
        raise Problem(_NEVER, id=id_)
    terms = ("--reason", "--by", "--until")
    if setup.args.has("--withdraw"):
        return _withdraw(setup, id_, terms)
    for option in terms:
        if not (setup.args.one(option) or "").strip():
            raise Problem(_NEEDED, option=option)
    given = setup.args.one("--until") or ""
    try:
        until = parse_day(given, setup.options.today())
    except DateError as error:
        raise Problem(Text(f"--until: {error.text.ja}", f"--until: {error.text.en}")) from None
    if until < setup.options.today():
        raise Problem(_PAST, given=given)
    reason, by = setup.args.one("--reason") or "", setup.args.one("--by") or ""
    for option, text, most in (("--reason", reason, MAX_TEXT), ("--by", by, MAX_BY)):
        if len(text) > most:
            raise Problem(_LONG, option=option, count=len(text), most=most)
    with change(setup) as session:
        session.session.waive(id_, reason, by, until)
        session.settle()
    console.tell(filled(sentences.WAIVED, id=id_, until=until.isoformat()), setup.lang)
    return 0


def _withdraw(setup: Setup, id_: str, terms: tuple[str, ...]) -> int:
    """Take the exception back."""
    for option in terms:
        if setup.args.has(option):
            raise Problem(_ALONE, option=option)
    with change(setup) as session:
        found = session.session.withdraw(id_)
        session.settle()
    if not found:
        raise Problem(sentences.NOT_WAIVED, id=id_)
    console.tell(filled(sentences.WITHDRAWN, id=id_), setup.lang)
    return 0
