"""Every fault that is served to the real check, with the one code it must give."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from ipaddress import ip_network

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.support import tls_lab as lab
from tests.support.tls_lab import DAY, HOST, NOW, Made
from tests.support.tls_world import Fault


def _usage(**bits: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names})


def _constraints(
    permitted: Sequence[x509.GeneralName] = (), excluded: Sequence[x509.GeneralName] = ()
) -> object:
    return x509.NameConstraints(list(permitted) or None, list(excluded) or None)


@cache
def faults() -> tuple[Fault, ...]:
    """The whole list; certificates are made once per process."""
    root, other = lab.root(), lab.root("Other Root", "other")
    mid = lab.intermediate(root)
    good = lab.leaf(mid)
    trust = {"trusted": (root,)}
    tls12 = {"highest": ssl.TLSVersion.TLSv1_2}
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    found: list[Fault] = []

    def add(name: str, code: str, *chain: Made, **more: object) -> None:
        if not {"trusted", "system", "public", "expected", "listed"} & set(more):
            more |= trust
        found.append(Fault(name, code, chain, **more))  # type: ignore[arg-type]

    # Good ones: nothing that is no fault may become one.
    add("good", "ok", good, mid)
    add("good, TLS 1.2", "ok", good, mid, server=tls12)
    add("good, root sent as well", "ok", good, mid, root)
    add("good, wrong order", "ok", good, root, mid)
    add("good, strangers in between", "ok", good, other, lab.leaf(other, "stranger.example"), mid)
    add("good, expired stranger sent", "ok", good, mid, lab.intermediate(other, own="x", after=NOW - DAY))
    add("good, certificate sent twice", "ok", good, mid, mid, good)
    add("good, directly under the root", "ok", lab.leaf(root))
    add("good, no key identifiers", "ok", lab.leaf(mid, key_ids=False), mid)
    stranger = (x509.AuthorityKeyIdentifier(bytes(20), None, None), False)
    misfit = lab.leaf(mid, key_ids=False, extra=[stranger])
    add("issuer key identifier of another", "untrusted-root", misfit, mid)
    fetchable = lab.leaf(mid, key_ids=False, extra=[stranger], aia="http://aia.example/ca.cer")
    add("issuer key identifier of another, says where its issuer is", "missing-intermediate", fetchable, mid)
    late = lab.leaf(mid, key_ids=False, extra=[stranger], after=NOW - DAY)
    add("issuer key identifier of another, expired", "untrusted-root", late, mid)
    add("good, no extendedKeyUsage", "ok", lab.leaf(mid, purposes=None), mid)
    add("good, host in capitals", "ok", good, mid, host=HOST.upper())
    add("good, host with a final dot", "ok", good, mid, host=HOST + ".")
    add("good, wildcard", "ok", lab.leaf(mid, sans=("*.portal.example",)), mid, host="a.portal.example")
    add("good, SAN in capitals", "ok", lab.leaf(mid, sans=("PORTAL.Example",)), mid)
    add("good, address", "ok", good, mid, host="127.0.0.1")
    add(
        "good, international name",
        "ok",
        lab.leaf(mid, sans=("xn--eckwd4c7c.example",)),
        mid,
        host="ドメイン.example",
    )
    add("good, Ed25519", "ok", lab.leaf(mid, own="ed25519"), mid)
    add("good, P-384", "ok", lab.leaf(mid, own="p384"), mid)
    rsa_root = lab.root("RSA Root", "rsa2048 root")
    add("good, RSA 2048", "ok", lab.leaf(rsa_root, own="rsa2048"), rsa_root, trusted=(rsa_root,))
    add("good, client certificate wished for", "ok", good, mid, root, server={"client": ssl.CERT_OPTIONAL})
    add("good, closes after the handshake", "ok", good, mid, server={"close_after_handshake": True})
    add(
        "good, path length just right",
        "ok",
        lab.leaf(lab.intermediate(root, path_length=0)),
        lab.intermediate(root, path_length=0),
    )
    add(
        "good, policies critical",
        "ok",
        lab.leaf(
            mid,
            extra=[
                (
                    x509.CertificatePolicies(
                        [x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.2"), None)]
                    ),
                    True,
                )
            ],
        ),
        mid,
    )
    inside = lab.intermediate(
        root,
        own="nc",
        extra=[
            (
                _constraints(
                    [
                        x509.DNSName("example"),
                        x509.IPAddress(ip_network("127.0.0.0/8")),
                        x509.DNSName("localhost"),
                    ]
                ),
                True,
            )
        ],
    )
    add("good, name constraints kept", "ok", lab.leaf(inside), inside)
    sha1_root = lab.signed_anew(rsa_root, lab.key("rsa2048 root"), "sha1")
    add("good, root signed with SHA-1", "ok", lab.leaf(rsa_root), sha1_root, trusted=(sha1_root,))
    alone = lab.leaf(None)
    add("good, self-signed but added", "ok", alone, trusted=(alone,))
    add("self-signed, in the system's store", "intercepted", alone, system=(alone,))
    cross = lab.intermediate(other, "Example Root", "root", before=NOW - 100 * DAY)
    add("good, cross certificate to an added root", "ok", good, mid, cross, trusted=(other,))
    add("good, both roots added", "ok", good, mid, cross, trusted=(other, root))
    old_mid = lab.intermediate(root, after=NOW - DAY)
    add("good, expired twin of the intermediate first", "ok", good, old_mid, mid)
    decoy = lab.intermediate(other, own="decoy", key_ids=False)
    bare_mid = lab.intermediate(root, key_ids=False)
    add("good, namesake of the intermediate first", "ok", lab.leaf(bare_mid, key_ids=False), decoy, bare_mid)
    add("good, expected public root", "ok", good, mid, expected=(root,))
    add(
        "good, time set",
        "ok",
        lab.leaf(root, before=NOW + 100 * DAY, after=NOW + 200 * DAY),
        now=NOW + 150 * DAY,
    )
    deep = [root]
    for depth in range(12):
        deep.append(lab.intermediate(deep[-1], f"Depth {depth}", f"deep{depth}"))
    add("good, a path of fourteen", "ok", lab.leaf(deep[-1]), *reversed(deep[1:]))

    # Roots.
    add("another public root", "ok-other-root", good, mid, public=(root,))
    add("public root that the bundle lacks", "outdated-bundle", good, mid, root, listed=(root,))
    add("only in the system's store", "intercepted", good, mid, system=(root,))
    add("only in the system's store, root sent", "intercepted", good, mid, root, system=(root,))
    add("private root sent", "untrusted-root", good, mid, root, trusted=(other,))
    add("private root not sent", "untrusted-root", good, mid, trusted=(other,))
    add("leaf alone under a private root", "untrusted-root", lab.leaf(root), trusted=(other,))
    add(
        "namesake of the added root, sent",
        "untrusted-root",
        lab.leaf(lab.root("Other Root", "evil", key_ids=False), key_ids=False),
        lab.root("Other Root", "evil", key_ids=False),
        trusted=(other,),
    )
    first = lab.make(
        "Loop One", own="loop1", ca=True, issuer_name=lab.name("Loop Two"), signer=lab.key("loop2")
    )
    second = lab.make(
        "Loop Two", own="loop2", ca=True, issuer_name=lab.name("Loop One"), signer=lab.key("loop1")
    )
    add("two CAs that sign each other", "untrusted-root", lab.leaf(first), first, second)
    add(
        "two CAs that sign each other, with AIA",
        "untrusted-root",
        lab.leaf(first, aia="http://aia.example/ca.cer"),
        first,
        second,
    )
    add("wrong intermediate", "untrusted-root", good, lab.intermediate(root, "Someone Else", "else"))
    add("self-signed", "self-signed", lab.leaf(None))
    add("self-signed, with strangers", "self-signed", lab.leaf(None), mid, root)
    add("self-signed CA as leaf", "self-signed", lab.leaf(None, ca=True))
    add(
        "self-signed, expired, wrong name",
        "self-signed",
        lab.leaf(None, after=NOW - DAY, sans=("x.example",)),
    )

    # Missing intermediates.
    aia = "http://aia.example/ca.cer"
    add("intermediate missing, AIA", "missing-intermediate", lab.leaf(mid, aia=aia))
    secom = lab.make(_secom("SECOM Passport for Web SR 3.0 CA"), root, own="mid", ca=True)
    add("known intermediate missing", "missing-intermediate", lab.leaf(secom))
    add("intermediate missing, none known", "untrusted-root", good)
    add(
        "upper intermediate missing, AIA",
        "missing-intermediate",
        lab.leaf(lab.intermediate(mid, "Lower", "low", aia=aia)),
        lab.intermediate(mid, "Lower", "low", aia=aia),
    )
    add("intermediate missing, expired", "expired", lab.leaf(mid, aia=aia, after=NOW - DAY))
    add("intermediate missing, wrong name", "hostname-mismatch", lab.leaf(mid, aia=aia, sans=("x.example",)))
    add(
        "intermediate missing, wrong purpose",
        "wrong-purpose",
        lab.leaf(mid, aia=aia, purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,)),
    )
    add("intermediate missing, TLS 1.2", "missing-intermediate", lab.leaf(mid, aia=aia), server=tls12)

    # Dates.
    add("expired", "expired", lab.leaf(mid, after=NOW - DAY), mid)
    add("expired, TLS 1.2", "expired", lab.leaf(mid, after=NOW - DAY), mid, server=tls12)
    add("intermediate expired", "intermediate-expired", good, old_mid)
    gone = lab.root("Gone Root", "gone", after=NOW - DAY)
    add("root expired", "intermediate-expired", lab.leaf(gone), trusted=(gone,))
    add("leaf and intermediate expired", "expired", lab.leaf(mid, after=NOW - DAY), old_mid)
    add("not yet valid", "not-yet-valid", lab.leaf(mid, before=NOW + 3 * DAY), mid)
    add("intermediate not yet valid", "not-yet-valid", good, lab.intermediate(root, before=NOW + 3 * DAY))
    add(
        "clock before the program was made",
        "clock-wrong",
        good,
        mid,
        now=datetime(2020, 1, 1, tzinfo=NOW.tzinfo),
    )
    add("fast clock, no reference", "expired", good, mid, now=NOW + 2000 * DAY)
    add("expired and wrong name", "expired", lab.leaf(mid, after=NOW - DAY, sans=("x.example",)), mid)
    add("expired under the system's root", "expired", lab.leaf(mid, after=NOW - DAY), mid, system=(root,))

    # Names.
    for title, sans, host in (
        ("another name", ("other.example",), HOST),
        ("a common name alone", None, HOST),
        ("a subdomain", ("portal.example",), "www.portal.example"),
        ("a wildcard for two labels", ("*.example.test",), "a.b.example.test"),
        ("a wildcard for none", ("*.portal.example",), HOST),
        ("a wildcard under a top level", ("*.example",), HOST),
        ("a wildcard alone", ("*",), "localhost"),
        ("a wildcard in a part of a label", ("po*.example.test",), "portal.example.test"),
        ("a wildcard in the middle", ("a.*.example",), "a.portal.example"),
        ("an address as a name", (x509.DNSName("127.0.0.1"),), "127.0.0.1"),
        ("another address", ("127.0.0.2",), "127.0.0.1"),
        ("a name where an address is asked", ("localhost",), "127.0.0.1"),
        ("an address where a name is asked", ("127.0.0.1",), HOST),
        ("no names", (), HOST),
    ):
        made = lab.leaf(mid, sans=sans)
        add(f"host: {title}", "hostname-mismatch", made, mid, host=host)
    add(
        "wrong name under the system's root",
        "hostname-mismatch",
        lab.leaf(mid, sans=("x.example",)),
        mid,
        system=(root,),
    )

    # Purpose.
    client = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    add("for clients only", "wrong-purpose", lab.leaf(mid, purposes=client), mid)
    add(
        "for any purpose",
        "wrong-purpose",
        lab.leaf(mid, purposes=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)),
        mid,
    )
    mail = lab.intermediate(root, purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))
    add("intermediate for mail only", "wrong-purpose", good, mail)
    add(
        "wrong purpose and wrong name",
        "wrong-purpose",
        lab.leaf(mid, purposes=client, sans=("x.example",)),
        mid,
    )
    add("wrong purpose and expired", "expired", lab.leaf(mid, purposes=client, after=NOW - DAY), mid)

    # Keys and signatures.
    add("RSA 1024 leaf", "weak-key", lab.leaf(mid, own="rsa1024"), mid)
    small = lab.intermediate(root, own="rsa1024 mid")
    add("RSA 1024 intermediate", "weak-key", lab.leaf(small), small)
    tiny = lab.root("Tiny Root", "rsa1024 root")
    add("RSA 1024 root", "weak-key", lab.leaf(tiny), trusted=(tiny,))
    add("weak key and expired", "weak-key", lab.leaf(mid, own="rsa1024", after=NOW - DAY), mid)
    for digest in ("sha1", "md5"):
        old = lab.signed_anew(lab.leaf(rsa_root), rsa_root.key, digest)
        add(f"{digest} leaf", "weak-signature", old, trusted=(rsa_root,))
        add(f"{digest} leaf, TLS 1.2", "weak-signature", old, trusted=(rsa_root,), server=tls12)
    rsa_mid = lab.signed_anew(lab.intermediate(rsa_root, own="rsa2048 mid"), rsa_root.key, "sha1")
    add("sha1 intermediate", "weak-signature", lab.leaf(rsa_mid), rsa_mid, trusted=(rsa_root,))
    add(
        "sha1 leaf under the system's root",
        "weak-signature",
        lab.signed_anew(lab.leaf(rsa_root), rsa_root.key, "sha1"),
        system=(rsa_root,),
    )
    add("leaf tampered with", "bad-signature", lab.tampered(good), mid)
    add(
        "leaf tampered with, no key ids",
        "bad-signature",
        lab.tampered(lab.leaf(bare_mid, key_ids=False)),
        bare_mid,
    )
    add("intermediate tampered with", "bad-signature", good, lab.tampered(mid))
    forged = lab.leaf(mid, signer=lab.key("thief"), authority_key=mid.key)
    add("signed by another key, identifiers fit", "bad-signature", forged, mid)
    add("bad signature and expired", "bad-signature", lab.tampered(lab.leaf(mid, after=NOW - DAY)), mid)
    add(
        "bad signature under an unknown root",
        "untrusted-root",
        lab.tampered(good),
        mid,
        root,
        trusted=(other,),
    )
    add(
        "sha1 leaf tampered with",
        "bad-signature",
        lab.tampered(lab.signed_anew(lab.leaf(rsa_root), rsa_root.key, "sha1")),
        trusted=(rsa_root,),
    )

    # Rules for chains.
    no_ca = lab.leaf(root, "Not A CA", "noca", purposes=None, ca=False)
    add("not a CA", "chain-invalid", lab.leaf(no_ca), no_ca)
    silent = lab.make("No Constraints", root, own="silent")
    add("no basic constraints", "chain-invalid", lab.leaf(silent), silent)
    signs_not = lab.intermediate(root, own="signsnot", usage=_usage(digital_signature=True))
    add("key may not sign certificates", "chain-invalid", lab.leaf(signs_not), signs_not)
    short = lab.intermediate(root, "Short", "short", path_length=0)
    under = lab.intermediate(short, "Under", "under")
    add("path too long", "chain-invalid", lab.leaf(under), under, short)
    flat = lab.root("Flat Root", "flat", path_length=0)
    below = lab.intermediate(flat, "Below", "below")
    add("path too long for the root", "chain-invalid", lab.leaf(below), below, trusted=(flat,))
    for title, rules in (
        ("name not permitted", _constraints([x509.DNSName("elsewhere.example")])),
        ("name excluded", _constraints(excluded=[x509.DNSName("example")])),
        (
            "address excluded",
            _constraints(excluded=[x509.IPAddress(ip_network("127.0.0.0/8"))]),
        ),
        ("subject not permitted", _constraints([x509.DirectoryName(lab.name("x", "Elsewhere"))])),
    ):
        bound = lab.intermediate(root, own="bound", extra=[(rules, True)])
        add(title, "chain-invalid", lab.leaf(bound), bound)
    add(
        "unknown critical extension in the leaf", "chain-invalid", lab.leaf(mid, extra=[(unknown, True)]), mid
    )
    strange = lab.intermediate(root, own="strange", extra=[(unknown, True)])
    add("unknown critical extension above", "chain-invalid", lab.leaf(strange), strange)
    add("unknown extension that is not critical", "ok", lab.leaf(mid, extra=[(unknown, False)]), mid)
    add("chain invalid and expired", "chain-invalid", lab.leaf(no_ca, after=NOW - DAY), no_ca)

    # Clients, versions, ciphers.
    must = {"client": ssl.CERT_REQUIRED}
    add("client certificate demanded", "client-certificate-required", good, mid, root, server=must)
    add(
        "client certificate demanded, TLS 1.2",
        "client-certificate-required",
        good,
        mid,
        root,
        server={**must, **tls12},
    )
    add(
        "TLS 1.1 only",
        "tls-version",
        good,
        mid,
        server={"lowest": ssl.TLSVersion.TLSv1_1, "highest": ssl.TLSVersion.TLSv1_1},
    )
    add(
        "TLS 1.0 only",
        "tls-version",
        good,
        mid,
        server={"lowest": ssl.TLSVersion.TLSv1, "highest": ssl.TLSVersion.TLSv1},
    )
    add(
        "no common cipher",
        "handshake-refused",
        good,
        mid,
        server={**tls12, "ciphers": "ECDHE-RSA-AES128-GCM-SHA256"},
    )
    add(
        "no common cipher, PSK",
        "handshake-refused",
        good,
        mid,
        server={**tls12, "ciphers": "PSK:@SECLEVEL=0"},
    )
    return tuple(found)


def _secom(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "SECOM Trust Systems CO.,LTD."),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
