"""The findings of a run as text for a person."""

from __future__ import annotations

from checks.guide import Guide
from checks.model import Outcome
from checks.runner import Finished
from checks.shown import show
from checks.text import Lang, Text
from checks.verdict import verdict
from state import words as common
from state.check_report import RunResults
from state.layout import lines
from state.letters import phrases
from state.letters.content import accepted

MAX_EVIDENCE = 20
_PREREQUISITE = Text("先に必要な検査", "needed first")
_MORE = Text("くわしく: {url}", "More: {url}")
COUNTS: dict[Outcome, Text] = {
    Outcome.PASS: Text("済 {n}", "{n} passed"),
    Outcome.WARN: Text("注意 {n}", "{n|warning}"),
    Outcome.FAIL: Text("要対応 {n}", "{n} to fix"),
    Outcome.SKIP: Text("省略 {n}", "{n} skipped"),
    Outcome.UNKNOWN: Text("不明 {n}", "{n} unknown"),
    Outcome.CRASH: Text("不具合 {n}", "{n} crashed"),
}


def as_text(made: RunResults, guide: Guide, lang: Lang, cells: int) -> str:
    """Every result under its step, what is not settled with its remedy, and the counts at the end."""
    out: list[str] = []
    step = -1
    for done in made.results:
        if done.check.step != step:
            step = done.check.step
            title = guide.step(step).title.to(lang)
            out += [*([""] if out else []), *lines(f"{step} {title}" if step else title, cells)]
        out += _result(done, made, guide, lang, cells)
    counts, words_only = made.counts(), sum(made.declared(done) is not None for done in made.results)
    said = [COUNTS[outcome].fill({"n": counts[outcome]}, lang) for outcome in Outcome if counts[outcome]]
    said += [common.DECLARED_COUNT.fill({"n": words_only}, lang)] if words_only else []
    out += ["", *lines(("、" if lang == "ja" else ", ").join(said), cells)]
    return "\n".join(out) + "\n"


def _result(done: Finished, made: RunResults, guide: Guide, lang: Lang, cells: int) -> list[str]:
    check, finding = done.check, done.finding
    first = f"{_PREREQUISITE.to(lang)}: " if done.prerequisite else ""
    declaration = made.declared(done)
    word = common.STATES["declared"] if declaration is not None else common.OUTCOMES[done.outcome]
    out = lines(
        f"[{word.to(lang)}] {first}{check.title.to(lang)} ({check.id})",
        cells, "  ", "      ",
    )  # fmt: skip
    said = verdict(check, finding.code, finding.values, made.platform)
    if said is not None:
        out += lines(said.text.to(lang), cells, "      ")
    if declaration is not None:
        out += lines(accepted(declaration, lang), cells, "      ")
    fine = done.outcome in (Outcome.PASS, Outcome.SKIP) or declaration is not None
    waiver = made.waivers.get(check.id)
    if waiver is not None:
        ended = phrases.ENDED if fine else common.EXPIRED
        late = "" if made.waived(check.id) else f" ({ended.to(lang)})"
        out += lines(accepted(waiver, lang) + late, cells, "      ")
    if fine or said is None:
        return out
    if said.remedy is not None:
        out += lines(said.remedy.to(lang), cells, "      ")
    if said.commands:
        out.append(f"      {common.COMMANDS.to(lang)}:")
        out += [f"        {command}" for command in said.commands]
    if finding.evidence:
        from checks.evidence import evidence_line

        out.append(f"      {common.SEEN.to(lang)}:")
        for line in finding.evidence[:MAX_EVIDENCE]:
            out += lines(evidence_line(show(line), lang, guide), cells, "        ", "          ")
    page = guide.pages.get(said.link)
    if page is not None:
        out.append("      " + _MORE.fill({"url": page.url}, lang))
    return out
