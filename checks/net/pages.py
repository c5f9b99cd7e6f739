"""Heads of the portal's pages, asked only over a verified connection."""

from __future__ import annotations

import threading

from checks.model import Context
from checks.net import http, tls, verification, visit
from checks.net.visit import Reference, reference_of
from checks.pki.judge import VERIFIED
from checks.record import dataclass


@dataclass(frozen=True, slots=True)
class PageHead:
    """The head of a page, and as a note its status and where it leads (no query: it may name the user), or why there is none."""

    path: str
    head: http.Head | None = None
    reference: Reference | None = None
    note: str = ""


class _KeptStream:
    def __init__(self, stream: tls.Stream | None) -> None:
        self.stream = stream
        self.lock = threading.Lock()


def page(context: Context, path: str) -> PageHead:
    """The head of one of the portal's pages, asked over the verified connection or, when that ended, another one."""
    kept = context.memo.once("portal.open", lambda: _KeptStream(verification.verdict(context).stream))

    def make() -> PageHead:
        limit, note = visit.time_limit(context, 8.0), "no verified connection"
        host = http.authority(visit.host_of(context), context.options.port, 443)
        with kept.lock:
            for _ in range(2):
                if kept.stream is None and verification.verdict(context).code in VERIFIED:
                    way = visit.open_link(context, limit)
                    if way.connection is not None:
                        kept.stream = verification.shake_hands(context, way, limit).stream
                if kept.stream is None:
                    break
                stream, kept.stream = kept.stream, None
                try:
                    head = http.read_head(stream.ask(http.request("HEAD", path, host), limit))
                except (OSError, ValueError) as error:
                    stream.close()
                    note = str(error) or "timed out"
                    if isinstance(error, TimeoutError):
                        break
                    continue
                if head.rest or "close" in head.headers.get("connection", "").lower():
                    stream.close()
                else:
                    kept.stream = stream
                note = f"{head.status} {head.headers.get('location', '').partition('?')[0]}".rstrip()
                return PageHead(path, head, reference_of(context, head.headers, "portal"), note)
        return PageHead(path, note=note)

    return context.memo.once(f"portal.page {path}", make)
