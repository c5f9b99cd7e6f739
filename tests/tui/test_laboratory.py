"""Short forms of the laboratory's experiments with the real screen; the long ones are `python -m tests.laboratory`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal and kill -9", allow_module_level=True)

from tests.laboratory import exits, full_disk
from tests.laboratory.acts import random_acts
from tests.laboratory.duel import screens_taking_over, two_screens
from tests.laboratory.kill import kill_sweep, refused
from tests.laboratory.storm import storm


def test_a_storm_of_kills_loses_nothing_that_the_screen_called_saved(tmp_path: Path) -> None:
    told = storm(tmp_path, 4)
    assert told.losses == []
    assert (told.kills, told.promises > 3) == (4, True)


def test_two_screens_on_one_session_keep_both_answers_and_see_each_other(tmp_path: Path) -> None:
    assert two_screens(tmp_path) == []


def test_a_screen_takes_over_is_killed_and_the_other_takes_back(tmp_path: Path) -> None:
    assert screens_taking_over(tmp_path) == []


def test_a_screen_killed_in_the_middle_of_a_save_comes_back(tmp_path: Path) -> None:
    killed, losses = kill_sweep(tmp_path, [30])
    assert losses == []
    assert killed == 2


def test_a_full_disk_is_told_made_good_and_asked_about_before_quitting(tmp_path: Path) -> None:
    assert refused(tmp_path, "ENOSPC") == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_and_gives_the_terminal_back(tmp_path: Path, number: signal.Signals) -> None:
    assert exits.signalled(tmp_path, number) == []


def test_a_line_that_is_gone_ends_the_program_even_where_hangups_are_ignored(tmp_path: Path) -> None:
    assert exits.line_gone(tmp_path, exits.Unheard) == []


def test_saving_goes_on_while_nobody_reads_the_picture(tmp_path: Path) -> None:
    assert exits.stalled(tmp_path) == []


def test_quitting_takes_less_than_a_second_with_fifty_stuck_checks(tmp_path: Path) -> None:
    assert exits.quitting_with_stuck_checks(tmp_path) == []


def test_quitting_takes_less_than_a_second_while_the_system_does_not_answer(tmp_path: Path) -> None:
    assert exits.quitting_while_the_system_hangs(tmp_path) == []


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    why = full_disk.possible()
    if why:
        pytest.skip(why)
    assert full_disk.full_disk(tmp_path) == []


@pytest.mark.parametrize("seed", range(2))
def test_every_answer_is_one_that_an_act_gave(tmp_path: Path, seed: int) -> None:
    told = random_acts(tmp_path, 1200, 20261127 + seed)
    assert told.wrong == []
    assert told.answers > 40
    assert told.clicks > 10
