"""Taking a session over: the other logins only read from then on, lose nothing, and can take it back.

Covers state.file.rescue and state.layout.
"""

from __future__ import annotations

import errno
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.guide import load_guide
from state.errors import CannotWrite, ReadOnly, TakenOver
from state.file import files, store
from state.file.render import Writer
from state.layout import local
from state.live import saver
from state.live.merge import merge
from state.live.session import Session
from state.session_data import MAX_REV, SessionData, Takeover
from tests.support.crash_lab import with_answer
from tests.support.helpers_session import on_disk, opened, wait_until

pytestmark = pytest.mark.usefixtures("quick_looks")

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def two(path: Path) -> tuple[Session, Session]:
    one = opened(path, host="PC-01", user="hanako")
    assert one.flush(10)
    other = opened(path, host="PC-02", user="taro")
    assert other.flush(10)
    return one, other


def test_the_other_login_turns_read_only_and_is_told_by_whom(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one, other = two(path)
    other.claim()
    taken = other.data.takeover
    assert other.flush(10)
    assert on_disk(path).takeover == taken
    wait_until(one, lambda: one.taken_by is not None)
    assert one.taken_by == taken
    assert one.read_only
    assert any("taro@PC-02" in notice.ja and "見るだけ" in notice.ja for notice in one.notices)
    assert any("taro@PC-02" in notice.en for notice in one.notices)
    with pytest.raises(ReadOnly):
        one.answer("case.role", "self")
    other.answer("case.role", "dealer")
    assert other.flush(10)
    wait_until(one, lambda: one.answers.get("case.role") == "dealer")
    wait_until(other, lambda: [who.reads for who in other.others()] == [True])
    assert one.save_state().saved
    assert one.save_state().exit_code == 0
    assert not other.read_only
    before = path.read_bytes()
    assert one.close(10)
    assert path.read_bytes() == before
    assert other.close(10)
    assert sorted(file.suffix for file in tmp_path.glob("*.toml")) == [".toml"]


def test_one_that_comes_later_joins_as_always(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one, other = two(path)
    other.claim()
    assert other.flush(10)
    late = opened(path)
    late.answer("case.route", "full")
    late.require_saved(10)
    wait_until(one, lambda: one.taken_by is not None)
    assert one.close(10)
    assert other.close(10)
    assert not late.read_only
    assert late.close(10)
    assert on_disk(path).values() == {"case.route": "full"}


def test_what_was_not_saved_is_kept_beside_and_goes_in_when_it_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    one, other = two(path)
    other.answer("case.role", "self")
    other.claim()
    assert other.flush(10)
    one.answer("case.route", "full")  # one has not looked since
    wait_until(one, lambda: one.save_state().unsaved == 0)
    with pytest.raises(TakenOver) as refused:
        one.require_saved(10)
    assert refused.value.exit_code == 75
    assert "case.route" not in on_disk(path).answers
    kept = tmp_path / "x-unsaved.toml"
    assert on_disk(kept).values() == {"case.role": "self", "case.route": "full"}
    assert on_disk(kept).takeover is None
    assert any("x-unsaved" in notice.ja for notice in one.notices)
    assert one.save_state().unsaved == 0  # quitting now loses nothing
    assert dict(one.answers) == {"case.role": "self", "case.route": "full"}
    one.claim()
    one.require_saved(10)
    assert on_disk(path).values() == {"case.role": "self", "case.route": "full"}
    assert not one.read_only
    assert not kept.exists()
    other.answer("case.role", "dealer")
    with pytest.raises(TakenOver):
        other.require_saved(10)
    assert on_disk(path).values()["case.role"] == "self"
    assert one.close(10)
    other.close(10)
    assert on_disk(tmp_path / "x-unsaved.toml").values()["case.role"] == "dealer"


def test_it_can_go_on_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one, other = two(path)
    other.claim()
    assert other.flush(10)
    wait_until(one, lambda: one.taken_by is not None)
    one.move(tmp_path / "y.toml")
    one.answer("case.role", "self")
    one.require_saved(10)
    assert on_disk(tmp_path / "y.toml").values() == {"case.role": "self"}
    assert on_disk(tmp_path / "y.toml").takeover is None
    assert one.close(10)
    assert other.close(10)
    assert "case.role" not in on_disk(path).answers


def test_of_two_that_take_over_at_once_the_first_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    one, other = two(path)
    one.claim()
    mine = one.data.takeover
    assert one.flush(10)
    other.claim()
    with pytest.raises(TakenOver):
        other.require_saved(10)
    assert on_disk(path).takeover == mine
    assert other.taken_by == mine
    assert other.close(10)
    assert list(tmp_path.glob("*-unsaved*")) == []  # nothing was entered that could be missed
    assert one.close(10)


def test_a_session_opened_for_reading_takes_nothing_over(tmp_path: Path) -> None:
    one, other = two(tmp_path / "x.toml")
    looking = opened(tmp_path / "x.toml", read_only=True)
    with pytest.raises(ReadOnly):
        looking.claim()
    assert one.close(10)
    assert other.close(10)


def _run(folder: Path, code: str) -> subprocess.Popen[str]:
    start = (
        "import sys\nfrom pathlib import Path\nfrom state.live import saver\n"
        "from checks.guide import load_guide\nfrom state.live.open_session import open_session\n"
        "saver.LOOK = 0.05\npath = Path(sys.argv[1])\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", start + code, str(folder / "x.toml")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_nobody_is_blocked_when_the_process_that_took_over_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one = opened(path)
    one.answer("case.role", "self")
    one.require_saved(10)
    taker = _run(
        tmp_path,
        "s = open_session(path, load_guide)\ns.claim()\ns.require_saved(20)\nprint(1, flush=True)\ninput()\n",
    )
    assert taker.stdout is not None
    assert taker.stdin is not None
    assert taker.stdout.readline() == "1\n"
    wait_until(one, lambda: one.taken_by is not None)
    assert one.taken_by is not None
    assert one.taken_by.pid == taker.pid
    taker.kill()
    taker.wait(20)
    taker.stdin.close()
    taker.stdout.close()
    late = opened(path)
    late.answer("case.route", "full")
    late.require_saved(10)
    one.claim()
    one.answer("case.role", "dealer")
    one.require_saved(10)
    wait_until(late, lambda: late.taken_by is not None)
    assert late.close(10)
    assert one.close(10)
    assert on_disk(path).values() == {"case.role": "dealer", "case.route": "full"}


def test_a_process_that_was_taken_over_from_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    code = (
        "from state.errors import StateError\n"
        "saver.LOOK = 3600.0\n"
        "s = open_session(path, load_guide)\ns.require_saved(20)\nprint(0, flush=True)\ninput()\n"
        "try:\n    s.answer('case.route', 'full')\n    s.require_saved(20)\n"
        "except StateError as error:\n    print(type(error).__name__, s.close(5.0), flush=True)\n"
    )
    fenced = _run(tmp_path, code)
    assert fenced.stdout is not None
    assert fenced.stdout.readline() == "0\n"
    one = opened(path)
    one.claim()
    one.require_saved(10)
    before = path.read_bytes()
    said, _ = fenced.communicate("\n", timeout=30)
    assert said == "TakenOver True\n"
    assert path.read_bytes() == before
    assert on_disk(tmp_path / "x-unsaved.toml").values() == {"case.route": "full"}
    assert one.close(10)


@pytest.mark.parametrize("broken", ["write_new", "replace", "sync_folder"])
def test_a_save_that_fails_after_reading_what_others_wrote_does_not_forget_it(
    tmp_path: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.toml"
    data = with_answer(SessionData("x", NOW, NOW, "0"), "first", "yes")
    ours = store.SessionFile(path, data, None, load_guide, merge)
    ours.commit(data)
    theirs = store.SessionFile(path, ours.base, ours.raw, load_guide, merge)
    theirs.commit(with_answer(data, "theirs", "yes"))
    mine = with_answer(data, "mine", "yes")
    with monkeypatch.context() as patch:
        patch.setattr(files, broken, _full(broken))
        with pytest.raises(CannotWrite):
            ours.commit(mine)
    mine = with_answer(mine, "later", "yes")
    ours.commit(mine)
    assert set(on_disk(path).answers) == {"first", "theirs", "mine", "later"}


def _full(name: str) -> Callable[..., None]:
    real = getattr(files, name)

    def refuse(*args: object) -> None:
        if name == "sync_folder":
            real(*args)
        raise OSError(errno.ENOSPC, "full")

    return refuse


def test_unknown_keys_of_a_takeover_and_a_claim_survive(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one = opened(path)
    one.claim()
    taken = one.data.takeover
    assert taken is not None
    assert one.close(10)
    data = replace(on_disk(path), takeover=replace(taken, extra={"reason": "例"}))
    path.write_bytes(Writer().bytes_of(data))
    again = opened(path)
    again.answer("case.role", "self")
    assert again.close(10)
    found = on_disk(path).takeover
    assert found is not None
    assert found.extra == {"reason": "例"}


def test_a_login_that_was_taken_over_from_before_its_first_save_can_go_on_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    for turn in range(12):
        other, one = opened(path), opened(path)
        other.claim()
        wait_until(one, lambda one=one: one.taken_by is not None)  # type: ignore[misc]
        place = tmp_path / f"y{turn}.toml"
        one.move(place)
        wait_until(one, lambda one=one: one.save_state().saved)  # type: ignore[misc]
        assert on_disk(place).takeover is None
        assert one.close(10)
        assert other.close(10)
        path.unlink()


def test_the_highest_number_of_a_takeover_is_not_exceeded(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(f"schema = 1\n[takeover]\nnumber = {MAX_REV}\n[end]\nanswers = 0\n", "utf-8")
    one, other = two(path)
    other.claim()
    assert other.flush()
    assert on_disk(path).takeover == other.data.takeover
    with suppress(ReadOnly):  # its next look may have come first
        one.answer("case.role", "self")
    wait_until(one, lambda: one.taken_by is not None)
    assert one.close()
    assert other.close()


@pytest.fixture(params=["Asia/Tokyo", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settle = getattr(time, "tzset", lambda: None)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        settle()
        yield
    settle()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_others_whose_clock_is_at_the_end_of_the_calendar_stop_no_save(tmp_path: Path, at: str) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    session.require_saved(10)
    here = tmp_path / "x.toml.here"
    (here / "PC-09-1-1").write_text(f'host = "PC-09"\nuser = "u"\npid = 1\nsince = {at}\n', "utf-8")
    wait_until(session, lambda: any("PC-09" in notice.en for notice in session.notices))
    session.answer("case.route", "full")
    session.require_saved(10)
    moment = datetime.fromisoformat(at)
    assert local(moment).lstrip("0").startswith(("1-01-01 ", "9999-12-31 ", "1-01-01"))
    by = Takeover(1, "PC-09", "u", 1, moment)
    path.write_bytes(Writer().bytes_of(replace(on_disk(path), takeover=by)))
    wait_until(session, lambda: session.taken_by == by)
    assert session.close()
