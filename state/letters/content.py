"""What goes into a report for whom; everything from outside is made inert here."""

from __future__ import annotations

from datetime import date
from typing import Literal

from checks import __version__
from checks.guide import Guide
from checks.model import Options
from checks.rules.conditions import evaluate
from checks.rules.dates import both
from checks.shown import show, show_lines
from checks.steps import Basis, Question
from checks.text import Lang, Text
from checks.verdict import verdict
from state import words
from state.layout import local
from state.letters import phrases
from state.letters.papers import Document, Entry, Section
from state.session_data import SessionData
from state.standing import Item, Progress, Status, StepProgress

OLD_AFTER = 180
"""Days after which a fact should be looked up again."""


def office(
    guide: Guide, data: SessionData, progress: Progress, options: Options, lang: Lang, file: str = ""
) -> Document:
    """All steps as a checklist to keep: results, dates, sources, notes, exceptions, a place for 確認者."""
    head = [
        (words.SESSION.to(lang), show(data.name)),
        (phrases.MADE.to(lang), local(options.moment())),
        (phrases.VERSION.to(lang), f"oss-junbi {__version__}"),
        (phrases.RESULT.to(lang), result(progress).to(lang)),
    ]
    if progress.refusal is not None:
        head.insert(0, (words.REFUSAL.to(lang), progress.refusal.to(lang)))
    if file:
        head.insert(1, (words.FILE.to(lang), show(file)))
    sections = [_case(guide, progress.case, lang)]
    if progress.next is not None:
        sections.append(Section(words.NEXT.to(lang), (show(progress.next.text.to(lang), 400),)))
    sections += [_step(guide, data, part, options.today(), lang) for part in progress.steps]
    waivers = tuple(
        Entry("none", _waiver_word(waiver.until, options.today(), progress.item(id_), lang), _title(guide, id_, lang),
              show(id_), facts=(waived(waiver.reason, waiver.by, waiver.until, lang),))
        for id_, waiver in sorted(data.waivers.items())
    )  # fmt: skip
    if waivers:
        sections.append(Section(phrases.WAIVERS.to(lang), entries=waivers))
    others = [key for key in data.notes if key not in {part.step.id for part in progress.steps}]
    kept = tuple(
        Entry("none", "", show(key), facts=(show_lines(data.notes[key].text),))
        for key in others if data.notes[key].text and guide.questions.get(key) is None and guide.checks.get(key) is None
    )  # fmt: skip
    if kept:
        sections.append(Section(words.NOTES.to(lang), entries=kept))
    places = (phrases.OFFICE_STAMP, phrases.CONFIRMED_BY, phrases.CONFIRMED_ON)
    return Document(
        lang, words.TITLE.to(lang), tuple(head), sections, tuple(text.to(lang) for text in places)
    )


def result(progress: Progress) -> Text:
    """The preparation as a whole in one sentence."""
    return words.READY if progress.ready else words.NOT_READY[progress.exit]


def value_text(question: Question, item: Item, lang: Lang) -> str:
    """An answer as a person reads it."""
    if item.value is None:
        return words.NONE_YET.to(lang)
    choice = question.choice(item.value)
    if choice is not None:
        return choice.text.to(lang)
    if question.kind == "date":
        try:
            return both(date.fromisoformat(item.value), lang)
        except ValueError:
            return show(item.value)
    return show(item.value)


def waived(reason: str, by: str, until: date, lang: Lang) -> str:
    """An accepted exception in one line."""
    values = {"reason": show(reason), "by": show(by, 60), "until": until.isoformat()}
    return words.WAIVED.fill(values, lang)


def source_text(guide: Guide, basis: Basis, today: date, lang: Lang) -> str:
    """Where a statement comes from, when that was read and how sure it is."""
    page = guide.pages[basis.page]
    parts = [
        page.title.to(lang),
        phrases.CHECKED.fill({"day": basis.checked.isoformat()}, lang),
        phrases.CONFIDENCE[basis.confidence].to(lang),
    ]
    old = [words.OLD.to(lang)] if (today - basis.checked).days > OLD_AFTER else []
    return " / ".join(parts + old)


def check_source(guide: Guide, page_id: str, today: date, lang: Lang) -> str:
    """The page that a check's rule comes from, with the day on which it was read."""
    page = guide.pages[page_id]
    if page.read is None:
        # Other people's pages are reports about the rule; only an official one would be its text.
        doubts = [phrases.NOT_READ] if page.official else [phrases.NOT_READ, phrases.CONFIDENCE["secondary"]]
        return " / ".join([page.title.to(lang), *(doubt.to(lang) for doubt in doubts)])
    old = [words.OLD.to(lang)] if (today - page.read).days > OLD_AFTER else []
    return " / ".join([page.title.to(lang), phrases.CHECKED.fill({"day": page.read.isoformat()}, lang), *old])


