"""What time it is according to someone else, for whom no connection needs to be verified."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta

from checks.model import Context
from checks.net import connect, http, visit
from checks.record import dataclass

REFERENCE_SECONDS = 2.0
FAR_OFF = timedelta(days=1)
"""A clock that is further off than this explains an error of dates."""
PLAIN_PORT = 80
"""Where the portal is asked for the time when the certificate's dates do not fit."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What time it is according to someone else; positive when this PC's clock is ahead."""

    ahead: timedelta
    source: str


def reference_time(context: Context) -> Reference | None:
    """The time by a `Date` header that needs no verified connection: the proxy's, else the portal's on plain HTTP."""

    def make() -> Reference | None:
        way = visit.link(context)
        if way.date:
            return reference_of(context, {"date": way.date}, "proxy")
        limit = visit.time_limit(context, visit.TLS_SECONDS).within(REFERENCE_SECONDS)
        through = visit.route(context)
        found = visit.resolution(context)
        if through.unsupported or found.state != "resolved":
            return None
        port = through.port if through.proxy else PLAIN_PORT
        connection, _ = connect.connect(
            [(kind, (host, port, *more)) for kind, (host, _, *more) in found.addresses], limit
        )
        if connection is None:
            return None
        host = http.authority(visit.host_of(context), 80, 80)
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
