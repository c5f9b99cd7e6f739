"""Every way out of a real pseudo-terminal: saved, and the terminal as it was found."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)
import termios

from tests.support.terminal_lab import terminal
from tui.terminal import exit as leaving


def test_leaving_while_the_line_is_stalled() -> None:
    with terminal({"kinds": ["plain", "kanji"], "ticks": True, "exit": True}) as lab:
        pid = lab.reported("ready")[0]
        lab.until(lambda: lab.reported("tick", draw=False)[1]["stalled"], draw=False)
        began = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        lab.until(lambda: lab.process.poll() is not None, "end", draw=False)
        assert lab.process.returncode == 128 + signal.SIGTERM
        assert time.monotonic() - began < 2
        assert termios.tcgetattr(lab.slave) == lab.before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("blocked", [False, True])
def test_signals_save_and_restore_everything(number: signal.Signals, blocked: bool) -> None:
    with terminal({"exit": True}) as lab:
        pid = lab.reported("ready")[0]
        lab.settle()
        assert {1049, 1000, 1002, 1006, 2004} <= lab.modes()
        if blocked:
            lab.type("b")
            lab.reported("blocked")
        os.kill(pid, number)
        assert lab.reported("saved")[0] > 0
        assert lab.end() == 128 + number
        assert lab.modes() == {7, 25}
        assert termios.tcgetattr(lab.slave) == lab.before


def test_signals_that_come_together_do_not_cut_the_save() -> None:
    with terminal({"exit": True, "saving": 0.3}) as lab:
        pid = lab.reported("ready")[0]
        lab.settle()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            os.kill(pid, number)
        assert lab.reported("done")[0]
        assert lab.end() in (128 + signal.SIGTERM, 128 + signal.SIGHUP, 128 + signal.SIGINT)
        assert lab.modes() == {7, 25}


def test_another_signal_from_an_impatient_person_leaves_at_once() -> None:
    with terminal({"exit": True, "saving": 60}) as lab:
        pid = lab.reported("ready")[0]
        lab.settle()
        began = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        lab.reported("saved")

        def ended() -> bool:
            if lab.process.poll() is None:
                os.kill(pid, signal.SIGINT)
            return lab.process.poll() is not None

        lab.until(ended, "end")
        assert lab.process.returncode == 128 + signal.SIGINT
        assert time.monotonic() - began < 1.9
        assert termios.tcgetattr(lab.slave) == lab.before


def test_saving_that_hangs_does_not_hold_up_the_end() -> None:
    with terminal({"exit": True, "saving": 60}) as lab:
        pid = lab.reported("ready")[0]
        began = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        assert lab.end() == 128 + signal.SIGTERM
        assert time.monotonic() - began < 10
        assert lab.modes() == {7, 25}


@pytest.mark.parametrize("order", [{"after": True}, {"crash": True}, {"no_line": True, "after": True}])
def test_normal_and_broken_exits_restore_everything(order: dict[str, Any]) -> None:
    with terminal(order) as lab:
        lab.reported("ready")
        if "crash" not in order:
            lab.settle()
            lab.type("q")
        status = lab.end()
        assert lab.modes() == {7, 25}
        assert termios.tcgetattr(lab.slave) == lab.before
        if "after" in order:
            assert status == 0
            assert b"left the normal way" in lab.raw.rpartition(b"1049l")[2]


@pytest.mark.parametrize("nohup", [False, True])
def test_a_terminal_that_goes_away_ends_the_program_saved(nohup: bool) -> None:
    with terminal({"exit": True, "nohup": nohup}) as lab:
        lab.reported("ready")
        lab.settle()
        os.close(lab.master)
        lab.master = os.open(os.devnull, os.O_RDWR)
        assert lab.reported("saved", draw=False)[0] > 0
        lab.until(lambda: lab.process.poll() is not None, "end", draw=False)
        assert lab.process.returncode == 128 + signal.SIGHUP


def test_uninstalled_signals_are_as_before() -> None:
    before = [signal.getsignal(number) for number in leaving.signals()]
    leaving.install(lambda seconds: True)
    assert leaving.is_installed()
    assert [signal.getsignal(number) for number in leaving.signals()] != before
    leaving.uninstall()
    assert not leaving.is_installed()
    assert [signal.getsignal(number) for number in leaving.signals()] == before
    leaving.uninstall()
