"""The full screen on a session that names a PC: it shows the PC's record, changes it, and looks at nothing of this machine for it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.guide import load_guide
from checks.model import Outcome
from state.file.places import Folder
from state.live.open_session import open_record, open_session
from state.live.pc_records import PcFacts, add_record
from state.session_data import Result
from tests.support.helpers_session import on_disk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

AT = datetime.now(UTC).replace(microsecond=0)


def test_the_screen_shows_the_record_and_keeps_to_it(tmp_path: Path) -> None:
    from tests.laboratory.program import Program

    folder = Folder(tmp_path / "data", tmp_path / "config.toml")
    values: dict[str, str | int] = {
        "name": "Windows 11",
        "release": "25H2",
        "listed": "2026",
        "end": "2027-10-12",
        "build": 26200,
    }
    results = {"pc.os": Result(Outcome.PASS, "supported", values, (), AT, 0)}
    add_record(folder, load_guide, PcFacts("DESK-3", "tanaka", "windows", AT, "a" * 32, results))
    session = open_session(tmp_path / "s.toml", load_guide, folder=folder)
    record = open_record(folder, load_guide, "DESK-3")
    assert record is not None
    session.use(record)
    session.answer("pc.scanner", "yes", scope="pc")
    assert session.close(10)
    with Program(tmp_path) as screen:
        screen.main()
        screen.send("2r")
        screen.see("DESK-3 で調べる")
        screen.send("/OS（Windows）\r")
        screen.see("Windows 11 25H2")
        screen.send("\x1b[6~" * 3)
        screen.see("DESK-3（")
        screen.send("\x1bu")
        screen.until(
            lambda: "pc.scanner" not in on_disk(folder.pcs / "DESK-3.toml").answers, "the answer to be undone"
        )
        screen.send("q")
        assert screen.wait() == 0
    own = on_disk(tmp_path / "s.toml")
    assert own.pc_name == "DESK-3"
    assert not [id_ for id_, one in own.results.items() if one.scope == "pc"]
    assert set(on_disk(folder.pcs / "DESK-3.toml").results) == {"pc.os"}
