"""What only Windows, or a broken installation, answers to the checks: modelled here, so that it is tried everywhere."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import pytest

from checks import deadlines
from checks.system import shared, windows_calls
from checks.system.api import Unavailable
from checks.system.registry import TableRegistry
from checks.system.run import Output
from checks.system.windows import WindowsSystem

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


class WindowsTime(datetime):
    """Windows converts no local time before 1970."""

    def astimezone(self, tz: tzinfo | None = None) -> Any:
        if tz is None and self.year < 1970:
            raise OSError(22, "Invalid argument")
        return super().astimezone(tz)


@pytest.mark.parametrize(("issued", "waits"), [(date(1960, 1, 1), 0), (date(2026, 11, 22), 1)])
def test_a_certificate_issued_before_the_calendar_of_windows_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, issued: date, waits: int
) -> None:
    monkeypatch.setattr(deadlines, "datetime", WindowsTime)
    answers: dict[str, str | date] = {"certificate.kind": "jpki-reader", "certificate.issued-on": issued}
    assert len(deadlines._certificate_wait(answers, NOW)) == waits


def test_a_library_that_does_not_load_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled for another machine, or kept back by a guard against malware."""
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(Unavailable, match="memory"):
        shared.memory()
    monkeypatch.setattr(windows_calls, "sys", type("System", (), {"platform": "win32"}))
    with pytest.raises(Unavailable, match="SCardSvr"):
        windows_calls.service_status("SCardSvr")


@pytest.mark.parametrize(
    ("said", "looked", "names"),
    [
        (b"", (), []),
        (b"[]\r\n", ("pnp",), []),
        (b'[{"FriendlyName":"Reader","InstanceId":"USB\\\\1","Status":"OK"}]', ("pnp",), ["Reader"]),
    ],
)
def test_a_powershell_that_says_nothing_has_found_nothing_out(
    said: bytes, looked: tuple[str, ...], names: list[str]
) -> None:
    asked: list[tuple[str, ...]] = []

    def no_readers() -> tuple[str, ...]:
        raise Unavailable("SCardEstablishContext: 0x8010001d")

    def command(argv: tuple[str, ...]) -> Output:
        asked.append(argv)
        return Output(0, said)

    system = WindowsSystem(
        TableRegistry({}), {"SYSTEMROOT": r"C:\Windows"}, pcsc_readers=no_readers, command=command
    )
    found = system.card_readers()
    assert found.looked == looked
    assert [reader.name for reader in found.readers] == names
    # An empty class must give a document too, or nothing could be told from nothing.
    assert "ConvertTo-Json -Compress -InputObject @(" in asked[0][-1]
