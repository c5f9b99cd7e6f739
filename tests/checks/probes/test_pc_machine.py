"""Memory, disk, language, proxies: each side of each limit, and no secret in what is shown.

Covers checks.probes.machine and checks.probes.proxy.
"""

from __future__ import annotations

from typing import Any

import pytest

from checks.probes import machine, proxy
from checks.system.facts import (
    DiskFacts,
    DisplayFacts,
    LocaleFacts,
    MemoryFacts,
    ProxyFacts,
    ProxySetting,
    SessionFacts,
)
from checks.verdict import outcome_of
from tests.support.fake_system import FakeSystem
from tests.support.one_check import look

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("total", "available", "code"),
    [
        (16384 * MB, 8000 * MB, "enough"),
        (3500 * MB, 300 * MB, "enough"),
        (3500 * MB - 1, 3000 * MB, "small"),
        (8192 * MB, 300 * MB - 1, "little-free"),
        (0, 0, "small"),
    ],
)
def test_memory(total: int, available: int, code: str) -> None:
    assert look(machine.memory, FakeSystem(memory=MemoryFacts(total, available))).code == code


def test_sizes_are_never_rounded_up() -> None:
    finding = look(machine.memory, FakeSystem(memory=MemoryFacts(4096 * MB - 1, 1024 * MB)))
    assert (finding.values["total"], finding.values["free"]) == ("3.9 GB", "1.0 GB")


@pytest.mark.parametrize(
    ("free", "code"),
    [
        (2000 * MB, "enough"),
        (2000 * MB - 1, "little"),
        (100 * MB, "little"),
        (100 * MB - 1, "full"),
        (0, "full"),
    ],
)
def test_disk(free: int, code: str) -> None:
    assert look(machine.disk, FakeSystem(disk=DiskFacts("C:\\", 256_000 * MB, free))).code == code


def test_what_cannot_be_read_is_unknown() -> None:
    for check in (machine.memory, machine.disk, machine.locale, proxy.proxy):
        finding = look(check, FakeSystem("windows"))
        assert outcome_of(check, finding.code) == "unknown"


@pytest.mark.parametrize(
    ("platform", "codepage", "code"),
    [
        ("windows", "932", "japanese"),
        ("windows", "65001", "utf8-beta"),
        ("windows", "1252", "not-japanese"),
        ("windows", "", "not-japanese"),
        ("linux", "", "other-system"),
    ],
)
def test_locale(platform: Any, codepage: str, code: str) -> None:
    facts = LocaleFacts("ja-JP", codepage, "Tokyo Standard Time", 540)
    finding = look(machine.locale, FakeSystem(platform, locale=facts))
    assert finding.code == code
    assert "UTC+9" in finding.evidence[0]


@pytest.mark.parametrize(
    ("width", "height", "code"), [(1024, 700, "enough"), (1023, 2000, "small"), (1366, 699, "small")]
)
def test_display(width: int, height: int, code: str) -> None:
    assert look(machine.display, FakeSystem("windows", display=DisplayFacts(width, height))).code == code
    assert (
        look(machine.display, FakeSystem("linux", display=DisplayFacts(width, height))).code == "other-system"
    )


ENV = ProxySetting("https", "http://taro:himitsu@p.example:3128", "environment")
SYSTEM = ProxySetting("all", "p.example:3128", "windows")
ANOTHER = ProxySetting("https", "q.example:8080", "windows")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (SessionFacts("hanako"), "desktop"),
        (SessionFacts("hanako", remote="rdp"), "remote-desktop"),
        (SessionFacts("hanako", remote="ssh", desktop=False), "remote-shell"),
        (SessionFacts("hanako", remote="rdp", service=True), "service-account"),
    ],
)
def test_by_which_door_we_came(facts: SessionFacts, code: str) -> None:
    assert look(machine.session, FakeSystem("windows", session=facts)).code == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (ProxyFacts(), "none"),
        (ProxyFacts(auto_detect=True), "none"),
        (ProxyFacts((ProxySetting("http", "http://p.example:80", "environment"),)), "none"),
        (ProxyFacts((ENV,)), "configured"),
        (ProxyFacts((SYSTEM,)), "configured"),
        (ProxyFacts((ENV, SYSTEM)), "configured"),
        (ProxyFacts((ENV, ANOTHER)), "differs"),
        (ProxyFacts((ENV,), pac="http://p.example/x.pac"), "script"),
        (ProxyFacts((ENV,), ("localhost", ".mlit.go.jp")), "bypassed"),
        (ProxyFacts((ENV,), ("WWW.OSS.MLIT.GO.JP",)), "bypassed"),
        (ProxyFacts((ENV,), ("*",)), "bypassed"),
        (ProxyFacts((SYSTEM,), ("*.mlit.go.jp", "<local>")), "bypassed"),
        (ProxyFacts((ENV,), ("it.go.jp", "oss.mlit", "<local>", "", ".")), "configured"),
        (ProxyFacts((ProxySetting("https", "http://p.example:port", "environment"),)), "malformed"),
        (ProxyFacts((ProxySetting("https", "http://p.example:99999", "environment"),)), "malformed"),
        (ProxyFacts((ProxySetting("https", "http://", "environment"),)), "malformed"),
        (ProxyFacts((ProxySetting("https", "a b:80", "environment"),)), "malformed"),
        (ProxyFacts((ProxySetting("https", "http://[2001:db8::1]:3128/", "environment"),)), "configured"),
        (ProxyFacts((ProxySetting("all", "socks5://p.example:1080", "environment"),)), "configured"),
    ],
)
def test_proxies(facts: ProxyFacts, code: str) -> None:
    finding = look(proxy.proxy, FakeSystem("windows", proxy=facts))
    assert finding.code == code
    assert "himitsu" not in repr(finding)


def test_the_proxy_of_the_command_line_goes_first() -> None:
    facts = FakeSystem("windows", proxy=ProxyFacts((ENV,), pac="http://p.example/x.pac"))
    finding = look(proxy.proxy, facts, proxy="http://hanako:himitsu@r.example:1")
    assert (finding.code, finding.values["proxy"]) == ("configured", "http://***@r.example:1")


def test_a_proxys_address_cannot_move_the_cursor() -> None:
    strange = ProxySetting("https", "http://p\x1b[31m\u202e.example:80", "environment")
    finding = look(proxy.proxy, FakeSystem(proxy=ProxyFacts((strange,))))
    assert not {"\x1b", "\u202e"} & set("".join([*finding.evidence, str(finding.values["proxy"])]))
