"""The laws of putting two logins together, on sessions made at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.guide import load_guide
from state.file.decode import decode
from state.file.entry_types import TomlTable
from state.live.merge import merge
from state.session_data import (
    EPOCH,
    Answer,
    Cleared,
    Conflict,
    SessionData,
    SessionNote,
    Takeover,
    Ui,
    UndoStep,
    Waiver,
)

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
EMPTY = SessionData("x", START, START, "0.1.0")

ids = st.sampled_from(["case.role", "case.route", "insurance.end"])
times = st.integers(0, 3).map(lambda minutes: START + timedelta(minutes=minutes))
revs = st.integers(0, 6)
values = st.one_of(st.sampled_from(["yes", "no", "はい"]), st.just(date(2026, 11, 22)))
answers = st.builds(Answer, values, times, revs)
given_ = st.one_of(answers, st.builds(Cleared, times, revs))
notes = st.builds(SessionNote, st.sampled_from(["", "メモ", "other"]), times, revs)
waivers = st.builds(
    Waiver, st.just("理由"), st.sampled_from(["a", "b"]), st.just(date(2027, 1, 1)), times, revs
)
accepted = st.one_of(waivers, st.builds(Cleared, times, revs))
takeovers = st.none() | st.builds(
    Takeover, revs, st.sampled_from(["PC-01", "PC-02"]), st.just("u"), revs, times
)
terms = st.none() | st.builds(
    Waiver,
    st.just("理由"),
    st.sampled_from(["a", "b"]),
    st.just(date(2027, 1, 1)),
    st.just(EPOCH),
    st.just(0),
)
changes = st.one_of(
    st.builds(UndoStep, ids, st.none(), values, revs, st.just("case"), st.booleans(), revs),
    st.builds(UndoStep, ids, terms, terms, revs, st.just("case"), st.booleans(), revs, st.just("waiver")),
)
conflicts = st.builds(Conflict, st.just("answer"), ids, values, times, revs, revs)


@st.composite
def sessions(draw: st.DrawFn) -> SessionData:
    entries = draw(st.dictionaries(ids, given_))
    exceptions = draw(st.dictionaries(ids, accepted))
    history = draw(
        st.lists(changes, max_size=4, unique_by=lambda one: (one.rev, one.question, str(one.after)))
    )
    return replace(
        EMPTY,
        updated=draw(times),
        answers={id_: one for id_, one in entries.items() if isinstance(one, Answer)},
        cleared={id_: one for id_, one in entries.items() if isinstance(one, Cleared)},
        notes=draw(st.dictionaries(ids, notes)),
        waivers={id_: one for id_, one in exceptions.items() if isinstance(one, Waiver)},
        withdrawn={id_: one for id_, one in exceptions.items() if isinstance(one, Cleared)},
        takeover=draw(takeovers),
        ui=Ui(cursor=draw(st.sampled_from(["", "a", "b"]))),
        history=tuple(sorted(history, key=lambda one: (one.rev, one.question, one.turn, repr(one)))),
        conflicts=tuple(draw(st.lists(conflicts, max_size=2, unique_by=repr))),
        extra=draw(st.dictionaries(st.sampled_from(["k", "l"]), st.integers(0, 2))),
    )


@given(sessions(), sessions())
def test_who_changed_nothing_gives_way(base: SessionData, other: SessionData) -> None:
    assert merge(base, base, other) == other
    assert merge(base, other, base) == other
    assert merge(base, other, other) == other


@given(sessions(), sessions(), sessions())
@settings(max_examples=120)
def test_both_sides_come_to_the_same(base: SessionData, one: SessionData, other: SessionData) -> None:
    assert merge(base, one, other) == merge(base, other, one)


@given(sessions(), sessions(), sessions())
@settings(max_examples=120)
def test_no_value_is_lost_without_a_trace(base: SessionData, one: SessionData, other: SessionData) -> None:
    merged = merge(base, one, other)
    for side in (one, other):
        for id_, answer in side.answers.items():
            if answer == base.answers.get(id_):
                continue
            now = merged.answers.get(id_)
            kept = now is not None and now.value == answer.value
            told = any(conflict.id == id_ and conflict.lost == answer.value for conflict in merged.conflicts)
            was = base.answers.get(id_)
            assert kept or told or (was is not None and was.value == answer.value)


@given(sessions(), sessions(), sessions())
@settings(max_examples=120)
def test_merging_again_changes_nothing(base: SessionData, one: SessionData, other: SessionData) -> None:
    merged = merge(base, one, other)
    assert merge(other, merged, other) == merged
    assert merge(one, one, merged) == merged


def test_the_higher_revision_wins_and_the_other_is_kept_as_a_conflict() -> None:
    base = replace(EMPTY, answers={"case.role": Answer("self", START, 1)})
    one = replace(base, answers={"case.role": Answer("dealer", START, 5)})
    other = replace(base, answers={"case.role": Answer("employee", START + timedelta(minutes=9), 4)})
    merged = merge(base, one, other)
    assert merged.values() == {"case.role": "dealer"}
    assert [(one.kind, one.id, one.lost, one.rev, one.over) for one in merged.conflicts] == [
        ("answer", "case.role", "employee", 4, 5)
    ]


def test_the_same_answer_from_both_is_no_conflict() -> None:
    one = replace(EMPTY, answers={"case.role": Answer("self", START, 1)})
    other = replace(EMPTY, answers={"case.role": Answer("self", START, 2)})
    assert merge(EMPTY, one, other).conflicts == ()


def test_what_was_taken_out_by_hand_is_gone_unless_changed_meanwhile() -> None:
    base = replace(EMPTY, answers={"case.role": Answer("self", START, 1)})
    assert merge(base, base, EMPTY).values() == {}
    changed = replace(EMPTY, answers={"case.role": Answer("dealer", START, 2)})
    assert merge(base, changed, EMPTY).values() == {"case.role": "dealer"}


def test_an_answer_written_back_by_hand_beats_its_tombstone() -> None:
    tables: TomlTable = {
        "schema": 1,
        "answers": {"case.role": {"value": "self"}},
        "cleared": {"case.role": {"rev": 9, "at": START}},
    }
    data = decode(tables, load_guide)
    assert data.values() == {"case.role": "self"}
    assert not data.cleared


def test_a_newer_clearing_beats_an_older_change_and_is_kept_as_a_conflict() -> None:
    """Cleared here at revision 3 while the other side changed it at revision 2: it stays cleared, and both sides agree."""
    now = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    base = replace(SessionData("x", now, now, "0"), answers={"q": Answer("a", now, 1)})
    ours = replace(base, answers={}, cleared={"q": Cleared(now, 3)})
    theirs = replace(base, answers={"q": Answer("b", now, 2)})
    for merged in (merge(base, ours, theirs), merge(base, theirs, ours)):
        assert "q" not in merged.answers
        assert merged.cleared["q"].rev == 3
        assert [(one.id, one.lost, one.over) for one in merged.conflicts] == [("q", "b", 3)]
