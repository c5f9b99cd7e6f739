"""What goes into a report for whom; everything from outside is made inert here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from checks import __version__
from checks.guide import Guide
from checks.model import Options
from checks.record import replace
from checks.rules.conditions import evaluate
from checks.rules.dates import both
from checks.shown import show, show_lines
from checks.steps import Question
from checks.text import Lang, Text
from checks.verdict import verdict
from state import words
from state.layout import called, local
from state.letters import phrases
from state.letters.papers import ChecklistItem, Letter, Section
from state.session_data import Declaration, SessionData, Waiver
from state.sources import gone_by, source_lines
from state.standing import Item, Progress, Status, StepProgress


def record(
    guide: Guide, data: SessionData, progress: Progress, options: Options, lang: Lang, file: str = ""
) -> Letter:
    """Everything as a checklist to keep: results, dates, sources, notes, exceptions, a place for 確認者."""
    today = options.today()
    head = [
        (words.SESSION, called(data.name, data.values().get(guide.roles.reference))),
        (phrases.MADE, local(options.moment())),
        (phrases.VERSION, f"oss-junbi {__version__}"),
        (phrases.RESULT, result(progress).to(lang)),
    ]
    if progress.declared:
        head.append((words.STATES["declared"], str(progress.declared)))
    if progress.refusal is not None:
        head.insert(0, (words.REFUSAL, progress.refusal.to(lang)))
    if file:
        head.insert(1, (words.FILE, show(file)))
    sections = [_case(guide, progress, today, lang)]
    if progress.next is not None:
        sections.append(Section(words.NEXT.to(lang), (show(progress.next.text.to(lang), 400),)))
    sections += [_step(guide, data, part, today, lang) for part in progress.steps if _needed(part)]
    waivers = []
    for id_, waiver in sorted(data.waivers.items()):
        item = progress.item(id_)
        ended = words.EXPIRED if item is not None and item.open else phrases.ENDED
        state = ended.to(lang) if waiver.until < today else ""
        title = _title(guide, id_, lang)
        waivers.append(ChecklistItem("none", state, title, show(id_), facts=(accepted(waiver, lang),)))
    shown = {*guide.questions, *guide.checks, *(part.step.id for part in progress.steps)}
    notes = [
        ChecklistItem("none", "", show(id_), facts=(show_lines(note.text),))
        for id_, note in data.notes.items()
        if note.text and id_ not in shown
    ]
    outside = list(_outside(data, progress, lang))
    for label, items in ((phrases.WAIVERS, waivers), (words.NOTES, notes), (phrases.OUT_OF_CASE, outside)):
        if items:
            sections.append(Section(label.to(lang), items=tuple(items)))
    return Letter(
        lang,
        words.TITLE.fill({"service": guide.words.service}, lang),
        tuple((name.to(lang), value) for name, value in head),
        sections,
        tuple(text.to(lang) for text in (phrases.OFFICE_STAMP, phrases.CONFIRMED_BY, phrases.CONFIRMED_ON)),
    )


def result(progress: Progress) -> Text:
    """The preparation as a whole in one sentence."""
    return words.READY if progress.ready else words.NOT_READY[progress.exit]


def value_text(question: Question, item: Item, lang: Lang) -> str:
    if item.value is None:
        return words.NONE_YET.to(lang)
    choice = question.choice(item.value)
    if choice is not None:
        return choice.text.to(lang)
    if question.kind == "date":
        try:
            return both(date.fromisoformat(item.value), lang)
        except ValueError:
            pass
    return show(item.value)


def accepted(entry: Waiver | Declaration, lang: Lang) -> str:
    """An accepted exception, or by whose word something is settled, in one line."""
    text = words.WAIVED if isinstance(entry, Waiver) else words.DECLARED[entry.said]
    values = {name: show(value) for name, value in entry.as_json().items()}
    return text.fill(values | {"by": show(entry.by, 60)}, lang)


def checklist_item(guide: Guide, item: Item, today: date, lang: Lang) -> ChecklistItem:
    """A question with its answer, or a check with its finding, and what belongs to it."""
    question, check = guide.questions.get(item.id), guide.checks.get(item.id)
    facts: list[str] = []
    advice: list[str] = []
    commands: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    if question is not None and item.value is not None:
        on = "" if item.at is None else f" ({local(item.at)[:10]})"
        facts.append(f"{words.ANSWER.to(lang)}: {value_text(question, item, lang)}{on}")
        choice = question.choice(item.value)
        if choice is not None and choice.hint is not None and item.applies:
            advice.append(choice.hint.to(lang))
    if not item.applies:
        facts += [item.reason.to(lang)] if item.reason else []
    else:
        found = item.finding
        said = verdict(check, found.code, found.values) if check and found else None
        facts += [said.text.to(lang)] if said else []
        facts += [accepted(entry, lang) for entry in (item.declared, item.waiver) if entry is not None]
        settled = item.status in (Status.DONE, Status.NOT_NEEDED) and item.waiver is None
        if said is not None and found is not None and not settled:
            from checks.evidence import evidence_line

            advice += [said.remedy.to(lang)] if said.remedy else []
            commands = said.commands
            evidence = tuple(evidence_line(show(line), lang, guide) for line in found.evidence[:20])
        if question is None and item.at is not None:
            on = f" ({show(item.found_on, 60)})" if item.found_on else ""
            facts.append(phrases.LOOKED_AT.fill({"at": local(item.at)}, lang) + on)
    mark: Literal["done", "open", "none"] = "done" if item.status is Status.DONE else "open"
    if not item.applies or item.status is Status.NOT_NEEDED:
        mark = "none"
    page = question.basis.page if question is not None else guide.checks[item.id].source
    return ChecklistItem(
        mark=mark,
        word=words.STATES[item.state].to(lang),
        title=item.title.to(lang),
        id=item.id,
        facts=tuple(facts),
        advice=tuple(advice),
        commands=commands,
        evidence=evidence,
        source=" / ".join(source_lines(guide.pages[page], today, lang, question.basis if question else None)),
        link=guide.pages[page].url,
    )


def _case(guide: Guide, progress: Progress, today: date, lang: Lang) -> Section:
    """The answers about the application; where it cannot be filed so, also what to do instead."""
    rows = tuple(
        (item.title.to(lang), value_text(guide.questions[item.id], item, lang))
        for item in progress.case.items
        if item.applies and item.id in guide.questions
    )
    fits = progress.item(guide.scope.check) if progress.refusal is not None else None
    items = () if fits is None else (checklist_item(guide, fits, today, lang),)
    return Section(words.CASE.to(lang), rows=rows, items=items)


def _step(guide: Guide, data: SessionData, part: StepProgress, today: date, lang: Lang) -> Section:
    text = [part.reason.to(lang)] if part.reason is not None else []
    text += _note(data, part.step.id, lang)
    answers = data.values()
    text += [
        " ".join((note.text.to(lang), *gone_by(note.basis, today, lang)))
        for note in part.step.notes
        if note.kind in ("rule", "caution") and part.applies and evaluate(note.applies, answers).yes
    ]
    items = []
    for item in part.items:
        if item.applies:
            made = checklist_item(guide, item, today, lang)
            items.append(replace(made, facts=(*made.facts, *_note(data, item.id, lang))))
    state = words.STATES[part.state].to(lang)
    if part.applies:
        state += f" {part.done}/{part.done + part.open}"
    return Section(
        f"{part.step.number} {part.step.title.to(lang)}", tuple(text), items=tuple(items), state=state
    )


def _needed(part: StepProgress) -> bool:
    return part.applies or any(item.applies for item in part.items)


def _outside(data: SessionData, progress: Progress, lang: Lang) -> Iterator[ChecklistItem]:
    """What does not apply, by the reason for it, without sources: whole steps, and items; then the notes about them."""
    titles: dict[str, list[str]] = {}
    notes: list[str] = []
    for part in progress.steps:
        whole = not _needed(part)
        if whole:
            title = f"{part.step.number} {part.step.title.to(lang)}"
            titles.setdefault(part.reason.to(lang) if part.reason else "", []).append(title)
            notes += _note(data, part.step.id, lang)
        for item in part.items:
            if not item.applies:
                notes += _note(data, item.id, lang)
                if not whole:
                    titles.setdefault(item.reason.to(lang) if item.reason else "", []).append(
                        item.title.to(lang)
                    )
    for reason, named in titles.items():
        yield ChecklistItem("none", "", reason, facts=(" / ".join(named),))
    for note in notes:
        yield ChecklistItem("none", "", note)


def _note(data: SessionData, id_: str, lang: Lang) -> list[str]:
    """What a person noted there, as a line; none when there is nothing."""
    note = data.notes.get(id_)
    return [f"{words.NOTE.to(lang)}: {show_lines(note.text)}"] if note is not None and note.text else []


def _title(guide: Guide, id_: str, lang: Lang) -> str:
    """What a check or question is called; the id itself for one that this version does not know."""
    check, question = guide.checks.get(id_), guide.questions.get(id_)
    return check.title.to(lang) if check else question.text.to(lang) if question else show(id_)
