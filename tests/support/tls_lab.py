"""A laboratory for TLS: certificates made in memory, servers on 127.0.0.1 that are faulty in every way asked for."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
HOST = "portal.example"
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@cache
def key(kind: str = "a") -> Key:
    """A key that is made once: `rsa1024`, `rsa2048`, `ed25519`, `p384`; any other name is a P-256 key of its own."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:7]))
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


def name(common: str, organisation: str = "") -> x509.Name:
    """A subject with a common name, and an organisation if given."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


@dataclass(frozen=True)
class Made:
    """A certificate with the key it belongs to."""

    der: bytes
    key: Key
    subject: x509.Name

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.der).hexdigest()


def make(
    subject: x509.Name | str,
    issuer: Made | None = None,
    *,
    own: str = "a",
    ca: bool | None = None,
    path_length: int | None = None,
    sans: Sequence[str | x509.GeneralName] | None = None,
    before: datetime | None = None,
    after: datetime | None = None,
    purposes: Sequence[x509.ObjectIdentifier] | None = None,
    usage: x509.KeyUsage | None = None,
    key_ids: bool = True,
    authority_key: Key | None = None,
    aia: str = "",
    extra: Iterable[tuple[x509.ExtensionType, bool]] = (),
    issuer_name: x509.Name | None = None,
    signer: Key | None = None,
    hash_: hashes.HashAlgorithm | None = None,
) -> Made:
    """A certificate; without an issuer it signs itself. Addresses among `sans` become addresses."""
    subject = name(subject) if isinstance(subject, str) else subject
    mine = key(own)
    signing = signer or (issuer.key if issuer is not None else mine)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name or (issuer.subject if issuer is not None else subject))
        .public_key(mine.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(before or NOW - 30 * DAY)
        .not_valid_after(after or NOW + 60 * DAY)
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length if ca else None), critical=True)
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    if sans is not None:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_san(item) for item in sans]), critical=False
        )
    if purposes is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if key_ids:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(mine.public_key()), critical=False
        )
        above = authority_key or signing
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key())
        builder = builder.add_extension(identifier, critical=False)
    if aia:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(aia)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical=critical)
    algorithm = None if isinstance(signing, ed25519.Ed25519PrivateKey) else hash_ or hashes.SHA256()
    made = builder.sign(signing, algorithm)  # type: ignore[arg-type]
    return Made(made.public_bytes(serialization.Encoding.DER), mine, subject)


def _san(item: str | x509.GeneralName) -> x509.GeneralName:
    if isinstance(item, x509.GeneralName):
        return item
    with contextlib.suppress(ValueError):
        return x509.IPAddress(ip_address(item))
    return x509.DNSName(item)


def root(common: str = "Example Root", own: str = "root", **settings: object) -> Made:
    """A root of ten years."""
    settings = {"before": NOW - 3650 * DAY, "after": NOW + 3650 * DAY, "ca": True, **settings}
    return make(common, own=own, **settings)  # type: ignore[arg-type]


def intermediate(
    issuer: Made, common: str = "Example Intermediate", own: str = "mid", **settings: object
) -> Made:
    """A CA under another one."""
    settings = {"ca": True, **settings}
    return make(common, issuer, own=own, **settings)  # type: ignore[arg-type]


def leaf(issuer: Made | None, common: str = HOST, own: str = "leaf", **settings: object) -> Made:
    """A server's certificate for `HOST`, localhost and 127.0.0.1."""
    settings = {
        "sans": (HOST, "localhost", "127.0.0.1"),
        "purposes": (ExtendedKeyUsageOID.SERVER_AUTH,),
        **settings,
    }
    return make(common, issuer, own=own, **settings)  # type: ignore[arg-type]


_SHA256_RSA = bytes.fromhex("2a864886f70d01010b")
_RSA_WITH: dict[str, bytes] = {
    "sha1": bytes.fromhex("2a864886f70d010105"),
    "md5": bytes.fromhex("2a864886f70d010104"),
}


