"""Many PCs as one picture: identical findings grouped, whatever state the files are in."""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checks.model import Finding, Options, Outcome
from checks.runner import Finished
from checks.text import counted
from checks.wrap import cell_width
from state.check_report import Run, run_json
from state.fleet.collected import expand, named
from state.fleet.fleet_page import as_html
from state.fleet.fleet_text import as_json, as_text, problems_of
from state.fleet.inventory import Fleet, merge
from state.fleet.pc import Standing
from tests.support.small_guide import CHECKS, NOW, make_guide

TODAY = date(2026, 11, 22)
OPTIONS = Options(now=NOW)


def document(
    host: str, code: str = "fine", later: int = 0, user: str = "sakura", **values: str
) -> dict[str, Any]:
    finding = Finding(code, {"what": "x", **values})
    done = [
        Finished(CHECKS["net.reach"], CHECKS["net.reach"].says[code].outcome, finding, NOW, 3),
        Finished(CHECKS["pc.disk"], CHECKS["pc.disk"].says["fine"].outcome, Finding("fine"), NOW, 3),
    ]
    end = NOW + timedelta(seconds=later)
    return run_json(Run(host, user, "windows", OPTIONS, NOW, end, done, {}), make_guide())


def put(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def merged(*paths: Path) -> Fleet:
    """The fleet of these files; whatever they hold, every one is a row, and the three forms agree on the counts."""
    fleet = merge(paths, make_guide(), NOW)
    schema = json.loads((resources.files("state") / "schemas" / "fleet.schema.json").read_text("utf-8"))
    made = as_json(fleet, NOW)
    jsonschema.validate(made, schema)
    counts = {str(key): count for key, count in fleet.counts().items()}
    assert made["standings"] == counts
    assert sum(counts.values()) == len(made["pcs"]) == made["files"] == len(paths)
    told = (
        f"{counted(len(paths), 'PC')} ({counts['failed']} failed, {counts['no-result']} without a usable result, "
        f"{counts['unknown']} unknown, {counts['in-order']} in order)"
    )
    assert told in "".join(as_text(fleet, make_guide(), NOW, "en", 0))
    page = "".join(as_html(fleet, make_guide(), NOW, "en"))
    assert told in page
    assert page.endswith("</html>\n")
    assert page.count('<tr><th scope="row">') == len(paths)
    for standing, count in counts.items():
        assert page.count(f'<td class="s {standing}">') == count
    assert fleet.exit == (1 if counts["failed"] else 0 if 0 < counts["in-order"] == len(paths) else 3)
    assert list(as_text(fleet, make_guide(), NOW, "ja", 80))
    return fleet


def standings(fleet: Fleet) -> dict[str, str]:
    """What each PC counts as."""
    return {pc.name: str(pc.standing) for pc in fleet.pcs}


def reasons(fleet: Fleet) -> dict[str, list[str]]:
    """What is wrong with each PC's file."""
    return {pc.name: [why.code for why in pc.reasons] for pc in fleet.pcs}


def test_the_same_finding_is_one_group_and_the_worst_comes_first(tmp_path: Path) -> None:
    paths = [
        put(tmp_path, f"{n}.json", document(f"PC-{n}", "wrong" if n < 3 else "odd" if n < 5 else "fine"))
        for n in range(8)
    ]
    fleet = merged(*paths)
    assert [(group.code, len(group.pcs)) for group in fleet.groups] == [("wrong", 3), ("odd", 2)]
    assert [pc.host for pc in fleet.pcs[:3]] == ["PC-0", "PC-1", "PC-2"]
    assert fleet.exit == 1
    text = "".join(as_text(fleet, make_guide(), NOW, "ja", 0))
    assert "3台 [要対応] net.reachの検査 (net.reach: wrong)" in text
    assert "  0 (PC-0, sakura) F." in text


def test_a_pc_is_who_the_collector_says_and_every_file_is_a_row(tmp_path: Path) -> None:
    put(tmp_path, "tokyo-01.json", document("DESKTOP-OSS", "wrong"))
    put(tmp_path, "osaka-01.json", document("desktop-oss", later=60))
    put(tmp_path, "osaka-02.json", document("DESKTOP-OSS", user="taro"))
    fleet = merged(*expand([str(tmp_path)]))
    assert standings(fleet) == {"tokyo-01": "failed", "osaka-01": "in-order", "osaka-02": "in-order"}
    assert [(why.code, [pc.name for pc in pcs]) for pcs, why in fleet.warnings] == [
        ("same-host", ["tokyo-01", "osaka-01"])
    ]
    for form in (as_text(fleet, make_guide(), NOW, "ja", 0), as_html(fleet, make_guide(), NOW, "ja")):
        assert "DESKTOP-OSS、ユーザーが sakura の結果が2件あります: tokyo-01, osaka-01。" in "".join(form)


def test_one_random_id_is_one_machine_whatever_its_host_is_called(tmp_path: Path) -> None:
    for name, host, machine in (
        ("a", "X", "1"),
        ("b", "Y", "1"),
        ("c", "Z", "2"),
        ("d", "Z", "2"),
        ("e", "", ""),
    ):
        put(tmp_path, f"{name}.json", {**document(host), "machine": machine})
    fleet = merged(*expand([str(tmp_path)]))
    assert set(standings(fleet).values()) == {"in-order"}
    assert [(why.code, [pc.name for pc in pcs]) for pcs, why in fleet.warnings] == [
        ("same-machine", ["a", "b"]), ("same-machine", ["c", "d"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ("r/pc-01.json r/pc-02.example.JSONL r/pc.txt", "pc-01 pc-02.example pc.txt"),
        ("r/pc-01/check.json r/pc-02/check.json", "pc-01 pc-02"),
        ("r/pc-01/tmp/check.json r/pc-02/tmp/check.json", "pc-01 pc-02"),
        ("tokyo/pc-01.json osaka/pc-01.json osaka/pc-02.json", "tokyo/pc-01 osaka/pc-01 pc-02"),
        ("a/x/pc.json b/x/pc.json b/x/other.json", "a/x/pc b/x/pc other"),
        ("r/pc.json r/pc.jsonl", "pc.json pc.jsonl"),
        ("r/pc.json r/./pc.json", "pc"),
    ],
)
def test_names_come_from_files_or_folders_and_differ(files: str, names: str) -> None:
    assert [name for name, _ in named(map(Path, files.split()))] == names.split()


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


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b"42", b'{"results": 3}', b"\xff\xfe\x00", b"\x00" * 99,
        b'{"results": [' + b"[" * 100_000, "日本語".encode("cp932"), b'{"schema": 1, "results": [{"id": "net.re',
    ],
)  # fmt: skip
def test_a_broken_file_is_named_and_the_others_count(tmp_path: Path, content: bytes) -> None:
    fleet = merged(put(tmp_path, "bad.json", content), put(tmp_path, "good.json", document("PC-1")))
    assert standings(fleet) == {"bad": "no-result", "good": "in-order"}
    assert [Path(pc.file).name for pc, _ in problems_of(fleet)] == ["bad.json"]


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


