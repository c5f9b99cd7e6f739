"""A world on 127.0.0.1 in which a server with one fault is met by the real check."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from unittest import mock

from checks.guide import load_guide
from checks.model import Context, Finding, Options
from checks.net import tls
from checks.pki import anchors
from checks.record import replace
from tests.support import tls_lab as lab
from tests.support.fake_system import FakeSystem
from tests.support.tls_lab import HOST, Made, Tls


@dataclass
class Fault:
    """One server, what is trusted, and the code that must come out."""

    name: str
    code: str
    chain: Sequence[Made] = ()
    """As sent, leaf first."""
    trusted: Sequence[Made] = ()
    """Given with `--ca-file`."""
    system: Sequence[Made] = ()
    """In the operating system's store."""
    public: Sequence[Made] = ()
    """In the public bundle."""
    expected: Sequence[Made] = ()
    """In the public bundle, and expected of the portal."""
    listed: Sequence[Made] = ()
    """In our table of public roots only."""
    host: str = HOST
    now: datetime | None = None
    server: dict[str, object] = field(default_factory=dict)
    raw: lab.Handler | None = None
    """A server of another kind, in place of real TLS."""

    def handler(self) -> lab.Handler:
        if self.raw is not None:
            return self.raw
        return Tls([made.der for made in self.chain], self.chain[0].key, **self.server).handler()  # type: ignore[arg-type]


@contextmanager
def world(fault: Fault, limit: float = 10.0) -> Iterator[Callable[[], Context]]:
    """The fault being served; gives a function that makes a fresh run which meets it.

    Names are reached through a proxy on this machine, addresses directly. Nothing outside 127.0.0.1 is contacted.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (server,) = stack.enter_context(lab.serving(fault.handler()))
        direct = fault.host == "127.0.0.1"
        proxy = None
        if not direct:
            (tunnel,) = stack.enter_context(lab.serving(lab.proxy_to(server.port)))
            proxy = f"http://127.0.0.1:{tunnel.port}"
        (folder / "added.pem").write_text(lab.pem(*(made.der for made in fault.trusted)))
        (folder / "system.pem").write_text(lab.pem(*(made.der for made in fault.system)))
        environment = {"SSL_CERT_FILE": str(folder / "system.pem"), "SSL_CERT_DIR": str(folder / "none")}
        stack.enter_context(mock.patch.dict("os.environ", environment))
        if fault.public or fault.expected or fault.listed:
            stack.enter_context(_public_world(fault, folder))
        stack.enter_context(mock.patch("checks.net.visit.PLAIN_PORT", 9))

        guide = load_guide("oss")

        def context() -> Context:
            return Context(
                system=FakeSystem("linux", pac_url=None),
                guide=replace(guide, portal=replace(guide.portal, roots=tuple(anchors.EXPECTED.values()))),
                options=Options(
                    portal=fault.host,
                    port=server.port if direct else 443,
                    proxy=proxy if proxy is not None else "",
                    ca_file=str(folder / "added.pem") if fault.trusted else None,
                    timeout=limit,
                    now=fault.now,
                ),
            )

        yield context


@contextmanager
def _public_world(fault: Fault, folder: Path) -> Iterator[None]:
    """A public bundle with the fault's own roots in it."""
    import certifi

    own = [made.der for made in (*fault.public, *fault.expected)]
    bundle = folder / "bundle.pem"
    bundle.write_text(Path(certifi.where()).read_text("ascii") + lab.pem(*own))
    expected = {**anchors.EXPECTED, **{made.sha256: "Example" for made in fault.expected}}
    listed = anchors.listed() | {bytes.fromhex(made.sha256) for made in fault.listed}

    def forget() -> None:
        anchors.bundle.cache_clear()
        tls.verifying_context.cache_clear()

    with (
        mock.patch("certifi.where", return_value=str(bundle)),
        mock.patch.object(anchors, "EXPECTED", expected),
        mock.patch.object(anchors, "listed", return_value=listed),
    ):
        forget()
        try:
            yield
        finally:
            forget()


def meet(fault: Fault, limit: float = 10.0) -> Finding:
    """What `portal.tls` finds when it meets the fault."""
    from checks.probes.portal_tls import portal_tls

    with world(fault, limit) as context:
        return portal_tls.probe(context())
