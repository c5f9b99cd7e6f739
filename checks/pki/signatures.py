"""Whether one certificate signed another; the only place that needs `cryptography`, imported when first asked.

Its own `verify_directly_issued_by` is not used: it wants both certificates whole and names that match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.pki import der
from checks.pki.certificates import Certificate, authority_key_id, subject_key_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hashes

_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_ALGORITHMS = {
    "1.2.840.113549.1.1.4": ("RSA", "MD5"),
    "1.2.840.113549.1.1.5": ("RSA", "SHA1"),
    "1.3.14.3.2.29": ("RSA", "SHA1"),
    "1.2.840.113549.1.1.14": ("RSA", "SHA224"),
    "1.2.840.113549.1.1.11": ("RSA", "SHA256"),
    "1.2.840.113549.1.1.12": ("RSA", "SHA384"),
    "1.2.840.113549.1.1.13": ("RSA", "SHA512"),
    "1.2.840.10045.4.1": ("EC", "SHA1"),
    "1.2.840.10045.4.3.1": ("EC", "SHA224"),
    "1.2.840.10045.4.3.2": ("EC", "SHA256"),
    "1.2.840.10045.4.3.3": ("EC", "SHA384"),
    "1.2.840.10045.4.3.4": ("EC", "SHA512"),
    "1.2.840.10040.4.3": ("DSA", "SHA1"),
    "2.16.840.1.101.3.4.3.1": ("DSA", "SHA224"),
    "2.16.840.1.101.3.4.3.2": ("DSA", "SHA256"),
    "1.3.101.112": ("Edwards", ""),
    "1.3.101.113": ("Edwards", ""),
}
"""The kind of key and the hash of each signature algorithm but RSASSA-PSS, which names its own."""
_HASHES = {
    "1.3.14.3.2.26": "SHA1",
    "2.16.840.1.101.3.4.2.4": "SHA224",
    "2.16.840.1.101.3.4.2.1": "SHA256",
    "2.16.840.1.101.3.4.2.2": "SHA384",
    "2.16.840.1.101.3.4.2.3": "SHA512",
}
_WEAK_OIDS = {"1.2.840.113549.1.1.2", "1.2.840.113549.1.1.3", "1.3.14.3.2.3", "1.3.14.3.2.27"}
"""MD2, MD4 and the older names of MD5 and SHA-1, which nothing here can verify."""


def digest(certificate: Certificate) -> str:
    """The hash its signature is made with: `SHA1`, `SHA256` …; empty where there is none or it is not known."""
    dotted = certificate.signature_oid
    if dotted == _PSS:
        try:
            return _pss(certificate)[0]
        except (ValueError, IndexError, KeyError):
            return ""
    return _ALGORITHMS.get(dotted, ("", ""))[1]


def is_weak(certificate: Certificate) -> bool:
    """Whether the signature is made with SHA-1 or something older."""
    return digest(certificate) in ("SHA1", "MD5") or certificate.signature_oid in _WEAK_OIDS


def key_ids_fit(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether what the certificate says of its issuer's key is so, or nothing is said."""
    identifier, serial = authority_key_id(certificate)
    own = subject_key_id(issuer)
    if identifier is not None and own is not None and identifier != own:
        return False
    return serial is None or serial == issuer.serial


def signed_by(certificate: Certificate, issuer: Certificate) -> bool | None:
    """Whether the issuer's key made the certificate's signature; None when that kind cannot be verified here.

    Names are not looked at. Never raises.
    """
    if "signature algorithms differ" in certificate.faults:
        return False
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        return _verify(certificate, issuer)
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, KeyError):
        return None
    except Exception:  # a key or a signature that is not well formed signs nothing
        return False


def _verify(certificate: Certificate, issuer: Certificate) -> bool | None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    def named(name: str) -> hashes.HashAlgorithm:
        made: hashes.HashAlgorithm = getattr(hashes, name)()
        return made

    signature, signed = certificate.signature, certificate.tbs
    key = load_der_public_key(issuer.spki)
    if certificate.signature_oid == _PSS:
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        name, mask, salt = _pss(certificate)
        key.verify(signature, signed, padding.PSS(padding.MGF1(named(mask)), salt), named(name))
        return True
    kind, name = _ALGORITHMS.get(certificate.signature_oid, ("", ""))
    if not kind:
        return None
    if kind == "RSA" and isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), named(name))
    elif kind == "EC" and isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(named(name)))
    elif kind == "Edwards" and isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        key.verify(signature, signed)
    elif kind == "DSA" and isinstance(key, dsa.DSAPublicKey):
        key.verify(signature, signed, named(name))
    else:
        return False
    return True


def _pss(certificate: Certificate) -> tuple[str, str, int]:
    """Hash, hash of the mask, and salt length of an RSASSA-PSS signature (RFC 4055; the defaults are SHA-1 and 20)."""
    name, mask, salt = "SHA1", "SHA1", 20
    for part in der.items(certificate.signature_parameters) if certificate.signature_parameters else ():
        if part.tag == 0xA0:
            name = _HASHES[der.oid(der.items(part.value)[0])]
        elif part.tag == 0xA1:
            kind, inner = der.items(part.value)
            if der.oid(kind) != _MGF1:
                raise der.DerError("not a known mask")
            mask = _HASHES[der.oid(der.items(inner.whole)[0])]
        elif part.tag == 0xA2:
            salt = der.integer(der.one(part.value))
    return name, mask, salt
