"""A session file may name the guide that it follows; without the key it is the first one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks.guide import Guide, GuideError, load_guide
from checks.record import replace
from checks.text import Text
from state.errors import SessionUnreadable
from state.file import load
from state.live.open_session import open_session


def write(path: Path, head: str) -> Path:
    path.write_text(
        f'schema = 1\n[session]\nname = "x"\n{head}[answers."case.procedure"]\nvalue = "移転登録"\n[end]\nanswers = 1\n',
        "utf-8",
    )
    return path


def known(made: Guide) -> Callable[[str], Guide]:
    """Guides of which one has another name."""
    return lambda name: made if name == "bike" else load_guide(name)


def test_the_answers_are_judged_by_the_guide_that_the_file_names(tmp_path: Path) -> None:
    oss = load_guide("oss")
    question = oss.questions["case.procedure"]
    other = replace(
        question, choices=(replace(question.choices[0], value="move", text=Text("移転登録", "Move")),)
    )
    bike = replace(oss, name="bike", questions={**oss.questions, question.id: other})
    for head, value in (("", "transfer"), ('guide = "oss"\n', "transfer"), ('guide = "bike"\n', "move")):
        loaded = load.load(write(tmp_path / "x.toml", head), known(bike))
        assert loaded is not None
        assert loaded.data.values() == {"case.procedure": value}
        assert loaded.guide is (bike if "bike" in head else oss)


def test_the_key_stays_when_the_session_is_saved(tmp_path: Path) -> None:
    path = write(tmp_path / "x.toml", 'guide = "bike"\n')
    bike = replace(load_guide("oss"), name="bike")
    session = open_session(path, known(bike), join=False)
    session.answer("case.role", "self")
    session.require_saved()
    assert session.guide is bike
    session.close()
    assert 'guide = "bike"' in path.read_text("utf-8")


@pytest.mark.parametrize("head", ['guide = "nobody"\n', "guide = 5\n", 'guide = "../oss"\n'])
def test_a_guide_that_is_not_there_is_named_with_its_line(tmp_path: Path, head: str) -> None:
    path = write(tmp_path / "x.toml", head)
    with pytest.raises(SessionUnreadable) as caught:
        load.load(path, load_guide)
    assert (caught.value.line, caught.value.key) == (4, "session.guide")
    assert "oss" in caught.value.text.ja
    assert head in path.read_text("utf-8")


def test_a_guide_that_contradicts_itself_is_no_fault_of_the_session(tmp_path: Path) -> None:
    def broken(_name: str) -> Guide:
        raise GuideError(Text("x", "x"))

    with pytest.raises(GuideError):
        load.load(write(tmp_path / "x.toml", ""), broken)
