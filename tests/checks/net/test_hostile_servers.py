"""Hostile servers: each ends within its deadline with a code, in bounded memory, and shows nothing that acts."""

from __future__ import annotations

import re
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from checks.model import Context, Finding, Options
from checks.probes.portal_os_verifier import os_verifier
from checks.probes.portal_tls import portal_tls
from checks.text import placeholders
from tests.support import hostile_servers, tls_lab
from tests.support.fake_system import FakeSystem
from tests.support.hostile_servers import forever, hello, long_chain, record, says, zoo
from tests.support.tls_lab import Handler, Made, Tls
from tests.support.tls_world import Fault, meet, world

LIMIT = 1.2


def run(handler: Handler, limit: float = LIMIT) -> tuple[Finding, float]:
    with tls_lab.serving(handler) as (server,):
        options = Options(portal="127.0.0.1", port=server.port, proxy="", timeout=limit)
        begin = time.monotonic()
        found = portal_tls.probe(Context(FakeSystem("linux", pac_url=None), options=options))
        took = time.monotonic() - begin
        said = portal_tls.says[found.code]
        for text in (said.text, said.remedy):
            assert text is None or placeholders(text.ja) <= set(found.values)
        return found, took


def test_every_hostile_server_ends_in_time_with_its_own_cause_and_a_good_one_beside_them_at_once() -> None:
    rows = list(zoo())
    assert len(rows) >= 60
    assert len({name for name, _, _ in rows}) == len(rows)
    root = tls_lab.root()
    good = Fault("", "ok", (tls_lab.leaf(root),), (root,), host="127.0.0.1")
    # What is loaded once, with roots of one's own and without, is loaded before the clocks run.
    assert meet(good).code == "ok"
    run(says(then="close"))
    with ThreadPoolExecutor(len(rows)) as pool:
        under_way = [pool.submit(run, row[2], 2.5) for row in rows]
        begin = time.monotonic()
        assert meet(good).code == "ok"
        beside = time.monotonic() - begin
        results = [future.result() for future in under_way]
    wrong = [
        f"{name}: {found.code} after {took:.1f} s {found.evidence[:1]}"
        for (name, codes, _), (found, took) in zip(rows, results, strict=True)
        if found.code not in codes or took > 6.0
    ]
    assert wrong == []
    assert beside < 2.5


@pytest.mark.parametrize(
    "handler",
    [
        forever(record(22, hostile_servers.message(4, bytes(16000))), record(22, hello())),
        forever(record(22, b"")),
        forever(b"\x00" * 65536),
    ],
    ids=["messages", "empty records", "zeros"],
)
def test_memory_stays_bounded(handler: Handler) -> None:
    run(handler)
    tracemalloc.start()
    try:
        run(handler)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000


def test_a_good_check_beside_hostile_ones_is_quick() -> None:
    root = tls_lab.root()
    made = tls_lab.leaf(root)
    fault = Fault("", "ok", (made,), (root,), host="127.0.0.1")
    with ThreadPoolExecutor(4) as pool:
        stuck = [pool.submit(run, handler) for handler in (hostile_servers.says(), forever(record(22, b"")))]
        assert meet(fault).code == "ok"
        assert not stuck[0].done()
        for future in stuck:
            future.result()


REDIRECT = (
    b"HTTP/1.1 302 Found\r\nServer: x\r\nlocation: http://login.example/?mac=1\r\n\r\n<html>\r\nLocation: no"
)


@pytest.mark.parametrize(
    ("handler", "lines"),
    [
        (says(REDIRECT), ("answer: HTTP/1.1 302 Found", "Location: http://login.example/")),
        (says(*(REDIRECT[at : at + 9] for at in range(0, len(REDIRECT), 9))), ("answer: HTTP/1.1 302 Found", "Location: http://login.example/")),
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\nLocation: no\r\n", then="close"), ("answer: HTTP/1.1 400 Bad Request",)),
        (says(b"SSH-2.0-Example\r\nmore", first=False), ("answer: SSH-2.0-Example",)),
        (says(b"220 mail.", b"example ESMTP\r\n", first=False), ("answer: 220 mail.example ESMTP",)),
        (says("会議室\n".encode()), ("answer: 会議室",)),
        (says(b"\x1b[2J\xff\n"), ("answer: \\x1b[2J\\xff",)),
        (says(b"H"), ("answer: H",)),
        (says(b"\r\n"), ()),
        (says(record(21, b"\x02\x28\x00"), then="close"), ()),
    ],
)  # fmt: skip
def test_what_answers_in_place_of_tls_is_shown(handler: Handler, lines: tuple[str, ...]) -> None:
    found, _ = run(handler, 3.0)
    assert found.code == "not-tls"
    assert found.evidence[1:] == lines


