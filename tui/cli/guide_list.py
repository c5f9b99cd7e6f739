"""`oss-junbi list`: every step, question and check with its id."""

from __future__ import annotations

from typing import Any

from checks.guide import Guide
from checks.steps import Question, Step
from checks.text import Lang, Text
from state.layout import lines
from tui.cli.opened import guide_meant
from tui.cli.output import columns, deliver, json_text
from tui.cli.setup import Setup

_KINDS = {
    "question": Text("質問", "question"),
    "document": Text("書類", "document"),
    "check": Text("検査", "check"),
}
_CASE = Text("申請の内容", "The application")
_FREE = {
    "date": Text("日付", "a date"),
    "text": Text("自由な文", "free text"),
    "path": Text("ファイルかフォルダー", "a file or folder"),
}


def main(setup: Setup) -> int:
    """Show the guide."""
    guide = guide_meant(setup)
    if setup.args.format() == "json":
        deliver(setup, json_text(as_json(guide), setup))
    else:
        deliver(setup, "\n".join(as_lines(guide, setup.lang, columns(setup))) + "\n")
    return 0


def as_json(guide: Guide) -> dict[str, Any]:
    """The document of `list --format json`; the case is step 0."""
    return {"schema": 1, "steps": [_step_json(guide, step) for step in (guide.case, *guide.steps)]}


def _step_json(guide: Guide, step: Step) -> dict[str, Any]:
    items = [_question_json(question) for question in step.questions]
    items += [
        {"id": check.id, "kind": "check", "scope": check.scope, "network": check.network, "title": _text(check.title),
         "requires": list(check.requires), "codes": {code: says.outcome.value for code, says in check.says.items()}}
        for check in guide.checks_of(step.number)
    ]  # fmt: skip
    return {"number": step.number, "id": step.id, "title": _text(step.title), "items": items}


def _question_json(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": "document" if question.document else "question",
        "scope": question.scope,
        "required": question.required,
        "takes": "choice" if question.choices else question.kind,
        "choices": [{"value": choice.value, "title": _text(choice.text)} for choice in question.choices],
        "title": _text(question.text),
    }


def _text(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}


def as_lines(guide: Guide, lang: Lang, cells: int) -> list[str]:
    """The guide as text: the id first, so that it can be copied."""
    out: list[str] = []
    for step in (guide.case, *guide.steps):
        name = (
            f"{step.number} {step.title.to(lang)} ({step.id})"
            if step.number
            else f"{_CASE.to(lang)} ({step.id})"
        )
        out += [*([""] if out else []), *lines(name, cells)]
        for question in step.questions:
            kind = _KINDS["document" if question.document else "question"].to(lang)
            values = ", ".join(choice.value for choice in question.choices) or _FREE[question.kind].to(lang)
            out += [
                f"  {question.id}",
                *lines(f"[{kind}] {question.text.to(lang)} = {values}", cells, "      "),
            ]
        for check in guide.checks_of(step.number):
            kind = _KINDS["check"].to(lang)
            out += [f"  {check.id}", *lines(f"[{kind}] {check.title.to(lang)}", cells, "      ")]
    return out
