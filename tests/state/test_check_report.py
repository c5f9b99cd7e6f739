"""The findings of a run for machines: JSON that keeps to its schema, JUnit, one line for Nagios."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources

import jsonschema
import pytest

from checks.model import Finding, Options
from checks.runner import Finished
from state.check_report import RunResults, junit, nagios, run_json
from state.session_data import Declaration, Waiver
from tests.support.small_guide import CHECKS, NOW, make_guide

OPTIONS = Options(now=NOW)
HOSTILE = "<script>alert(1)</script>\x1b[31m[link](x) \u202e`|*_ &amp; ' \""
SCHEMA = json.loads((resources.files("state") / "schemas" / "check.schema.json").read_text("utf-8"))


def run_of(*pairs: tuple[str, str], waivers: dict[str, Waiver] | None = None) -> RunResults:
    done = []
    for id_, code in pairs:
        says = CHECKS[id_].says[code]
        finding = Finding(code, {"what": HOSTILE} if code == "wrong" else {}, (HOSTILE,))
        done.append(Finished(CHECKS[id_], says.outcome, finding, NOW, 12))
    return RunResults(
        "PC-01\x00<&", "sakura", "linux", OPTIONS, NOW, NOW + timedelta(seconds=2), done, waivers or {}
    )


@pytest.mark.parametrize(
    ("codes", "exit_code", "nagios_code"),
    [
        (["fine"], 0, 0), (["odd"], 0, 1), (["lost"], 3, 3), (["wrong"], 1, 2), (["never"], 0, 0),
    ],
)  # fmt: skip
def test_exit_codes_of_a_run(codes: list[str], exit_code: int, nagios_code: int) -> None:
    run = run_of(*(("net.reach", code) for code in codes), ("pc.disk", "fine"))
    assert run.exit == exit_code
    line, code = nagios(run)
    assert code == nagios_code
    assert line.isascii()
    assert len(line.split("|")[0].rstrip()) <= 80
    assert line.count("\n") == 1


def test_fail_comes_before_unknown() -> None:
    assert run_of(("net.reach", "lost"), ("pc.disk", "wrong")).exit == 1


def test_check_document_keeps_to_its_schema() -> None:
    document = run_json(run_of(("net.reach", "wrong"), ("pc.disk", "fine")), make_guide())
    jsonschema.validate(document, SCHEMA)
    first = document["results"][0]
    assert first["commands"] == ["mend --all"]
    assert first["link"] == "https://www.oss.mlit.go.jp/unread"
    assert first["remedy"]["en"].startswith("Mend it.")
    assert document["exit"] == 1


def test_accepted_exceptions_do_not_count_but_are_told() -> None:
    waiver = Waiver("ok", "山田", date(2026, 12, 1), NOW, 1)
    run = run_of(("net.reach", "wrong"), waivers={"net.reach": waiver})
    document = run_json(run, make_guide())
    jsonschema.validate(document, SCHEMA)
    assert (run.exit, document["results"][0]["waiver"]["by"]) == (0, "山田")
    assert nagios(run)[1] == 0


def test_what_is_declared_is_in_no_count_unless_a_look_found_something_out() -> None:
    said = Declaration("<b>", "official-check", date(2026, 11, 20), NOW, 1)
    for code, outcome, counts in (
        ("lost", "unknown", False), ("wrong", "fail", True), ("odd", "warn", True), ("fine", "pass", True),
    ):  # fmt: skip
        run = replace(run_of(("net.reach", code)), declarations={"net.reach": said})
        document = run_json(run, make_guide())
        jsonschema.validate(document, SCHEMA)
        assert document["counts"][outcome] == counts
        assert ("declared" in document["results"][0]) is not counts
        assert run.exit == (1 if code == "wrong" else 0)
        text = junit(run, make_guide(), "en")
        assert ("&lt;b&gt;" in text) is not counts
        assert ET.fromstring(text)[0].get("skipped") == str(int(not counts))
        assert nagios(run)[1] == {"wrong": 2, "odd": 1}.get(code, 0)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_junit_is_xml_with_right_sums(lang: str) -> None:
    run = run_of(("net.reach", "wrong"), ("pc.disk", "fine"), ("net.reach", "lost"), ("net.reach", "never"))
    root = ET.fromstring(junit(run, make_guide(), lang))
    suite = root[0]
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "1", "errors": "1", "skipped": "1",
    }  # fmt: skip
    assert [case[0].tag if len(case) else "" for case in suite] == ["failure", "", "error", "skipped"]
