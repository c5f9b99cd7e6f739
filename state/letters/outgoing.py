"""Reports that leave the house: one page of requests for a customer, one page without persons for a helpdesk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from checks import __version__
from checks.evidence import evidence_line
from checks.guide import Guide
from checks.model import Options, Outcome
from checks.rules.dates import both
from checks.shown import show
from checks.steps import Question
from checks.text import Lang
from checks.verdict import verdict
from state import words
from state.layout import local
from state.letters import phrases
from state.letters.content import check_entry, value_text
from state.letters.papers import Document, Entry, Section
from state.session_data import SessionData
from state.standing import Item, Progress

CUSTOMER_STEPS = (0, 3, 5, 6)
"""What a customer can say or bring; the PC, the payment and the agents are the office's own affair."""
OFFICE_ONLY = frozenset(
    {
        "case.route", "case.proxy-issuance", "documents.page-read", "documents.outside-list", "documents.deletion-page",
        "documents.delegate-file", "documents.application-date", "documents.papers-delivered", "insurance.data-visible",
    }
)  # fmt: skip
"""Questions of those steps that whoever applies answers from official pages or decides: a customer cannot know."""
FITTED = ("pc.os", "pc.browser", "pc.proxy")
"""Checks whose findings tell a helpdesk the versions and the proxy, also where nothing is wrong."""
EVIDENCE = 14
"""Lines of what was seen that a helpdesk gets of each check: a chain of three certificates."""
NOBODY = frozenset({"root", "admin", "administrator", "user", "guest", "system", "localhost"})
"""Names of accounts and PCs that name nobody, but stand in certificates, codes and sentences."""


def customer(guide: Guide, progress: Progress, options: Options, lang: Lang) -> Document:
    """One page of the papers and answers still missing, in plain words, without anything about a PC."""
    asked = [
        (item, guide.questions[item.id])
        for item in progress.items()
        if item.open and item.id in guide.questions and item.id not in OFFICE_ONLY
    ]
    asked = [pair for pair in asked if pair[1].scope == "case" and pair[1].step in CUSTOMER_STEPS]
    # As long as the case is open every paper applies; only what is certain is asked for as needed.
    papers = [
        _request(item, question, lang) for item, question in asked if question.document and not item.reason
    ]
    perhaps = [
        Entry("open", "", question.text.to(lang))
        for item, question in asked
        if question.document and item.reason
    ]
    others = [
        Entry("open", "", question.text.to(lang))
        for item, question in asked
        if not question.document and not item.reason
    ]
    intro = phrases.CUSTOMER_INTRO if papers else phrases.CUSTOMER_ASK if others else phrases.CUSTOMER_NONE
    refusal = progress.refusal
    if refusal is not None and not any(part.applies for part in progress.steps):
        # Nothing can be asked for as long as it cannot be filed so.
        papers, others, perhaps = [], [], []
        sections = [Section("", (refusal.to(lang),))]
    else:
        sections = [Section("", (*([refusal.to(lang)] if refusal else []), intro.to(lang)))]
    procedure = progress.item("case.procedure")
    if procedure is not None and procedure.value is not None:
        question = guide.questions[procedure.id]
        sections.insert(0, Section("", rows=((words.CASE.to(lang), value_text(question, procedure, lang)),)))
    if papers:
        sections.append(Section(phrases.PAPERS.to(lang), entries=tuple(papers)))
    if others:
        # "Do you know the password" on a paper must not make anybody write it there.
        asks = any(item.id == "certificate.password-known" for item, _ in asked)
        warning = (phrases.CUSTOMER_NO_PASSWORD.to(lang),) if asks else ()
        sections.append(Section(phrases.QUESTIONS.to(lang), warning, entries=tuple(others)))
    if perhaps:
        text = (phrases.PERHAPS_WHY.to(lang),)
        sections.append(Section(phrases.PERHAPS.to(lang), text, entries=tuple(perhaps)))
    head = ((phrases.MADE_ON.to(lang), both(options.today(), lang)),)
    places = (phrases.CUSTOMER_UNTIL, phrases.OFFICE_STAMP, phrases.CUSTOMER_CONTACT)
    return Document(
        lang,
        phrases.TITLE_CUSTOMER.to(lang),
        head,
        sections,
        tuple(text.to(lang) for text in places),
        "columns",
    )


def _request(item: Item, question: Question, lang: Lang) -> Entry:
    advice = [question.help.to(lang)] if question.help else []
    if question.wait_hours:
        advice.append(words.WAIT.fill({"hours": question.wait_hours}, lang))
    return Entry("open", "", question.text.to(lang), advice=tuple(advice))


