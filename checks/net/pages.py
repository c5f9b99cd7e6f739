"""Heads of the portal's pages, asked only over a verified connection."""

from __future__ import annotations

import threading

from checks.model import Context
from checks.net import http, tls, verification, visit
from checks.net.deadline import Deadline
from checks.net.reference import Reference, reference_of
from checks.pki.judge import VERIFIED
from checks.record import dataclass

PAGE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Page:
    """The head of a page, or why there is none."""

    path: str
    head: http.Head | None = None
    reference: Reference | None = None
    note: str = ""


class _Open:
    """The verified connection while it can be used for another question."""

    def __init__(self, stream: tls.Stream | None) -> None:
        self.stream = stream
        self.lock = threading.Lock()


def page(context: Context, path: str) -> Page:
    """The head of one of the portal's pages, asked over the verified connection or, when that ended, another one."""
    kept = context.memo.once("portal.open", lambda: _Open(verification.verdict(context).stream))

    def make() -> Page:
        until = visit.deadline(context, PAGE_SECONDS)
        with kept.lock:
            for attempt in range(2):
                if kept.stream is None:
                    if attempt == 0 and verification.verdict(context).code not in VERIFIED:
                        break
                    kept.stream = _another(context, until)
                if kept.stream is None:
                    break
                stream, kept.stream = kept.stream, None
                try:
                    asked = http.request(visit.host_of(context), context.options.port, path)
                    head = http.read_head(stream.ask(asked, until))
                except TimeoutError:
                    stream.close()
                    return Page(path, note="timed out")
                except (OSError, ValueError) as error:
                    stream.close()
                    note = type(error).__name__
                    if attempt:
                        return Page(path, note=note)
                    continue
                if head.keeps_open and not head.rest:
                    kept.stream = stream
                else:
                    stream.close()
                told = reference_of(context, head.header("date"), head.header("age"), "portal")
                return Page(path, head, told)
        return Page(path, note="no verified connection")

    return context.memo.once(f"portal.page {path}", make)


def _another(context: Context, until: Deadline) -> tls.Stream | None:
    way = visit.open_link(context, until)
    return verification.shake_hands(context, way, until).stream if way.connection is not None else None
