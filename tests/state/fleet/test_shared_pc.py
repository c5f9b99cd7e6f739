"""What is taken of what another PC says of itself: held against the checks of its guide, bounded, or refused whole."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.guide import load_guide
from checks.model import Outcome
from checks.record import replace
from checks.rules.dates import JAPAN
from checks.text import Text
from state.check_report import run_json
from state.fleet.pc_block import NotTaken, is_of_pc, pack
from state.fleet.shared_pc import MAX_VALUES, shared_pc
from state.live.pc_records import PcFacts
from tests.support.pc_runs import CHECKS, GUIDE, MACHINE, NOW, OPTIONS, finished, full_run, run_of

GOOD = run_json(full_run(), GUIDE)


def take(document: object, **options: Any) -> tuple[PcFacts, list[str]]:
    """What is taken of a document, and the notices in English."""
    facts, notices = shared_pc(json.dumps(document).encode(), load_guide, replace(OPTIONS, **options))
    return facts, [notice.en for notice in notices]


def refusal(document: object) -> Text:
    """Why nothing is taken of it."""
    with pytest.raises(NotTaken) as told:
        take(document)
    for said in (told.value.why.ja, told.value.why.en):
        assert "{" not in said
        assert not any(unicodedata.category(char) == "Cc" for char in said)
    return told.value.why


def with_result(change: Callable[[dict[str, Any]], object], id_: str = "pc.disk") -> dict[str, Any]:
    """The good document with one result changed."""
    document: dict[str, Any] = json.loads(json.dumps(GOOD))
    change(next(result for result in document["results"] if result["id"] == id_))
    return document


def test_the_json_of_check_gives_what_the_block_gives() -> None:
    raw = json.dumps(GOOD, ensure_ascii=False)
    expected, _ = shared_pc(pack(full_run(), GUIDE).text.encode(), load_guide, OPTIONS)
    assert expected.results
    assert (expected.host, expected.user, expected.machine, expected.at) == ("DESK-3", "tanaka", MACHINE, NOW)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert shared_pc(raw.encode(encoding), load_guide, OPTIONS) == (expected, ())


def test_a_document_of_the_first_version_has_neither_guide_nor_machine() -> None:
    facts, notices = take({key: value for key, value in GOOD.items() if key not in ("guide", "machine")})
    assert (facts.machine, notices) == ("", [])
    assert len(facts.results) == len(CHECKS)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("host", ""), ("host", 3), ("host", "a\x1b[31m"), ("host", "a\nb"), ("host", "a\u2028b"), ("host", "x" * 81), ("host", None),
        ("user", ["x"]), ("user", "a\0b"), ("platform", "beos"), ("platform", ""), ("machine", "../../etc"), ("machine", "A" * 32),
        ("machine", None), ("portal", 443), ("guide", "nope"), ("guide", "../oss"), ("guide", 1), ("results", {}), ("results", "x"),
        ("schema", "1"), ("schema", 0), ("schema", None),
    ],
)  # fmt: skip
def test_a_head_that_is_not_one_is_refused_whole(key: str, value: object) -> None:
    refusal({**GOOD, key: value})


def test_a_document_without_a_time_is_refused() -> None:
    for told in ("", "yesterday", "0999-01-01T00:00:00Z", 5, None):
        assert "started" in refusal({**GOOD, "started": told, "finished": told}).en


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0" * 99, b"{", b"[]", b"null", b"hello", "こんにちは".encode("cp932"), b"[" * 200_000, b"9" * 5000,
     json.dumps(GOOD).encode()[:-20], json.dumps(GOOD)[:1000].encode("utf-16")],
)  # fmt: skip
def test_what_is_no_document_is_refused(raw: bytes) -> None:
    with pytest.raises(NotTaken):
        shared_pc(raw, load_guide, OPTIONS)


@pytest.mark.parametrize("place", ["id", "code", "value"])
@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x85", "\u2028", "\ud800"])
def test_control_characters_are_refused_whole(place: str, char: str) -> None:
    def change(result: dict[str, Any]) -> None:
        if place == "value":
            result["values"]["path"] = f"C:{char}"
        else:
            result[place] += char

    refusal(with_result(change))


def test_characters_that_hide_are_spelled_out() -> None:
    facts, _ = take(with_result(lambda result: result["values"].update(path="C:\\\u202etxt")))
    assert facts.results["pc.disk"].values["path"] == "C:\\<U+202E>txt"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda result: result.update(id="pc.gone"), "does not know"),
        (lambda result: result.update(code="gone"), "pc.disk = gone"),
        (lambda result: result.update(code=3), "not valid"),
        (lambda result: result.update(values=[]), "not valid"),
        (lambda result: result.update(values="@{free=1}"), "not valid"),
        (lambda result: result.update(values={}), "not valid"),
        (lambda result: result["values"].update(free=1.5), "not valid"),
        (lambda result: result["values"].update(free=None), "not valid"),
        (lambda result: result["values"].update(free=2**80), "not valid"),
        (lambda result: result["values"].update({"Free Space": "x"}), "not valid"),
        (lambda result: result["values"].update({f"a{'b' * n}": n for n in range(MAX_VALUES)}), "not valid"),
        (lambda result: result.update(outcome="fail"), "not valid"),
        (lambda result: result.update(outcome="great"), "not valid"),
        (lambda result: result.update(coverage={"looked": 1, "of": 2, "unread": []}), "not valid"),
        (lambda result: result.update(coverage={"looked": 1, "of": 1, "unread": ["x"]}), "not valid"),
        (lambda result: result.update(coverage="@{looked=1}"), "not valid"),
    ],
)
def test_a_finding_that_is_not_one_is_named_and_not_taken(
    change: Callable[[dict[str, Any]], object], why: str
) -> None:
    facts, notices = take(with_result(change))
    assert "pc.disk" not in facts.results
    assert len(facts.results) == len(CHECKS) - 1
    assert len(notices) == 1
    assert why in notices[0]


def test_of_a_check_that_stands_twice_nothing_is_taken() -> None:
    for count in (2, 3):
        more = [result for result in GOOD["results"] if result["id"] == "pc.disk"] * (count - 1)
        facts, notices = take({**GOOD, "results": [*GOOD["results"], *more]})
        assert "pc.disk" not in facts.results
        assert "pc.disk" in notices[0]


def test_many_unknown_ones_are_counted_and_some_named() -> None:
    strange = [{"id": f"x.y{n}", "code": "z", "values": {}} for n in range(5000)]
    facts, notices = take({**GOOD, "results": [*GOOD["results"], *strange]})
    assert len(facts.results) == len(CHECKS)
    assert any("x.y0" in notice and ".." in notice and len(notice) < 400 for notice in notices)


@pytest.mark.parametrize("id_", ["documents.complete", "certificate.file"])
def test_what_is_about_the_application_stays_outside(id_: str) -> None:
    """A certificate's file, too, is right for the kind of certificate that is answered elsewhere."""
    check = GUIDE.checks[id_]
    run = run_of([finished(check, next(iter(check.says)), {}), *full_run().results])
    assert id_ not in {
        done.check.id for done in run.results if is_of_pc(GUIDE, done.check, done.finding.code)
    }
    facts, notices = take(run_json(run, GUIDE))
    assert len(facts.results) == len(CHECKS)
    assert ["about the application" in notice for notice in notices] == [True]
    with pytest.raises(NotTaken):
        take(run_json(run_of(run.results[:1]), GUIDE))


