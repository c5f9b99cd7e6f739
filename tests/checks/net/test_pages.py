"""The rungs above TLS: the clock and the pages.

Covers checks.probes.clock and checks.probes.portal_pages.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from checks import BUILD_DATE
from checks.guide import load_guide
from checks.model import Context, Options
from checks.probes.clock import clock_skew
from checks.probes.portal import portal_tcp
from checks.probes.portal_pages import portal_pages
from checks.probes.portal_tls import portal_tls
from tests.support import hostile_servers, tls_lab
from tests.support.fake_system import FakeSystem
from tests.support.tls_lab import Tls, http_answer, serving
from tests.support.tls_world import Fault, world

GUIDE = load_guide("oss")
PATHS = GUIDE.portal.pages
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in PROXY_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.lower(), raising=False)


def context(host: str = "127.0.0.1", port: int = 443, pac: str | None = None, **options: object) -> Context:
    settings = {"portal": host, "port": port, "timeout": 1.5, **options}
    return Context(FakeSystem("linux", pac_url=pac), options=Options(**settings), guide=GUIDE)  # type: ignore[arg-type]


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def portal(answer: object) -> Fault:
    root = tls_lab.root()
    made = tls_lab.leaf(root)
    server = Tls([made.der], made.key, answer=answer)  # type: ignore[arg-type]
    return Fault("", "ok", trusted=(root,), host="127.0.0.1", raw=server.handler())


@pytest.mark.parametrize(
    ("ahead", "code"),
    [(0, "in-time"), (290, "in-time"), (-290, "in-time"), (400, "off"), (-400, "off"),
     (80_000, "off"), (90_000, "wrong"), (-90_000, "wrong")],
)  # fmt: skip
def test_the_clock_is_compared_with_the_portals(ahead: int, code: str) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=ahead)
    with world(portal(http_answer(moment=moment)), 5) as run:
        found = clock_skew.probe(run())
        assert found.code == code
        assert abs(int(found.values["seconds"]) - ahead) <= 2


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nDate: soon\r\n\r\n", b"no"]
)
def test_without_a_reference_the_clock_is_unknown(answer: bytes) -> None:
    with world(portal(answer), 1.0) as run:
        assert clock_skew.probe(run()).code == "no-reference"


def test_a_clock_earlier_than_the_program_is_wrong_without_a_reference(closed_port: int) -> None:
    early = datetime.fromisoformat(BUILD_DATE).replace(tzinfo=UTC) - timedelta(days=1)
    assert clock_skew.probe(context(port=closed_port, now=early)).code == "wrong"
    assert clock_skew.probe(context(port=closed_port)).code == "no-reference"


@pytest.mark.parametrize(("seconds", "code"), [(0, "in-time"), (3000, "off"), (-3 * 86400, "no-reference")])
def test_the_clock_is_asked_of_plain_http_when_tls_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, seconds: int, code: str
) -> None:
    """Whoever answers may be a router whose own clock is days off: that alone does not make ours wrong."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    with serving(
        hostile_servers.says(b"not TLS", then="close"), hostile_servers.says(http_answer(moment=moment))
    ) as (server, plain):
        monkeypatch.setattr("checks.net.visit.PLAIN_PORT", plain.port)
        assert clock_skew.probe(context(port=server.port)).code == code


def by_path(**answers: bytes) -> object:
    def answer(asked: bytes) -> bytes:
        path = asked.split(b" ")[1].decode()
        return answers["first" if path == PATHS[0] else "second"]

    return answer


OK = http_answer()


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (OK, OK, "answered"),
        (http_answer("405 Method Not Allowed"), OK, "answered"),
        (OK, http_answer("404 Not Found"), "error-status"),
        (http_answer("503 Service Unavailable"), OK, "error-status"),
        (http_answer("302 Found", headers="Location: https://login.example/\r\n"), OK, "redirected"),
        (http_answer("302 Found", headers="Location: /portal/index.html\r\n"), OK, "answered"),
        (http_answer("301 Moved", headers="Location: https://127.0.0.1/x\r\n"), OK, "answered"),
        (http_answer("301 Moved", headers="Location: https://127.0.0.1./x\r\n"), OK, "answered"),
        (http_answer("301 Moved", headers="Location: file://[/\r\n"), OK, "redirected"),
        (http_answer("301 Moved", headers="Location: //login.example/\r\n"), OK, "redirected"),
        (http_answer("301 Moved", headers="Location: https:\\\\login.example\r\n"), OK, "redirected"),
        (http_answer("301 Moved", headers="Location:\r\n\thttps://login.example/\r\n"), OK, "redirected"),
        (
            http_answer("301 Moved", headers="X: y\r\n" * 250 + "Location: https://login.example/\r\n"),
            OK,
            "redirected",
        ),
        (http_answer("301 Moved", headers="Location: http://127.0.0.1/x\r\n"), OK, "redirected"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", OK, "no-answer"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + http_answer("404 Not Found"), OK, "error-status"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 5000, OK, "no-answer"),
        (b"HTTP/1.1 2_00 OK\r\n\r\n", OK, "no-answer"),
        (OK, b"", "no-answer"),
        (OK, b"garbage" * 30000, "no-answer"),
        (
            http_answer(headers="Connection: close\r\n"),
            http_answer(headers="Connection: close\r\n"),
            "answered",
        ),
        (OK[:-2] + b"X: " + b"y" * 200_000, OK, "no-answer"),
        (http_answer("500 \x1b[31m"), OK, "error-status"),
    ],
)
def test_pages(first: bytes, second: bytes, code: str) -> None:
    with world(portal(by_path(first=first, second=second)), 1.0) as run:
        found = portal_pages.probe(run())
        assert found.code == code
        assert "\x1b" not in repr(found.evidence)


def test_where_a_page_leads_is_shown() -> None:
    answer = http_answer("302 Found", headers="Location: http://127.0.0.1:80/\x1b[2J?mac=1\r\n")
    with world(portal(by_path(first=answer, second=OK)), 1.0) as run:
        found = portal_pages.probe(run())
    assert (found.code, found.values["target"]) == ("redirected", "http://127.0.0.1")
    assert found.evidence == (f"{PATHS[0]} 302 http://127.0.0.1:80/\\x1b[2J", f"{PATHS[1]} 200")


def test_pages_and_clock_share_the_verified_connection() -> None:
    root = tls_lab.root()
    made = tls_lab.leaf(root)
    server = Tls([made.der], made.key, answer=OK)
    with serving(server.handler()) as (listening,):
        run = context(port=listening.port, proxy="", timeout=5)
        from checks.pki.anchors import Roots

        run.memo.once("portal.added", lambda: Roots([root.der]))
        codes = [check.probe(run).code for check in (portal_tcp, portal_tls, clock_skew, portal_pages)]
        assert codes == ["connected", "ok", "in-time", "answered"]
        assert listening.connections == 1
        assert [asked.split(b" ")[:2] for asked in server.heard] == [
            [b"HEAD", path.encode()] for path in PATHS
        ]


def test_nothing_is_asked_of_pages_that_are_not_verified() -> None:
    root = tls_lab.root()
    made = tls_lab.leaf(root)
    server = Tls([made.der], made.key, answer=OK)
    with serving(server.handler()) as (listening,):
        assert portal_pages.probe(context(port=listening.port, proxy="")).code == "not-verified"
        assert server.heard == []
