"""An item and a step are called the same on the screen, in `status` and on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks.guide import load_guide
from checks.model import Options, Outcome
from checks.verdict import GENERIC
from state import words
from state.letters.content import record
from state.letters.plain_text import as_text
from state.progress import progress
from state.session_data import Result, SessionData, Waiver
from state.standing import StepProgress
from tui import wording
from tui.cli.status import as_lines

GUIDE = load_guide("oss")
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
OPTIONS = Options(now=NOW)


def texts(outcome: Outcome, code: str, waiver: Waiver | None = None) -> tuple[StepProgress, str, str]:
    """Step 2 with this finding of the free space alone, the text of `status`, and that of the office's report."""
    data = SessionData(
        "test", NOW, NOW, "0",
        results={"pc.disk": Result(outcome, code, {}, (), NOW, 1)},
        waivers={} if waiver is None else {"pc.disk": waiver},
    )  # fmt: skip
    found = progress(GUIDE, data, OPTIONS)
    status = "\n".join(as_lines(GUIDE, found, "ja", 0))
    return found.steps[1], status, as_text(record(GUIDE, data, found, OPTIONS, "ja"))


@pytest.mark.parametrize("outcome", [Outcome.WARN, Outcome.FAIL, Outcome.UNKNOWN, Outcome.CRASH])
def test_a_step_is_called_what_its_worst_item_is_called(outcome: Outcome) -> None:
    says = {**GUIDE.checks["pc.disk"].says, **GENERIC}
    code = next(code for code, said in says.items() if said.outcome is outcome)
    step, status, paper = texts(outcome, code)
    word = words.OUTCOMES[outcome].ja
    title = step.step.title.ja
    assert f"[{word}] 2 {title}" in status
    assert f"2 {title}  [{word} " in paper
    assert wording.STATES[step.state].ja == word
    (item,) = [item for item in step.items if item.id == "pc.disk"]
    assert wording.STATES[item.state].ja == word
    assert status.count(f"[{word}]") == 2
    assert f"[{word}] {item.title.ja}" in paper


def test_what_is_accepted_as_an_exception_is_called_that_everywhere() -> None:
    code = next(code for code, said in GUIDE.checks["pc.disk"].says.items() if said.outcome is Outcome.WARN)
    step, status, paper = texts(Outcome.WARN, code, Waiver("例", "Example", date(2099, 1, 1), NOW, 1))
    (item,) = [item for item in step.items if item.id == "pc.disk"]
    word = wording.STATES[item.state].ja
    assert (item.state, word) == ("waived", "例外として承認")
    assert f"[{word}] 2-{item.position} {item.title.ja}" in status
    assert f"[{word}] {item.title.ja}" in paper
    assert step.state == "to-do"


def test_each_word_stands_for_one_thing() -> None:
    for lang in ("ja", "en"):
        said = [text.ja if lang == "ja" else text.en for text in words.STATES.values()]
        assert len(set(said)) == len(said)
