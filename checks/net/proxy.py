"""Which way leads to the portal, and asking a proxy for it (RFC 9110 section 9.3.6, CONNECT)."""

from __future__ import annotations

import base64
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Literal

from checks.net import http
from checks.net.connect import Connection
from checks.net.deadline import Deadline
from checks.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Route:
    """Direct (`proxy` is empty), or through an HTTP proxy."""

    proxy: str = ""
    port: int = 0
    origin: Literal["option", "environment or system", ""] = ""
    unsupported: str = ""
    """A proxy setting that cannot be used, without its secrets."""
    script: bool = False
    """A PAC file is configured, which decides for browsers and which this program cannot follow."""
    credentials: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """The proxy as `host:port`."""
        return f"{self.proxy}:{self.port}"


def choose(
    host: str,
    port: int,
    option: str | None,
    script: Callable[[], str | None],
    settings: Callable[[], Mapping[str, str]] = urllib.request.getproxies,
    bypass: Callable[[str], object] = urllib.request.proxy_bypass,
) -> Route:
    """The option first, then `HTTPS_PROXY`, then the system's setting; an empty option means direct.

    `NO_PROXY` and the system's exceptions hold for the latter two. A PAC file counts only where nothing else is set.
    """
    if option is not None:
        return _parse(option, "option") if option.strip() else Route()
    try:
        found = settings()
        url = found.get("https") or found.get("all") or ""
        named = f"[{host}]" if ":" in host else host
        if url and (bypass(named) or bypass(f"{named}:{port}")):
            return Route()
    except (OSError, ValueError):
        url = ""
    if url:
        return _parse(url, "environment or system")
    return Route(script=bool(script()))


def _parse(url: str, origin: Literal["option", "environment or system"]) -> Route:
    text = url.strip()
    if "://" not in text:
        text = "http://" + text
    try:
        parts = urllib.parse.urlsplit(text)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        return Route(origin=origin, unsupported="not a URL")
    if parts.scheme != "http" or not host:
        return Route(origin=origin, unsupported=f"{parts.scheme}://{host}")
    credentials = ""
    if parts.username is not None:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        credentials = base64.b64encode(pair.encode()).decode()
    return Route(host, port, origin, credentials=credentials)


@dataclass(frozen=True, slots=True)
class Tunnel:
    """What a proxy said to CONNECT; status 0 when it said nothing that is HTTP."""

    status: int
    early: bytes = b""
    """What came after the answer: the first bytes from the portal."""
    date: str = ""
    """The `Date` header of the answer."""
    note: str = ""


def tunnel(connection: Connection, host: str, port: int, route: Route, deadline: Deadline) -> Tunnel:
    """Ask a proxy to connect us to the portal; never raises."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", "User-Agent: oss-junbi"]
    if route.credentials:
        lines.append(f"Proxy-Authorization: Basic {route.credentials}")
    try:
        connection.send("\r\n".join([*lines, "", ""]).encode("ascii"), deadline)
        head = http.read_head(lambda: connection.receive(deadline))
    except TimeoutError:
        return Tunnel(0, note="the proxy does not answer")
    except (OSError, ValueError) as error:
        return Tunnel(0, note=f"the proxy's answer is not HTTP: {type(error).__name__}")
    return Tunnel(head.status, head.rest, head.header("date"))
