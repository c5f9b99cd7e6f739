"""`oss-junbi explain ID`: what an entry is, why, how it is found out, its source and date."""

from __future__ import annotations

from datetime import date

from checks.guide import Guide
from checks.model import Check
from checks.steps import Note, Question, Step
from checks.text import Lang, Text
from state import words as common
from state.layout import lines
from state.letters.content import check_source, source_text
from tui.cli.ids import unknown
from tui.cli.opened import guide_meant
from tui.cli.output import columns, deliver
from tui.cli.setup import Setup

_WHAT = Text("何か", "What")
_WHY = Text("なぜ", "Why")
_HOW = Text("調べ方", "How it is found out")
_HELP = Text("調べ方・ヒント", "How to find out")
_ANSWERS = Text("答え", "Answers")
_DATE = Text(
    "日付（2026-11-22、2026/11/22、令和8年11月22日、R8.11.22）", "a date (2026-11-22, 2026/11/22, R8.11.22)"
)
_FREE = Text("自由な文", "free text")
_PATH = Text("ファイルかフォルダーの場所", "the place of a file or folder")
_RESULTS = Text("結果とその意味", "Results and what they mean")
_REQUIRES = Text("先に通るべき検査", "Checks that come before it")
_NETWORK = Text("ネットワークを使います。", "It uses the network.")
_LOCAL = Text("このPCの中だけを見ます。", "It looks at this PC only.")
_SAYS = Text("手引きの内容", "What the guide says")
_HOLDS = Text("有効な範囲", "Holds for")
_SCOPES = {
    "pc": Text("このPC", "this PC"),
    "office": Text("事業所", "the office"),
    "case": Text("この申請", "this application"),
}
_KINDS = {
    "purpose": Text("目的", "Purpose"),
    "rule": Text("きまり", "Rule"),
    "tip": Text("ワンポイント", "Tip"),
    "caution": Text("ご注意", "Caution"),
    "info": Text("参考", "Information"),
}


def main(setup: Setup) -> int:
    """Explain one step, question, check or note."""
    guide = guide_meant(setup)
    out = explained(guide, setup.args.positional[0], setup.options.today(), setup.lang, columns(setup))
    deliver(setup, "\n".join(out) + "\n")
    return 0


def explained(guide: Guide, id: str, today: date, lang: Lang, cells: int) -> list[str]:  # noqa: A002
    """The explanation in lines; raises `Problem` for an id that nobody knows."""
    if id in guide.questions:
        out = question_lines(guide, guide.questions[id], today, lang, cells)
        check = guide.checks.get(id)
        return out if check is None else [*out, "", *check_lines(guide, check, today, lang, cells)]
    if id in guide.checks:
        return check_lines(guide, guide.checks[id], today, lang, cells)
    steps = (guide.case, *guide.steps)
    for step in steps:
        if id in (step.id, str(step.number)):
            return step_lines(guide, step, today, lang, cells)
        for note in step.notes:
            if note.id == id:
                return note_lines(guide, note, today, lang, cells)
    known = [*guide.questions, *guide.checks, *(step.id for step in steps)]
    raise unknown(id, [*known, *(note.id for step in steps for note in step.notes)])


def question_lines(guide: Guide, question: Question, today: date, lang: Lang, cells: int) -> list[str]:
    """A question: its help, its answers and what follows from each, its source."""
    out = lines(f"{question.text.to(lang)} ({question.id})", cells)
    if question.help is not None:
        out += _block(_HELP, question.help.to(lang), lang, cells)
    out += ["", _ANSWERS.to(lang)]
    for choice in question.choices:
        out += lines(f"{choice.value}: {choice.text.to(lang)}", cells, "  ", "    ")
        if choice.hint is not None:
            out += lines(choice.hint.to(lang), cells, "      ")
    if not question.choices:
        free = {"date": _DATE, "path": _PATH}.get(question.kind, _FREE)
        out += lines(free.to(lang), cells, "  ")
    if question.wait_hours:
        out += ["", *lines(common.WAIT.fill({"hours": question.wait_hours}, lang), cells)]
    out += _block(_HOLDS, _SCOPES[question.scope].to(lang), lang, cells)
    return out + _source(
        guide, question.basis.page, source_text(guide, question.basis, today, lang), lang, cells
    )


def check_lines(guide: Guide, check: Check, today: date, lang: Lang, cells: int) -> list[str]:
    """A check: why it matters, how it is found out, all it can say, its source."""
    out = lines(f"{check.title.to(lang)} ({check.id})", cells)
    out += _block(_WHY, check.why.to(lang), lang, cells)
    how = (
        f"{check.how.to(lang)}{'' if lang == 'ja' else ' '}{(_NETWORK if check.network else _LOCAL).to(lang)}"
    )
    out += _block(_HOW, how, lang, cells)
    if check.requires:
        out += _block(_REQUIRES, ", ".join(check.requires), lang, cells)
    out += ["", _RESULTS.to(lang)]
    for code, says in check.says.items():
        word = common.OUTCOMES[says.outcome].to(lang)
        out += lines(f"{code} [{word}] {says.text.fill({}, lang)}", cells, "  ", "    ")
        if says.remedy is not None:
            out += lines(says.remedy.to(lang), cells, "      ")
    out += _block(_HOLDS, _SCOPES[check.scope].to(lang), lang, cells)
    return out + _source(guide, check.source, check_source(guide, check.source, today, lang), lang, cells)


def step_lines(guide: Guide, step: Step, today: date, lang: Lang, cells: int) -> list[str]:
    """A step: what the guide says about it, what belongs to it, its page."""
    number = f"{step.number} " if step.number else ""
    out = lines(f"{number}{step.title.to(lang)} ({step.id})", cells)
    for note in step.notes:
        out += ["", *note_lines(guide, note, today, lang, cells)]
    out += ["", _ANSWERS.to(lang) if not step.number else _SAYS.to(lang)][:1]
    for question in step.questions:
        out += lines(f"{question.id}: {question.text.to(lang)}", cells, "  ", "    ")
    for check in guide.checks_of(step.number):
        out += lines(f"{check.id}: {check.title.to(lang)}", cells, "  ", "    ")
    page = guide.pages.get(step.link)
    if page is not None:
        out += _source(guide, page.id, check_source(guide, page.id, today, lang), lang, cells)
    return out


def note_lines(guide: Guide, note: Note, today: date, lang: Lang, cells: int) -> list[str]:
    """One thing that the guide says, with its source."""
    out = lines(f"[{_KINDS[note.kind].to(lang)}] {note.text.to(lang)} ({note.id})", cells, "", "  ")
    source = source_text(guide, note.basis, today, lang)
    return out + lines(f"{common.SOURCE.to(lang)}: {source}", cells, "  ", "    ")


def _block(title: Text, text: str, lang: Lang, cells: int) -> list[str]:
    return ["", title.to(lang), *lines(text, cells, "  ")]


def _source(guide: Guide, page: str, text: str, lang: Lang, cells: int) -> list[str]:
    return [
        "",
        *lines(f"{common.SOURCE.to(lang)}: {text}", cells, "", "  "),
        f"  {guide.pages[page].url}",
    ]
