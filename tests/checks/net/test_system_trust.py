"""The system's own verifier, and the names that are not public on the way to it and to the chain it is asked about.

Covers checks.probes.portal_os_verifier.
"""

from __future__ import annotations

import ast
import importlib.util
import ssl
import sys
from pathlib import Path
from types import ModuleType

import pytest
import truststore

from checks.model import Context, Options
from checks.net.system_trust import ask_verifier
from checks.probes.portal_os_verifier import os_verifier
from checks.system.api import Platform, Unavailable
from tests.support import tls_lab as lab
from tests.support.fake_system import FakeSystem
from tests.support.tls_world import Fault, world


@pytest.mark.parametrize("module", ["_windows", "_macos"])
def test_truststore_has_the_private_function_that_is_called(module: str) -> None:
    """Its modules load only on their own systems: the source says what they hold."""
    found = importlib.util.find_spec("truststore")
    assert found is not None
    assert found.submodule_search_locations
    source = Path(found.submodule_search_locations[0], f"{module}.py").read_text("utf-8")
    named = {node.name: node.args for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert "_verify_peercerts_impl" in named
    taken = named["_verify_peercerts_impl"]
    assert [one.arg for one in taken.args] == ["ssl_context", "cert_chain", "server_hostname"]
    assert not taken.kwonlyargs
    assert not taken.posonlyargs


@pytest.mark.parametrize("method", ["get_unverified_chain", "get_verified_chain"])
def test_this_python_gives_the_chain(method: str) -> None:
    stream = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="a")
    owner = stream if sys.version_info >= (3, 13) else getattr(stream, "_sslobj", None)
    assert callable(getattr(owner, method, None))


def verifier(monkeypatch: pytest.MonkeyPatch, module: str, ends: BaseException | None) -> list[object]:
    asked: list[object] = []

    def verify(
        ssl_context: ssl.SSLContext, cert_chain: list[bytes], server_hostname: str | None = None
    ) -> None:
        assert ssl_context.verify_mode is ssl.CERT_REQUIRED
        assert ssl_context.check_hostname
        asked.append((cert_chain, server_hostname))
        if ends is not None:
            raise ends

    fake = ModuleType(f"truststore.{module}")
    vars(fake)["_verify_peercerts_impl"] = verify
    monkeypatch.setitem(sys.modules, fake.__name__, fake)
    monkeypatch.setattr(truststore, module, fake, raising=False)
    return asked


SYSTEMS: list[tuple[Platform, str]] = [("windows", "_windows"), ("macos", "_macos")]


@pytest.mark.parametrize(("platform", "module"), SYSTEMS)
@pytest.mark.parametrize(
    ("ends", "said"),
    [(None, None), (ssl.SSLCertVerificationError("no such root"), "no such root"), (ssl.SSLCertVerificationError(""), "")],
)  # fmt: skip
def test_what_the_verifier_says(
    monkeypatch: pytest.MonkeyPatch,
    platform: Platform,
    module: str,
    ends: BaseException | None,
    said: str | None,
) -> None:
    asked = verifier(monkeypatch, module, ends)
    assert ask_verifier(platform, (b"leaf", b"issuer"), "a.example") == said
    assert asked == [([b"leaf", b"issuer"], "a.example")]


@pytest.mark.parametrize(("platform", "module"), SYSTEMS)
@pytest.mark.parametrize("ends", [OSError(5, "no"), ssl.SSLError("no"), ValueError("no"), TypeError("no")])
def test_a_verifier_that_breaks_was_not_asked(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, module: str, ends: BaseException
) -> None:
    verifier(monkeypatch, module, ends)
    with pytest.raises(Unavailable):
        ask_verifier(platform, (b"leaf",), "a.example")


@pytest.mark.parametrize(("platform", "module"), SYSTEMS)
def test_without_the_private_function_it_was_not_asked(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, module: str
) -> None:
    verifier(monkeypatch, module, None)
    monkeypatch.delattr(sys.modules[f"truststore.{module}"], "_verify_peercerts_impl")
    with pytest.raises(Unavailable, match="AttributeError"):
        ask_verifier(platform, (b"leaf",), "a.example")


@pytest.mark.parametrize(
    ("ends", "code", "evidence"),
    [
        (None, "trusted", ()),
        (ssl.SSLCertVerificationError("\x1b[2Jno"), "refused", ("\\x1b[2Jno",)),
        (OSError(), "not-asked", ("truststore: OSError",)),
    ],
)
def test_the_check_tells_what_the_verifier_said(
    monkeypatch: pytest.MonkeyPatch, ends: BaseException | None, code: str, evidence: tuple[str, ...]
) -> None:
    asked = verifier(monkeypatch, "_windows", ends)
    made = lab.leaf(lab.root())
    with world(Fault("", "", (made,), host="127.0.0.1")) as served:
        options: Options = served().options
        found = os_verifier.probe(Context(FakeSystem("windows", pac_url=None), options=options))
    assert (found.code, found.evidence) == (code, evidence)
    assert ([made.der], "127.0.0.1") in asked
