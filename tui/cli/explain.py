"""`oss-junbi explain ID|SYMPTOM`: what an entry is, or what is behind what people see, with its source and date."""

from __future__ import annotations

from datetime import date

from checks.guide import Guide
from checks.model import Check
from checks.record import dataclass
from checks.steps import Basis, Note, Question, Step, Symptom
from checks.symptoms import matching, mentioning
from checks.text import Lang, Text
from state import words as common
from state.layout import lines
from state.sources import source_lines
from tui import wording
from tui.cli.opened import guide_meant
from tui.cli.output import columns, deliver_lines
from tui.cli.problem import joined, unknown_item
from tui.cli.setup import Setup

_WHY = Text("なぜ", "Why")
_HOW = Text("調べ方", "How it is checked")
_HELP = Text("調べ方・ヒント", "How to find out")
_ANSWERS = Text("答え", "Answers")
_DATE = Text(
    "日付（2026-11-22、2026/11/22、令和8年11月22日、R8.11.22）", "a date (2026-11-22, 2026/11/22, R8.11.22)"
)
_FREE = Text("自由な文", "free text")
_PATH = Text("ファイルかフォルダーの場所", "the path of a file or folder")
_ALSO = Text("ほかの表示", "Also seen as")
_CAUSES = Text("考えられる原因（報告の多い順）", "Likely causes, the most often reported first")
_HELPS = Text("対処", "What helps")
MOST = 5
"""Symptoms, or entries that have the words, that are explained at once."""
_RESULTS = Text("結果とその意味", "Results and what they mean")
_REQUIRES = Text("先に通るべき検査", "Checks that must pass first")
_DECLARED = Text(
    "調べられないときは、公式のチェックプログラムの結果で済みにできます: oss-junbi declare --official-check --by NAME",
    "Where it cannot be looked at, the result of the official check program settles it: oss-junbi declare --official-check --by NAME",
)
_NETWORK = Text("ネットワークを使います。", "Uses the network.")
_LOCAL = Text("このPCの中だけを見ます。", "Looks at this PC only.")
_HOLDS = Text("有効な範囲", "Applies to")
_SCOPES = {
    "pc": Text("このPC", "this PC"),
    "office": Text("事業所", "the office"),
    "case": Text("この申請", "this application"),
}
_EITHER = Text(
    "ほかの回答により、この申請か事業所", "this application or the office, depending on other answers"
)


