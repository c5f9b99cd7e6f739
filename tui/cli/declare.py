"""`oss-junbi declare`: somebody's word for checks that cannot be run where the session is; and its withdrawal."""

from __future__ import annotations

from collections.abc import Collection

from checks.model import Outcome
from checks.text import Text
from state.file.presence import host_name
from state.progress import progress
from state.session_data import EPOCH, MAX_BY, Declaration, Said
from tui.cli import sentences
from tui.cli.opened import change, guide_meant
from tui.cli.problem import Problem, unknown_item
from tui.cli.setup import Setup

_WHICH = Text(
    "検査のIDか --official-check の、どちらか一方を指定してください。",
    "Name either checks or --official-check, and not both.",
)
_NO_PROGRAM = Text(
    "このガイドには、公式のチェックプログラムがありません。",
    "This guide knows of no official check program.",
)
_QUESTION = Text(
    "{id} は質問なので、申告できません。answer で答えてください。",
    "{id} is a question and cannot be declared. Use 'answer'.",
)
_NEVER = Text(
    "{id} は回答から決まるため、申告できません。", "{id} follows from the answers and cannot be declared."
)
_FUTURE = Text("--on の {given} はまだ来ていない日付です。", "--on: {given} is in the future.")
_FAILED = Text(
    "{id} は検査で「要対応」でした。申告では済みになりません。直してから、もう一度検査してください。",
    "A check found {id} to need action; no declaration settles that. Fix it and run the check again.",
)
_NEEDLESS = Text(
    "{id} は検査で分かっているか、この申請に要らないため、申告は要りません。",
    "{id} needs no declaration: a check has settled it, or this application does not need it.",
)
_DECLARED = Text("{id} を申告として記録しました（{on}、{by}）。", "{id} declared by {by} on {on}.")
_NOT_DECLARED = Text(
    "{id} に、取り下げる申告はありません。", "There is no such declaration of {id} to withdraw."
)
_WITHDRAWN = Text("{id} の申告を取り下げました。", "Declaration of {id} withdrawn.")


def main(setup: Setup) -> int:
    """Take the word for all that is named or, where one of them cannot be declared, for none."""
    guide, options = guide_meant(setup), setup.args
    said: Said = "official-check" if options.has("--official-check") else "person"
    ids, program = tuple(options.positional), guide.official_check
    if bool(ids) is (said == "official-check"):
        raise Problem(_WHICH)
    if not ids:
        if program is None:
            raise Problem(_NO_PROGRAM)
        ids = program.settles
    for id_ in ids:
        check = guide.checks.get(id_)
        if id_ in guide.questions:
            raise Problem(_QUESTION, id=id_)
        if check is None or not check.shown:
            raise unknown_item(id_, [check.id for check in guide.checks.values() if check.shown])
        if check.derived or not check.waivable:
            raise Problem(_NEVER, id=id_)
    return (_withdraw if options.has("--withdraw") else _declare)(setup, ids, said)


def _declare(setup: Setup, ids: Collection[str], said: Said) -> int:
    by, today = setup.text("--by", MAX_BY), setup.options.today()
    on = setup.day("--on") if setup.args.has("--on") else today
    if on > today:
        raise Problem(_FUTURE, given=on.isoformat())
    with change(setup) as session:
        items = progress(session.guide, session.data, setup.options, host=host_name()).items()
        named = [item for item in items if item.id in ids]
        failed = [item.id for item in named if item.outcome is Outcome.FAIL]
        settled = [item.id for item in named if not (item.open or item.declared or item.waiver)]
        declared = [item.id for item in named if item.id not in (*failed, *settled)]
        # What the program speaks of is a list of ours: there the rest is declared, and what failed stays as it is.
        if failed and (said == "person" or not declared):
            raise Problem(_FAILED, id=failed[0])
        for id_ in declared:
            session.declare(id_, Declaration(by, said, on, EPOCH, 0))
    for text, names in ((_FAILED, failed), (_NEEDLESS, settled), (_DECLARED, declared)):
        for name in names:
            setup.say(text, id=name, on=on.isoformat(), by=by)
    return 0


def _withdraw(setup: Setup, ids: Collection[str], said: Said) -> int:
    if setup.args.has("--on"):
        raise Problem(sentences.NOT_TOGETHER, first="--withdraw", second="--on")
    with change(setup) as session:
        entries = session.data.declared
        there = [id_ for id_ in ids if id_ in entries and said in ("person", entries[id_].said)]
        if not there or (said == "person" and len(there) < len(ids)):
            raise Problem(_NOT_DECLARED, id=next(id_ for id_ in ids if id_ not in there))
        for id_ in there:
            session.declare(id_, None)
    for id_ in there:
        setup.say(_WITHDRAWN, id=id_)
    return 0