def signed_anew(made: Made, signer: Key, digest: str) -> Made:
    """The same certificate, signed by an RSA key with SHA-1 or MD5, which `cryptography` no longer does by itself."""
    assert isinstance(signer, rsa.RSAPrivateKey)
    assert made.der.count(_SHA256_RSA) == 2
    changed = made.der.replace(_SHA256_RSA, _RSA_WITH[digest])
    tbs, rest = _tbs(changed)
    algorithm = hashes.SHA1() if digest == "sha1" else hashes.MD5()
    signature = signer.sign(tbs, padding.PKCS1v15(), algorithm)
    assert len(rest) > len(signature)
    return Made(changed[: -len(signature)] + signature, made.key, made.subject)


def tampered(made: Made) -> Made:
    """The same certificate with one bit of its signature turned over."""
    return Made(made.der[:-1] + bytes([made.der[-1] ^ 1]), made.key, made.subject)


def _tbs(der: bytes) -> tuple[bytes, bytes]:
    from checks.pki.der import elements, one

    first = next(elements(one(der).value)).whole
    start = der.index(first)
    return first, der[start + len(first) :]


def pem(*ders: bytes) -> str:
    """Certificates as PEM text."""
    return "".join(ssl.DER_cert_to_PEM_cert(der) for der in ders)


Handler: TypeAlias = Callable[[socket.socket, threading.Event], None]


class Server:
    """A server on 127.0.0.1 that hands each connection to `handler`, until it is left."""

    def __init__(self, handler: Handler, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((host, 0))
        self._listener.listen(64)
        self._handler = handler
        self._stop = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0

    def __enter__(self) -> Server:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for sock in self._open:
            sock.close()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(20)
        with contextlib.suppress(OSError, ValueError):
            self._handler(sock, self._stop)
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


@dataclass
class Tls:
    """How a real TLS server is set up; `heard` collects what clients said inside TLS."""

    chain: Sequence[bytes]
    key: Key
    lowest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    highest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ciphers: str = "ALL:@SECLEVEL=0"
    client: ssl.VerifyMode = ssl.CERT_NONE
    answer: bytes | Callable[[bytes], bytes] = b""
    """What is said to each question; nothing when empty."""
    close_after_handshake: bool = False
    heard: list[bytes] = field(default_factory=list)

    def context(self) -> ssl.SSLContext:
        import warnings

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = self.lowest
            context.maximum_version = self.highest
        context.set_ciphers(self.ciphers)
        context.verify_mode = self.client
        if self.client is not ssl.CERT_NONE:
            context.load_verify_locations(cadata=self.chain[-1])
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "chain.pem")
            path.write_bytes(private + pem(*self.chain).encode())
            context.load_cert_chain(path)
        return context

    def handler(self) -> Handler:
        context = self.context()

        def handle(sock: socket.socket, stop: threading.Event) -> None:
            with context.wrap_socket(sock.dup(), server_side=True) as tls:
                if self.close_after_handshake:
                    return
                while not stop.is_set():
                    asked = tls.recv(65536)
                    if not asked:
                        return
                    self.heard.append(asked)
                    answer = self.answer(asked) if callable(self.answer) else self.answer
                    if answer:
                        tls.sendall(answer)

        return handle


def proxy_to(
    port: int, status: bytes = b"HTTP/1.1 200 OK\r\n\r\n", asked: list[bytes] | None = None
) -> Handler:
    """A proxy that connects every CONNECT to one port of this machine, so that any host name can be served."""

    def handle(sock: socket.socket, stop: threading.Event) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            more = sock.recv(4096)
            if not more:
                return
            head += more
        if asked is not None:
            asked.append(head)
        sock.sendall(status)
        if b" 200 " not in status.split(b"\r\n")[0]:
            return
        with socket.create_connection(("127.0.0.1", port), 10) as other:
            back = threading.Thread(target=_pump, args=(other, sock), daemon=True)
            back.start()
            _pump(sock, other)
            back.join(5)

    return handle


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def http_answer(status: str = "200 OK", moment: datetime | None = None, headers: str = "") -> bytes:
    """The head of an answer with a `Date`."""
    stamp = (moment or datetime.now(UTC)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return f"HTTP/1.1 {status}\r\nDate: {stamp}\r\n{headers}Content-Length: 0\r\n\r\n".encode("latin-1")


@contextlib.contextmanager
def serving(*handlers: Handler) -> Iterator[list[Server]]:
    """Several servers at once."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Server(handler)) for handler in handlers]
