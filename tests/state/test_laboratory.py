"""Short forms of the laboratory's experiments with session files; the long ones are `python -m tests.laboratory`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.laboratory import flips, mutants, powercut
from tests.laboratory.duel import duel
from tests.laboratory.samples import real_record, real_session


def test_one_flipped_bit_never_becomes_another_answer_in_silence() -> None:
    assert [wrong for raw in (real_session(), real_record()) for wrong in flips.flips(raw, 100)] == []


def test_a_cut_file_never_becomes_another_session_in_silence() -> None:
    assert [wrong for raw in (real_session(), real_record()) for wrong in flips.prefixes(raw, step=61)] == []


def test_every_seeded_bug_has_its_place_and_a_test() -> None:
    for mutant in mutants.MUTANTS:
        assert mutant.tests
        assert mutant.new != mutant.old
        mutants.place(mutant)


@pytest.mark.skipif(os.name == "nt", reason="needs kill -9")
@pytest.mark.parametrize("over_a_pc", [False, True])
def test_four_sessions_two_of_them_killed_lose_nothing_that_was_saved(
    tmp_path: Path, over_a_pc: bool
) -> None:
    told = duel(tmp_path, 1, rounds=12, over_a_pc=over_a_pc)
    assert told.losses == []
    assert told.killed == 2
    assert len(told.saved) >= 24


@pytest.mark.skipif(sys.platform == "win32", reason="Linux file systems")
@pytest.mark.parametrize(("kind", "of_a_pc"), [("ext4", False), ("xfs", False), ("ext4", True)])
def test_a_real_power_cut_takes_nothing_that_was_saved(tmp_path: Path, kind: str, of_a_pc: bool) -> None:
    why = powercut.possible(kind)
    if why:
        pytest.skip(why)
    try:
        saved, losses = powercut.power_cut(tmp_path, kind, 2, of_a_pc=of_a_pc)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no loop device: {error}")
    assert losses == []
    assert saved > 2
