"""`oss-junbi status`: what is done and what is next; runs nothing that looks at the machine."""

from __future__ import annotations

from checks.guide import Guide
from checks.shown import show
from checks.text import Lang, Text
from checks.verdict import verdict
from state import words
from state.layout import lines
from state.letters.content import accepted, result, value_text
from state.standing import Item, Progress, StepProgress
from tui.cli.opened import look, say_age
from tui.cli.output import columns, deliver_json, deliver_lines
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Show the state and return its exit code."""
    stored = look(setup)
    state, lang = stored.progress(setup), setup.lang
    say_age(setup, stored.guide)
    if setup.args.format() == "json":
        from state.letters.papers import status_json

        deliver_json(setup, status_json(stored.data, stored.file, state, stored.guide))
    else:
        head = [f"{words.SESSION.to(lang)}: {show(stored.data.name)}"]
        head += [f"{words.FILE.to(lang)}: {show(stored.file)}"] if stored.exists else []
        deliver_lines(setup, head + as_lines(stored.guide, state, lang, columns(setup)))
    return state.exit


def as_lines(guide: Guide, state: Progress, lang: Lang, cells: int) -> list[str]:
    """What stops the application, the case, the steps with what is open, and what is next."""
    out = [] if state.refusal is None else _refusal(guide, state, state.refusal, lang, cells)
    out += ["", words.CASE.to(lang)]
    for item in state.case.items:
        if item.kind != "check" and item.applies and (item.value is not None or item.required):
            value = value_text(guide.questions[item.id], item, lang)
            out += lines(f"{item.title.to(lang)}: {value} ({item.id})", cells, "  ", "      ")
    out.append("")
    for part in state.steps:
        out += _step(part, lang, cells)
    out.append("")
    if state.declared:
        out += lines(words.DECLARED_COUNT.fill({"n": state.declared}, lang), cells)
    if state.next is not None:
        text = f"{words.NEXT.to(lang)}: {show(state.next.text.to(lang), 400)} ({state.next.id})"
        out += lines(text, cells, "", "  ")
    else:
        out += lines(result(state).to(lang), cells)
    return out


def _refusal(guide: Guide, state: Progress, why: Text, lang: Lang, cells: int) -> list[str]:
    """Why it cannot be filed so, what to do instead, and the commands for that."""
    out = lines(why.to(lang), cells)
    item, check = state.item(guide.scope.check), guide.checks.get(guide.scope.check)
    said = verdict(check, item.finding.code, item.finding.values) if check and item and item.finding else None
    if said is not None and said.remedy is not None:
        out += lines(said.remedy.to(lang), cells, "  ")
        out += [f"    {command}" for command in said.commands]
    return out


def _step(part: StepProgress, lang: Lang, cells: int) -> list[str]:
    word_ = words.STATES[part.state].to(lang)
    count = f" {part.done}/{part.done + part.open}" if part.applies else ""
    out = lines(f"[{word_}] {part.step.number} {part.step.title.to(lang)}{count}", cells, "", "    ")
    if not part.applies and part.reason is not None:
        out += lines(part.reason.to(lang), cells, "    ")
    for item in part.items:
        if item.open or item.waiver is not None or item.declared is not None:
            out += _item(item, lang, cells)
    return out


def _item(item: Item, lang: Lang, cells: int) -> list[str]:
    state = words.STATES[item.state].to(lang)
    text = f"[{state}] {item.step}-{item.position} {item.title.to(lang)} ({item.id})"
    if item.elsewhere and item.open:
        text += f"  {words.ON_PC.fill({'pc': show(item.elsewhere, 80)}, lang)}"
    out = lines(text, cells, "    ", "        ")
    for entry in (item.declared, item.waiver):
        out += lines(accepted(entry, lang), cells, "        ") if entry is not None else []
    return out
