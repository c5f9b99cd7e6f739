"""Paths of strangers: one that only stands in a session file is touched by nothing before the person runs its check.

Covers tui.answering.
"""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from checks import child
from checks.guide import load_guide
from checks.model import Context, Options
from checks.runner import Finished, leads_elsewhere, run
from checks.system.api import System
from tests.cli.test_commands import Cli, cli  # noqa: F401 - the fixture
from tests.support.helpers_tui import drive, make_app, press, see, until
from tui.cli import report, status
from tui.cli.arguments import parse
from tui.cli.setup import set_up

GUIDE = load_guide("oss")
UNC = "\\\\evil.example\\share\\photos"
FORMS = (
    UNC, "//evil.example/share", "\\/evil.example\\share", '"\\\\evil.example\\share"', "\\\\?\\UNC\\evil.example\\share",
    "\\\\.\\pipe\\evil", "\\??\\UNC\\evil.example\\share", "file://evil.example/share", "FILE:\\\\evil.example\\share",
    "smb://evil.example/x", "\\/net/evil.example/x", "“//evil.example/share”", "/net/evil.example/x", " \u3000'//evil.example/x'",
)  # fmt: skip
LOCAL = ("C:\\evil\\photos", "/home/evil", "~/evil", "evil/x", "~\\evil")


class Touched:
    """Every path that anything asks the system for, and every order to a child process."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.paths: list[str] = []
        for module, name in (
            (os, "stat"), (os, "lstat"), (os, "open"), (os, "scandir"), (os, "listdir"), (os, "access"), (os, "readlink"),
            (builtins, "open"), (io, "open"),
        ):  # fmt: skip
            patch.setattr(module, name, self._recording(getattr(module, name)))
        patch.setattr(child, "call", self._order)

    def _recording(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(path: Any = ".", *args: Any, **kwargs: Any) -> Any:
            self.paths.append(str(path))
            return real(path, *args, **kwargs)

        return act

    def _order(self, function: str, payload: Any, **_: Any) -> bytes:
        raw = payload if isinstance(payload, bytes) else payload.reveal()
        self.paths.append(raw.decode("utf-8", "replace").replace("\\\\", "\\"))
        raise child.ChildError("not started")

    def evil(self) -> list[str]:
        return [path for path in self.paths if "evil" in path]


@pytest.fixture
def touched() -> Iterator[Touched]:
    with pytest.MonkeyPatch.context() as patch:
        yield Touched(patch)


def session(folder: Path, path: str) -> Path:
    file = folder / "s.toml"
    file.write_text(
        "schema = 1\n"
        + "".join(
            f"[answers.\"{question}\"]\nvalue = '''{value}'''\n"
            for question, value in {
                "case.garage": "apply-together",
                "documents.images-path": path,
                "certificate.kind": "registry-file",
                "certificate.file-path": path + "\\own.p12",
            }.items()
        )
        + "[end]\nanswers = 4\n",
        "utf-8",
    )
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("path", [*FORMS, *LOCAL])
def test_opening_a_session_touches_no_path_in_it(tmp_path: Path, touched: Touched, path: str) -> None:
    app = make_app(session(tmp_path, path), guide=GUIDE, options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: "pc.os" in app.desk.session.data.results)
        await until(pilot, lambda: not app.desk.runs.under_way)
        # An answer of another kind makes the check worth running again, but its path was not typed here.
        app.desk.session.answer("certificate.file-path", path + "\\other.p12")
        from tui import answering

        answering.answer(app.desk, "certificate.kind", "other-ca")
        await until(pilot, lambda: not app.desk.runs.under_way)
        assert "documents.images" not in app.desk.session.data.results

    drive(app, script)
    assert any("s.toml" in path for path in touched.paths)
    assert touched.evil() == []


def test_checking_everything_touches_no_path_to_another_machine(tmp_path: Path, touched: Touched) -> None:
    app = make_app(session(tmp_path, UNC), guide=GUIDE, options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: not app.desk.runs.under_way)
        await press(pilot, "R")
        await until(pilot, lambda: not app.desk.runs.under_way)
        assert touched.evil() == []
        # The person chose this one.
        app.desk.views[0].place.go("documents.images")  # type: ignore[attr-defined]
        await press(pilot, "r")
        await until(pilot, lambda: "documents.images" in app.desk.session.data.results)
        await until(pilot, lambda: not app.desk.runs.under_way)

    drive(app, script)
    assert UNC in touched.evil()


def test_a_path_that_was_typed_here_is_looked_at_at_once(tmp_path: Path, touched: Touched) -> None:
    app = make_app(session(tmp_path, "elsewhere"), guide=GUIDE, options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: not app.desk.runs.under_way)
        app.desk.views[0].place.go("documents.images-path")  # type: ignore[attr-defined]
        await press(pilot, "space", "ctrl+u", *UNC, "enter")
        await see(pilot, "回答しました")
        await until(pilot, lambda: "documents.images" in app.desk.session.data.results)

    drive(app, script)
    assert UNC in touched.evil()


def test_status_and_report_touch_none(tmp_path: Path, touched: Touched) -> None:
    file = session(tmp_path, UNC)
    for main, words in ((status.main, ["status"]), (report.main, ["report"])):
        main(set_up(parse([*words, "--state", str(file)]), "ja", {"OSS_JUNBI_HOME": str(tmp_path / "home")}))
    assert any("s.toml" in path for path in touched.paths)
    assert touched.evil() == []


@pytest.mark.parametrize("path", FORMS)
def test_only_a_check_that_was_named_follows_it(path: str, touched: Touched) -> None:
    check = GUIDE.checks["documents.images"]
    answers = {"case.garage": "apply-together", "documents.images-path": path}
    assert leads_elsewhere(check, answers)
    for named in (frozenset[str](), frozenset((check.id,))):
        context = Context(cast(System, None), answers, named=named)
        (done,) = [event for event in run([check], context) if isinstance(event, Finished)]
        assert (done.finding.code == "elsewhere") is not bool(named)
        assert bool(touched.evil()) is bool(named)


@pytest.mark.parametrize("path", LOCAL)
def test_a_path_on_this_machine_leads_nowhere_else(path: str) -> None:
    assert not leads_elsewhere(GUIDE.checks["documents.images"], {"documents.images-path": path})


def test_on_the_command_line_only_the_named_check_goes_there(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    file = str(session(tmp_path, UNC))

    def found(*words: str) -> dict[str, str]:
        made = cli.json("--state", file, "check", *words, "--offline")
        return {result["id"]: result["code"] for result in made["results"]}

    assert found("--step", "5")["documents.images"] == "elsewhere"
    assert found("documents.images")["documents.images"] == "not-found"
    found("documents.images", "--save")
    found("--step", "5", "--save")
    assert 'code = "not-found"' in Path(file).read_text("utf-8")
