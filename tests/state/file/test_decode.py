"""What stands in a session file as an answer: other spellings become answers, anything else is kept and counts as none.

Covers state.file.recover.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checks.guide import load_guide
from checks.model import Options
from checks.rules.conditions import Value
from state.file import load
from state.file.recover import newest_good
from state.file.render import Writer
from state.live.merge import merge
from state.live.open_session import open_session
from state.progress import progress
from state.session_data import Answer, SessionData, Unread
from state.standing import Progress
from tests.support.helpers_session import opened

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
GUIDE = load_guide("oss")


def file_with(*lines: str, question: str = "case.procedure") -> str:
    return "\n".join(["schema = 1", f'[answers."{question}"]', *lines, "rev = 3", "[end]", "answers = 1", ""])


def read(text: str) -> load.Loaded:
    return load.understand(text.encode("utf-8"), Path("x.toml"), load_guide)


def standing(data: SessionData) -> Progress:
    return progress(GUIDE, data, Options(now=AT))


@pytest.mark.parametrize(
    ("question", "found", "value"),
    [
        ("case.procedure", '"継続検査（車検）"', "continuous-inspection"),
        ("case.procedure", '"継続検査"', "continuous-inspection"),
        ("case.procedure", '" Continuous Inspection "', "continuous-inspection"),
        ("case.owner-is-user", '"はい"', "yes"),
        ("certificate.kind", '"商業登記電子証明書（ファイル）"', "registry-file"),
        ("insurance.end", '"2028-05-01"', date(2028, 5, 1)),
        ("insurance.end", '"R10.5.1"', date(2028, 5, 1)),
        ("insurance.end", "20280501", date(2028, 5, 1)),
        ("proxy-issuance.agent", "1234", "1234"),
        ("proxy-issuance.agent", "2026-11-22", "2026-11-22"),
        ("of.another-version", '"継続検査"', "継続検査"),
    ],
)
def test_other_spellings_become_the_answer(question: str, found: str, value: Value) -> None:
    loaded = read(file_with(f"value = {found}", question=question))
    assert loaded.data.values() == {question: value}
    assert not loaded.data.unread
    assert not loaded.refusals


@pytest.mark.parametrize(
    ("question", "found", "accepted"),
    [
        ("case.procedure", '"車検"', "continuous-inspection"),
        ("case.procedure", "5", "continuous-inspection"),
        ("case.procedure", '["transfer"]', "transfer"),
        ("case.procedure", "2026-11-22", "transfer"),
        ("case.owner-is-user", "true", "yes, no"),
        ("certificate.kind", '"商業登記電子証明書"', "registry-file"),
        ("insurance.end", '"11/20"', "2026-11-22"),
        ("insurance.end", '"today"', "2026-11-22"),
        ("insurance.end", '"8/11/20"', "R8.11.20"),
        ("insurance.end", "2128-05-01", "2026-11-22"),
        ("insurance.end", "2028-05-01T00:00:00Z", "2026-11-22"),
        ("proxy-issuance.agent", "[1]", "1行の文"),
        ("proxy-issuance.agent", '"a\\nb"', "1行の文"),
        ("proxy-issuance.agent", '""', "空の答え"),
        ("of.another-version", "[1]", "文字列"),
    ],
)
def test_anything_else_is_kept_named_with_its_line_and_counts_as_none(
    question: str, found: str, accepted: str
) -> None:
    loaded = read(file_with(f"value = {found}", question=question))
    assert loaded.data.values() == {}
    assert list(loaded.data.unread) == [question]
    (said,) = loaded.refusals
    for part in ("x.toml の3行目", question, accepted):
        assert part in said.ja
    assert said in loaded.notices
    assert any("未回答として扱います" in notice.ja for notice in loaded.notices)
    assert not any("そのまま受け入れました" in notice.ja for notice in loaded.notices)
    again = load.understand(Writer().bytes_of(loaded.data), Path("x.toml"), load_guide)
    assert again.data.unread == loaded.data.unread
    assert again.whole
    assert again.refusals


def test_an_answer_without_a_value_is_one_of_these() -> None:
    loaded = read(file_with("at = 2026-11-22T01:00:00Z"))
    assert list(loaded.data.unread) == ["case.procedure"]


def test_what_is_no_answer_rules_nothing_out() -> None:
    unanswered = standing(SessionData("x", AT, AT, "0"))
    for question in GUIDE.case.questions:
        kept = read(file_with('value = "nonsense"', question=question.id)).data
        seen = standing(kept)
        assert [item.applies for item in seen.items()] == [item.applies for item in unanswered.items()]
        item = seen.item(question.id)
        if question.choices or question.kind == "date":
            assert item is not None
            assert item.value is None


def test_many_of_them_are_counted_and_only_some_named() -> None:
    lines = "".join(f'[answers."no.n{number}"]\nvalue = [1]\n' for number in range(300))
    loaded = read(f"schema = 1\n{lines}[end]\nanswers = 300\n")
    assert len(loaded.data.unread) == 300
    assert len(loaded.refusals) < len(loaded.notices) < 20
    assert "300" in loaded.notices[-1].ja


def test_the_history_brings_nothing_back_that_is_no_answer() -> None:
    text = file_with('value = "transfer"') + (
        '[history]\nchanges = [\n    { question = "case.procedure", before = "車検", after = "transfer", rev = 3 },\n'
        '    { question = "case.procedure", before = "継続検査", after = "移転登録", rev = 4 },\n]\n'
    )
    (change,) = read(text).data.history
    assert (change.before, change.after, change.rev) == ("continuous-inspection", "transfer", 4)


FORMER = "proxy-issuance.papers-to-submit"
PRESENT = "documents.delivery-papers"


@pytest.mark.parametrize(
    ("former", "present", "value"),
    [
        (("no", 5), None, "none"),
        (("yes", 5), None, "not-yet"),
        (("no", 5), ("ready", 7), "ready"),
        (("yes", 9), ("none", 7), "not-yet"),
        (("no", 7), ("ready", 7), "ready"),
    ],
)
def test_what_stands_under_a_former_id_is_of_the_present_question(
    former: tuple[str, int], present: tuple[str, int] | None, value: str
) -> None:
    text = f'schema = 1\n[answers."{FORMER}"]\nvalue = "{former[0]}"\nrev = {former[1]}\n'
    if present is not None:
        text += f'[answers."{PRESENT}"]\nvalue = "{present[0]}"\nrev = {present[1]}\n'
    text += (
        f'[notes]\n"{FORMER}" = "memo"\n[waivers."{FORMER}"]\nreason = "r"\nby = "b"\nuntil = 2027-01-31\n'
    )
    loaded = read(f"{text}[end]\nanswers = {1 if present is None else 2}\n")
    assert "instead of" not in loaded.notices[0].en
    assert loaded.data.values() == {PRESENT: value}
    assert (loaded.data.notes[PRESENT].text, set(loaded.data.waivers)) == ("memo", {PRESENT})


@pytest.mark.parametrize("wrong", ['"perhaps"', "5", "[1]", "{ a = 1 }"])
def test_what_is_no_answer_under_a_former_id_is_kept_and_counts_as_none(wrong: str) -> None:
    loaded = read(f'schema = 1\n[answers."{FORMER}"]\nvalue = {wrong}\n[end]\nanswers = 1\n')
    assert (len(loaded.data.values()), set(loaded.data.unread)) == (0, {PRESENT})
    assert PRESENT in loaded.refusals[0].en


def test_a_quoted_last_day_of_an_exception_is_one() -> None:
    text = 'schema = 1\n[waivers."pc.os"]\nreason = "r"\nby = "b"\nuntil = "R9.3.31"\n[end]\nanswers = 0\n'
    assert read(text).data.waivers["pc.os"].until == date(2027, 3, 31)


def test_it_stays_through_saves_until_it_is_answered_or_cleared(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(file_with('value = "車検"', 'why = "kept"'), "utf-8")
    with_it = opened(path, join=False)
    with_it.answer("case.role", "dealer", scope="office")
    assert with_it.close(10)
    assert 'value = "車検"' in path.read_text("utf-8")
    assert 'why = "kept"' in path.read_text("utf-8")
    again = opened(path, join=False)
    assert dict(again.answers) == {"case.role": "dealer"}
    assert any("case.procedure" in notice.ja for notice in again.notices)
    again.answer("case.procedure", "transfer")
    again.answer("case.procedure", None)
    assert again.undo() == "case.procedure"
    assert again.answers["case.procedure"] == "transfer"
    assert again.close(10)
    assert "車検" not in path.read_text("utf-8").partition("[history]")[0]


def test_clearing_takes_it_away(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(file_with('value = "車検"'), "utf-8")
    session = opened(path, join=False)
    session.answer("case.procedure", None)
    assert session.close(10)
    loaded = load.load(path, load_guide)
    assert loaded is not None
    assert (loaded.data.unread, list(loaded.data.cleared)) == ({}, ["case.procedure"])


def test_the_newer_side_wins_a_merge() -> None:
    base = SessionData("x", AT, AT, "0")
    found = Unread({"value": "車検", "rev": 5}, AT, 5)
    theirs = SessionData("x", AT, AT, "0", unread={"case.procedure": found})
    for rev, kept in ((4, False), (6, True)):
        ours = SessionData("x", AT, AT, "0", answers={"case.procedure": Answer("transfer", AT, rev)})
        for one, other in ((ours, theirs), (theirs, ours)):
            data = merge(base, one, other)
            assert ("case.procedure" in data.answers, "case.procedure" in data.unread) == (kept, not kept)
            assert len(data.conflicts) == 1


def test_another_login_that_wrote_it_by_hand_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = open_session(path, load_guide, join=False)
    session.answer("case.procedure", "transfer")
    assert session.flush(10)
    path.write_text(path.read_text("utf-8").replace('"transfer"\nat', '"移転"\nat'), "utf-8")
    session.answer("case.role", "dealer")
    assert session.flush(10)
    assert dict(session.answers) == {"case.role": "dealer"}
    assert any("case.procedure" in notice.ja for notice in session.notices)
    assert session.close(10)


def test_a_backup_that_holds_one_is_good(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    data = read(file_with('value = "車検"')).data
    path.with_name("x.toml.bak-20261122T010000Z-r3").write_bytes(Writer().bytes_of(data))
    path.write_bytes(b"broken")
    good = newest_good(path, load_guide)
    assert good is not None
    assert good.kind == "backup"
    assert list(good.data.unread) == ["case.procedure"]