def entry(guide: Guide, item: Item, today: date, lang: Lang) -> Entry:
    """An item as one line of a checklist with what belongs to it."""
    question = guide.questions.get(item.id)
    return (
        _answered(guide, item, question, today, lang) if question else check_entry(guide, item, today, lang)
    )


def check_entry(guide: Guide, item: Item, today: date, lang: Lang) -> Entry:
    """A check with its finding."""
    check = guide.checks[item.id]
    facts, advice, commands, evidence = _finding(guide, item, lang)
    if item.at is not None and item.applies:
        facts.append(phrases.LOOKED_AT.fill({"at": local(item.at)}, lang))
    return Entry(
        _mark(item), word(item, lang), item.title.to(lang), item.id, tuple(facts), advice, commands, evidence,
        check_source(guide, check.source, today, lang), guide.pages[check.source].url,
    )  # fmt: skip


def word(item: Item, lang: Lang) -> str:
    """What an item is called."""
    return words.STATES[item.state].to(lang)


def _answered(guide: Guide, item: Item, question: Question, today: date, lang: Lang) -> Entry:
    facts = [f"{words.ANSWER.to(lang)}: {value_text(question, item, lang)}"] if item.value is not None else []
    if item.at is not None and facts:
        facts[0] += f" ({local(item.at)[:10]})"
    found, advice, commands, evidence = _finding(guide, item, lang)
    choice = question.choice(item.value) if item.value is not None else None
    hints = [choice.hint.to(lang)] if choice is not None and choice.hint is not None and item.applies else []
    return Entry(
        _mark(item), word(item, lang), item.title.to(lang), item.id, (*facts, *found), (*hints, *advice), commands,
        evidence, source_text(guide, question.basis, today, lang), guide.pages[question.basis.page].url,
    )  # fmt: skip


def _finding(
    guide: Guide, item: Item, lang: Lang
) -> tuple[list[str], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    facts: list[str] = []
    if not item.applies:
        return ([item.reason.to(lang)] if item.reason else []), (), (), ()
    if item.waiver is not None:
        facts.append(waived(item.waiver.reason, item.waiver.by, item.waiver.until, lang))
    check = guide.checks.get(item.id)
    found = verdict(check, item.finding.code, item.finding.values) if check and item.finding else None
    if found is None or item.finding is None:
        return facts, (), (), ()
    facts.insert(0, found.text.to(lang))
    if item.status in (Status.DONE, Status.NOT_NEEDED) and item.waiver is None:
        return facts, (), (), ()
    advice = (found.remedy.to(lang),) if found.remedy else ()
    from checks.evidence import evidence_line

    evidence = tuple(evidence_line(show(line), lang, guide) for line in item.finding.evidence[:20])
    return facts, advice, found.commands, evidence


def _mark(item: Item) -> Literal["done", "open", "none"]:
    return (
        "none"
        if not item.applies or item.status is Status.NOT_NEEDED
        else "done"
        if item.status is Status.DONE
        else "open"
    )


def _case(guide: Guide, case: StepProgress, lang: Lang) -> Section:
    rows = tuple(
        (item.title.to(lang), value_text(guide.questions[item.id], item, lang))
        for item in case.items
        if item.applies and item.id in guide.questions
    )
    return Section(words.CASE.to(lang), rows=rows)


def _step(guide: Guide, data: SessionData, part: StepProgress, today: date, lang: Lang) -> Section:
    shown = [item for item in part.items if part.applies or item.applies]
    text = [part.reason.to(lang)] if part.reason is not None else []
    note = data.notes.get(part.step.id)
    if note is not None and note.text:
        text.append(f"{words.NOTE.to(lang)}: {show_lines(note.text)}")
    cautions = [
        note.text.to(lang)
        for note in part.step.notes
        if note.kind in ("rule", "caution") and part.applies and evaluate(note.applies, data.values()).yes
    ]
    entries = []
    for item in shown:
        made = entry(guide, item, today, lang)
        remark = data.notes.get(item.id)
        if remark is not None and remark.text:
            more = (*made.facts, f"{words.NOTE.to(lang)}: {show_lines(remark.text)}")
            made = Entry(made.mark, made.word, made.title, made.id, more, made.advice, made.commands,
                         made.evidence, made.source, made.link)  # fmt: skip
        entries.append(made)
    state = words.STATES[part.state].to(lang)
    if part.applies:
        state += f" {part.done}/{part.done + part.open}"
    return Section(
        f"{part.step.number} {part.step.title.to(lang)}", (*text, *cautions), (), tuple(entries), state
    )


def _title(guide: Guide, id_: str, lang: Lang) -> str:
    """What a check or question is called; the id itself for one that this version does not know."""
    check, question = guide.checks.get(id_), guide.questions.get(id_)
    return check.title.to(lang) if check else question.text.to(lang) if question else show(id_)


def _waiver_word(until: date, today: date, item: Item | None, lang: Lang) -> str:
    if until >= today:
        return ""
    return (words.EXPIRED if item is not None and item.open else phrases.ENDED).to(lang)
