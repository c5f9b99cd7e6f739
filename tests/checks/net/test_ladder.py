"""The rungs below TLS: names, proxies, connections.

Covers checks.net.connect, checks.net.records, checks.net.route, checks.net.visit and checks.probes.portal.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from checks.model import Context, Options, Outcome
from checks.net import connect as net_connect
from checks.net import route
from checks.probes.portal import portal_dns, portal_tcp
from checks.probes.portal_tls import portal_tls
from checks.verdict import outcome_of
from tests.support import hostile_servers
from tests.support.fake_system import FakeSystem
from tests.support.tls_lab import HOST, proxy_to, serving

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in PROXY_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.lower(), raising=False)


def context(host: str = "127.0.0.1", port: int = 443, pac: str | None = None, **options: object) -> Context:
    settings = {"portal": host, "port": port, "timeout": 1.5, **options}
    return Context(FakeSystem("linux", pac_url=pac), options=Options(**settings))  # type: ignore[arg-type]


def resolver(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    def fake(host: str, port: int, *_: object, **__: object) -> list[object]:
        if isinstance(answer, BaseException):
            raise answer
        return [
            (socket.AF_INET6 if ":" in text else socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port))
            for text in answer  # type: ignore[attr-defined]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", fake)


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


# Names


def test_addresses_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, ["2001:db8::1", "192.0.2.1"])
    found = portal_dns.probe(context(HOST))
    assert (found.code, found.values["count"], found.evidence) == (
        "resolved",
        2,
        ("2001:db8::1", "192.0.2.1"),
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [(-2, "not-found"), (-5, "not-found"), (11001, "not-found"), (11004, "not-found"),
     (-3, "no-answer"), (-4, "no-answer"), (11002, "no-answer"), (11003, "no-answer")],
)  # fmt: skip
def test_what_resolvers_say(monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    resolver(monkeypatch, socket.gaierror(number, "said the resolver"))
    assert portal_dns.probe(context(HOST)).code == code
    assert portal_tcp.probe(context(HOST)).code == {"not-found": "not-resolved"}.get(code, "name-unknown")
    assert portal_dns.probe(context(HOST, pac="http://pac.example/")).code == "proxy-by-script"
    assert portal_tcp.probe(context(HOST, pac="http://pac.example/")).code == "proxy-by-script"


@pytest.mark.parametrize(("number", "way_out", "code"), [
    (11001, True, "not-found"), (11001, False, "no-answer"), (8, True, "no-answer"), (11002, True, "no-answer"),
])  # fmt: skip
def test_a_pc_without_a_network_is_not_told_that_the_name_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, number: int, way_out: bool, code: str
) -> None:
    """Windows says 11001 for both."""
    monkeypatch.setattr(net_connect, "has_way_out", lambda: way_out)
    resolver(monkeypatch, socket.gaierror(number, "said the resolver"))
    windows = Context(FakeSystem("windows", pac_url=None), options=Options(portal=HOST))
    assert portal_dns.probe(windows).code == code


def test_a_way_out_is_a_route_of_either_family(monkeypatch: pytest.MonkeyPatch) -> None:
    routes: set[int] = set()

    def connect(self: socket.socket, address: object) -> None:
        if self.family not in routes:
            raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert not net_connect.has_way_out()
    for family in (socket.AF_INET, socket.AF_INET6):
        routes = {family}
        assert net_connect.has_way_out()


def test_a_resolver_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        end.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    begin = time.monotonic()
    try:
        assert portal_dns.probe(context(HOST, timeout=0.6)).code == "no-answer"
        assert time.monotonic() - begin < 5
    finally:
        end.set()


@pytest.mark.parametrize("host", ["a..b", "-" * 64, "", ".", "sp ace", "\u0080\uffff", "x" * 300, "a\x00b"])
def test_what_is_no_host_name(host: str) -> None:
    assert portal_dns.probe(context(host)).code == "not-found"
    assert portal_tcp.probe(context(host)).code == "not-resolved"
    assert portal_tls.probe(context(host)).code == "not-connected"


def test_a_fault_of_the_resolver_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fake(host: str, *_: object, **__: object) -> object:
        asked.append(host)
        raise socket.gaierror(-2, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    run = context(HOST)
    portal_dns.probe(run), portal_tcp.probe(run), portal_tls.probe(run)
    assert asked == [HOST]


# Connections


def test_refused(closed_port: int) -> None:
    assert portal_tcp.probe(context(port=closed_port)).code == "refused"
    assert portal_tcp.probe(context(port=closed_port, pac="http://pac.example/")).code == "proxy-by-script"


def test_every_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(hostile_servers.says()) as (server,):
        resolver(monkeypatch, ["::1", "127.0.0.2", "127.0.0.1"])
        monkeypatch.setattr(net_connect, "MOST", 8)
        found = portal_tcp.probe(context(HOST, server.port))
        assert found.code == "connected"
        assert found.evidence[-1] == f"127.0.0.1:{server.port}"
        assert found.evidence[0].startswith(f"[::1]:{server.port} ")


def test_a_port_that_swallows_connections() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        begin = time.monotonic()
        found = portal_tcp.probe(context(port=address[1], timeout=0.8))
        assert found.code == "no-answer"
        assert time.monotonic() - begin < 5
        for filler in fillers:
            filler.close()


def test_no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert portal_tcp.probe(context(port=9)).code == "unreachable"


# Proxies


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
            "proxy-needs-login",
            407,
        ),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy-refused", 403),
        (b"HTTP/1.0 502 Bad Gateway\r\n\r\n<html>", "proxy-refused", 502),
        (b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", "proxy-refused", 302),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\n\r\n", "proxy-refused", 503),
        (b"SSH-2.0-Example\r\n", "proxy-unreachable", None),
        (b"HTTP/1.1 abc\r\n\r\n", "proxy-unreachable", None),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20000, "proxy-unreachable", None),
    ],
)
def test_what_proxies_say(answer: bytes, code: str, status: int | None) -> None:
    with serving(hostile_servers.says(answer)) as (server,):
        run = context(HOST, proxy=f"http://127.0.0.1:{server.port}")
        assert portal_dns.probe(run).code == "behind-proxy"
        found = portal_tcp.probe(run)
        assert (found.code, found.values.get("status")) == (code, status)
        # A browser logs in to the proxy by itself: that we cannot is no fault of the way.
        assert outcome_of(portal_tcp, found.code) is (Outcome.UNKNOWN if status == 407 else Outcome.FAIL)
        assert portal_tls.probe(run).code == "not-connected"


@pytest.mark.parametrize("then", ["wait", "close", "reset"])
def test_proxies_that_say_nothing(then: str) -> None:
    with serving(hostile_servers.says(then=then)) as (server,):
        found = portal_tcp.probe(context(HOST, proxy=f"127.0.0.1:{server.port}", timeout=0.8))
        assert found.code == "proxy-unreachable"


def test_a_proxy_that_is_not_there(closed_port: int) -> None:
    found = portal_tcp.probe(
        context(HOST, proxy=f"http://127.0.0.1:{closed_port}", pac="http://pac.example/")
    )
    assert found.code == "proxy-unreachable"


def test_a_proxy_that_serves_a_page_after_its_yes() -> None:
    with serving(hostile_servers.says(b"HTTP/1.1 200 OK\r\n\r\n<html>Please log in</html>")) as (server,):
        assert portal_tls.probe(context(HOST, proxy=f"http://127.0.0.1:{server.port}")).code == "not-tls"


def test_first_bytes_that_come_with_the_proxys_yes_are_not_lost() -> None:
    yes = b"HTTP/1.1 200 OK\r\n\r\n" + hostile_servers.alert(2, 40)
    with serving(hostile_servers.says(yes)) as (server,):
        found = portal_tls.probe(context(HOST, proxy=f"http://127.0.0.1:{server.port}"))
        assert (found.code, found.values["alert"]) == ("handshake-refused", "handshake_failure")


def test_credentials_are_used_and_never_shown() -> None:
    asked: list[bytes] = []
    refuse = b"HTTP/1.1 407 No\r\n\r\n"
    with serving(proxy_to(1, refuse, asked)) as (server,):
        run = context(HOST, proxy=f"http://user:s3cret@127.0.0.1:{server.port}")
        found = [portal_dns.probe(run), portal_tcp.probe(run)]
    assert b"Proxy-Authorization: Basic dXNlcjpzM2NyZXQ=" in asked[0]
    assert asked[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n".encode())
    assert "s3cret" not in repr(found)
    assert "dXNlcjpzM2NyZXQ" not in repr(route.choose("h", 1, "http://user:s3cret@127.0.0.1:1", lambda: None))


def test_the_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    assert portal_tcp.probe(context(HOST)).code == "proxy-unreachable"
    with serving(hostile_servers.says()) as (server,):
        assert portal_tcp.probe(context(port=server.port, proxy="")).code == "connected"
        monkeypatch.setenv("NO_PROXY", "example.test,127.0.0.1")
        assert portal_tcp.probe(context(port=server.port)).code == "connected"
        refuse = proxy_to(1, b"HTTP/1.1 403 No\r\n\r\n")
        with serving(refuse) as (other,):
            found = portal_tcp.probe(context(port=server.port, proxy=f"http://127.0.0.1:{other.port}"))
            assert found.code == "proxy-refused"


@pytest.mark.parametrize(
    "url", ["socks5://127.0.0.1:1080", "https://route.example", "http://", "http://x:99999"]
)
def test_proxies_that_cannot_be_used_are_unknown(url: str) -> None:
    run = context(HOST, proxy=url)
    assert portal_dns.probe(run).code == "behind-proxy"
    assert portal_tcp.probe(run).code == "proxy-unsupported"


def test_a_script_is_no_reason_to_fail_when_the_portal_answers() -> None:
    with serving(hostile_servers.says()) as (server,):
        assert portal_tcp.probe(context(port=server.port, pac="http://pac.example/")).code == "connected"


def test_system_settings_are_used_where_the_environment_is_silent() -> None:
    def choose(settings: dict[str, str], bypass: bool = False, pac: str | None = None) -> route.Route:
        return route.choose(HOST, 443, None, lambda: pac, lambda: settings, lambda _: bypass)

    assert choose({"https": "http://p.example:8080"}).shown == "p.example:8080"
    assert choose({"https": "p.example:8080"}).shown == "p.example:8080"
    assert choose({"http": "http://p.example:8080"}) == route.Route()
    assert choose({"https": "http://p.example:8080"}, bypass=True) == route.Route()
    assert choose({}, pac="http://pac.example/").script
    assert not choose({"https": "http://p.example:8080"}, pac="http://pac.example/").script


def test_the_probes_cost_nothing_until_they_run() -> None:
    import subprocess
    import sys

    program = "import sys, checks.probes.portal, checks.probes.clock; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"ssl", "socket", "certifi", "cryptography", "urllib.request", "checks.net.visit"} & set(
        loaded
    )
