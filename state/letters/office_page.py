"""The office's page: one sheet with what is ready, what is open and who has it, every date, and a place to sign."""

from __future__ import annotations

from collections.abc import Iterator

from checks.guide import Guide
from checks.model import Options
from checks.rules.dates import both
from checks.shown import show
from checks.text import Lang, Text
from state import words
from state.agenda import DATES, EARLIEST, Agenda, agenda, can_be_sent, day_line
from state.layout import local
from state.letters import phrases
from state.letters.content import accepted, result, value_text
from state.letters.outgoing import for_customer
from state.letters.papers import ChecklistItem, Letter, Section
from state.session_data import SessionData
from state.standing import Item, Progress

_FROM_CUSTOMER = Text("お客様にお願いするもの", "To get from the customer")
_AT_OFFICE = Text("事業所で行うもの", "To do in the office")
_ON_PC = Text("申請に使うPCで確かめるもの", "To check on the PC that sends it")
_READY = Text("済んだもの", "Ready")
_STEP = Text("{step} {done}/{all}", "{step} {done}/{all}")


def office(
    guide: Guide, data: SessionData, progress: Progress, options: Options, lang: Lang, file: str = ""
) -> Letter:
    """One page of A4; what each item is and rests on stands in the record."""
    about = []
    for item in progress.case.items:
        if item.applies and item.value is not None and item.id in guide.questions:
            question = guide.questions[item.id]
            answer = value_text(question, item, lang)
            about.append(answer if question.kind == "choice" else f"{question.label.to(lang)}: {answer}")
    head = [
        (words.SESSION, show(data.name)),
        (phrases.MADE, local(options.moment())),
        (phrases.RESULT, result(progress).to(lang)),
    ]
    if progress.refusal is not None:
        head.insert(0, (words.REFUSAL, progress.refusal.to(lang)))
    sections = [Section(words.CASE.to(lang), (" / ".join(about),) if about else (words.NONE_YET.to(lang),))]
    sections.append(Section(_READY.to(lang), (" / ".join(_ready(progress, lang)),)))
    asked = {item.id for item in for_customer(guide, progress)}
    groups: dict[Text, list[ChecklistItem]] = {_FROM_CUSTOMER: [], _AT_OFFICE: [], _ON_PC: []}
    for item in progress.items():
        if item.open:
            place = (
                _FROM_CUSTOMER if item.id in asked else _ON_PC if _scope(guide, item) == "pc" else _AT_OFFICE
            )
            groups[place].append(_line(guide, item, lang))
    sections += [Section(title.to(lang), items=tuple(items)) for title, items in groups.items() if items]
    made = agenda([(guide, data)], options)
    sections.append(Section(DATES.to(lang), rows=tuple(_dates(made, lang)), dates=made))
    settled: dict[Text, list[ChecklistItem]] = {phrases.WAIVERS: [], words.STATES["declared"]: []}
    for item in progress.items():
        for items, entry in zip(settled.values(), (item.waiver, item.declared), strict=True):
            if entry is not None:
                word, fact = words.STATES[item.state].to(lang), accepted(entry, lang)
                items.append(ChecklistItem("done", word, item.title.to(lang), facts=(fact,)))
    sections += [Section(title.to(lang), items=tuple(items)) for title, items in settled.items() if items]
    return Letter(
        lang,
        phrases.TITLE_OFFICE.to(lang),
        tuple((label.to(lang), value) for label, value in head),
        sections,
        tuple(text.to(lang) for text in (phrases.OFFICE_STAMP, phrases.CONFIRMED_BY, phrases.CONFIRMED_ON)),
        "tight",
    )


def _ready(progress: Progress, lang: Lang) -> Iterator[str]:
    """Each step that is needed, with how much of it is settled."""
    for part in progress.steps:
        if part.applies:
            values = {"step": part.step.title.to(lang), "done": part.done, "all": part.done + part.open}
            yield _STEP.fill(values, lang)


def _line(guide: Guide, item: Item, lang: Lang) -> ChecklistItem:
    """An open item: what it is called, and until when it must be done."""
    facts = [phrases.UNTIL.fill({"day": both(item.due, lang)}, lang)] if item.due else []
    title = guide.questions[item.id].label if item.id in guide.questions else item.title
    return ChecklistItem("open", words.STATES[item.state].to(lang), title.to(lang), facts=tuple(facts))


def _scope(guide: Guide, item: Item) -> str:
    return guide.questions[item.id].scope if item.id in guide.questions else guide.checks[item.id].scope


def _dates(made: Agenda, lang: Lang) -> Iterator[tuple[str, str]]:
    """From when on it can be submitted, and every date with how far away it is."""
    for _, sending in made.sending:
        yield EARLIEST.to(lang), can_be_sent(made, sending, lang)
    for _, due in made.dates:
        yield day_line(made, due, lang), due.text.to(lang)
