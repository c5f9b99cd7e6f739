"""Our quick `dataclass` beside the standard library's: the same classes must behave alike.

Covers checks.text.
"""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from checks import record
from checks.model import Finding, Options
from checks.text import Text

BOTH = pytest.mark.parametrize("maker", [dataclasses, record], ids=["standard", "ours"])


def frozen(maker: ModuleType) -> Any:
    """A class with everything that ours have."""

    class Point:
        x: int
        y: int = 2
        tags: dict[str, int] = maker.field(default_factory=dict)
        secret: str = maker.field(default="", repr=False)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("below zero")

        @property
        def sum(self) -> int:
            return self.x + self.y

    made: Any = maker.dataclass(frozen=True, slots=True)(Point)
    return made


@BOTH
def test_values_defaults_and_representation(maker: ModuleType) -> None:
    point_class = frozen(maker)
    point = point_class(1)
    assert (point.x, point.y, point.tags, point.secret, point.sum) == (1, 2, {}, "", 3)
    assert repr(point_class(1, secret="no")).endswith("Point(x=1, y=2, tags={})")
    assert point_class(1).tags is not point_class(1).tags
    assert point_class(*(1, 5), secret="s").secret == "s"
    assert point_class.__match_args__ == ("x", "y", "tags", "secret")
    assert not hasattr(point, "__dict__")


@BOTH
def test_the_same_however_many_are_made(maker: ModuleType) -> None:
    point_class = frozen(maker)
    made = [point_class(number, secret="s") for number in range(30)]
    assert [(point.x, point.y, point.tags, point.secret) for point in made] == [
        (n, 2, {}, "s") for n in range(30)
    ]
    assert made[0].tags is not made[1].tags
    assert made[29].tags is not made[28].tags
    for given in ({}, {"x": 1, "z": 1}):
        with pytest.raises(TypeError):
            point_class(**given)
    with pytest.raises(TypeError):
        point_class(1, x=1)
    with pytest.raises(ValueError):
        point_class(-1)


@BOTH
def test_equal_by_value_and_by_class_only(maker: ModuleType) -> None:
    one, other = frozen(maker), frozen(maker)
    assert one(1) == one(1)
    assert one(1) != one(2)
    assert one(1) != other(1)
    assert one(1) != 1


@BOTH
@pytest.mark.parametrize(
    "wrong",
    [lambda cls: cls(), lambda cls: cls(1, z=1), lambda cls: cls(1, 2, {}, "", 5), lambda cls: cls(1, x=1)],
)
def test_wrong_arguments_are_refused(maker: ModuleType, wrong: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError):
        wrong(frozen(maker))


@BOTH
def test_post_init_may_refuse(maker: ModuleType) -> None:
    with pytest.raises(ValueError):
        frozen(maker)(-1)


@BOTH
def test_frozen_means_frozen(maker: ModuleType) -> None:
    point = frozen(maker)(1)
    refusals = (
        dataclasses.FrozenInstanceError,
        TypeError,
    )  # the standard's own TypeError, where slots confuse it
    for name in ("x", "z"):
        with pytest.raises(refusals):
            setattr(point, name, 5)
    with pytest.raises(refusals):
        del point.x
    assert point.x == 1


@BOTH
def test_hashing(maker: ModuleType) -> None:
    def word(**how: bool) -> Any:
        class Word:
            word: str

        decorate: Any = maker.dataclass(**how)
        return decorate(Word)

    name, free = word(frozen=True, slots=True), word(slots=True)
    itself = word(frozen=True, slots=True, eq=False)
    assert hash(name("a")) == hash(name("a"))
    assert len({name("a"), name("a"), name("b")}) == 2
    with pytest.raises(TypeError):
        hash(free("a"))
    opened = free("a")
    opened.word = "b"
    assert opened == free("b")
    assert itself("a") != itself("a")
    assert len({itself("a"), itself("a")}) == 2


@BOTH
def test_replace(maker: ModuleType) -> None:
    point = frozen(maker)(1, tags={"a": 1})
    changed = maker.replace(point, x=4)
    assert (changed.x, changed.y, changed.tags, point.x) == (4, 2, {"a": 1}, 1)
    with pytest.raises(TypeError):
        maker.replace(point, z=4)


@BOTH
def test_a_default_that_could_be_changed_is_refused(maker: ModuleType) -> None:
    class Wrong:
        tags: list[int] = []  # noqa: RUF012

    with pytest.raises(ValueError):
        maker.dataclass(frozen=True, slots=True)(Wrong)


def test_the_standard_functions_know_our_classes() -> None:
    finding = Finding("full", {"free": "3"})
    assert [field.name for field in dataclasses.fields(finding)] == ["code", "values", "evidence", "coverage"]
    assert dataclasses.asdict(finding) == {
        "code": "full",
        "values": {"free": "3"},
        "evidence": (),
        "coverage": None,
    }
    assert dataclasses.replace(finding, code="empty") == Finding("empty", {"free": "3"})
    assert dataclasses.is_dataclass(Options)


def test_the_fields_without_a_default() -> None:
    assert record.required(frozen(record)) == ("x",)
    assert record.required(Text) == ("ja", "en")
    assert record.required(Options) == ()


def test_copied_and_pickled() -> None:
    text = Text("あ", "a")
    assert pickle.loads(pickle.dumps(text)) == text
    assert copy.deepcopy(text) == text
    assert copy.copy(text) == text


def test_no_inspect_for_a_few_classes() -> None:
    code = "import sys, checks.model, checks.steps, state.session_data; print('inspect' in sys.modules, 'dataclasses' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "False False\n"
