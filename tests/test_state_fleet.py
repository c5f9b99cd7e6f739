"""Many PCs as one picture: identical findings grouped, whatever state the files are in."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checks.model import Finding, Options
from checks.runner import Finished
from checks.wrap import cell_width
from state.check_report import Run, run_json
from state.fleet import Fleet, merge
from state.fleet_files import expand
from state.fleet_report import as_html, as_json, as_text
from tests.small_catalog import CHECKS, NOW, catalog

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
    return run_json(Run(host, user, "windows", OPTIONS, NOW, end, done, {}), catalog())


def put(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def merged(*paths: Path) -> Fleet:
    fleet = merge(paths, catalog(), TODAY)
    schema = json.loads((resources.files("state") / "schemas" / "fleet.schema.json").read_text("utf-8"))
    jsonschema.validate(as_json(fleet, NOW), schema)
    assert list(as_text(fleet, catalog(), NOW, "ja", 80))
    assert "".join(as_html(fleet, catalog(), NOW, "en")).endswith("</html>\n")
    return fleet


def test_the_same_finding_is_one_group_and_the_worst_comes_first(tmp_path: Path) -> None:
    paths = [
        put(tmp_path, f"{n}.json", document(f"PC-{n}", "wrong" if n < 3 else "odd" if n < 5 else "fine"))
        for n in range(8)
    ]
    fleet = merged(*paths)
    assert [(group.code, len(group.hosts)) for group in fleet.groups] == [("wrong", 3), ("odd", 2)]
    assert [pc.host for pc in fleet.pcs[:3]] == ["PC-0", "PC-1", "PC-2"]
    assert fleet.exit == 1
    text = "".join(as_text(fleet, catalog(), NOW, "ja", 0))
    assert "3台 [要対応] net.reachの検査 (net.reach: wrong)" in text
    assert "PC-0 (sakura) F." in text


def test_the_newest_run_of_a_pc_counts_whatever_the_order(tmp_path: Path) -> None:
    old = put(tmp_path, "old.json", document("PC-1", "wrong"))
    new = put(tmp_path, "new.json", document("pc-1", "fine", later=60))
    for order in ((old, new), (new, old)):
        fleet = merged(*order)
        assert (len(fleet.pcs), fleet.replaced, fleet.exit) == (1, 1, 0)


def test_two_users_of_one_pc_are_two_rows(tmp_path: Path) -> None:
    fleet = merged(
        put(tmp_path, "a.json", document("PC-1")), put(tmp_path, "b.json", document("PC-1", user="taro"))
    )
    assert [pc.user for pc in fleet.pcs] == ["sakura", "taro"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b"42", b'{"results": 3}', b"\xff\xfe\x00", b"\x00" * 99,
        b'{"results": [' + b"[" * 100_000, "日本語".encode("cp932"), b'{"schema": 1, "results": [{"id": "net.re',
    ],
)  # fmt: skip
def test_a_broken_file_is_named_and_the_others_count(tmp_path: Path, content: bytes) -> None:
    fleet = merged(put(tmp_path, "bad.json", content), put(tmp_path, "good.json", document("PC-1")))
    assert [Path(name).name for name, _ in fleet.problems] == ["bad.json"]
    assert len(fleet.pcs) == 1
    assert fleet.exit == 3


@pytest.mark.parametrize(
    "results",
    [
        [None, 3, "x", {}, {"id": 4, "outcome": "pass"}, {"id": "net.reach", "outcome": "great"}],
        [
            {
                "id": "net.reach",
                "outcome": "fail",
                "code": None,
                "values": [],
                "text": "no",
                "remedy": {"ja": 1},
            }
        ],
        [{"id": "gone.check", "outcome": "fail", "code": "old"}],
    ],
)
def test_results_of_other_shapes_are_used_as_far_as_they_go(tmp_path: Path, results: object) -> None:
    fleet = merged(put(tmp_path, "a.json", {"host": "PC-9", "results": results}))
    assert [pc.host for pc in fleet.pcs] == ["PC-9"]


def test_a_newer_schema_and_a_missing_one_are_used(tmp_path: Path) -> None:
    newer = {**document("PC-1"), "schema": 7, "more": {}}
    older = document("PC-2")
    del older["schema"], older["tool"]
    fleet = merged(put(tmp_path, "a.json", newer), put(tmp_path, "b.json", older))
    assert len(fleet.pcs) == 2
    assert [Path(name).name for name, _ in fleet.problems] == ["a.json"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_what_powershell_writes_is_read(tmp_path: Path, encoding: str) -> None:
    text = json.dumps(document("PC-1"), ensure_ascii=False)
    fleet = merged(put(tmp_path, "a.json", text.encode(encoding)))
    assert (len(fleet.pcs), fleet.problems) == (1, [])


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
    assert [Path(name).name for name, _ in fleet.problems] == ["a.jsonl"]


def test_expiries_within_sixty_days_are_listed_in_order(tmp_path: Path) -> None:
    ends = {"a": TODAY + timedelta(days=60), "b": TODAY + timedelta(days=61), "c": TODAY - timedelta(days=2)}
    paths = [
        put(tmp_path, f"{host}.json", document(host, not_after=day.isoformat())) for host, day in ends.items()
    ]
    assert [(end.host, end.days) for end in merged(*paths).expiries] == [("c", -2), ("a", 60)]


def test_hostile_names_are_harmless(tmp_path: Path) -> None:
    fleet = merged(put(tmp_path, "a.json", document("<b>\x1b[31m\u202e" * 50, "wrong")))
    page = "".join(as_html(fleet, catalog(), NOW, "ja"))
    assert "<b>" not in page
    text = "".join(as_text(fleet, catalog(), NOW, "ja", 80))
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
    assert fleet.problems[0][0].endswith("gone.json")


def test_runs_are_compared_by_their_moment_whatever_the_zone(tmp_path: Path) -> None:
    tokyo, later, odd = document("PC-1"), document("PC-1", "wrong"), document("PC-1")
    tokyo["finished"] = "2026-11-22T10:00:00+09:00"  # an hour before the next one
    later["finished"] = "2026-11-22T02:00:00Z"
    odd["finished"] = odd["started"] = "zzzz"
    paths = [put(tmp_path, f"{name}.json", each) for name, each in (("a", later), ("b", tokyo), ("c", odd))]
    for order in (paths, paths[::-1]):
        fleet = merged(*order)
        assert [pc.cells["net.reach"].code for pc in fleet.pcs] == ["wrong"]
        assert fleet.pcs[0].finished == "2026-11-22T02:00:00Z"


@pytest.mark.parametrize(
    ("until", "exit_code"), [("2026-11-22", 0), ("2026-11-21", 1), ("soon", 1), (None, 1)]
)
def test_an_exception_that_expired_since_the_run_counts_again(
    tmp_path: Path, until: str | None, exit_code: int
) -> None:
    run = document("PC-1", "wrong")
    run["results"][0]["waiver"] = {"reason": "x", "by": "y", "until": until}
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
    assert [pc.host for pc in fleet.pcs] == ["PC-1"]
    assert [Path(name).name for name, _ in fleet.problems][:4] == [
        "device.json", "folder.json", "loop.json", "pipe.json",
    ]  # fmt: skip
    assert len(fleet.problems) == 6


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for host in ("pc-01", "pc-02"):
        (tmp_path / host).mkdir()
    bad = [put(tmp_path / host, "check.json", b"{") for host in ("pc-01", "pc-02")]
    names = [name for name, _ in merged(*bad).problems]
    assert len(set(names)) == 2
    assert all(
        os.path.join(host, "check.json") in name for host, name in zip(("pc-01", "pc-02"), names, strict=True)
    )


def test_old_and_undated_runs_are_named_and_every_run_has_its_day(tmp_path: Path) -> None:
    fresh, old, undated = document("PC-1"), document("PC-2"), document("PC-3")
    old["finished"] = "2026-11-14T00:00:00Z"
    undated["finished"] = undated["started"] = "x"
    fleet = merged(*(put(tmp_path, f"{at}.json", each) for at, each in enumerate((fresh, old, undated))))
    text = "".join(as_text(fleet, catalog(), NOW, "ja", 80))
    assert "今の状態は分かりません）\n  日時なし PC-3 (sakura)\n  2026-11-14 PC-2 (sakura)\n" in text
    html = "".join(as_html(fleet, catalog(), NOW, "en"))
    assert "<li>undated PC-3 (sakura)</li><li>2026-11-14 PC-2 (sakura)</li>" in html
    assert '<th scope="row">PC-1 (sakura)</th><td class="o">2026-11-22</td>' in html
    assert "分かりません" not in "".join(as_text(merged(tmp_path / "0.json"), catalog(), NOW, "ja", 80))


def test_the_text_matrix_stands_in_columns_and_shows_exceptions(tmp_path: Path) -> None:
    accepted, wide = (
        document("PC-1", "wrong"),
        document("営業所のとても長い名前のパソコンその一のそのまた隣" * 2),
    )
    accepted["results"][0]["waiver"] = {"reason": "r", "by": "b", "until": "2027-01-01"}
    fleet = merged(put(tmp_path, "a.json", accepted), put(tmp_path, "b.json", wide))
    rows = "".join(as_text(fleet, catalog(), NOW, "ja", 80)).splitlines()
    assert "a 例外" in next(row for row in rows if row.startswith("  F "))
    ends = {row[-2:]: cell_width(row) for row in rows[-2:]}
    assert set(ends) == {"a.", ".."}
    assert len(set(ends.values())) == 1