def test_what_says_nothing_of_the_pc_itself_is_passed_over() -> None:
    def change(result: dict[str, Any]) -> None:
        result.update(code="not-applicable", outcome="skip", values={})

    facts, notices = take(with_result(change))
    assert (len(facts.results), notices) == (len(CHECKS) - 1, [])


def test_another_host_than_the_portal_says_nothing_of_the_portal() -> None:
    network = {check.id for check in CHECKS if check.network}
    facts, notices = take({**GOOD, "portal": "127.0.0.1:8443"})
    assert facts.results.keys() == {check.id for check in CHECKS} - network
    assert "127.0.0.1:8443" in notices[0]
    facts, notices = take({**GOOD, "portal": "127.0.0.1:8443"}, portal="127.0.0.1", port=8443)
    assert network <= facts.results.keys()
    assert notices == []


def test_each_finding_is_as_old_as_it_says() -> None:
    facts, _ = take(with_result(lambda result: result.update(started="2026-11-20T12:00:00+09:00")))
    assert facts.results["pc.disk"].at == NOW.replace(day=20, hour=3, minute=0, second=0)
    assert facts.results["pc.memory"].at == NOW
    assert facts.results["pc.disk"].extra == {}


def test_a_time_in_the_future_is_marked_and_never_later_than_now() -> None:
    ahead = NOW + timedelta(days=400)
    document = run_json(replace(full_run(), started=ahead.astimezone(JAPAN), finished=ahead), GUIDE)
    for result in document["results"]:
        result["started"] = document["started"]
    facts, notices = take(document)
    assert facts.at == NOW
    assert {(one.at, one.extra["stated"]) for one in facts.results.values()} == {(NOW, ahead)}
    assert "2028-01-02" in notices[0]
    near = replace(full_run(), finished=NOW + timedelta(minutes=4))
    assert take(run_json(near, GUIDE))[1] == []


@pytest.mark.parametrize(
    ("key", "value"), [("schema", 2), ("tool", {"version": "0.9.0"}), ("tool", {"version": "10.0.0rc1"})]
)
def test_a_newer_version_is_said(key: str, value: object) -> None:
    facts, notices = take({**GOOD, key: value})
    assert len(facts.results) == len(CHECKS)
    assert "newer version" in notices[0]


def test_an_older_or_unreadable_version_is_not_newer() -> None:
    for tool in ({"version": "0.0.9"}, {"version": "\x1b"}, {"version": 3}, "x", None):
        assert take({**GOOD, "tool": tool})[1] == []


def test_a_waiver_evidence_and_sentences_are_not_taken() -> None:
    facts, _ = take(
        with_result(lambda result: result.update(waiver={"reason": "x", "by": "y", "until": "2099-01-01"}))
    )
    assert facts.results["pc.disk"].evidence == ()
    assert facts.results["pc.disk"].outcome is Outcome.PASS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KEYS = sorted({*GOOD, *GOOD["results"][0]})


@given(
    st.dictionaries(st.sampled_from(sorted(GOOD)), JSON, max_size=3),
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3),
)
def test_whatever_stands_anywhere_is_refused_or_sound(
    head: dict[str, object], result: dict[str, object]
) -> None:
    document = {**with_result(lambda one: one.update(result)), **head}
    try:
        facts, _ = take(document)
    except NotTaken:
        return
    for id_, one in facts.results.items():
        says = GUIDE.checks[id_].says
        assert one.code in says or one.code in (
            "timeout",
            "unavailable",
            "crash",
            "prerequisite",
            "offline",
            "partly",
        )
        assert one.at <= NOW
        assert all(isinstance(value, str | int) for value in one.values.values())
        assert not any(
            unicodedata.category(char) == "Cc" for value in one.values.values() for char in str(value)
        )
