"""Many PCs as one picture in every form: the same findings grouped, expiries, rows of one machine, the matrix.

Covers state.fleet.fleet_json, state.fleet.fleet_page and state.fleet.fleet_text.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from checks.wrap import cell_width
from state.fleet.fleet_json import json_pieces
from state.fleet.fleet_page import as_html
from state.fleet.fleet_text import as_text
from state.fleet.result_files import expand
from tests.support.fleet_files import document, merged, put, reasons, standings
from tests.support.small_guide import NOW, make_guide

TODAY = date(2026, 11, 22)


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


def test_nothing_to_merge_is_not_ready(tmp_path: Path) -> None:
    fleet = merged(tmp_path / "gone.json")
    assert fleet.exit == 3
    assert reasons(fleet) == {"gone": ["not-read"]}
    assert merged().exit == 3


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


def test_what_is_declared_has_a_mark_of_its_own(tmp_path: Path) -> None:
    run = document("PC-1", "lost")
    run["results"][0]["declared"] = {"by": "b", "said": "person", "on": "2026-11-20"}
    run["counts"]["unknown"] -= 1
    run["exit"] = 0
    fleet = merged(put(tmp_path, "a.json", run))
    text = "".join(as_text(fleet, make_guide(), NOW, "ja", 80))
    assert "d 申告" in text
    assert text.splitlines()[-1].split()[-1].startswith("d")
    assert '<td class="o skip">declared</td>' in "".join(as_html(fleet, make_guide(), NOW, "en"))
    assert '"code":"lost","declared":true' in "".join(json_pieces(fleet, NOW)).replace(" ", "")


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
