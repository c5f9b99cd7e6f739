"""Two logins on one session: nothing of either is lost, each is told of the other, the dead are told from the living.

Covers state.live.save_states and state.live.saver.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from state.file import presence
from state.file.tables import highest_rev
from state.live import saver
from tests.support.helpers_session import on_disk, opened, saved_rev, wait_until

pytestmark = pytest.mark.usefixtures("quick_looks")


def test_two_logins_lose_nothing_and_are_told_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one, other = opened(path), None
    assert one.flush(10)
    other = opened(path)
    assert "も" in other.notices[0].ja
    assert [(who.pid, who.alive) for who in other.others()] == [(os.getpid(), True)]
    one.answer("case.role", "self")
    assert one.flush(10)
    other.answer("case.route", "full")
    assert other.flush(10)
    wait_until(one, lambda: "case.route" in one.answers)
    assert dict(one.answers) == dict(other.answers) == {"case.role": "self", "case.route": "full"}
    wait_until(one, lambda: len(one.others()) == 1)
    assert other.close(10)
    assert one.others() == ()
    assert one.data.conflicts == ()
    assert one.close(10)
    assert not (tmp_path / "x.toml.here").exists()


def test_a_true_conflict_is_kept_until_it_is_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    one = opened(path)
    one.answer("case.role", "self")
    assert one.flush(10)
    other = opened(path)
    one.answer("case.vehicle", "kei")
    one.answer("case.role", "dealer")
    one.note("documents", "one")
    assert one.flush(10)
    low = other.answer("case.role", "employee")
    other.note("documents", "other")
    assert other.flush(10)
    assert other.answers["case.role"] == "dealer"
    assert saved_rev(other) >= low
    assert {(c.kind, c.id, c.lost) for c in other.data.conflicts} == {
        ("answer", "case.role", "employee"),
        ("note", "documents", "other"),
    }
    assert other.answer("case.route", "full") > max(c.over for c in other.data.conflicts)
    assert other.flush(10)
    assert len(on_disk(path).conflicts) == 2
    other.answer("case.role", "employee")
    other.note("documents", "both")
    assert other.data.conflicts == ()
    assert other.flush(10)
    assert on_disk(path).conflicts == ()
    assert one.close(10)
    assert other.close(10)
    assert on_disk(path).values()["case.role"] == "employee"


def test_a_foreign_revision_never_counts_as_our_own_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    one = opened(path)
    assert one.flush(10)
    other = opened(path)
    for number in range(20):
        other.answer("case.role", str(number))
    assert other.flush(10)
    mine = one.answer("case.route", "full")
    held: list[int] = []
    one.subscribe(lambda: held.append(saved_rev(one)))
    assert one.flush(10)
    wait_until(one, lambda: highest_rev(one.data) >= 20)
    next_ = one.answer("case.vehicle", "kei")
    assert mine == 1
    assert next_ == 21
    assert saved_rev(one) < next_ or one.save_state().unsaved == 0
    assert held[0] == mine
    assert one.close(10)
    assert other.close(10)


def test_a_withdrawn_waiver_does_not_come_back_from_another_login(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one = opened(path)
    one.waive("pc.os", "検証済み", "佐藤", date(2026, 12, 31))
    assert one.flush(10)
    other = opened(path)
    assert one.withdraw("pc.os")
    assert one.flush(10)
    other.answer("case.role", "self")
    assert other.flush(10)
    wait_until(other, lambda: "pc.os" not in other.data.waivers)
    assert on_disk(path).waivers == {}
    assert one.close(10)
    assert other.close(10)


@pytest.mark.skipif(sys.platform != "linux", reason="process numbers by the Linux /proc")
def test_a_dead_process_is_not_told_of_and_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    code = (
        "import sys, time; from pathlib import Path; from checks.guide import load_guide; from state.live.open_session import open_session;"
        "s = open_session(Path(sys.argv[1]), load_guide); s.flush(10); print('here', flush=True); time.sleep(60)"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "here\n"
    session = opened(path)
    assert [(who.pid, who.alive) for who in session.others()] == [(run.pid, True)]
    run.kill()
    if (
        sys.platform == "linux"
    ):  # it has ended, and this parent has not asked how yet: its number is still taken
        os.waitid(os.P_PID, run.pid, os.WEXITED | os.WNOWAIT)
    assert session.others() == ()
    run.wait()
    run.stdout.close()
    assert session.others() == ()
    assert len(list((tmp_path / "x.toml.here").iterdir())) == 1
    assert session.close(10)


def test_processes_of_other_hosts_and_boots(tmp_path: Path) -> None:
    me = presence.own()
    folder = tmp_path / "x.toml.here"
    folder.mkdir()
    line = me.line()
    (folder / "far-1-1").write_text(line.replace(f'host = "{me.host}"', 'host = "far"'), encoding="utf-8")
    if me.boot:
        (folder / "old-1-1").write_text(line.replace(me.boot, "another-boot"), encoding="utf-8")
    (folder / "junk").write_bytes(b"\xff\x00 = [")
    told = presence.present(folder)
    assert [(who.host, who.alive) for who in told] == [("far", None)]
    assert sorted(os.listdir(folder)) == ["far-1-1", "junk"]
