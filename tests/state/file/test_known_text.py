"""The first save after opening makes only what changed, and writes the same bytes as one that makes everything.

Covers state.file.render.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks.guide import load_guide
from state.file import document, load, render
from state.file.entry_types import TomlTable
from state.file.known_text import known_text
from state.file.render import Writer
from state.file.tables import highest_rev
from state.session_data import Answer, Result, SessionData, UndoStep
from tests.state.file.test_format import FULL, RAW

PATH = Path("x.toml")
AT = datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def data() -> SessionData:
    return load.understand(RAW, PATH, load_guide).data


def changed(data: SessionData) -> SessionData:
    name = next(iter(data.answers))
    new = replace(data.answers[name], rev=highest_rev(data) + 1)
    return replace(data, answers={**data.answers, name: new}, history=data.history[:-1])


def resealed(text: str) -> bytes:
    return document.seal(text[: text.rindex("# sha256 ")])


def test_the_known_text_a_file_are_those_that_would_be_made(data: SessionData) -> None:
    pieces = known_text(data, RAW)
    afresh = Writer()
    afresh.bytes_of(data)
    assert afresh._old is not None
    assert pieces.items() <= afresh._old.items()
    lists = {(name, key): entry for (name, key), (entry, _) in afresh._old.items() if name}
    with_more = {where for where, entry in lists.items() if getattr(entry, "extra", None)}
    assert with_more
    assert {where for where in lists if where not in pieces} <= with_more


def test_what_is_on_the_disk_is_not_made_again(data: SessionData, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = render._prove

    def counting(text: str, meant: TomlTable) -> str:
        made.append(text)
        return real(text, meant)

    monkeypatch.setattr(render, "_prove", counting)
    new = changed(data)
    expected = Writer().bytes_of(new)
    afresh = len(made)
    writer = Writer()
    writer.learn(data, RAW)
    made.clear()
    assert writer.bytes_of(new) == expected
    assert len(made) < afresh
    remade = {text.partition("\n")[0] for text in made if text.startswith(("[answers.", "[results."))}
    name = next(iter(data.answers))
    entries: dict[str, Answer | Result] = {**data.answers, **data.results}
    anew = {key for key, entry in entries.items() if entry.extra or key == name}
    assert remade == {f'[answers."{key}"]' if key in data.answers else f'[results."{key}"]' for key in anew}
    writer.learn(FULL, b"")  # only once
    assert writer.bytes_of(new) == expected


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_texts_over_several_lines_are_made_anew(data: SessionData, quotes: str) -> None:
    text = RAW.decode().replace("[end]\n", f"[later]\nx = {quotes}\n\n[answers.a]\n{quotes}\n\n[end]\n")
    raw = resealed(text)
    assert document.parse(raw).whole == "whole"
    assert known_text(load.understand(raw, PATH, load_guide).data, raw) == {}


def test_what_does_not_bear_our_seal_is_made_anew(data: SessionData) -> None:
    assert known_text(data, RAW.replace(b"rev = 1\n", b"rev = 1 \n", 1) + b" ") == {}
    assert known_text(data, RAW[: RAW.rindex(b"# sha256")]) == {}
    assert known_text(data, b"") == {}


def test_rows_in_another_layout_are_made_anew(data: SessionData) -> None:
    raw = resealed(RAW.decode().replace("    { question", "  { question", 1))
    assert not [
        key
        for key in known_text(load.understand(raw, PATH, load_guide).data, raw)
        if key == ("history", "changes 0")
    ]


def test_tables_that_did_not_change_are_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer()
    assert writer.bytes_of(FULL) == RAW
    made: list[str] = []
    real = render._plain

    def counting(table: TomlTable) -> str:
        made.append(next(iter(table)))
        return real(table)

    monkeypatch.setattr(render, "_plain", counting)
    assert writer.bytes_of(FULL) == RAW
    assert not {"schema", "session", "end", "ui", "notes", "history"} & set(made)


def test_a_change_of_kind_alone_is_written() -> None:
    writer = Writer()
    one = replace(FULL, extra={"end": {"later": 1}})
    other = replace(FULL, extra={"end": {"later": 1.0}})
    assert b"later = 1\n" in writer.bytes_of(one)
    assert b"later = 1.0\n" in writer.bytes_of(other)


def plain() -> SessionData:
    given = {name: Answer("kei", AT, rev) for rev, name in enumerate(("case.role", "case.vehicle"), 1)}
    return SessionData("x", AT, AT, "1", answers=given)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('\n\n[answers."case.vehicle"]', '\n[answers."case.vehicle"]'),
        ('\n\n[answers."case.vehicle"]', '\n\n  [more]\n  x = 1\n\n[answers."case.vehicle"]'),
        ('\n\n[answers."case.vehicle"]', '\n\n\t[[more]]\n\n[answers."case.vehicle"]'),
        ("\nat = 2026-11-22T01:00:00Z\nrev = 2\n", "\nrev = 2\n"),
    ],
)
def test_a_foreign_text_with_a_right_seal_is_written_as_it_was_read(old: str, new: str) -> None:
    text = Writer().bytes_of(plain()).decode()
    raw = resealed(text.replace(old, new))
    assert raw.decode() != text
    data = load.understand(raw, PATH, load_guide).data
    later = replace(
        data,
        answers={**data.answers, "case.route": Answer("full", AT, 9)},
        updated=AT + timedelta(days=1),
    )
    writer = Writer()
    writer.learn(data, raw)
    assert load.understand(writer.bytes_of(later), PATH, load_guide).data == later


def test_a_row_that_goes_on_in_the_next_line_is_not_taken_for_a_row() -> None:
    row = '{ question = "a", after = "b", rev = 1, x = [ { y = 1 },\n    { y = 2 },\n    { y = 3 } ] },\n'
    three = "".join(f'{{ question = "{name}", after = "b", rev = 2 }}, ' for name in "cd").strip()
    text = Writer().bytes_of(replace(plain(), history=(UndoStep("a", None, "b", 1),))).decode()
    begin, end = text.index("changes = [\n"), text.index("\n]\n")
    lines = f'changes = [\n    {row}    {{ question = "e", after = "b", rev = 2 }}, {three}'
    raw = resealed(text[:begin] + lines + text[end:])
    data = load.understand(raw, PATH, load_guide).data
    assert len(data.history) == 4
    writer = Writer()
    writer.learn(data, raw)
    later = replace(data, history=data.history[:3])
    assert load.understand(writer.bytes_of(later), PATH, load_guide).data == later
