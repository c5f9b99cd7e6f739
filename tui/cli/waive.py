"""`oss-junbi waive`: an accepted exception with its reason, who accepts it, and its last day; and its withdrawal."""

from __future__ import annotations

from typing import Literal, cast

from checks.text import Text
from state.session_data import MAX_BY, MAX_TEXT
from tui.cli import sentences
from tui.cli.opened import change, guide_meant
from tui.cli.problem import Problem, unknown_item
from tui.cli.setup import Setup

_PAST = Text("--until の {given} は過ぎた日付です。", "--until: {given} is in the past.")
_NEVER = Text("{id} には例外を認められません。", "No exception can be accepted for {id}.")
_WAIVED = Text(
    "「{id}」を {until} まで例外として記録しました。", "Exception for '{id}' recorded until {until}."
)
_WITHDRAWN = Text("「{id}」の例外を取り下げました。", "Exception for '{id}' withdrawn.")
_NOT_WAIVED = Text("「{id}」に例外は記録されていません。", "No exception is recorded for '{id}'.")


def main(setup: Setup) -> int:
    """Record the exception for a check or a question, or take it back."""
    guide, options = guide_meant(setup), setup.args
    id_ = options.positional[0]
    if id_ not in guide.checks and id_ not in guide.questions:
        raise unknown_item(id_, [*guide.checks, *guide.questions])
    if id_ in guide.checks and not guide.checks[id_].waivable:
        raise Problem(_NEVER, id=id_)
    scope = options.one("--scope") or ""
    if scope == "office":
        raise Problem(sentences.NOT_A_CHOICE, option="--scope", given=scope, choices="pc, case")
    if options.has("--withdraw"):
        for name in ("--reason", "--by", "--until", "--scope"):
            if options.has(name):
                raise Problem(sentences.NOT_TOGETHER, first="--withdraw", second=name)
        with change(setup) as session:
            withdrawn = session.withdraw(id_)
        if not withdrawn:
            raise Problem(_NOT_WAIVED, id=id_)
        setup.say(_WITHDRAWN, id=id_)
        return 0
    reason, by = setup.text("--reason", MAX_TEXT), setup.text("--by", MAX_BY)
    day = setup.day("--until")
    if day < setup.options.today():
        raise Problem(_PAST, given=options.one("--until"))
    with change(setup) as session:
        session.waive(id_, reason, by, day, scope=cast('Literal["", "pc", "case"]', scope))
    setup.say(_WAIVED, id=id_, until=day.isoformat())
    return 0
