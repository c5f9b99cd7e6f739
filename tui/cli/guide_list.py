"""`oss-junbi list`: every step, question and check with its id."""

from __future__ import annotations

from typing import Any

from checks.guide import Guide, load_guide
from checks.model import Check
from checks.steps import Question
from checks.text import Lang, Text
from state.layout import lines
from state.words import CASE
from tui.cli.opened import guide_meant
from tui.cli.output import columns, deliver_json, deliver_lines
from tui.cli.setup import Setup

_QUESTION, _DOCUMENT, _CHECK = Text("質問", "question"), Text("書類", "document"), Text("検査", "check")
_FREE = {
    "date": Text("日付", "a date"),
    "text": Text("自由な文", "free text"),
    "path": Text("ファイルかフォルダー", "a file or folder"),
}


def main(setup: Setup) -> int:
    name = setup.args.one("--guide")
    guide = load_guide(name) if name else guide_meant(setup)
    if setup.args.format() == "json":
        deliver_json(setup, as_json(guide))
    else:
        deliver_lines(setup, as_lines(guide, setup.lang, columns(setup)))
    return 0


def as_json(guide: Guide) -> dict[str, Any]:
    """The document of `list --format json`; the case is step 0."""
    return {
        "schema": 1,
        "steps": [
            {
                "number": step.number,
                "id": step.id,
                "title": step.title.as_json(),
                "items": [
                    *map(_question_json, step.questions),
                    *map(_check_json, guide.checks_of(step.number)),
                ],
            }
            for step in (guide.case, *guide.steps)
        ],
    }


def _check_json(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "kind": "check",
        "scope": check.scope,
        "network": check.network,
        "title": check.title.as_json(),
        "requires": list(check.requires),
        "codes": {code: says.outcome.value for code, says in check.says.items()},
    }


def _question_json(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": "document" if question.document else "question",
        "scope": question.scope,
        "required": question.required,
        "takes": "choice" if question.choices else question.kind,
        "choices": [{"value": choice.value, "title": choice.text.as_json()} for choice in question.choices],
        "title": question.text.as_json(),
    }


def as_lines(guide: Guide, lang: Lang, cells: int) -> list[str]:
    """The guide as text: the id first, so that it can be copied."""
    out: list[str] = []
    for step in (guide.case, *guide.steps):
        title = f"{step.number} {step.title.to(lang)}" if step.number else CASE.to(lang)
        out += [*([""] if out else []), *lines(f"{title} ({step.id})", cells)]
        for question in step.questions:
            kind = (_DOCUMENT if question.document else _QUESTION).to(lang)
            values = ", ".join(choice.value for choice in question.choices) or _FREE[question.kind].to(lang)
            text = f"[{kind}] {question.text.to(lang)} = {values}"
            out += [f"  {question.id}", *lines(text, cells, "      ")]
        for check in guide.checks_of(step.number):
            text = f"[{_CHECK.to(lang)}] {check.title.to(lang)}"
            out += [f"  {check.id}", *lines(text, cells, "      ")]
    return out