GOOD_WITHOUT = {"tool", "host", "user", "platform", "portal", "started"}
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


@pytest.mark.parametrize(
    ("schema", "reason"),
    [(7, "newer"), *((wrong, "no-schema") for wrong in (..., None, True, "1", "2", 1.0, 2.5, 0, -1, [1]))],
)
def test_a_result_of_another_format_is_used_but_never_in_order(
    tmp_path: Path, schema: object, reason: str
) -> None:
    for code, standing in (("fine", "no-result"), ("wrong", "failed")):
        run = {**document("PC-1", code), "schema": schema, "more": {}}
        if schema is ...:
            del run["schema"]
        fleet = merged(put(tmp_path, "a.json", run))
        assert (reasons(fleet), standings(fleet)) == ({"a": [reason]}, {"a": standing})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"outcome": "pass"', '"outcome": "fail", "outcome": "pass"'),
        ('"code": "fine"', '"code": "wrong", "code": "fine"'),
        ('"exit": 0', '"exit": 1, "exit": 0'),
        ('"results": ', '"results": [], "results": '),
    ],
)
def test_a_key_that_stands_twice_leaves_no_usable_result(tmp_path: Path, before: str, after: str) -> None:
    good = document("PC-1")
    text = json.dumps(good)
    assert before in text
    head = {key: good[key] for key in ("schema", "tool", "started")}
    end = {key: good[key] for key in ("finished", "exit", "counts")}
    events = ("run-started", head), *(("finished", one) for one in good["results"]), ("run-finished", end)
    lines = "".join(json.dumps({"event": kind, **more}) + "\n" for kind, more in events)
    forms = [text, lines] if before in lines else [text]
    for form in forms:
        assert standings(merged(put(tmp_path, "a.json", form.encode()))) == {"a": "in-order"}
        fleet = merged(put(tmp_path, "a.json", form.replace(before, after, 1).encode()))
        assert (reasons(fleet), fleet.exit) == ({"a": ["repeated-key"]}, 3)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_what_powershell_writes_is_read(tmp_path: Path, encoding: str) -> None:
    text = json.dumps(document("PC-1"), ensure_ascii=False)
    fleet = merged(put(tmp_path, "a.json", text.encode(encoding)))
    assert (fleet.pcs[0].host, standings(fleet)) == ("PC-1", {"a": "in-order"})


def test_a_stream_that_was_cut_counts_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = document("PC-1", "wrong")
    first = {
        "event": "run-started",
        **{key: whole[key] for key in ("schema", "tool", "host", "user", "platform", "portal", "started")},
    }
    lines = [first, {"event": "finished", **whole["results"][0]}]
    text = "".join(json.dumps(line) + "\n" for line in lines) + '{"event": "fin'
    fleet = merged(put(tmp_path, "a.jsonl", text.encode()))
    assert (fleet.pcs[0].host, fleet.exit) == ("PC-1", 1)
    assert reasons(fleet) == {"a": ["cut"]}


