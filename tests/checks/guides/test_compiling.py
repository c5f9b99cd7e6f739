"""The guide that is built into the package: the same as the one that the sources give, and quick to have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checks.guide import Guide, Late
from checks.guides.building import from_sources
from checks.guides.compiling import write_guide, write_tables
from checks.model import Context, Finding, Options
from checks.record import replace
from checks.table import parse
from checks.text import Text
from tests.support.fake_system import FakeSystem


@pytest.fixture(scope="module")
def sources() -> Guide:
    return from_sources("oss")


@pytest.fixture(scope="module")
def written(sources: Guide) -> str:
    return write_guide(sources)


@pytest.fixture(scope="module")
def compiled(written: str) -> Guide:
    names: dict[str, Any] = {}
    exec(compile(written, "compiled.py", "exec"), names)
    made: Guide = names["guide"]()
    return made


def test_equal_to_what_the_sources_give(sources: Guide, compiled: Guide) -> None:
    assert list(compiled.checks) == list(sources.checks)
    assert list(compiled.questions) == list(sources.questions)
    probed = {
        name: replace(check, probe=compiled.checks[name].probe) for name, check in sources.checks.items()
    }
    assert compiled == replace(sources, checks=probed)


def test_every_probe_is_found_again(sources: Guide, compiled: Guide) -> None:
    from importlib import import_module

    for name, check in compiled.checks.items():
        assert isinstance(check.probe, Late)
        assert getattr(import_module(f"checks.probes.{check.probe.module}"), check.probe.name).id == name


def test_a_late_probe_finds_what_the_probe_finds(sources: Guide, compiled: Guide) -> None:
    answers = {"case.procedure": "transfer"}
    context = Context(FakeSystem("linux"), answers, Options(), guide=sources)
    for name in ("payment.ready", "proxy-issuance.eligible", "documents.complete"):
        found = compiled.checks[name].probe(context)
        assert isinstance(found, Finding)
        assert found == sources.checks[name].probe(context)


def test_the_tables_of_facts_survive() -> None:
    names: dict[str, Any] = {}
    exec(write_tables(parse()), names)
    assert names["TABLES"] == parse()


def test_the_same_text_whoever_writes_it(sources: Guide, written: str) -> None:
    assert write_guide(sources) == written


def test_what_cannot_be_written_down_is_refused(sources: Guide) -> None:
    with pytest.raises(TypeError):
        write_guide(replace(sources, case=object()))  # type: ignore[arg-type]


def test_a_sentence_with_quotes_and_braces_survives(sources: Guide) -> None:
    title = Text("「{a}」\n'\"\\", "{a} ' \" \\ \n")
    names: dict[str, Any] = {}
    exec(write_guide(replace(sources, case=replace(sources.case, title=title))), names)
    assert names["guide"]().case.title == title


def test_having_it_imports_no_probe_and_parses_nothing(written: str, tmp_path: Path) -> None:
    module = tmp_path / "compiled.py"
    module.write_text(written, "utf-8")
    code = (
        "import sys, importlib.util as u; spec = u.spec_from_file_location('checks.guides.oss.compiled', sys.argv[1]);"
        "sys.modules[spec.name] = m = u.module_from_spec(spec); spec.loader.exec_module(m);"
        "from checks.guide import load_guide; guide = load_guide('oss'); assert len(guide.checks) > 20;"
        "wrong = [n for n in sys.modules if n.startswith('checks.probes.') or n == 'tomllib']; print(wrong)"
    )
    command = [sys.executable, "-c", code, str(module)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"