def support(
    guide: Guide, data: SessionData, progress: Progress, options: Options, lang: Lang, system: str
) -> Document:
    """One redacted page for a helpdesk: what failed and what was seen, hosts and ports to exempt, versions, proxy."""
    hide = _redaction(guide, data)
    portal = f"[{options.portal}]" if ":" in options.portal else options.portal
    network = [
        (phrases.PORTAL.to(lang), show(f"{portal}:{options.port}")),
        (
            phrases.PROXY.to(lang),
            show(re.sub(r"//[^@/]*@", "//***@", options.proxy))
            if options.proxy
            else phrases.NO_PROXY.to(lang),
        ),
        (phrases.EXEMPT.to(lang), show(f"{portal}:{options.port}")),
    ]
    bad: list[Entry] = []
    rest: dict[Outcome, list[str]] = {}
    fitted: list[tuple[str, str]] = []
    for item in progress.items():
        if item.kind != "check" or item.finding is None or item.outcome is None:
            continue
        if item.outcome in (Outcome.PASS, Outcome.SKIP):
            rest.setdefault(item.outcome, []).append(item.id)
            if item.outcome is Outcome.PASS and item.id in FITTED:
                fitted.append((item.title.to(lang), hide(_sentence(guide, item, lang))))
            if item.outcome is Outcome.PASS and item.id == "portal.tls":
                network += [(phrases.CHAIN.to(lang), hide(line)) for line in _chain(guide, item, lang)]
            continue
        entry = check_entry(guide, item, options.today(), lang)
        bad.append(Entry("none", entry.word, f"{entry.title} ({show(item.finding.code)})", item.id,
                         tuple(map(hide, entry.facts)), evidence=tuple(map(hide, entry.evidence[:EVIDENCE]))))  # fmt: skip
    sections = [
        Section("", (phrases.SUPPORT_INTRO.to(lang),)),
        Section(phrases.SUPPORT_NETWORK.to(lang), rows=(*network, *fitted)),
        Section(
            phrases.PROBLEMS.to(lang),
            () if bad else (phrases.NO_PROBLEMS.to(lang),),
            entries=tuple(bad),
        ),
    ]
    if rest:
        rows = tuple((words.OUTCOMES[outcome].to(lang), ", ".join(names)) for outcome, names in rest.items())
        sections.append(Section(phrases.OTHERS.to(lang), rows=rows))
    head: tuple[tuple[str, str], ...] = (
        (phrases.MADE.to(lang), local(options.moment())),
        (phrases.VERSION.to(lang), f"oss-junbi {__version__}"),
        (phrases.SYSTEM.to(lang), show(system)),
    )
    if progress.refusal is not None:
        head = ((words.REFUSAL.to(lang), progress.refusal.to(lang)), *head)
    return Document(lang, phrases.TITLE_SUPPORT.to(lang), head, sections, (), "dense")


def _sentence(guide: Guide, item: Item, lang: Lang) -> str:
    """What a check found, as its sentence."""
    if item.finding is None:
        return ""
    said = verdict(guide.checks[item.id], item.finding.code, item.finding.values)
    return said.text.to(lang) if said is not None else show(item.finding.code)


def _chain(guide: Guide, item: Item, lang: Lang) -> list[str]:
    """The certificates that a server sent, as names and issuers."""
    evidence = item.finding.evidence if item.finding is not None else ()
    return [
        evidence_line(show(line), lang, guide).strip()
        for line in evidence
        if re.match(r"\[\d+\] |\s+<- ", line)
    ][:8]


def _redaction(guide: Guide, data: SessionData) -> Redaction:
    """What names the PCs, the users and what was answered in words of one's own."""
    secrets = [name for result in data.results.values() for name in (result.host, result.user)]
    secrets += [
        str(answer.value)
        for answer in data.answers.values()
        if len(str(answer.value)) > 3 and not isinstance(answer.value, date)
    ]
    choices = {choice.value for question in guide.questions.values() for choice in question.choices}
    return Redaction(word for word in (*secrets, data.name) if word not in choices)


class Redaction:
    """Takes names, places and long numbers out of a line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        kept = {word for word in secrets if len(word) >= 3 and word.lower() not in NOBODY}
        found = sorted(kept, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, found)), re.IGNORECASE) if found else None

    def __call__(self, line: str) -> str:
        """`line` without what names a person or a place."""
        if self._secrets is not None:
            line = self._secrets.sub("***", line)
        line = re.sub(r"(?i)(/home/|/Users/|\\Users\\)[^/\\\s]+", r"\1***", line)
        line = re.sub(r"//[^@/\s]*@", "//***@", line)
        return re.sub(r"(?<![\w.+-])[\w.+-]++@[\w-]+(\.[\w-]+)+", "***", line)
