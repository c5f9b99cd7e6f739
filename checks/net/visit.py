"""One visit to the portal per run: the way, the name, the connection and the time, each found once, whoever asks first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta

from checks.model import Context
from checks.net import connect, http
from checks.net import route as ways
from checks.net.connect import Attempt, Connection, Resolution, TimeLimit
from checks.pki import names
from checks.record import dataclass
from checks.shown import show
from checks.system.api import Unavailable

DNS_SECONDS, TCP_SECONDS, TLS_SECONDS = 6.0, 10.0, 10.0
REFERENCE_SECONDS = 2.0
FAR_OFF = timedelta(days=1)
"""A clock that is further off than this explains an error of dates."""
PLAIN_PORT = 80
"""Where the portal is asked for the time when the certificate's dates do not fit."""


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


@dataclass(frozen=True, slots=True)
class Reference:
    """What time it is according to someone else; positive when this PC's clock is ahead."""

    ahead: timedelta
    source: str


def reference_time(context: Context) -> Reference | None:
    """The time by a `Date` header that needs no verified connection: the proxy's, else the portal's on plain HTTP."""

    def make() -> Reference | None:
        way = link(context)
        if way.date:
            return reference_of(context, {"date": way.date}, "proxy")
        limit = time_limit(context, TLS_SECONDS).within(REFERENCE_SECONDS)
        through = route(context)
        found = resolution(context)
        if through.unsupported or found.state != "resolved":
            return None
        port = through.port if through.proxy else PLAIN_PORT
        connection, _ = connect.connect(
            [(kind, (host, port, *more)) for kind, (host, _, *more) in found.addresses], limit
        )
        if connection is None:
            return None
        host = http.authority(host_of(context), 80, 80)
        page = f"http://{host}/"
        try:
            connection.send(http.request("HEAD", page if through.proxy else "/", host), limit)
            head = http.read_head(lambda: connection.receive(limit))
        except (OSError, ValueError):
            return None
        finally:
            connection.close()
        return reference_of(context, head.headers, page)

    return context.memo.once("portal.reference", make)


def reference_of(context: Context, headers: Mapping[str, str], source: str) -> Reference | None:
    """What a `Date` header says of this PC's clock; `Age` is how long a cache has kept it, in seconds."""
    moment, age = http.date(headers.get("date", "")), headers.get("age", "")
    if moment is None:
        return None
    if age.isascii() and age.isdigit() and len(age) < 8:
        moment += timedelta(seconds=int(age))
    return Reference(context.options.moment().astimezone(UTC) - moment, source)
