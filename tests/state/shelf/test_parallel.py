"""Work spread over copies of the process: results in order, and no copy left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable

import pytest

from state.shelf import parallel
from state.shelf.parallel import parallel_map


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("one process does it all here")
    monkeypatch.setattr(parallel, "_processes", lambda _things: 3)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("count", [3, 4, 7])
def test_shares_come_back_in_order(count: int) -> None:
    found = parallel_map(lambda number: [number * 2, os.getpid()], range(count))
    assert [one[0] for one in found] == [number * 2 for number in range(count)]
    assert len({one[1] for one in found}) > 1


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGTERM), sys.exit, lambda: [][1]])
def test_what_a_copy_does_not_give_back_is_done_here(end: Callable[[], object]) -> None:
    here = os.getpid()

    def do(number: int) -> int:
        if os.getpid() != here:
            end()
        return number

    assert parallel_map(do, range(9)) == list(range(9))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.usefixtures("several")
def test_an_error_here_leaves_no_copy_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        return
    here = os.getpid()
    copies: list[int] = []
    real = os.fork

    def fork() -> int:
        copies.append(real())
        return copies[-1]

    monkeypatch.setattr(os, "fork", fork)

    def do(number: int) -> int:
        if os.getpid() == here:
            raise RuntimeError
        threading.Event().wait(60)
        return number

    with pytest.raises(RuntimeError):
        parallel_map(do, range(9))
    assert len(copies) == 2
    for pid in copies:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def test_few_things_are_done_by_one_process() -> None:
    found: Iterable[int] = parallel_map(lambda _number: os.getpid(), range(20))
    assert set(found) == {os.getpid()}
    assert parallel_map(str, []) == []
