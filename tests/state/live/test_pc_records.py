"""PC records: shared by the sessions that name them, undone where they were changed, named without doubt, forgotten with care.

Covers state.live.pc_entries and state.live.pc_records.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.guide import load_guide
from checks.model import Finding, Options, Outcome
from checks.record import replace
from state.errors import BadName, SessionBusy
from state.file import backups, presence
from state.file.machine import machine_id
from state.file.places import Folder, prepare
from state.file.render import Writer
from state.live.open_session import open_record, open_session
from state.live.pc_records import (
    AddedPc,
    PcFacts,
    PcTaken,
    add_record,
    forget_record,
    name_for,
    read_record,
    record_names,
    sessions_naming,
    with_record,
)
from state.live.session import Session
from state.progress import progress
from state.session_data import Answer, Pc, Result, SessionData, SessionNote, Waiver
from tests.support.helpers_session import Clock, on_disk, wait_until

pytestmark = pytest.mark.usefixtures("quick_looks")

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DESK = PcFacts("DESK-3", "tanaka", "windows", AT, "a" * 32)
UNTIL = date(2027, 3, 31)


def result(code: str = "supported", at: datetime = AT, **values: str | int) -> Result:
    return Result(Outcome.PASS, code, values, (), at, 0, "DESK-3", "tanaka")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    place = Folder(tmp_path / "data", tmp_path / "config.toml")
    prepare(place.sessions)
    return place


def opened(folder: Folder, name: str, **how: object) -> Session:
    path = folder.sessions / f"{name}.toml"
    return open_session(path, load_guide, now=Clock(), folder=folder, **how)  # type: ignore[arg-type]


def naming(folder: Folder, name: str, facts: PcFacts = DESK) -> Session:
    """A session that names the PC of these facts."""
    session = opened(folder, name)
    added = add_record(folder, load_guide, facts)
    record = open_record(folder, load_guide, added.name, now=Clock())
    assert record is not None
    session.use(record)
    return session


def record_of(folder: Folder, name: str = "DESK-3") -> SessionData:
    return on_disk(folder.pcs / f"{name}.toml")


def test_two_sessions_share_a_record_while_both_are_open(folder: Folder) -> None:
    one, other = naming(folder, "a"), naming(folder, "b")
    one.answer("pc.managed", "yes", scope="pc")
    one.answer("case.role", "self")
    one.waive("pc.memory", "増設まで", "管理者", UNTIL)
    one.note("pc.disk", "窓側の席")
    assert one.flush(10)
    wait_until(other, lambda: "pc.disk" in other.data.notes)
    assert other.answers == {"pc.managed": "yes"}
    assert other.data.waivers["pc.memory"].reason == "増設まで"
    assert other.data.pc is not None
    assert other.data.pc.host == "DESK-3"
    assert one.close(10)
    assert other.close(10)
    record = record_of(folder)
    assert set(record.answers) == {"pc.managed"}
    assert (record.answers["pc.managed"].host, record.answers["pc.managed"].user) == ("DESK-3", "tanaka")
    assert set(record.waivers) == {"pc.memory"}
    assert set(record.notes) == {"pc.disk"}
    assert not record.history
    own = on_disk(folder.sessions / "a.toml")
    assert set(own.answers) == {"case.role"}
    assert not own.waivers
    assert not own.notes
    assert own.pc_name == "DESK-3"
    assert own.pc is None


def test_an_exception_for_this_application_alone_stays_in_the_session(folder: Folder) -> None:
    one, other = naming(folder, "a"), naming(folder, "b")
    one.waive("pc.memory", "今回だけ", "管理者", UNTIL, scope="case")
    one.waive("insurance.end", "PCの都合", "管理者", UNTIL, scope="pc")
    assert one.flush(10)
    wait_until(other, lambda: "insurance.end" in other.data.waivers)
    assert "pc.memory" not in other.data.waivers
    assert one.withdraw("insurance.end")
    assert one.withdraw("pc.memory")
    assert not one.withdraw("pc.memory")
    assert not one.data.waivers
    assert one.close(10)
    assert other.close(10)


def test_a_look_at_this_machine_never_enters_the_record_of_another(folder: Folder) -> None:
    session = naming(folder, "a")
    assert not session.at_pc
    session.record("pc.os", "warn", Finding("not-supported-here", {"name": "Linux"}))
    assert session.close(10)
    assert "pc.os" not in record_of(folder).results
    assert on_disk(folder.sessions / "a.toml").results["pc.os"].host == presence.host_name()


@pytest.mark.parametrize("machine", ["", "b" * 32])
def test_a_look_at_the_pc_itself_goes_into_its_record(folder: Folder, machine: str) -> None:
    here = PcFacts(presence.host_name(), presence.user_name(), "windows", AT, machine)
    session = naming(folder, "a", here)
    assert session.at_pc is (machine == "")
    session.record("pc.memory", "pass", Finding("enough", {}))
    assert session.close(10)
    assert ("pc.memory" in record_of(folder, here.host).results) is session.at_pc
    record = record_of(folder, here.host)
    assert record.pc is not None
    assert record.pc.seen == max((AT, *(one.at for one in record.results.values())))


def test_a_later_look_elsewhere_does_not_hide_what_the_record_says(folder: Folder) -> None:
    add_record(folder, load_guide, replace(DESK, results={"pc.os": result(build=26100)}))
    session = naming(folder, "a")
    session.record("pc.os", "warn", Finding("not-supported-here", {"name": "Linux"}))
    session.record("portal.tls", "pass", Finding("ok", {}))
    assert session.data.results["pc.os"].code == "supported"
    state = progress(session.guide, session.data, Options(now=AT), host="srv", user="u", platform="linux")
    item, seen_here = state.item("pc.os"), state.item("portal.tls")
    assert item is not None
    assert item.status == "done"
    assert item.elsewhere == "DESK-3"
    assert seen_here is not None
    assert seen_here.status == "stale"
    assert session.close(10)


# Undo.


def test_undo_has_one_order_and_names_its_file(folder: Folder) -> None:
    session = naming(folder, "a")
    session.answer("case.role", "self")
    session.answer("pc.managed", "yes", scope="pc")
    session.answer("case.role", "dealer")
    session.answer("pc.managed", "no", scope="pc")
    assert [(step.question, step.pc) for step in session.own.history] == [
        ("case.role", ""),
        ("pc.managed", "DESK-3"),
        ("case.role", ""),
        ("pc.managed", "DESK-3"),
    ]
    assert session.close(10)
    session = opened(folder, "a")
    assert (session.undo(), session.answers["pc.managed"]) == ("pc.managed", "yes")
    assert (session.undo(), session.answers["case.role"]) == ("case.role", "self")
    assert (session.undo(), "pc.managed" in session.answers) == ("pc.managed", False)
    assert (session.redo(), session.answers["pc.managed"]) == ("pc.managed", "yes")
    assert [session.redo(), session.redo(), session.redo()] == ["case.role", "pc.managed", None]
    assert session.answers == {"case.role": "dealer", "pc.managed": "no"}
    assert session.close(10)
    assert record_of(folder).answers["pc.managed"].value == "no"


def test_what_another_session_has_changed_since_is_not_undone(folder: Folder) -> None:
    one, other = naming(folder, "a"), naming(folder, "b")
    one.answer("case.role", "self")
    one.answer("pc.managed", "yes", scope="pc")
    assert one.flush(10)
    wait_until(other, lambda: "pc.managed" in other.answers)
    assert other.undo() is None  # never another session's act
    other.answer("pc.managed", "no", scope="pc")
    other.answer("pc.managed", "yes", scope="pc")  # the same word again, and yet another's
    assert other.flush(10)
    record = one.pc_record
    assert record is not None
    wait_until(
        one, lambda: record.own.answers["pc.managed"].rev >= record_of(folder).answers["pc.managed"].rev
    )
    assert one.undo() == "case.role"
    assert one.answers == {"pc.managed": "yes"}
    assert one.undo() is None
    assert one.close(10)
    assert other.close(10)


def test_a_takeover_takes_the_session_and_not_the_record(folder: Folder) -> None:
    one = naming(folder, "a")
    assert one.flush(10)
    two, other = opened(folder, "a"), naming(folder, "b")
    two.claim()
    assert two.flush(10)
    wait_until(one, lambda: one.read_only)
    other.answer("pc.managed", "yes", scope="pc")
    two.answer("pc.joined", "yes", scope="pc")
    assert other.flush(10)
    assert two.flush(10)
    wait_until(one, lambda: {"pc.managed", "pc.joined"} <= one.answers.keys())
    for session in (one, two, other):
        session.close(10)
    assert record_of(folder).takeover is None


# What moves.


def of_version_0_1(**fields: Any) -> SessionData:
    """A session that was prepared on DESK-3 with version 0.1."""
    data = SessionData(
        "old", AT, AT, "0.1.0", schema=1,
        answers={
            "case.role": Answer("self", AT, 1),
            "pc.managed": Answer("yes", AT, 2, "pc", "DESK-3", "tanaka"),
        },
        results={
            "pc.os": replace(result(build=26100), rev=3),
            "insurance.covers-inspection": replace(result("covered"), rev=4, scope="case"),
        },
        waivers={"pc.os": Waiver("検証済み", "管理者", UNTIL, AT, 5), "pc.disk": Waiver("社内", "管理者", UNTIL, AT, 6),
                 "insurance.end": Waiver("待ち", "管理者", UNTIL, AT, 7)},
        notes={"pc.os": SessionNote("窓側", AT, 8), "documents": SessionNote("火曜", AT, 9)},
    )  # fmt: skip
    return replace(data, **fields)


def stored(folder: Folder, data: SessionData) -> Path:
    path = folder.sessions / "old.toml"
    path.write_bytes(Writer().bytes_of(data))
    return path


def test_a_session_of_0_1_moves_to_the_record_with_its_first_save(folder: Folder) -> None:
    path = stored(folder, of_version_0_1())
    raw = path.read_bytes()
    session = opened(folder, "old", join=False)
    assert session.data.pc_name == "DESK-3"
    assert session.data.results["pc.os"].code == "supported"
    assert session.close(10)
    assert path.read_bytes() == raw
    assert not record_names(folder)
    session = opened(folder, "old", join=False)
    session.answer("case.role", "dealer")
    assert session.close(10)
    own, record = on_disk(path), record_of(folder)
    assert (own.schema, own.pc_name) == (2, "DESK-3")
    assert (folder.sessions / "old.toml.schema1").read_bytes() == raw
    assert set(own.answers) == {"case.role"}
    assert set(own.results) == {"insurance.covers-inspection"}
    assert set(own.waivers) == {"insurance.end"}
    assert set(own.notes) == {"documents"}
    assert set(record.answers) == {"pc.managed"}
    assert set(record.results) == {"pc.os"}
    assert set(record.waivers) == {"pc.os", "pc.disk"}
    assert set(record.notes) == {"pc.os"}
    assert record.pc == Pc("", "DESK-3", "tanaka", "windows", AT)
    assert with_record(own, folder, load_guide).values() == {"case.role": "dealer", "pc.managed": "yes"}


OTHER_HOST = replace(result(build=26100), host="DESK-4", rev=9)
LINUX = replace(result("not-supported-here", name="Debian"), rev=3)


@pytest.mark.parametrize(
    "fields",
    [
        {"results": {"pc.os": LINUX}},
        {"results": {"pc.memory": replace(result("enough"), rev=3)}},
        {"results": {"pc.os": replace(result(build=26100), rev=3), "pc.memory": OTHER_HOST}},
        {"results": {}},
    ],
    ids=["linux", "not-looked", "two-hosts", "nothing"],
)
def test_where_the_pc_is_in_doubt_it_stays_open(folder: Folder, fields: dict[str, Any]) -> None:
    path = stored(folder, of_version_0_1(**fields))
    session = opened(folder, "old", join=False, platform="windows")
    session.answer("case.role", "dealer")
    assert session.close(10)
    assert on_disk(path).pc_name == ""
    assert not record_names(folder)
    assert on_disk(path).answers["pc.managed"].host == "DESK-3"


def test_a_file_elsewhere_is_brought_to_our_format_and_nothing_else_is_written(
    folder: Folder, tmp_path: Path
) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_bytes(Writer().bytes_of(of_version_0_1()))
    session = open_session(path, load_guide, folder=folder, platform="windows", join=False)
    session.answer("case.role", "dealer")
    assert session.close(10)
    assert on_disk(path).pc_name == ""
    assert on_disk(path).schema == 2
    assert not folder.pcs.exists()


def test_of_two_findings_the_newest_stays_and_the_rest_of_the_record_is_kept(folder: Folder) -> None:
    later = AT + timedelta(hours=1)
    facts = replace(
        DESK, machine="", results={"pc.os": result("ending-soon", later, build=1), "pc.disk": result("low")}
    )
    add_record(folder, load_guide, facts)
    stored(folder, of_version_0_1())
    session = opened(folder, "old", join=False)
    session.answer("case.role", "dealer")
    assert session.close(10)
    record = record_of(folder)
    assert record.results["pc.os"].code == "ending-soon"
    assert set(record.results) == {"pc.os", "pc.disk"}
    assert set(record.answers) == {"pc.managed"}


def test_a_login_of_0_1_in_the_file_holds_the_migration_up(folder: Folder) -> None:
    path = stored(folder, of_version_0_1())
    raw = path.read_bytes()
    here = presence.PresenceFile(path, AT, presence.host_name(), presence.user_name())
    here._identity = replace(here._identity, schema=1)
    here.enter()
    session = opened(folder, "old", join=False)
    session.answer("case.role", "dealer")
    with pytest.raises(SessionBusy) as caught:
        session.require_saved(1.0)
    assert caught.value.exit_code == 75
    assert "古い版" in caught.value.text.ja
    assert path.read_bytes() == raw
    assert not record_names(folder)
    here.leave()
    assert session.close(10)
    assert on_disk(path).answers["case.role"].value == "dealer"


def test_the_first_naming_moves_what_the_session_held_and_keeps_its_undo(folder: Folder) -> None:
    session = opened(folder, "a", host="DESK-3", user="tanaka")
    session.answer("pc.managed", "no", scope="pc")
    session.answer("pc.managed", "yes", scope="pc")
    session.record("pc.os", "pass", Finding("supported", {"build": 26100}))
    add_record(folder, load_guide, DESK)
    record = open_record(folder, load_guide, "DESK-3", now=Clock())
    assert record is not None
    assert session.use(record) == 2
    assert not session.own.answers
    assert session.answers == {"pc.managed": "yes"}
    assert session.undo() == "pc.managed"
    assert session.answers == {"pc.managed": "no"}
    assert session.close(10)
    assert record_of(folder).answers["pc.managed"].value == "no"
    assert record_of(folder).results["pc.os"].code == "supported"


def test_another_login_follows_when_a_pc_is_named(folder: Folder) -> None:
    one, two = opened(folder, "a"), opened(folder, "a")
    add_record(folder, load_guide, replace(DESK, results={"pc.os": result()}))
    record = open_record(folder, load_guide, "DESK-3", now=Clock())
    assert record is not None
    one.use(record)
    assert one.flush(10)
    wait_until(two, lambda: "pc.os" in two.data.results)
    two.answer("pc.managed", "yes", scope="pc")
    assert two.flush(10)
    wait_until(one, lambda: "pc.managed" in one.answers)
    assert one.close(10)
    assert two.close(10)
    assert set(record_of(folder).answers) == {"pc.managed"}


def test_a_new_session_on_windows_names_its_pc_by_itself(folder: Folder) -> None:
    session = opened(folder, "new", platform="windows")
    assert session.flush(10)
    name = presence.host_name()
    record = record_of(folder, name)
    assert session.own.pc_name == name
    assert session.at_pc
    assert record.pc is not None
    assert record.pc.machine == machine_id(folder)
    session.record("pc.memory", "pass", Finding("enough", {}))
    assert session.close(10)
    assert set(record_of(folder, name).results) == {"pc.memory"}
    again = opened(folder, "second", platform="windows")
    assert set(again.data.results) == {"pc.memory"}
    assert again.close(10)
    assert opened(folder, "third", platform="linux", read_only=True).own.pc_name == ""


def test_a_record_that_cannot_be_read_holds_no_session_up(folder: Folder) -> None:
    session = naming(folder, "a")
    session.answer("pc.managed", "yes", scope="pc")
    assert session.flush(10)
    session.note("pc.disk", "窓側")
    assert session.close(10)
    path = folder.pcs / "DESK-3.toml"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    session = opened(folder, "a")  # recovered from what was kept
    assert session.answers == {"pc.managed": "yes"}
    assert any("取り戻しました" in notice.ja for notice in session.notices)
    assert list(folder.pcs.glob("DESK-3.toml.broken-*"))
    assert session.close(10)
    for entry in (*backups.listed(path), *folder.pcs.glob("*.broken-*")):
        entry.unlink()
    path.write_bytes(b"schema = 99\n")
    session = opened(folder, "a")
    session.answer("case.role", "self")
    assert session.answers == {"case.role": "self"}
    assert any("新しい版" in notice.ja for notice in session.notices)
    assert session.close(10)
    path.unlink()
    assert any(
        "記録がここにありません" in notice.ja for notice in opened(folder, "a", read_only=True).notices
    )


def test_a_record_is_called_as_its_file_is(folder: Folder) -> None:
    add_record(folder, load_guide, DESK)
    (folder.pcs / "DESK-4.toml").write_bytes((folder.pcs / "DESK-3.toml").read_bytes())
    session = opened(folder, "a")
    record = open_record(folder, load_guide, "DESK-4", now=Clock())
    assert record is not None
    session.use(record)
    session.answer("pc.managed", "yes", scope="pc")
    assert session.flush(10)
    session.follow_pc()
    assert session.pc_record is record
    assert session.undo() == "pc.managed"
    assert session.close(10)
    assert not record_of(folder).answers


# Names.


def test_a_record_is_called_by_its_host_or_by_host_and_user(folder: Folder) -> None:
    assert add_record(folder, load_guide, DESK) == AddedPc("DESK-3", 0, 0, True)
    suzuki = replace(DESK, user="suzuki", results={"pc.os": result()})
    assert add_record(folder, load_guide, suzuki) == AddedPc("DESK-3-suzuki", 1, 0, True)
    assert add_record(folder, load_guide, suzuki) == AddedPc("DESK-3-suzuki", 0, 1, False)
    assert add_record(folder, load_guide, replace(DESK, host="DESK-9"), name="受付") == AddedPc(
        "受付", 0, 0, True
    )
    assert add_record(folder, load_guide, replace(DESK, host="DESK-9")).name == "受付"
    assert record_names(folder) == ["DESK-3", "DESK-3-suzuki", "受付"]


@pytest.mark.parametrize("name", [None, "DESK-3", "desk-3"])
def test_the_record_of_another_machine_is_never_overwritten(folder: Folder, name: str | None) -> None:
    add_record(folder, load_guide, replace(DESK, results={"pc.os": result()}))
    raw = (folder.pcs / "DESK-3.toml").read_bytes()
    with pytest.raises(PcTaken) as caught:
        add_record(folder, load_guide, replace(DESK, machine="c" * 32), name=name)
    assert caught.value.exit_code == 2
    assert (folder.pcs / "DESK-3.toml").read_bytes() == raw
    assert record_names(folder) == ["DESK-3"]
    assert add_record(folder, load_guide, replace(DESK, machine="c" * 32), name="DESK-3B").new


def test_only_a_later_result_replaces_and_who_brought_it_is_kept(folder: Folder) -> None:
    nobody = replace(DESK, machine="", results={"pc.os": result("ending-soon")})
    add_record(folder, load_guide, nobody)
    earlier = replace(DESK, results={"pc.os": result("supported", AT - timedelta(days=1))})
    assert add_record(folder, load_guide, earlier, added_by="田中") == AddedPc("DESK-3", 0, 1, False)
    record = record_of(folder)
    assert record.results["pc.os"].code == "ending-soon"
    assert record.pc is not None
    assert (record.pc.machine, record.pc.added_by) == ("a" * 32, "田中")


@pytest.mark.parametrize("host", ["", "../x", "a/b", "con", "x" * 80, "a\x1b[31m"])
def test_a_host_that_is_no_name_needs_one(folder: Folder, host: str) -> None:
    with pytest.raises(BadName):
        add_record(folder, load_guide, replace(DESK, host=host))
    assert not record_names(folder)
    assert name_for(folder, load_guide, Pc("", host, "u", "windows", AT), "受付") == "受付"


def test_a_record_is_forgotten_only_when_no_session_names_it(folder: Folder) -> None:
    session = naming(folder, "a")
    session.answer("pc.managed", "yes", scope="pc")
    assert session.close(10)
    assert sessions_naming(folder, load_guide, "DESK-3") == ["a"]
    with pytest.raises(PcTaken, match=": a"):
        forget_record(folder, load_guide, "DESK-3")
    (folder.sessions / "a.toml").write_bytes(b'schema = 2\n[session]\npc = "DESK-3"\n[broken')
    with pytest.raises(PcTaken, match=": a"):
        forget_record(folder, load_guide, "DESK-3")
    (folder.sessions / "a.toml").unlink()
    assert len(backups.listed(folder.pcs / "DESK-3.toml")) >= 1
    assert "DESK-3.toml" in forget_record(folder, load_guide, "DESK-3")
    assert not folder.pcs.exists()
    assert forget_record(folder, load_guide, "DESK-3") == ()
    assert read_record(folder, load_guide, "DESK-3") is None
