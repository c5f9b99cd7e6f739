"""A kei car, from the refusal in one guide to the papers of the other: what is told, taken over and written."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from checks.guide import load_guide
from checks.model import Context, Outcome
from checks.rules.conditions import Value
from checks.rules.scope import judge
from checks.system.api import System
from checks.verdict import verdict
from state.live.carry_over import carried_over
from state.session_data import Answer, Result, SessionData
from tests.cli.test_commands import Cli

OSS, KEI = load_guide("oss"), load_guide("kei")
CASE = (
    "case.role=self", "case.vehicle=kei", "case.use=private", "case.procedure=continuous-inspection",
    "case.applicant=individual", "case.channel=portal", "certificate.kind=jpki-reader", "certificate.password-known=yes",
    "insurance.start=2026-11-20", "insurance.end=2028-12-20", "insurance.inspection-end=2028-12-15",
)  # fmt: skip
DAY = "2026-11-28T10:00:00+09:00"
GO_ON = "oss-junbi new NAME --guide kei --from small-car"
WRONG_SERVICE = re.compile(
    r"運輸支局|oss\.mlit\.go\.jp|RootCA2|ステップ[67]|(?<!軽自動車)OSS(ポータル|の一覧)"
)
"""What papers of kei cars must not hold: places, pages and steps of the other service."""


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """A session of the guide `oss` whose vehicle is a kei car, and the session that it goes on in."""
    made = Cli(tmp_path_factory.mktemp("kei"))
    made.env["OSS_JUNBI_NOW"] = DAY
    assert made("new", "small-car").returncode == 0
    assert made("answer", "--session", "small-car", *CASE).returncode == 0
    done = made("new", "small-car-kei", "--guide", "kei", "--from", "small-car")
    assert done.returncode == 0, done.stderr
    return made


def values(cli: Cli, session: str) -> dict[str, str]:
    """The answers of a session, as its report has them."""
    document = cli.json("report", "--session", session)
    items = [item for step in document["steps"] for item in step["items"]]
    return {**document["case"], **{item["id"]: item["value"] for item in items if item["value"] is not None}}


def test_every_view_of_the_refusal_names_the_command(cli: Cli) -> None:
    for argv in (
        ("status",),
        ("check", "case.fits"),
        ("report",),
        ("report", "--format", "html"),
        ("report", "--format", "markdown"),
    ):
        done = cli(*argv, "--session", "small-car")
        assert GO_ON in done.stdout, argv
    (result,) = cli.json("check", "case.fits", "--session", "small-car", code=1)["results"]
    assert (result["code"], result["commands"]) == ("other-portal", [GO_ON])


def test_a_name_that_a_shell_could_act_upon_is_not_in_the_command() -> None:
    check = OSS.checks["case.fits"]
    answers: dict[str, Value] = {"case.vehicle": "kei", "case.procedure": "new-registration"}
    for name, shown in (
        ("car-1", "car-1"),
        ("a;b", "SESSION"),
        ("a b", "SESSION"),
        ("軽1", "SESSION"),
        ("", "SESSION"),
    ):
        found = check.probe(Context(cast(System, None), answers, guide=OSS, session=name))
        said = verdict(check, found.code, found.values)
        assert said is not None
        assert said.commands == (f"oss-junbi new NAME --guide kei --from {shown}",)


def test_what_still_holds_of_the_same_car_is_taken_over(cli: Cli) -> None:
    given = dict(one.split("=") for one in CASE)
    assert values(cli, "small-car-kei") == {
        id_: value for id_, value in given.items() if id_ in KEI.questions
    }
    assert "case.vehicle" not in KEI.questions


def test_of_another_car_only_the_office_is_taken_over(cli: Cli) -> None:
    assert cli("new", "big").returncode == 0
    given = [
        *(one for one in CASE if one != "case.vehicle=kei"),
        "case.vehicle=registered",
        "case.route=full",
    ]
    assert cli("answer", "--session", "big", *given).returncode == 0
    assert cli("new", "next", "--guide", "kei", "--from", "big").returncode == 0
    answered = set(values(cli, "next"))
    office = {
        id_
        for id_, question in KEI.questions.items()
        if question.scope != "case" or question.office is not None
    }
    assert answered <= office | {KEI.roles.procedure}
    assert "certificate.kind" in answered


def test_no_finding_about_one_portal_holds_for_the_other_and_no_answer_that_it_does_not_offer() -> None:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    other = SessionData(
        "x", at, at, "0",
        answers={id_: Answer(value, at, 1) for id_, value in (
            ("case.procedure", "transfer"), ("case.role", "self"), ("case.vehicle", "kei"), ("case.channel", "bulk"),
        )},
        results={id_: Result(Outcome.PASS, "ok", {}, (), at, 1) for id_ in (
            "portal.tls", "portal.dns", "clock.skew", "pc.card-reader", "pc.os",
        )},
    )  # fmt: skip
    kept = carried_over(KEI, other, ("", ""), procedure=False, same_car=True)
    assert set(kept["answers"]) == {"case.role", "case.channel"}
    assert set(kept["results"]) == {"pc.card-reader"}


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
@pytest.mark.parametrize("reader", ["", "office", "customer", "support", "record"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_papers_of_a_kei_car_speak_of_its_service_alone(cli: Cli, form: str, reader: str, lang: str) -> None:
    who = ("--for", reader) if reader else ()
    done = cli("report", "--session", "small-car-kei", *who, "--format", form, "--lang", lang)
    assert "Traceback" not in done.stderr
    said = json.dumps(json.loads(done.stdout), ensure_ascii=False) if form == "json" else done.stdout
    wrong = [
        line for line in said.splitlines() if WRONG_SERVICE.search(line) and "だけでは足りない" not in line
    ]
    assert wrong == []
    assert not re.search("(?i)transport office", said.replace("one of a transport office alone", ""))
    if form != "json" and reader not in ("support", "customer"):  # this customer is asked for nothing
        assert KEI.words.service.to("ja" if lang == "ja" else "en") in said
    if reader in ("", "record") and form == "text":
        titles = [step.title.to("ja" if lang == "ja" else "en") for step in KEI.steps]
        for number, title in enumerate(titles, 1):
            assert f"\n{number} {title}  [" in said
        assert not re.search(r"\n6 .*  \[", said)


def test_what_checks_say_in_the_guide_of_kei_cars_is_of_its_service() -> None:
    for check in KEI.checks.values():
        assert not check.id.startswith("root."), check.id
        pages = {check.source, *(says.link for says in check.says.values() if says.link)}
        assert {KEI.pages[page].guide for page in pages} == {""}, check.id
        for says in check.says.values():
            for text in (says.text, says.remedy):
                assert text is None or not WRONG_SERVICE.search(text.ja), check.id
    for step in (KEI.case, *KEI.steps):
        for basis in (*(note.basis for note in step.notes), *(one.basis for one in step.questions)):
            assert KEI.pages[basis.page].guide == "", step.id
    assert "oss" in {page.guide for page in OSS.pages.values()}
    said = OSS.checks["proxy-issuance.eligible"].says["face-changes"].remedy
    assert said is not None
    assert "運輸支局等" in said.ja


def test_pages_are_the_same_in_every_guide() -> None:
    for id_ in OSS.pages.keys() & KEI.pages.keys():
        assert OSS.pages[id_] == KEI.pages[id_]


def test_the_answers_lead_to_the_other_guide_in_both_procedures_alone() -> None:
    for procedure in (one.value for one in OSS.questions["case.procedure"].choices):
        row = judge(OSS.scope, {"case.vehicle": "kei", "case.procedure": procedure}).row
        assert row is not None
        taken = procedure in {one.value for one in KEI.questions["case.procedure"].choices}
        assert bool(row.commands) is taken


def test_the_detail_on_the_screen_shows_the_command(tmp_path: Path) -> None:
    from tests.support.helpers_tui import make_app
    from tui.widgets.detail import check_rows

    desk = make_app(tmp_path / "small-car.toml", guide=OSS).desk
    try:
        for given in CASE[:6]:
            id_, _, value = given.partition("=")
            desk.session.answer(id_, value)
        item = desk.progress.item("case.fits")
        assert item is not None
        rows = check_rows(desk, item, OSS.checks["case.fits"], 76)
        assert GO_ON in ["".join(span.text for span in row).strip() for row in rows]
    finally:
        desk.session.close(2.0)
