"""On a machine from which nothing can be sent, with the block of the PC that will send it: `status` ends with 0 at last."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model import Check, Outcome
from state.fleet.pc_block import pack
from tests.checks.guides.test_truth_tables import DAYS, SMOOTH
from tests.cli.test_commands import Cli
from tests.support.pc_runs import CHECKS, GUIDE, finished, run_of, values_for

NOW = {"OSS_JUNBI_NOW": "2026-11-28T03:00:00Z"}
INSPECTION = (
    "case.role=dealer", "case.procedure=continuous-inspection", "case.channel=bulk", "case.filing-agent=association",
    "certificate.kind=agent", "case.proxy-issuance=yes", "documents.compliance-certificate=electronic",
)  # fmt: skip
TRANSFER = (
    "case.role=gyoseishoshi", "case.procedure=transfer", "case.channel=portal", "case.route=full",
    "certificate.kind=jpki-reader", "case.proxy-issuance=no",
)  # fmt: skip


def good(check: Check) -> str:
    """The code with which a PC without fault answers."""
    return next(code for code, says in check.says.items() if says.outcome is Outcome.PASS)


def block() -> str:
    """What `pc share` prints on a Windows PC on which nothing is wrong."""
    return pack(
        run_of(
            finished(check, good(check), values_for(check, good(check), lambda name: f"{name} 3"))
            for check in CHECKS
        ),
        GUIDE,
    ).text


def answer_for(id_: str) -> str:
    """What somebody answers for whom nothing stands in the way."""
    question = GUIDE.questions[id_]
    if id_ in SMOOTH:
        return SMOOTH[id_]
    if question.kind == "date":
        return DAYS[id_].isoformat() if id_ in DAYS else "2026-11-20"
    if question.kind in ("text", "path"):
        return "1-2-3"
    return next(choice.value for choice in question.choices if choice.standing == "done")


def open_items(cli: Cli) -> list[str]:
    """The ids of the items that are still open."""
    document = cli.json("status", day=NOW["OSS_JUNBI_NOW"])
    return [
        item["id"]
        for step in document["steps"]
        for item in step["items"]
        if item["applies"] and item["status"] in ("to-do", "attention", "stale", "running")
    ] + [id_ for id_ in ("case.vehicle", "case.use", "case.applicant", "case.owner-is-user", "case.garage", "case.plate")
         if id_ not in document["case"]]  # fmt: skip


@pytest.mark.parametrize("case", [INSPECTION, TRANSFER], ids=["inspection", "transfer"])
def test_ready_with_the_block_of_another_pc(tmp_path: Path, case: tuple[str, ...]) -> None:
    cli = Cli(tmp_path / "home")
    assert (
        cli(
            "answer", "case.vehicle=registered", "case.use=private", "case.applicant=individual", *case, **NOW
        ).returncode
        == 0
    )
    assert cli("pc", "add", "-", stdin=f"メールから\n{block()}\n", **NOW).returncode == 0
    assert cli("status", **NOW).returncode == 4
    assert cli("pc", "use", "DESK-3", **NOW).returncode == 0
    for _ in range(8):
        questions = [id_ for id_ in open_items(cli) if id_ in GUIDE.questions]
        if not questions:
            break
        done = cli("answer", *(f"{id_}={answer_for(id_)}" for id_ in questions), **NOW)
        assert done.returncode == 0, done.stderr
    done = cli("status", **NOW)
    assert done.returncode == 0, (open_items(cli), done.stdout)
    assert cli.json("status", day=NOW["OSS_JUNBI_NOW"])["pc"]["name"] == "DESK-3"
    assert cli("new", "next-car", "--from", "default", **NOW).returncode == 0
    left = open_items(cli)
    scopes = {id_: (GUIDE.questions.get(id_) or GUIDE.checks[id_]).scope for id_ in left}
    assert left
    assert [id_ for id_, scope in scopes.items() if scope == "pc"] == []
