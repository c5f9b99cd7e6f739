"""What the operating system itself trusts: its roots where they can be read, its verifier where it can be asked."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence

from checks.pki.anchors import Roots, read_system_files
from checks.system.api import Platform, Unavailable
from checks.system.windows_roots import ListStore, server_roots


def roots(platform: Platform) -> Roots:
    """The roots of the operating system's store; empty where only its verifier can be asked (macOS)."""
    if platform == "linux":
        return Roots(read_system_files())
    return Roots(windows_roots(getattr(ssl, "enum_certificates", None)) if platform == "windows" else ())


def windows_roots(list_store: ListStore | None) -> list[bytes]:
    """Windows' ROOT store without what is forbidden or not meant for web servers; `ssl.enum_certificates` lists it."""
    if list_store is None:
        return []
    try:
        forbidden = {data for data, _, _ in list_store("Disallowed")}
    except OSError:
        forbidden = set()
    try:
        return [data for data in server_roots(list_store) if data not in forbidden]
    except OSError:
        return []


def ask_verifier(platform: Platform, chain: Sequence[bytes], host: str) -> str | None:
    """What the verifier of Windows or macOS objects to in a chain, None when it accepts.

    Raises `Unavailable` where it cannot be asked. truststore publicly verifies only a connection that it makes itself,
    whose chain may be another one, so its private function is called. tests/checks/net/test_system_trust.py tells when it
    is gone.
    """
    if platform == "linux":
        raise Unavailable("there is no verifier to ask on this system")
    try:
        if platform == "windows":
            from truststore import _windows as verifier
        else:
            from truststore import _macos as verifier  # type: ignore[no-redef]
        verify: Callable[..., None] = verifier._verify_peercerts_impl
    except Exception as error:  # the modules refuse to load on other systems in many ways
        raise Unavailable(f"truststore: {type(error).__name__}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        verify(context, list(chain), server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        return str(error.args[0])
    except (OSError, ValueError, TypeError) as error:
        raise Unavailable(f"truststore: {type(error).__name__}") from None
    return None
