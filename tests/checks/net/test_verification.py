"""The one code of `portal.tls` for every fault that can be served, on a real connection.

Covers checks.net.chain_lines, checks.net.tls, checks.probes.portal_tls and checks.probes.portal_tls_says.
"""

from __future__ import annotations

import ssl
from datetime import timedelta

import pytest

from checks.model import Context, Options
from checks.probes.clock import clock_skew
from checks.probes.portal import portal_tcp
from checks.probes.portal_os_verifier import os_verifier
from checks.probes.portal_tls import portal_tls
from checks.text import placeholders
from tests.support import hostile_servers
from tests.support import tls_lab as lab
from tests.support.fake_system import FakeSystem
from tests.support.tls_faults import faults
from tests.support.tls_lab import NOW, Tls
from tests.support.tls_world import Fault, meet, world


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_every_fault_has_its_code(fault: Fault) -> None:
    found = meet(fault)
    assert found.code == fault.code, found.evidence
    says = portal_tls.says[found.code]
    for text in (says.text, says.remedy):
        if text is not None:
            assert placeholders(text.ja) <= set(found.values)


def test_the_matrix_is_large_enough_and_knows_every_code() -> None:
    served = {fault.code for fault in faults()}
    elsewhere = {"not-tls", "handshake-timeout", "connection-closed", "not-connected"}
    assert len([fault for fault in faults() if fault.code != "ok"]) >= 80
    assert served | elsewhere == set(portal_tls.says)


def test_the_names_of_the_matrix_differ() -> None:
    names = [fault.name for fault in faults()]
    assert len(set(names)) == len(names)


def _good(**server: object) -> tuple[Tls, Fault]:
    root = lab.root()
    mid = lab.intermediate(root)
    made = lab.leaf(mid)
    tls = Tls([made.der, mid.der], made.key, **server)  # type: ignore[arg-type]
    return tls, Fault("", "ok", trusted=(root,), host="127.0.0.1", raw=tls.handler())


@pytest.mark.parametrize(
    "fault", [fault for fault in faults() if fault.raw is None], ids=lambda fault: fault.name
)
def test_nothing_is_said_inside_tls_by_the_verdict(fault: Fault) -> None:
    tls = Tls([made.der for made in fault.chain], fault.chain[0].key, **fault.server)  # type: ignore[arg-type]
    served = Fault(
        fault.name, fault.code, fault.chain, fault.trusted, fault.system, fault.public, fault.expected,
        fault.listed, fault.host, fault.now, raw=tls.handler(),
    )  # fmt: skip
    meet(served)
    assert tls.heard == []


def test_one_connection_serves_connection_and_verdict() -> None:
    _, fault = _good()
    with world(fault) as context:
        run = context()
        assert portal_tcp.probe(run).code == "connected"
        assert portal_tls.probe(run).code == "ok"
        assert portal_tls.probe(run).code == "ok"


def test_evidence_shows_the_chain_and_both_thumbprints() -> None:
    fault = next(fault for fault in faults() if fault.name == "private root sent")
    found = meet(fault)
    lines = "\n".join(found.evidence)
    for made in fault.chain:
        assert made.sha256 in lines
    assert "CN=Example Intermediate" in lines
    assert "untrusted-root [2]" in lines
    assert found.values["issuer"] == "Example Root"


def test_faults_that_are_not_the_code_are_evidence() -> None:
    fault = next(fault for fault in faults() if fault.name == "self-signed, expired, wrong name")
    lines = meet(fault).evidence
    assert "expired [0]" in lines
    assert "hostname-mismatch [0]" in lines


def test_a_clock_that_is_off_by_the_proxys_date_explains_an_expired_certificate() -> None:
    root = lab.root()
    made = lab.leaf(root)
    serve = Tls([made.der], made.key).handler()
    for days, code in ((0, "clock-wrong"), (2000, "expired")):
        with lab.serving(serve) as (server,):
            status = lab.http_answer(moment=NOW + timedelta(days=days)).replace(b"Content-Length: 0\r\n", b"")
            with lab.serving(lab.proxy_to(server.port, status)) as (proxy,):
                options = Options(
                    portal=lab.HOST,
                    proxy=f"127.0.0.1:{proxy.port}",
                    timeout=5,
                    now=NOW + timedelta(days=2000),
                )
                run = _trusting(root, options)
                found = portal_tls.probe(run)
                assert found.code == code, found.evidence
                clock = "wrong" if code == "clock-wrong" else "in-time"
                assert clock_skew.probe(run).code == clock


def _trusting(root: lab.Made, options: Options) -> Context:
    from checks.pki.anchors import Roots

    context = Context(FakeSystem("linux", pac_url=None), options=options)
    context.memo.once("portal.added", lambda: Roots([root.der]))
    return context


def test_a_missing_ca_file_is_said_and_never_ignored() -> None:
    from checks.system.api import Unavailable

    _, fault = _good()
    with world(fault) as context:
        run = context()
        options = Options(
            portal="127.0.0.1", port=run.options.port, proxy="", ca_file="/nonexistent/x.pem", timeout=5
        )
        with pytest.raises(Unavailable, match="--ca-file"):
            portal_tls.probe(Context(run.system, options=options))


def test_the_context_is_the_same_on_every_python() -> None:
    from checks.net import tls

    context = tls.verifying_context(())
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.verify_flags == tls.NO_CHECK_TIME | ssl.VERIFY_X509_TRUSTED_FIRST
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("good", "refused"),
        ("only in the system's store", "trusted"),
        ("wrong name under the system's root", "refused"),
    ],
)
def test_the_systems_own_list_is_asked_too(name: str, code: str) -> None:
    fault = next(fault for fault in faults() if fault.name == name)
    with world(fault) as context:
        if not fault.system:
            fault.system = (lab.root("Some Other", "someother"),)
            with world(fault) as again:
                assert os_verifier.probe(again()).code == code
            fault.system = ()
        else:
            assert os_verifier.probe(context()).code == code


def test_a_system_without_a_list_is_unknown_and_no_failure() -> None:
    _, fault = _good()
    with world(fault) as context:
        assert os_verifier.probe(context()).code == "not-asked"


def test_the_system_is_not_asked_about_what_did_not_come() -> None:
    with lab.serving(hostile_servers.says(b"not TLS", then="close")) as (server,):
        options = Options(portal="127.0.0.1", port=server.port, proxy="", timeout=5.0)
        context = Context(FakeSystem("linux", pac_url=None), options=options)
        assert os_verifier.probe(context).code == "no-certificate"
