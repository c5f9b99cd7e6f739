"""Reports that leave the house: one page of requests for a customer, one page without persons for a helpdesk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from checks import __version__
from checks.evidence import evidence_line
from checks.guide import Guide
from checks.model import Finding, Options, Outcome
from checks.rules.conditions import met
from checks.rules.dates import both
from checks.shown import show
from checks.steps import Question
from checks.text import Lang, Text
from checks.verdict import sentence
from state import words
from state.layout import local
from state.letters import phrases
from state.letters.content import checklist_item, value_text
from state.letters.papers import ChecklistItem, Letter, Section
from state.session_data import SessionData
from state.standing import Item, Progress

NOBODY = frozenset({"root", "admin", "administrator", "user", "guest", "system", "localhost"})
"""Names of accounts and PCs that name nobody, but stand in certificates, codes and sentences."""


def for_customer(guide: Guide, progress: Progress) -> list[Item]:
    """The open items that this customer can settle: says it, decides it, or has the paper."""
    wanted = guide.letters.customer
    answers = {item.id: item.value for item in progress.items() if item.value is not None}
    office = {id_ for matter in wanted.leave_out if met(matter.applies, answers) for id_ in matter.items}
    steps = {
        step.number for step in (guide.case, *guide.steps) if not wanted.steps or step.id in wanted.steps
    }
    return [
        item
        for item in progress.items()
        if item.open
        and item.id in guide.questions
        and item.id not in office
        and item.step in steps
        and guide.questions[item.id].scope_with(answers) == "case"
    ]


def customer(guide: Guide, progress: Progress, options: Options, lang: Lang) -> Letter:
    """One page of the papers and answers still missing, in plain words, without anything about a PC."""
    papers: list[ChecklistItem] = []
    perhaps: list[ChecklistItem] = []
    others: list[ChecklistItem] = []
    warning: tuple[str, ...] = ()
    for item in for_customer(guide, progress):
        question = guide.questions[item.id]
        if item.id in guide.letters.customer.passwords:
            warning = (phrases.CUSTOMER_NO_PASSWORD.to(lang),)
        # As long as the case is open every paper applies; only what is certain is asked for as needed.
        if not item.reason:
            (papers if question.document else others).append(_request(guide, item, question, lang))
        elif question.document:
            perhaps.append(_request(guide, item, question, lang))
    intro = phrases.CUSTOMER_INTRO if papers else phrases.CUSTOMER_ASK if others else phrases.CUSTOMER_NONE
    intro = intro.filled({"service": guide.words.service})
    if progress.refusal is not None and not any(part.applies for part in progress.steps):
        # Nothing can be asked for as long as it cannot be filed so; why not is between the office and the service.
        papers, others, perhaps, intro = [], [], [], phrases.CUSTOMER_LATER
    sections = [Section("", (intro.to(lang),))]
    about = [progress.item(id_) for id_ in (guide.roles.procedure, guide.roles.reference)]
    rows = [value_text(guide.questions[one.id], one, lang) for one in about if one is not None and one.value]
    if rows:
        sections.insert(0, Section("", rows=((words.CASE.to(lang), " / ".join(rows)),)))
    for title, text, items in (
        (phrases.PAPERS, (), papers),
        (phrases.QUESTIONS, warning, others),
        (phrases.PERHAPS, (phrases.PERHAPS_WHY.to(lang),), perhaps),
    ):
        if items:
            sections.append(Section(title.to(lang), text, items=tuple(items)))
    places = (phrases.CUSTOMER_UNTIL, phrases.OFFICE_STAMP, phrases.CUSTOMER_CONTACT)
    return Letter(
        lang,
        phrases.TITLE_CUSTOMER.to(lang),
        ((phrases.MADE_ON.to(lang), both(options.today(), lang)),),
        sections,
        tuple(text.to(lang) for text in places),
        "columns",
    )


def _request(guide: Guide, item: Item, question: Question, lang: Lang) -> ChecklistItem:
    if item.reason:  # it is not even certain that this is needed
        return ChecklistItem("open", "", question.text.to(lang))
    bring = (one.text for one in guide.letters.customer.bring if one.item == item.id)
    text = next(bring, question.help if question.document else None)
    wait = words.WAIT.fill({"hours": question.wait_hours}, lang) if question.wait_hours else ""
    advice = tuple(part for part in (text.to(lang) if text else "", wait) if part)
    return ChecklistItem("open", "", question.text.to(lang), advice=advice)


def support(
    guide: Guide, data: SessionData, progress: Progress, options: Options, lang: Lang, system: str
) -> Letter:
    """One redacted page for a helpdesk: what failed and what was seen, hosts and ports to exempt, versions, proxy."""
    hide = redaction(guide, data)
    host = f"[{options.portal}]" if ":" in options.portal else options.portal
    portal = show(f"{host}:{options.port}")
    proxy = show(re.sub(r"//[^@/]*@", "//***@", options.proxy or "")) or phrases.NO_PROXY.to(lang)
    network = [(phrases.PORTAL, portal), (phrases.PROXY, proxy), (phrases.EXEMPT, portal)]
    problems: list[ChecklistItem] = []
    rest: dict[Outcome, list[str]] = {}
    versions: list[tuple[Text, str]] = []
    declared = [item.id for item in progress.items() if item.declared is not None]
    for item in progress.items():
        if item.kind != "check" or item.finding is None or item.outcome is None:
            continue
        if item.outcome in (Outcome.PASS, Outcome.SKIP):
            rest.setdefault(item.outcome, []).append(item.id)
        else:
            made = checklist_item(guide, item, options.today(), lang)
            title = f"{made.title} ({show(item.finding.code)})"
            evidence = tuple(map(hide, made.evidence[:14]))  # a chain of three certificates
            problems.append(
                ChecklistItem(
                    "none", made.word, title, item.id, tuple(map(hide, made.facts)), evidence=evidence
                )
            )
        if item.outcome is Outcome.PASS and item.id in guide.letters.support.always:
            check = guide.checks[item.id]
            versions.append((item.title, hide(sentence(check, item.finding.code, item.finding.values, lang))))
        if item.outcome is Outcome.PASS and item.id in guide.letters.support.certificates:
            network += [(phrases.CHAIN, hide(line)) for line in _chain(guide, item.finding, lang)]
    sections = [
        Section("", (phrases.SUPPORT_INTRO.to(lang),)),
        Section(
            phrases.SUPPORT_NETWORK.to(lang),
            rows=tuple((label.to(lang), value) for label, value in (*network, *versions)),
        ),
        Section(
            phrases.PROBLEMS.to(lang),
            () if problems else (phrases.NO_PROBLEMS.to(lang),),
            items=tuple(problems),
        ),
    ]
    if rest or declared:
        names = [(words.OUTCOMES[outcome], ids) for outcome, ids in rest.items()]
        names += [(words.STATES["declared"], declared)] if declared else []
        rows = tuple((text.to(lang), ", ".join(ids)) for text, ids in names)
        sections.append(Section(phrases.OTHERS.to(lang), rows=rows))
    head = [
        (phrases.MADE.to(lang), local(options.moment())),
        (phrases.VERSION.to(lang), f"oss-junbi {__version__}"),
        (phrases.SYSTEM.to(lang), show(system)),
    ]
    if progress.refusal is not None:
        head.insert(0, (words.REFUSAL.to(lang), progress.refusal.to(lang)))
    return Letter(lang, phrases.TITLE_SUPPORT.to(lang), tuple(head), sections, print="dense")


def _chain(guide: Guide, finding: Finding, lang: Lang) -> list[str]:
    """The certificates that a server sent, as names and issuers."""
    named = [line for line in finding.evidence if re.match(r"\[\d+\] |\s+<- ", line)]
    return [evidence_line(show(line), lang, guide).strip() for line in named[:8]]


def redaction(guide: Guide, data: SessionData) -> Callable[[str], str]:
    """Takes the names of PCs and users, places, and what was answered in words of one's own out of a line."""
    secrets = [name for result in data.results.values() for name in (result.host, result.user)]
    secrets += [
        str(answer.value)
        for answer in data.answers.values()
        if len(str(answer.value)) > 3 and not isinstance(answer.value, date)
    ]
    choices = {choice.value for question in guide.questions.values() for choice in question.choices}
    words = {
        word for word in (*secrets, data.name) if len(word) >= 3 and word.lower() not in NOBODY
    } - choices
    found = sorted(words, key=len, reverse=True) or ["\n"]  # which no line has
    named = re.compile("|".join(map(re.escape, found)), re.IGNORECASE)

    def hide(line: str) -> str:
        line = named.sub("***", line)
        line = re.sub(r"(?i)(/home/|/Users/|\\Users\\)[^/\\\s]+", r"\1***", line)
        line = re.sub(r"//[^@/\s]*@", "//***@", line)
        return re.sub(r"(?<![\w.+-])[\w.+-]++@[\w-]+(\.[\w-]+)+", "***", line)

    return hide