def test_expiries_within_sixty_days_are_listed_in_order(tmp_path: Path) -> None:
    ends = {"a": TODAY + timedelta(days=60), "b": TODAY + timedelta(days=61), "c": TODAY - timedelta(days=2)}
    paths = [
        put(tmp_path, f"{host}.json", document(host, not_after=day.isoformat())) for host, day in ends.items()
    ]
    assert [(end.pc.name, end.days) for end in merged(*paths).expiries] == [("c", -2), ("a", 60)]


def test_hostile_names_are_harmless(tmp_path: Path) -> None:
    fleet = merged(put(tmp_path, "a.json", document("<b>\x1b[31m\u202e" * 50, "wrong")))
    page = "".join(as_html(fleet, make_guide(), NOW, "ja"))
    assert "<b>" not in page
    text = "".join(as_text(fleet, make_guide(), NOW, "ja", 80))
    for char in ("\x1b", "\u202e"):
        assert char not in page + text


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


def test_folders_and_patterns_stand_for_files(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c.txt"):
        put(tmp_path, name, document(name))
    assert [path.name for path in expand([str(tmp_path)])] == ["a.json", "b.json"]
    assert [path.name for path in expand([str(tmp_path / "*.json")])] == ["a.json", "b.json"]
    assert [path.name for path in expand([str(tmp_path / "none*.json")])] == ["none*.json"]


def test_nothing_to_merge_is_not_ready(tmp_path: Path) -> None:
    fleet = merged(tmp_path / "gone.json")
    assert fleet.exit == 3
    assert reasons(fleet) == {"gone": ["not-read"]}
    assert merged().exit == 3


def test_a_run_that_ended_before_it_began_is_no_usable_result(tmp_path: Path) -> None:
    paths = [put(tmp_path, f"{-later}.json", document("PC-1", later=later)) for later in (-300, -301, -86400)]
    fleet = merged(*paths)
    assert reasons(fleet) == {"300": [], "301": ["backwards"], "86400": ["backwards"]}
    assert fleet.exit == 3


def test_a_moment_is_the_same_in_every_zone(tmp_path: Path) -> None:
    tokyo, odd = document("PC-1"), document("PC-2")
    tokyo["started"] = tokyo["finished"] = "2026-11-22T11:00:00+09:00"
    odd["finished"] = odd["started"] = "zzzz"
    fleet = merged(put(tmp_path, "a.json", tokyo), put(tmp_path, "b.json", odd))
    assert {pc.name: pc.finished for pc in fleet.pcs} == {"a": "2026-11-22T02:00:00Z", "b": ""}
    assert reasons(fleet) == {"a": [], "b": ["no-end"]}


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


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "device.json").symlink_to("/dev/zero")
    put(tmp_path, "GOOD.JSON", document("PC-1"))
    fleet = merged(*expand([str(tmp_path), "x" * 5000, "\0"]))
    assert [pc.name for pc in fleet.pcs if pc.standing is Standing.IN_ORDER] == ["GOOD"]
    assert {"device", "folder", "loop", "pipe"} < {pc.name for pc, _ in problems_of(fleet)}
    assert len(problems_of(fleet)) == 6


def test_old_runs_are_named_and_every_run_has_its_day(tmp_path: Path) -> None:
    fresh, old = document("PC-1"), document("PC-2")
    old["started"] = old["finished"] = "2026-11-14T00:00:00Z"
    fleet = merged(*(put(tmp_path, f"{at}.json", each) for at, each in enumerate((fresh, old))))
    text = "".join(as_text(fleet, make_guide(), NOW, "ja", 80))
    assert "今の状態は分かりません）\n  2026-11-14 1 (PC-2, sakura)\n" in text
    html = "".join(as_html(fleet, make_guide(), NOW, "en"))
    assert "<li>2026-11-14 1 (PC-2, sakura)</li>" in html
    row = '<th scope="row">0 (PC-1, sakura)</th><td class="s in-order">in order</td><td class="o">2026-11-22</td>'
    assert row in html
    assert "分かりません" not in "".join(as_text(merged(tmp_path / "0.json"), make_guide(), NOW, "ja", 80))


def test_the_text_matrix_stands_in_columns_and_shows_exceptions(tmp_path: Path) -> None:
    accepted, wide = (
        document("PC-1", "wrong"),
        document("営業所のとても長い名前のパソコンその一のそのまた隣" * 2),
    )
    accepted["results"][0]["waiver"] = {"reason": "r", "by": "b", "until": "2027-01-01"}
    accepted["exit"] = 0
    fleet = merged(put(tmp_path, "a.json", accepted), put(tmp_path, "b.json", wide))
    rows = "".join(as_text(fleet, make_guide(), NOW, "ja", 80)).splitlines()
    assert "a 例外" in next(row for row in rows if row.startswith("  F "))
    ends = {row[-2:]: cell_width(row) for row in rows[-2:]}
    assert set(ends) == {"a.", ".."}
    assert len(set(ends.values())) == 1
