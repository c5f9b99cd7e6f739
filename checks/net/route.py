"""Which way leads to the portal, and asking a proxy for it (RFC 9110 section 9.3.6, CONNECT)."""

from __future__ import annotations

import base64
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Literal

from checks.net import http
from checks.net.connect import Connection, TimeLimit
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
        return http.authority(self.proxy, self.port)


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
        if url and (bypass(http.authority(host, port, port)) or bypass(http.authority(host, port))):
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


def tunnel(connection: Connection, host: str, port: int, route: Route, limit: TimeLimit) -> http.Head | str:
    """What a proxy says when asked to connect us to the portal, or why that is nothing; never raises.

    After a yes, the rest behind the head is the first bytes from the portal.
    """
    target = http.authority(host, port)
    login = (f"Proxy-Authorization: Basic {route.credentials}",) if route.credentials else ()
    try:
        connection.send(http.request("CONNECT", target, target, *login), limit)
        return http.read_head(lambda: connection.receive(limit))
    except TimeoutError:
        return "the proxy does not answer"
    except (OSError, ValueError) as error:
        return f"the proxy's answer is not HTTP: {error}"
