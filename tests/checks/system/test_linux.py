"""Facts of Linux machines, from trees of files.

Covers checks.system.api, checks.system.bounded_files, checks.system.facts and checks.system.linux_roots.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path

import pytest

from checks.system import parse_common
from checks.system.api import Unavailable
from checks.system.bounded_files import each_once, names_in, read_bytes
from checks.system.facts import CardReader, ProxySetting
from checks.system.linux import LinuxSystem
from checks.system.pcsc import parse_reader_list

DATA = Path(__file__).parents[2] / "data" / "linux"


def test_the_system_is_named_as_people_know_it(tmp_path: Path) -> None:
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "usr/lib/os-release").write_bytes((DATA / "os-release-debian").read_bytes())
    found = LinuxSystem(root=str(tmp_path), environ={}).os()
    assert (found.name, found.version) == ("Debian GNU/Linux 12 (bookworm)", "12")


def test_a_system_without_os_release_is_still_linux(tmp_path: Path) -> None:
    assert LinuxSystem(root=str(tmp_path), environ={}).os().name == "Linux"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("A=b", {"A": "b"}),
        ("A='b c'", {"A": "b c"}),
        (r'A="b \"c\" \\"', {"A": 'b "c" \\'}),
        ("a=b\nA", {}),
        ('A="', {"A": '"'}),
        ("\0\xff=1", {}),
    ],
)
def test_os_release_is_read_as_its_manual_says(text: str, fields: dict[str, str]) -> None:
    assert parse_common.parse_os_release(text) == fields


@pytest.mark.parametrize(
    ("environ", "uid", "remote", "desktop", "service"),
    [
        ({"SSH_CONNECTION": "a 1 b 22"}, 1000, "ssh", False, False),
        ({"SSH_TTY": "/dev/pts/0", "DISPLAY": ":10"}, 1000, "ssh", True, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, 1000, "", True, False),
        ({}, 0, "", False, False),
        ({}, 33, "", False, True),
        ({}, 65534, "", False, True),
    ],
)
def test_the_door_we_came_through(
    environ: dict[str, str], uid: int, remote: str, desktop: bool, service: bool
) -> None:
    found = LinuxSystem(environ={**environ, "USER": "taro"}, uid=uid).session()
    assert (found.user, found.remote, found.desktop, found.service) == ("taro", remote, desktop, service)


@pytest.mark.parametrize(
    ("environ", "settings", "bypass"),
    [
        ({}, (), ()),
        ({"https_proxy": "http://p.example:3128"}, (("https", "http://p.example:3128"),), ()),
        ({"HTTPS_PROXY": "a", "https_proxy": "b"}, (("https", "b"),), ()),
        ({"HTTPS_PROXY": "a", "https_proxy": ""}, (), ()),
        ({"ALL_PROXY": "s", "HTTP_PROXY": "h"}, (("http", "h"), ("all", "s")), ()),
        ({"NO_PROXY": "a.example, .b.example;c"}, (), ("a.example", ".b.example", "c")),
    ],
)
def test_proxies_of_the_environment(
    environ: dict[str, str], settings: tuple[tuple[str, str], ...], bypass: tuple[str, ...]
) -> None:
    found = LinuxSystem(root="/nonexistent", environ=environ).proxy()
    assert found.settings == tuple(
        ProxySetting(scheme, address, "environment") for scheme, address in settings
    )
    assert found.bypass == bypass


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("http://p.example:3128", "http://p.example:3128"),
        ("http://taro:himitsu@p.example:3128", "http://***@p.example:3128"),
        ("taro:himitsu@p.example:3128", "***@p.example:3128"),
        ("http://taro:a@b/c://@p.example:3128", "http://***@p.example:3128"),
        ("http://taro:himitsu@", "http://***@"),
        ("taro:x://himitsu@p.example", "***@p.example"),
        ("http://taro:a?himitsu@p.example:80", "http://***@p.example:80"),
        ("http://pac.example/proxy.pac?from=a@b.example&key=himitsu", "http://***@b.example?.."),
        ("http://pac.example/proxy.pac?key=himitsu", "http://pac.example/proxy.pac?.."),
    ],
)
def test_passwords_in_addresses_are_masked(address: str, masked: str) -> None:
    assert parse_common.mask_address(address) == masked
    assert "himitsu" not in parse_common.mask_address(address)


def test_versions_of_installed_packages() -> None:
    status = (DATA / "dpkg-status").read_bytes()
    assert parse_common.parse_dpkg_version(status, "chromium") == "156.0.8078.79"
    assert parse_common.parse_dpkg_version(status, "microsoft-edge-stable") == "155.0.3950.10"
    assert parse_common.parse_dpkg_version(status, "firefox-esr") == ""
    assert parse_common.parse_dpkg_version(status, "chrom") == ""
    assert parse_common.parse_dpkg_version(b"", "chromium") == ""


def test_readers_on_the_bus_are_found_by_their_class(tmp_path: Path) -> None:
    devices = tmp_path / "sys/bus/usb/devices"
    for name, words in {
        "1-1": {"manufacturer": "Example\n", "product": "ICカードリーダー\n"},
        "1-1:1.0": {"bInterfaceClass": "0b\n"},
        "1-2": {"product": "Keyboard"},
        "1-2:1.0": {"bInterfaceClass": "03\n"},
        "2-1:1.0": {"bInterfaceClass": "0b\n"},
    }.items():
        (devices / name).mkdir(parents=True)
        for word, text in words.items():
            (devices / name / word).write_text(text, "utf-8")
    found = LinuxSystem(root=str(tmp_path), environ={}).card_readers()
    assert [reader.name for reader in found.readers] == ["Example ICカードリーダー", "USB 2-1"]
    assert found.looked == ("usb",)


def test_the_service_is_asked_only_where_it_is(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("makes a local socket")

    def ask() -> tuple[str, ...]:
        return ("Example Reader 00 00",)

    system = LinuxSystem(root=str(tmp_path), environ={}, pcsc_readers=ask)
    assert system.card_service().state == "absent"
    assert system.card_readers().readers == ()
    (tmp_path / "run/pcscd").mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener:
        # The name of a socket is at most about 100 bytes long.
        here = os.getcwd()
        os.chdir(tmp_path / "run/pcscd")
        try:
            listener.bind("pcscd.comm")
        finally:
            os.chdir(here)
        assert system.card_service().state == "on-demand"
        assert system.card_readers().readers == (CardReader("Example Reader 00 00", "pcsc"),)
    (tmp_path / "run/pcscd/pcscd.pid").write_text("77\n")
    assert system.card_service().state == "on-demand"
    (tmp_path / "proc/77").mkdir(parents=True)
    assert system.card_service().state == "running"


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ()), ("\0", ()), ("\0\0", ()), ("A\0\0", ("A",)), ("A\0B 0\0\0rest", ("A", "B 0")), ("A", ("A",))],
)
def test_reader_lists_of_pcsc(text: str, names: tuple[str, ...]) -> None:
    assert parse_reader_list(text) == names


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("日本".encode(), "日本"),
        ("日本".encode("cp932"), "日本"),
        (b"\xff\xfe" + "日本".encode("utf-16-le"), "日本"),
        (b"\xfe\xff" + "日本".encode("utf-16-be"), "日本"),
        ("{}".encode("utf-16-le"), "{}"),
        (b"\xef\xbb\xbf{}", "{}"),
        (b"", ""),
        (b"\xff\xfe\x00", "\ufffd"),
    ],
)
def test_text_in_any_encoding_is_read(data: bytes, text: str) -> None:
    assert parse_common.decode(data) == text


def test_reading_is_bounded_and_only_of_files(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_bytes(tmp_path / "file", 5) == b"12345"
    with pytest.raises(Unavailable):
        read_bytes(tmp_path / "file", 4)
    with pytest.raises(Unavailable):
        read_bytes(tmp_path)
    for missing in ("missing", "file/below"):
        with pytest.raises(FileNotFoundError):
            read_bytes(tmp_path / missing)
    with pytest.raises(Unavailable):
        read_bytes("a\0b")
    assert names_in(tmp_path / "file") == ()


def test_what_may_not_be_read_is_unavailable(tmp_path: Path) -> None:
    if sys.platform == "win32" or os.getuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(Unavailable):
        names_in(tmp_path / "closed")


def test_links_to_the_same_file_count_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert each_once([str(tmp_path / "a"), str(tmp_path / "b")]) == (str(tmp_path / "a"),)


def test_every_fact_of_this_machine_is_had_or_unavailable() -> None:
    system = LinuxSystem()
    for name in (
        "os", "session", "memory", "disk", "locale", "proxy", "pac_url", "root_stores", "firefox_profiles", "nss_databases",
        "browsers", "chromium_profiles", "programs", "native_hosts", "jpki_software", "card_service", "card_readers",
    ):  # fmt: skip
        with contextlib.suppress(Unavailable):
            assert getattr(system, name)() is not None or name == "pac_url"
