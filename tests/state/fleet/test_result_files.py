"""Which files are meant, what each PC is called, and what is read of a file in any state.

Covers state.file.named_file.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from state.fleet.fleet_pc import Standing
from state.fleet.result_files import expand, named
from tests.support.fleet_files import document, merged, put, reasons, standings


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
    assert [Path(pc.file).name for pc in fleet.pcs if pc.problems] == ["bad.json"]


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


def test_folders_and_patterns_stand_for_files(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c.txt"):
        put(tmp_path, name, document(name))
    assert [path.name for path in expand([str(tmp_path)])] == ["a.json", "b.json"]
    assert [path.name for path in expand([str(tmp_path / "*.json")])] == ["a.json", "b.json"]
    assert [path.name for path in expand([str(tmp_path / "none*.json")])] == ["none*.json"]


def test_a_moment_is_the_same_in_every_zone(tmp_path: Path) -> None:
    tokyo, odd = document("PC-1"), document("PC-2")
    tokyo["started"] = tokyo["finished"] = "2026-11-22T11:00:00+09:00"
    odd["finished"] = odd["started"] = "zzzz"
    fleet = merged(put(tmp_path, "a.json", tokyo), put(tmp_path, "b.json", odd))
    assert {pc.name: pc.finished for pc in fleet.pcs} == {"a": "2026-11-22T02:00:00Z", "b": ""}
    assert reasons(fleet) == {"a": [], "b": ["no-end"]}


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
    assert {"device", "folder", "loop", "pipe"} < {pc.name for pc in fleet.pcs if pc.problems}
    assert sum(len(pc.problems) for pc in fleet.pcs) == 6
