"""Whatever a file, a registry or a tool holds: the parsers give facts or a `ValueError`, nothing else.

Covers checks.system.browser_policies, checks.system.chromium, checks.system.parse_common,
checks.system.parse_windows and checks.system.registry.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.system import parse_common, parse_macos, parse_windows, windows_roots
from checks.system.browser_policies import refusal, rule
from checks.system.chromium import judge_entry, parse_preferences
from checks.system.registry import blob, number, text
from tests.support.registry_table import TableRegistry

ID = "medknhfnoeebjofagappbmbpcgeffpca"
quick = settings(max_examples=60)

FRAGMENTS = st.sampled_from(
    [b"", b"\n", b"[Profile0]\nPath=", b"[p11-kit-object-v1]\n", b"-----BEGIN CERTIFICATE-----\n", b"-----END ", b"MIIB", b"\x30\x82",
     b"{", b"}", b'"extensions":', b'"settings":', f'"{ID}":'.encode(), b"Package: chromium\n", b"Version: ", b"<plist>", b"bplist00",
     b" : ", b"ExceptionsList : <array> {\n", b"Cert 0: x\n", b"Result Type : Deny\n", b"\xff\xfe", b"\x00", b"\xef\xbb\xbf",
     b"\x20\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\xff", "例".encode(), "例".encode("cp932"), b"https://a@b?c#d", b"*" * 50]
)  # fmt: skip
DATA = st.lists(st.one_of(FRAGMENTS, st.binary(max_size=20)), max_size=12).map(b"".join)

JSON: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["state", "disable_reasons", "manifest", "version", "path", "location", ID, "*", "installation_mode",
                             "ExtensionSettings", "ExtensionInstallBlocklist", "ExtensionInstallForcelist", "x"]),
            inner, max_size=5,
        ),
    ),
    max_leaves=20,
)  # fmt: skip

OF_BYTES: list[Callable[[bytes], object]] = [
    parse_common.decode,
    parse_common.parse_json,
    parse_common.parse_certificate_file,
    parse_common.parse_p11_kit,
    parse_common.parse_gsettings,
    parse_common.parse_native_host,
    parse_macos.parse_plist,
    parse_macos.parse_system_version,
    lambda data: windows_roots.server_terms(windows_roots.parse_properties(data)),
    lambda data: windows_roots.terms_in_list(b"\x04\x14" + bytes(20) + data, bytes(20)),
    parse_windows.parse_pnp_devices,
]
OF_TEXT: list[Callable[[str], object]] = [
    parse_common.parse_os_release,
    parse_common.parse_deselected,
    parse_common.parse_profiles_ini,
    parse_common.mask_address,
    parse_common.split_list,
    parse_macos.parse_scutil_proxy,
    parse_macos.parse_trust_settings,
    parse_windows.parse_reader_interface,
]


@pytest.mark.parametrize("parser", OF_BYTES, ids=lambda parser: parser.__name__)
@quick
@given(data=DATA)
def test_bytes(parser: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(ValueError):
        parser(data)


@pytest.mark.parametrize("parser", OF_TEXT, ids=lambda parser: parser.__name__)
@quick
@given(data=DATA)
def test_texts(parser: Callable[[str], object], data: bytes) -> None:
    with contextlib.suppress(ValueError):
        parser(data.decode("utf-8", "surrogateescape"))


@quick
@given(data=DATA, package=st.sampled_from(["chromium", "a", ""]))
def test_package_lists(data: bytes, package: str) -> None:
    parse_common.parse_dpkg_version(data, package)


@quick
@given(data=DATA, entry=JSON)
def test_preferences(data: bytes, entry: object) -> None:
    document = json.dumps({"extensions": {"settings": {ID: entry}}}).encode()
    for content in (data, document, document + data, document[:-3]):
        with contextlib.suppress(ValueError):
            judge_entry(parse_preferences(content, ID), ())


@quick
@given(policies=JSON)
def test_policies(policies: object) -> None:
    if isinstance(policies, dict):
        assert rule(policies, ID, "u", frozenset({"a"}), "h").mode in ("", "blocked", "forced", "allowed")
        assert refusal(policies, "h", True) in (
            "",
            "NativeMessagingBlocklist",
            "NativeMessagingUserLevelHosts",
        )


VALUE = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=10),
    st.binary(max_size=30),
    st.lists(st.text(max_size=4), max_size=3),
)
NAMES = (
    "CurrentBuild", "UBR", "ProductName", "EditionID", "ACP", "ActiveTimeBias", "LocaleName", "ProxyEnable", "ProxyServer",
    "ProxyOverride", "AutoConfigURL", "DefaultConnectionSettings", "Start", "FriendlyName", "DeviceDesc", "1", "", "SkuPolicyRequired",
)  # fmt: skip


@quick
@given(table=st.dictionaries(st.sampled_from(NAMES), VALUE))
def test_registry_values_of_any_type(table: dict[str, object]) -> None:
    values = TableRegistry({r"HKLM\x": table}).values(r"hklm\X")
    assert values is not None
    for name in NAMES:
        text(values, name), number(values, name), blob(values, name)
    parse_windows.parse_windows_version(values, values)
    parse_windows.parse_windows_locale(values, values, values)
    parse_windows.parse_internet_settings(values, values)
    parse_windows.parse_card_service(values, True, "")
    parse_windows.parse_policies(values, {"List": values})
    parse_windows.parse_device_name(values, "x")


@quick
@given(
    user=st.text(max_size=8),
    host=st.text("abc.:/", max_size=8),
    scheme=st.sampled_from(["", "http://", "socks5://"]),
)
def test_nothing_before_the_last_at_sign_of_an_address_is_shown(user: str, host: str, scheme: str) -> None:
    masked = parse_common.mask_address(f"{scheme}{user}himitsu@{host}")
    assert "himitsu" not in masked
