"""Which PC will the application be sent from: said, not said, or said and not here."""

from __future__ import annotations

import pytest

from checks.guide import load_guide
from checks.model import Context, SendingPc
from checks.probes.sending_pc import sending_pc
from state.progress import progress
from tests.state.live.test_pc_records import of_version_0_1


@pytest.mark.parametrize(
    ("pc", "code"),
    [
        (SendingPc(), "this-pc"),
        (SendingPc(here=False), "not-said"),
        (SendingPc("DESK-3", "2026-11-22", here=False), "named"),
        (SendingPc("DESK-3", here=False), "not-here"),
    ],
)
def test_what_is_said_of_the_pc(pc: SendingPc, code: str) -> None:
    finding = sending_pc.probe(Context(None, pc=pc))  # type: ignore[arg-type]
    assert finding.code == code
    assert finding.code in sending_pc.says


@pytest.mark.parametrize(
    ("platform", "status"), [("windows", "not-needed"), ("linux", "to-do"), ("macos", "to-do")]
)
def test_it_is_open_where_no_application_can_be_sent_from(platform: str, status: str) -> None:
    from checks.model import Options

    data = of_version_0_1()
    item = progress(load_guide("oss"), data, Options(), platform=platform).item("pc.sending")
    assert item is not None
    assert item.status == status