@pytest.mark.parametrize(
    "handler", [forever(b"x" * 4096), forever(b"X: y\r\n", b"HTTP/1.1 302 F\r\nLocation: " + b"y" * 3000 + b"\r\n"), forever(b"x", pause=0.01)]
)  # fmt: skip
def test_an_endless_banner_is_cut(handler: Handler) -> None:
    found, took = run(handler, 3.0)
    assert found.code == "not-tls"
    assert took < 2.5
    assert found.evidence[1].startswith("answer: ")
    assert all(len(line) <= 210 for line in found.evidence)


@pytest.mark.parametrize(
    ("depth", "codes"), [(60, {"ok"}), (98, {"ok"}), (130, {"chain-invalid", "untrusted-root"})]
)
def test_long_chains(depth: int, codes: set[str]) -> None:
    root, server = long_chain(depth)
    begin = time.process_time()
    found = meet(Fault("", "", trusted=(root,), host="127.0.0.1", raw=server.handler()))
    assert found.code in codes, found.evidence[:3]
    assert time.process_time() - begin < 3.0


def test_a_hundred_strangers_change_nothing() -> None:
    root = tls_lab.root()
    mid = tls_lab.intermediate(root)
    made = tls_lab.leaf(mid)
    junk = [tls_lab.intermediate(root, "Example Intermediate", f"junk{at}") for at in range(100)]
    found = meet(Fault("", "ok", (made, *junk, mid), (root,), host="127.0.0.1"))
    assert found.code == "ok", found.evidence
    found = meet(Fault("", "untrusted-root", (made, *junk), (root,), host="127.0.0.1"))
    assert found.code == "untrusted-root"


def test_a_mesh_of_cross_certificates_ends() -> None:
    """Ten CAs that all sign each other: more paths than anyone can walk."""
    size = 10
    mesh: list[Made] = [
        tls_lab.make(
            f"Mesh {one}", own=f"mesh{one}", ca=True, issuer_name=tls_lab.name(f"Mesh {two}"),
            signer=tls_lab.key(f"mesh{two}"),
        )
        for one in range(size) for two in range(size) if one != two
    ]  # fmt: skip
    made = tls_lab.leaf(mesh[0])
    begin = time.process_time()
    assert meet(Fault("", "", (made, *mesh), (), host="127.0.0.1")).code == "untrusted-root"
    assert time.process_time() - begin < 6.0


NASTY = (
    "\x1b]0;owned\x07\x1b[2J",
    "[red]markup[/red] [/]",
    "\u202egnihtemos\u202c\u2066",
    "line\r\nbreak\x00nul",
    "x" * 40_000,
    "\u0300" * 2000,
)


@pytest.mark.filterwarnings("ignore:Attribute's length")
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_names_are_shown_inertly(text: str) -> None:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, text, _validate=False),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, text[:1000], _validate=False),
        ]
    )
    made = (
        tls_lab.leaf(None, common="", own="leaf") if not text else tls_lab.make(subject, sans=("a.example",))
    )
    fault = Fault("", "self-signed", (made,), host="127.0.0.1")
    with world(fault) as context:
        ran = context()
        for probe in (portal_tls.probe, os_verifier.probe):
            found = probe(ran)
            said = [*found.evidence, *(str(value) for value in found.values.values())]
            assert all(len(line) <= 300 for line in said)
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "".join(said))
        assert portal_tls.probe(ran).code == "self-signed"


def test_a_run_that_is_cancelled_ends_at_once() -> None:
    import threading

    stop = threading.Event()
    with tls_lab.serving(hostile_servers.says()) as (server,):
        options = Options(portal="127.0.0.1", port=server.port, proxy="", timeout=20)
        context = Context(FakeSystem("linux", pac_url=None), options=options, cancelled=stop.is_set)
        begin = time.monotonic()
        threading.Timer(0.1, stop.set).start()
        portal_tls.probe(context)
        assert time.monotonic() - begin < 10.0


def test_after_verification_silence_and_cuts_are_fine() -> None:
    root = tls_lab.root()
    made = tls_lab.leaf(root)
    for close in (False, True):
        server = Tls([made.der], made.key, close_after_handshake=close)
        fault = Fault("", "ok", trusted=(root,), host="127.0.0.1", raw=server.handler())
        assert meet(fault).code == "ok"
