"""Windows PCs from kept registry trees and profile files, for tests on any system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from checks.system.api import Unavailable
from checks.system.facts import DisplayFacts
from checks.system.run import Output
from checks.system.windows import WindowsSystem
from tests.support.registry_table import TableRegistry

DATA = Path(__file__).parents[1] / "data"


def load(name: str) -> dict[str, Any]:
    """A PC's description with its base beneath it; null removes what the base has."""
    found: dict[str, Any] = json.loads((DATA / "windows" / f"{name}.json").read_text("utf-8"))
    if "base" not in found:
        return found
    merged = load(found["base"])
    for part, value in found.items():
        if isinstance(value, dict) and isinstance(merged.get(part), dict):
            merged[part] = {key: item for key, item in {**merged[part], **value}.items() if item is not None}
        else:
            merged[part] = value
    return merged


def windows_pc(name: str, home: Path, powershell: bytes | None = None) -> WindowsSystem:
    """The PC `name` of tests/data/windows, its profile folders laid out under `home`."""
    pc = load(name)
    for path, content in pc["profiles"].items():
        file = home / "AppData/Local" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if "Preferences" in path:
            (file.parent / "Extensions/medknhfnoeebjofagappbmbpcgeffpca/1.2.0_0").mkdir(
                parents=True, exist_ok=True
            )
        file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    for path in pc["files"]:
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(b"")

    def readers() -> tuple[str, ...]:
        if isinstance(pc["pcsc"], dict):
            raise Unavailable(pc["pcsc"]["error"])
        return tuple(pc["pcsc"])

    def command(argv: tuple[str, ...]) -> Output:
        if powershell is None:
            raise Unavailable("powershell.exe: not on this system")
        return Output(0, powershell)

    registry = json.loads(json.dumps(pc["registry"]).replace("{home}", json.dumps(str(home))[1:-1]))
    environ = {key: value.replace("{home}", str(home)) for key, value in pc["environ"].items()}
    return WindowsSystem(
        TableRegistry(registry),
        environ,
        pcsc_readers=readers,
        service_status=lambda service: str(pc["services"][service]),
        list_store=lambda store: [],
        command=command,
        screen=lambda: DisplayFacts(1920, 1080),
    )