def main(setup: Setup) -> int:
    """Explain one step, question, check or note."""
    explanation = Explanation(guide_meant(setup), setup.options.today(), setup.lang, columns(setup))
    deliver_lines(setup, explanation.of(setup.args.positional[0]))
    return 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Explains items of a guide in lines of at most `cells` cells, as of a day."""

    guide: Guide
    today: date
    lang: Lang
    cells: int

    def of(self, id: str) -> list[str]:  # noqa: A002 - the word the contract uses
        """The explanation; raises `Problem` for an id that nobody knows."""
        guide = self.guide
        question, check = guide.question(id), guide.checks.get(id)
        if question is not None:
            return [*self._question(question), *(["", *self._check(check)] if check is not None else [])]
        if check is not None:
            return self._check(check)
        steps = (guide.case, *guide.steps)
        for step in steps:
            if id in (step.id, str(step.number)):
                return self._step(step)
            for note in step.notes:
                if note.id == id:
                    return self._note(note)
        if symptoms := matching(guide, id)[:MOST]:
            return [line for symptom in symptoms for line in ("", *self._symptom(symptom))][1:]
        if found := mentioning(guide, id)[:MOST]:
            return [line for one in found for line in ("", *self.of(one))][1:]
        known = [*guide.questions, *guide.checks, *(step.id for step in steps)]
        raise unknown_item(id, [*known, *(note.id for step in steps for note in step.notes)])

    def _symptom(self, symptom: Symptom) -> list[str]:
        """What is seen, its likely causes, what helps, the items that it concerns, its source."""
        guide = self.guide
        out = self._lines(f"{symptom.seen[0]} ({symptom.id})")
        if symptom.seen[1:]:
            out += self._lines(f"{_ALSO.to(self.lang)}: {' / '.join(symptom.seen[1:])}", "  ", "    ")
        out += ["", _CAUSES.to(self.lang)]
        for number, cause in enumerate(symptom.causes, 1):
            out += self._lines(f"{number}. {cause.to(self.lang)}", "  ", "     ")
        out += self._part(_HELPS, symptom.help)
        titles = {check.id: check.title for check in guide.checks.values()}
        titles |= {question.id: question.label for question in guide.questions.values()}
        titles |= {note.id: note.text for step in (guide.case, *guide.steps) for note in step.notes}
        for item in symptom.items:
            out += self._lines(f"{titles[item].to(self.lang)} ({item})", "  ", "    ")
        return out + self._source(symptom.basis.page, symptom.basis)

    def _question(self, question: Question) -> list[str]:
        """Its help, its answers and what follows from each, its source."""
        out = self._lines(f"{question.text.to(self.lang)} ({question.id})")
        if question.help is not None:
            out += self._part(_HELP, question.help)
        out += ["", _ANSWERS.to(self.lang)]
        for choice in question.choices:
            out += self._lines(f"{choice.value}: {choice.text.to(self.lang)}", "  ", "    ")
            if choice.hint is not None:
                out += self._lines(choice.hint, "      ")
        if not question.choices:
            out += self._lines({"date": _DATE, "path": _PATH}.get(question.kind, _FREE), "  ")
        if question.wait_hours:
            out += ["", *self._lines(common.WAIT.filled({"hours": question.wait_hours}))]
        out += self._part(_HOLDS, _SCOPES[question.scope] if question.office is None else _EITHER)
        return out + self._source(question.basis.page, question.basis)

    def _check(self, check: Check) -> list[str]:
        """Why it matters, how it is found out, all it can say, its source."""
        out = self._lines(f"{check.title.to(self.lang)} ({check.id})")
        out += self._part(_WHY, check.why)
        out += self._part(_HOW, joined(check.how, _NETWORK if check.network else _LOCAL))
        if self.guide.official_check is not None and check.id in self.guide.official_check.settles:
            out += self._lines(_DECLARED, "  ")
        if check.requires:
            out += self._part(_REQUIRES, ", ".join(check.requires))
        out += ["", _RESULTS.to(self.lang)]
        for code, says in check.says.items():
            word = common.OUTCOMES[says.outcome].to(self.lang)
            out += self._lines(f"{code} [{word}] {says.text.fill({}, self.lang)}", "  ", "    ")
            if says.remedy is not None:
                out += self._lines(says.remedy, "      ")
        out += self._part(_HOLDS, _SCOPES[check.scope])
        return out + self._source(check.source)

    def _step(self, step: Step) -> list[str]:
        """What the guide says about it, what belongs to it, its page."""
        number = f"{step.number} " if step.number else ""
        out = self._lines(f"{number}{step.title.to(self.lang)} ({step.id})")
        for note in step.notes:
            out += ["", *self._note(note)]
        out.append("")
        for question in step.questions:
            out += self._lines(f"{question.id}: {question.text.to(self.lang)}", "  ", "    ")
        for check in self.guide.checks_of(step.number):
            out += self._lines(f"{check.id}: {check.title.to(self.lang)}", "  ", "    ")
        return out + (self._source(step.link) if step.link in self.guide.pages else [])

    def _note(self, note: Note) -> list[str]:
        """One thing that the guide says, with its source."""
        kind = wording.KINDS[note.kind].to(self.lang)
        out = self._lines(f"[{kind}] {note.text.to(self.lang)} ({note.id})", "", "  ")
        return out + self._source(note.basis.page, note.basis, "  ")[1:]

    def _lines(self, text: Text | str, indent: str = "", hang: str | None = None) -> list[str]:
        return lines(text if isinstance(text, str) else text.to(self.lang), self.cells, indent, hang)

    def _part(self, title: Text, text: Text | str) -> list[str]:
        return ["", title.to(self.lang), *self._lines(text, "  ")]

    def _source(self, page: str, basis: Basis | None = None, indent: str = "") -> list[str]:
        first, *more = source_lines(self.guide.pages[page], self.today, self.lang, basis)
        hang = f"  {indent}"
        out = ["", *self._lines(f"{common.SOURCE.to(self.lang)}: {first}", indent, hang)]
        out.append(f"{hang}{self.guide.pages[page].url}")
        return [*out, *(line for one in more for line in self._lines(one, hang))]
