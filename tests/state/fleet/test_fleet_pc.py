"""What the results in one file are worth: only whole evidence makes a PC count as in order."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.model import Outcome
from state.fleet.fleet_pc import Standing
from state.fleet.fleet_text import as_text
from state.fleet.inventory import merge
from tests.support.fleet_files import document, merged, put, reasons, standings
from tests.support.small_guide import NOW, make_guide


def test_a_result_from_the_future_is_marked_and_never_in_order(tmp_path: Path) -> None:
    paths = [
        put(tmp_path, f"{name}.json", document("PC-01", code, later))
        for name, code, later in (("now", "fine", 0), ("soon", "fine", 240), ("later", "fine", 600), ("bad", "wrong", 9999))
    ]  # fmt: skip
    begun = {**document("PC-02"), "started": "2999-01-01T00:00:00Z"}
    fleet = merged(*paths, put(tmp_path, "begun.json", begun))
    assert standings(fleet) == {
        "bad": "failed", "begun": "no-result", "later": "no-result", "now": "in-order", "soon": "in-order",
    }  # fmt: skip
    assert {name for name, codes in reasons(fleet).items() if codes == ["future"]} == {
        "later",
        "bad",
        "begun",
    }
    text = "".join(as_text(fleet, make_guide(), NOW, "en", 0))
    assert "later: it is dated in the future (2026-11-22T03:10:00Z)" in text
    assert "\nx later (PC-01, sakura) .." in text


FINE = {"id": "net.reach", "outcome": "pass", "code": "fine", "values": {}}


@pytest.mark.parametrize(
    ("results", "codes", "standing"),
    [
        ([], ["no-results"], "no-result"),
        (["@{id=net.reach; outcome=fail; code=wrong}"], ["flattened"], "no-result"),
        ("@{id=net.reach; outcome=fail; code=wrong}", ["flattened"], "no-result"),
        ([{**FINE, "values": "@{what=x}"}], ["flattened"], "no-result"),
        ([None, 3, FINE], ["malformed"], "no-result"),
        ([{"outcome": "fail"}], ["malformed"], "failed"),
        ([{"id": "gone.check", "outcome": "fail", "code": "old"}], ["malformed"], "failed"),
        ([FINE, {**FINE, "id": "pc.disk", "outcome": "great"}], ["unknown-outcome"], "no-result"),
        ([FINE, {**FINE, "id": "pc.disk", "outcome": None}], ["unknown-outcome"], "no-result"),
        ([{**FINE, "outcome": "FAIL", "code": "wrong"}], [], "failed"),
        ([{**FINE, "outcome": "Pass"}], [], "in-order"),
        ([{**FINE, "outcome": "skip", "code": "never"}], ["only-skipped"], "no-result"),
        ([{**FINE, "outcome": "fail", "code": "wrong"}, FINE], ["repeated"], "failed"),
        ([FINE, {**FINE, "outcome": "fail", "code": "wrong"}], ["repeated"], "failed"),
        ([{**FINE, "outcome": "fail", "code": "wrong", "waiver": {"until": "2099-01-01"}}, {**FINE, "outcome": "fail", "code": "wrong"}], ["repeated"], "failed"),
        ([{**FINE, "coverage": {"looked": 2, "of": 3, "unread": []}}], ["partly"], "no-result"),
        ([{**FINE, "coverage": {"looked": 3, "of": 3, "unread": ["._x"]}}], ["partly"], "no-result"),
        *(([{**FINE, "coverage": wrong}], ["malformed"], "no-result") for wrong in (
            {}, [], [3, 3], 3, True, {"looked": 3}, {"looked": -1, "of": -1}, {"looked": True, "of": True},
            {"looked": 4, "of": 3}, {"looked": 3.0, "of": 3}, {"looked": "3", "of": "3"},
            {"looked": 3, "of": 3, "unread": ""}, {"looked": 3, "of": 3, "unread": [None]},
        )),
        ([{**FINE, "coverage": {"looked": 3, "of": 3, "unread": []}}], [], "in-order"),
        ([{**FINE, "coverage": None}], [], "in-order"),
        ([{**FINE, "id": "a.b", "outcome": "warn", "code": "partly", "coverage": {"looked": 2, "of": 3}}], [], "in-order"),
        ([{**FINE, "outcome": "unknown", "code": "partly", "coverage": {"looked": 2, "of": 3}}], [], "unknown"),
        ([{**FINE, "outcome": "crash", "code": "crash", "prerequisite": True}, {**FINE, "id": "pc.disk"}], [], "unknown"),
        ([{**FINE, "outcome": "skip", "code": "offline", "prerequisite": True}, {**FINE, "id": "pc.disk"}], [], "in-order"),
        *(([{**FINE, "id": name, "code": code}], ["mismatch"], "no-result") for name in ("net.reach", "gone.check")
          for code in ("timeout", "unavailable", "crash", "partly", "prerequisite", "offline")),
        ([{**FINE, "code": "wrong"}], ["mismatch"], "no-result"),
        ([{**FINE, "outcome": "warn", "code": "wrong"}], ["mismatch"], "no-result"),
        ([{**FINE, "outcome": "fail"}], ["mismatch"], "failed"),
        ([{**FINE, "code": "of-another-version"}], [], "in-order"),
        ([{**FINE, "id": "gone.check"}], [], "in-order"),
        ([{**FINE, "id": f"a.b{n}"} for n in range(2001)], ["malformed"], "no-result"),
    ],
)  # fmt: skip
def test_results_count_for_what_they_are(
    tmp_path: Path, results: list[Any] | str, codes: list[str], standing: str
) -> None:
    counted = [
        each for each in results
        if isinstance(each, dict) and not (each.get("prerequisite") and each["outcome"] == "skip")
    ]  # fmt: skip
    words = [str(each["outcome"]).lower() for each in counted]
    counts = {outcome.value: words.count(outcome.value) for outcome in Outcome}
    code = 1 if "fail" in words else 3 if {"unknown", "crash"} & set(words) else 0
    run = {**document("PC-9"), "counts": counts, "exit": code, "results": results}
    fleet = merged(put(tmp_path, "a.json", run))
    assert (reasons(fleet), standings(fleet)) == ({"a": codes}, {"a": standing})


GOOD_WITHOUT = {"tool", "guide", "machine", "host", "user", "platform", "portal", "started"}
"""What a document can lack and be full evidence: facts beside the results."""


RESULT_WITHOUT = {"id", "outcome", "code", "values"}
"""What a result cannot lack."""


def mutations(good: dict[str, Any]) -> Iterator[tuple[bytes, bool]]:
    """A good document with one thing wrong, and whether it is full evidence all the same."""

    def changed(whole: bool, *place: str | int, to: object = ...) -> tuple[bytes, bool]:
        document = copy.deepcopy(good)
        *way, last = place
        at: Any = document
        for key in way:
            at = at[key]
        if to is ...:
            del at[last]
        else:
            at[last] = to
        return json.dumps(document, ensure_ascii=False).encode(), whole

    for key in good:
        yield changed(key in GOOD_WITHOUT, key)
        yield changed(key in GOOD_WITHOUT, key, to=f"@{{{key}=x}}")
    for code in (1, 3, 4, -1, True, None, "0"):
        yield changed(False, "exit", to=code)
    for outcome in Outcome:
        yield changed(False, "counts", outcome.value, to=good["counts"][outcome.value] + 1)
        yield changed(False, "counts", outcome.value)
    yield changed(False, "results", to=[])
    yield changed(False, "results", to=["@{id=net.reach; outcome=pass}"] * len(good["results"]))
    yield changed(False, "results", to=good["results"] * 2)
    for at, result in enumerate(good["results"]):
        yield changed(False, "results", at)
        yield changed(False, "results", at, to="@{id=net.reach; outcome=pass}")
        for word in ("fail", "unknown", "crash", "skip", "warn", "pass", "great", "", None, 1, ["pass"]):
            yield changed(word == result["outcome"], "results", at, "outcome", to=word)
        yield changed(True, "results", at, "outcome", to=result["outcome"].upper())
        for key in result:
            yield changed(key not in RESULT_WITHOUT, "results", at, key)
    as_it_is = json.dumps(good, ensure_ascii=False, indent=2).encode() + b"\n"
    for size in range(len(as_it_is) + 1):
        yield as_it_is[:size], size >= len(as_it_is) - 1
    head = {key: good[key] for key in good if key not in ("results", "finished", "exit", "counts")}
    end = {"event": "run-finished", **{key: good[key] for key in ("finished", "exit", "counts")}}
    lines = [
        {"event": "run-started", **head},
        *({"event": "finished", **result} for result in good["results"]),
        end,
    ]
    stream = "".join(json.dumps(line) + "\r\n" for line in lines)
    for encoding, width in (("utf-8", 1), ("utf-16-le", 2)):
        raw = stream.encode(encoding)
        for size in range(0, len(raw) + 1, 1 if width == 1 else 5):
            yield raw[:size], size % width == 0 and size >= len(raw) - 2 * width


def test_no_mutation_of_a_good_file_is_in_order_unless_its_evidence_is_whole(tmp_path: Path) -> None:
    paths: list[Path] = []
    whole: list[bool] = []
    for content, complete in mutations(document("PC-1", "odd")):
        paths.append(put(tmp_path, f"{len(paths)}.json", content))
        whole.append(complete)
    assert whole.count(True) > 20
    seen = {int(pc.name): pc.standing is Standing.IN_ORDER for pc in merge(paths, make_guide(), NOW).pcs}
    wrong = [paths[at].read_bytes() for at in range(len(paths)) if seen[at] != whole[at]]
    assert wrong == []


def test_sentences_that_differ_on_every_pc_do_not_pile_up(tmp_path: Path) -> None:
    paths = [put(tmp_path, f"{n}.json", document(f"PC-{n}", "wrong", what=f"部品{n}")) for n in range(60)]
    fleet = merged(*paths)
    assert len(fleet.groups) == 1
    assert len(fleet.groups[0].texts) <= 21
    assert sum(count for _, count in fleet.groups[0].texts) == 60


def test_accepted_exceptions_do_not_count(tmp_path: Path) -> None:
    made = document("PC-1", "wrong")
    made["results"][0]["waiver"] = {"reason": "r", "by": "b", "until": "2027-01-01"}
    made["exit"] = 0
    fleet = merged(put(tmp_path, "a.json", made))
    assert (fleet.exit, fleet.groups) == (0, [])


@pytest.mark.parametrize(
    ("code", "counted", "standing"),
    [("lost", False, "in-order"), ("wrong", True, "failed"), ("fine", True, "no-result")],
)
def test_what_is_declared_does_not_count_and_no_word_outweighs_a_look(
    tmp_path: Path, code: str, counted: bool, standing: str
) -> None:
    run = document("PC-1", code)
    first = run["results"][0]
    first["declared"] = {"by": "b", "said": "person", "on": "2026-11-20"}
    if not counted:
        run["counts"][first["outcome"]] -= 1
        run["exit"] = 0
    fleet = merged(put(tmp_path, "a.json", run))
    pc = fleet.pcs[0]
    assert (pc.standing, pc.accepted) == (standing, {} if counted else {"net.reach": "declared"})
    assert reasons(fleet) == {"a": ["mismatch"] if counted else []}


def test_a_run_that_ended_before_it_began_is_no_usable_result(tmp_path: Path) -> None:
    paths = [put(tmp_path, f"{-later}.json", document("PC-1", later=later)) for later in (-300, -301, -86400)]
    fleet = merged(*paths)
    assert reasons(fleet) == {"300": [], "301": ["backwards"], "86400": ["backwards"]}
    assert fleet.exit == 3


@pytest.mark.parametrize(
    ("until", "exit_code"), [("2026-11-22", 0), ("2026-11-21", 1), ("soon", 1), (None, 1)]
)
def test_an_exception_that_expired_since_the_run_counts_again(
    tmp_path: Path, until: str | None, exit_code: int
) -> None:
    run = document("PC-1", "wrong")
    run["results"][0]["waiver"] = {"reason": "x", "by": "y", "until": until}
    run["exit"] = 0
    assert merged(put(tmp_path, "a.json", run)).exit == exit_code
