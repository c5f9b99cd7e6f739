"""One visit to the portal per run: the way, the name and the connection, each found once, whoever asks first."""

from __future__ import annotations

from checks.model import Context
from checks.net import connect, http
from checks.net import route as ways
from checks.net.connect import Attempt, Connection, Resolution, TimeLimit
from checks.pki import names
from checks.record import dataclass
from checks.shown import show
from checks.system.api import Unavailable

DNS_SECONDS, TCP_SECONDS, TLS_SECONDS = 6.0, 10.0, 10.0


def time_limit(context: Context, seconds: float) -> TimeLimit:
    """A time limit that ends a little before the runner's, so that the cause is named by us."""
    limit = context.options.timeout or seconds
    return TimeLimit(limit - min(1.0, 0.15 * limit), context.cancelled)


def host_of(context: Context) -> str:
    """The portal's host as it stands in certificates; raises `ValueError` when it is no host name."""
    return names.ascii_host(context.options.portal)


def host_port(context: Context) -> str:
    """The portal for a sentence."""
    return http.authority(show(context.options.portal, 100), context.options.port, 443)


def route(context: Context) -> ways.Route:
    """The way to the portal: direct, by a proxy, or unknown because a script decides."""

    def script() -> str | None:
        try:
            return context.system.pac_url()
        except Unavailable:
            return None

    def make() -> ways.Route:
        try:
            host = host_of(context)
        except ValueError:
            host = ""
        return ways.choose(host, context.options.port, context.options.proxy, script)

    return context.memo.once("portal.route", make)


def resolution(context: Context) -> Resolution:
    """The addresses of the portal, or of the proxy that leads to it."""

    def make() -> Resolution:
        way = route(context)
        try:
            host = way.proxy or host_of(context)
        except ValueError:
            return Resolution("not-found", note="not a host name")
        port = way.port if way.proxy else context.options.port
        vague = context.system.platform != "linux"  # what Windows and macOS do
        return connect.resolve(host, port, time_limit(context, DNS_SECONDS), vague=vague)

    return context.memo.once("portal.resolution", make)


@dataclass(frozen=True, slots=True)
class PortalLink:
    """A connection that reaches the portal, or the code that says why there is none."""

    code: str
    connection: Connection | None = None
    early: bytes = b""
    status: int = 0
    date: str = ""
    attempts: tuple[Attempt, ...] = ()
    note: str = ""


def link(context: Context) -> PortalLink:
    return context.memo.once("portal.link", lambda: open_link(context, time_limit(context, TCP_SECONDS)))


def open_link(context: Context, limit: TimeLimit) -> PortalLink:
    """Connect to the portal, through the proxy where one is set; never raises."""
    way = route(context)
    if way.unsupported:
        return PortalLink("proxy-unsupported", note=way.unsupported)
    found = resolution(context)
    if found.state != "resolved":
        if way.proxy:
            return PortalLink("proxy-unreachable", note=found.note)
        if way.script:
            return PortalLink("proxy-by-script", note=found.note)
        return PortalLink("not-resolved" if found.state == "not-found" else "name-unknown", note=found.note)
    connection, attempts = connect.connect(found.addresses, limit)
    if connection is None:
        code: str = "proxy-by-script" if way.script else connect.worst(attempts)
        return PortalLink("proxy-unreachable" if way.proxy else code, attempts=attempts)
    if not way.proxy:
        return PortalLink("connected", connection, attempts=attempts)
    answer = ways.tunnel(connection, host_of(context), context.options.port, way, limit)
    if isinstance(answer, str):
        connection.close()
        return PortalLink("proxy-unreachable", attempts=attempts, note=answer)
    date = answer.headers.get("date", "")
    if 200 <= answer.status < 300:
        return PortalLink("connected", connection, answer.rest, answer.status, date, attempts)
    connection.close()
    code = "proxy-needs-login" if answer.status == 407 else "proxy-refused"
    return PortalLink(code, None, b"", answer.status, date, attempts)
