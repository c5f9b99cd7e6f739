"""The quick reader gives what `tomllib` gives, or nothing."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.model import Outcome
from state.file import document, quick_toml
from state.file.render import Writer
from state.session_data import Answer, Result, SessionData, SessionNote

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["", '"', "\\", "\n]\n", "a\n[x]\n", "\t", "#", "、}", "] ,", "\x7f"]
)
KEYS = st.sampled_from(["a", "b-1", "portal.tls", "日本", 'q"q', "", "a b"]) | st.text(max_size=6)
VALUES = TEXTS | st.integers(0, 2**62) | st.booleans()


def same(text: str) -> dict[str, Any] | None:
    """What was read, having been compared."""
    found = quick_toml.loads(text)
    if found is not None:
        assert document.same(found, tomllib.loads(text))
    return found


@given(
    st.dictionaries(KEYS, TEXTS, max_size=3),
    st.dictionaries(KEYS, TEXTS | st.dates(), max_size=3),
    st.dictionaries(KEYS, st.tuples(st.dictionaries(KEYS, VALUES, max_size=3), st.lists(TEXTS, max_size=3)), max_size=2),
)  # fmt: skip
@settings(max_examples=60)
def test_every_session_that_we_write_is_read_the_same(
    notes: dict[str, str],
    answers: dict[str, str | date],
    results: dict[str, tuple[dict[str, str | int], list[str]]],
) -> None:
    data = SessionData(
        "x",
        NOW,
        NOW,
        "0",
        answers={key: Answer(value, NOW, rev) for rev, (key, value) in enumerate(answers.items())},
        notes={key: SessionNote(value, NOW, 1) for key, value in notes.items()},
        results={
            key: Result(Outcome.PASS, "good", values, tuple(evidence), NOW, 1)
            for key, (values, evidence) in results.items()
        },
    )
    same(Writer().bytes_of(data).decode())


LINES = st.sampled_from(
    [
        "[a]", "[b]", "[a.b]", '[a."b"]', "[[a]]", "[a.b.c]", "a = 1", "b = 01", 'a = "x"', '"a" = "y"', "a.b = 1",
        "a = [", "]", '    "x",', "    { a = 1, b = 2 },", "    { a = 1, a = 2 },", "b = { c = 1 }", "b = { c = 1, }",
        'b = """', '"""', "a = '''", "'''", "# c", "#\x01", "", " ", "a = 2026-02-30", "b = 2026-11-22T25:00:00Z",
        "c = 2026-11-22T01:00:00.5Z", "c = 2026-11-22T01:00:60Z", "d = true", 'e = "\\u3042"', 'e = "\x7f"', "f = 1 # x",
        "g = { a = 1 } }", "g = { }", 'b = {  "x" = { y = 1 } }', "v = 1\x85", "h = 99999999999999999999", "i = -1", "j = 1.5",
        "k = { a = 1 ", "k = { ", "k = {  }", '    "x" # y,', "v = 1\nv = 2",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=8).map("\n".join))
@example("a = [\n    { a = 1 },\n]\n[a.b]")
@example("[a]\nb = { c = 1 }\n[a.b]")
@example('a = "\n"')
def test_whatever_the_text_is_the_answer_is_that_of_tomllib_or_none(text: str) -> None:
    same(text)


@given(st.text(alphabet='ab=[]{}",.#\n 12T-:Z\\\r\t', max_size=40))
def test_noise_is_never_read_otherwise(text: str) -> None:
    same(text)


def test_our_own_layout_does_not_go_to_tomllib(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Result(Outcome.FAIL, "bad", {"root": "CN=Example", "left": 3, "new": True}, ("a", "b"), NOW, 2)
    data = SessionData(
        "x", NOW, NOW, "0", answers={"a.b": Answer(date(2026, 11, 22), NOW, 1)}, results={"c.d": found}
    )
    raw = Writer().bytes_of(data)
    monkeypatch.setattr(tomllib, "loads", lambda _text: pytest.fail("read slowly"))
    assert document.parse(raw).whole == "whole"


def test_what_was_edited_is_read_the_careful_way(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Writer().bytes_of(SessionData("x", NOW, NOW, "0"))
    monkeypatch.setattr(quick_toml, "loads", lambda _text: pytest.fail("not ours"))
    assert document.parse(raw.replace(b'name = "x"', b'name = "y"')).whole == "edited"


@pytest.mark.parametrize("value", ["[{%s = 1}]", "{%s = 1}", "[ { a = [ {%s = 1} ] } ]", "{ x = {%s = 1} }"])
def test_a_key_of_endless_depth_is_refused_also_under_a_seal(value: str) -> None:
    text = f"schema = 1\nx = {value % '.'.join('a' * 2000)}\n\n[end]\nanswers = 0\n"
    with pytest.raises(document.NotToml, match="nested too deeply"):
        document.parse(document.seal(text))


def test_a_text_with_many_dots_is_read_here() -> None:
    assert quick_toml.loads('a = "' + "\\t1.2." * 500 + '"\n') == {"a": "\t1.2." * 500}
