"""`oss-junbi pc check`, `pc share` and `pc add`: what is found on one PC, shown, kept, and carried to another machine."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime, timedelta

from checks.guide import Guide, load_guide
from checks.model import Outcome
from checks.record import replace
from checks.shown import show
from checks.text import Text
from state import words
from state.check_report import RunResults
from state.file import named_file, places, presence
from state.fleet.pc_block import NotTaken, is_of_pc, pack
from state.fleet.shared_pc import MAX_BYTES, shared_pc
from state.layout import local
from state.live.changes import Stamp, result_of
from state.live.pc_records import PcFacts, add_record
from tui.cli import console, sentences
from tui.cli.opened import look
from tui.cli.output import deliver
from tui.cli.problem import CANNOT_WRITE, Problem
from tui.cli.setup import Setup

_SAVED = Text("PCの記録「{name}」に残しました。", "Saved to the PC record '{name}'.")
_HOW = Text(
    "BEGIN の行から END の行までを写し、もう一方の機械で oss-junbi pc add - を実行して貼り付けてください。",
    "Copy everything from the BEGIN line to the END line, run 'oss-junbi pc add -' on the other machine and paste it there.",
)
_COPIED = Text("クリップボードにも入れました。", "It is in the clipboard too.")
_SHORTENED = Text(
    "4 KBに収めるため、{limit}字より長い値は中ほどを省きました。",
    "To keep to 4 kB, values of more than {limit} characters have lost their middle.",
)
_LEFT_OUT = Text(
    "4 KBに収めるため、次の結果は入っていません（軽いものから省きました）: {names}",
    "To keep to 4 kB, these results are left out (the least serious first): {names}",
)
_PASTE = Text(
    "ブロックを貼り付け、Enter のあと Ctrl+D（Windowsでは Ctrl+Z と Enter）を押してください。",
    "Paste the block, press Enter and then Ctrl+D (on Windows Ctrl+Z and Enter).",
)
_STANDARD_INPUT = Text("標準入力", "standard input")
_NOT_TAKEN = Text("{file}: {why}", "{file}: {why}")
_TAKEN = Text(
    "PCの記録「{name}」に {count}件を取り込みました（{outcomes}）。{user}@{host}（{platform}）で {when} に調べたものです（{age}）。",
    "{count|result} added to the PC record '{name}' ({outcomes}), found by {user}@{host} ({platform}) on {when} ({age}).",
)
_OLDER = Text(
    "{count}件は、ここにあるものより新しくないので、そのままです。",
    "{count|result} not added, because those kept here are at least as recent.",
)
_USE = Text(
    "このPCから申請するセッションでは oss-junbi pc use {name} を実行してください。",
    "In the session that will be sent from this PC run: oss-junbi pc use {name}",
)
_AGES = (
    (timedelta(days=2), timedelta(days=1), Text("{n}日前", "{n|day} ago")),
    (timedelta(hours=2), timedelta(hours=1), Text("{n}時間前", "{n|hour} ago")),
    (timedelta(minutes=2), timedelta(minutes=1), Text("{n}分前", "{n|minute} ago")),
)
_NOW = Text("たった今", "just now")


def check(setup: Setup) -> int:
    """Look at this PC and show what is found; with `--save` keep it as the PC's record."""
    from tui.cli.check import present

    save = setup.args.has("--save")
    if save and setup.read_only:
        raise Problem(sentences.READ_ONLY, CANNOT_WRITE)
    guide, made = _look(setup)
    code = present(setup, guide, made)
    if save:
        setup.say(_SAVED, name=add_record(places.locate(), load_guide, _facts(guide, made)).name)
    return code


def share(setup: Setup) -> int:
    """Look at this PC and write what is found as a block of text, on Windows into the clipboard too."""
    from tui.terminal.clipboard import put

    guide, made = _look(setup)
    block = pack(made, guide)
    deliver(setup, block.text, exact=True)
    if block.limit:
        setup.say(_SHORTENED, limit=block.limit)
    if block.left_out:
        setup.say(_LEFT_OUT.filled({"names": ", ".join(block.left_out)}))
    setup.say(_HOW)
    if put(block.text):
        setup.say(_COPIED)
    return 0


def add(setup: Setup, name: str) -> int:
    """Take what another PC says of itself into its record; raises `Problem` (exit 2) for what is refused as a whole."""
    if setup.read_only:
        raise Problem(sentences.READ_ONLY, CANNOT_WRITE)
    if name == "-" and console.is_terminal(sys.stdin):
        setup.say(_PASTE)
    plain = show(name, 200)
    file = _STANDARD_INPUT if name == "-" else Text(plain, plain)
    try:
        facts, notices = shared_pc(named_file.read_or_stdin(name, MAX_BYTES), load_guide, setup.options)
    except named_file.NotRead as error:
        raise Problem(sentences.CANNOT_READ, file=file, why=error.why) from None
    except NotTaken as error:
        raise Problem(_NOT_TAKEN.filled({"file": file, "why": error.why})) from None
    by = f"{presence.user_name()}@{presence.host_name()}"
    added = add_record(places.locate(), load_guide, facts, name=setup.args.one("--name"), added_by=by)
    setup.say(
        _TAKEN,
        name=added.name,
        count=added.taken,
        outcomes=_outcomes(facts),
        user=facts.user,
        host=facts.host,
        platform=facts.platform,
        when=local(facts.at),
        age=_age(facts.at, setup.options.moment()),
    )
    if added.older:
        setup.say(_OLDER, count=added.older)
    for notice in notices:
        setup.say(notice)
    setup.say(_USE, name=added.name)
    return 0


def _look(setup: Setup) -> tuple[Guide, RunResults]:
    """What the checks of the PC find, whatever application is meant: only answers about the PC count.

    A check that judges by other answers is left out: its finding would not hold for somebody who answers differently.
    """
    from tui.cli.check import perform

    stored = look(setup)
    guide, data = stored.guide, stored.data
    answers = {
        id_: answer
        for id_, answer in data.answers.items()
        if id_ in guide.questions and guide.questions[id_].scope == "pc"
    }
    checks = tuple(check for check in guide.checks.values() if check.shown and is_of_pc(guide, check))
    return guide, perform(setup, guide, checks, replace(data, answers=answers), None)


def _facts(guide: Guide, made: RunResults) -> PcFacts:
    results = {
        done.check.id: result_of(
            done.outcome,
            done.finding,
            done.took_ms,
            "pc",
            Stamp(0, _second(done.started), made.host, made.user),
        )
        for done in made.results
        if is_of_pc(guide, done.check, done.finding.code)
    }
    return PcFacts(made.host, made.user, made.platform, _second(made.finished), made.machine, results)


def _second(at: datetime) -> datetime:
    """A time as files keep it."""
    return at.replace(microsecond=0)


def _outcomes(facts: PcFacts) -> Text:
    counts = Counter(result.outcome for result in facts.results.values())
    said = [(words.OUTCOMES[outcome], counts[outcome]) for outcome in Outcome if counts[outcome]]
    return Text(
        "、".join(f"{name.ja} {n}" for name, n in said), ", ".join(f"{name.en} {n}" for name, n in said)
    )


def _age(at: datetime, now: datetime) -> Text:
    age = now - at
    for least, unit, text in _AGES:
        if age >= least:
            return text.filled({"n": age // unit})
    return _NOW
