"""What a command says of its save is what is on the disk when it has ended.

Covers tui.cli.answer.
"""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.guide import load_guide
from state.file import files, load
from tui.cli import answer
from tui.cli.arguments import parse
from tui.cli.problem import Problem
from tui.cli.setup import set_up


def give(folder: Path, word: str) -> int:
    return answer.main(
        set_up(parse(["answer", word, "--state", str(folder / "x.toml")]), "en", {"OSS_JUNBI_HOME": str(folder / "home")})
    )  # fmt: skip


def kept(folder: Path) -> object:
    loaded = load.load(folder / "x.toml", load_guide)
    return None if loaded is None else loaded.data.values().get("case.role")


def failing(number: int, times: Callable[[int], bool]) -> Callable[..., None]:
    count = itertools.count(1)

    def act(*_: object) -> None:
        if times(next(count)):
            raise OSError(number, os.strerror(number))

    return act


@pytest.mark.parametrize(
    ("step", "number", "times", "said"),
    [
        ("replace", errno.EBUSY, lambda count: count == 1, ""),
        ("replace", errno.EBUSY, lambda _: True, "not kept"),
        ("write_new", errno.EIO, lambda _: True, "not kept"),
        ("sync_folder", errno.EIO, lambda count: count == 1, ""),
        ("sync_folder", errno.EIO, lambda _: True, "did not confirm"),
    ],
    ids=["once", "always", "not-written", "folder-once", "folder-always"],
)
def test_a_failed_save_is_told_as_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    number: int,
    times: Callable[[int], bool],
    said: str,
) -> None:
    assert give(tmp_path, "case.role=dealer") == 0
    refuse, real = failing(number, times), getattr(files, step)

    def act(*args: object) -> object:
        if step != "sync_folder":
            refuse()
            return real(*args)
        real(*args)
        return refuse()

    monkeypatch.setattr(files, step, act)
    if not said:
        assert give(tmp_path, "case.role=self") == 0
        assert kept(tmp_path) == "self"
        return
    with pytest.raises(Problem) as caught:
        give(tmp_path, "case.role=self")
    assert caught.value.exit_code == 74
    assert said in caught.value.text.en
    assert kept(tmp_path) == ("dealer" if said == "not kept" else "self")
