"""Whether one certificate signed another; the only place that needs `cryptography`, imported when first asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.pki import der
from checks.pki.certificates import Certificate, authority_key_id, subject_key_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hashes

_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_RSA = {
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA1",
    "1.3.14.3.2.29": "SHA1",
    "1.2.840.113549.1.1.14": "SHA224",
    "1.2.840.113549.1.1.11": "SHA256",
    "1.2.840.113549.1.1.12": "SHA384",
    "1.2.840.113549.1.1.13": "SHA512",
}
_ECDSA = {
    "1.2.840.10045.4.1": "SHA1",
    "1.2.840.10045.4.3.1": "SHA224",
    "1.2.840.10045.4.3.2": "SHA256",
    "1.2.840.10045.4.3.3": "SHA384",
    "1.2.840.10045.4.3.4": "SHA512",
}
_DSA = {
    "1.2.840.10040.4.3": "SHA1",
    "2.16.840.1.101.3.4.3.1": "SHA224",
    "2.16.840.1.101.3.4.3.2": "SHA256",
}
_HASHES = {
    "1.3.14.3.2.26": "SHA1",
    "2.16.840.1.101.3.4.2.4": "SHA224",
    "2.16.840.1.101.3.4.2.1": "SHA256",
    "2.16.840.1.101.3.4.2.2": "SHA384",
    "2.16.840.1.101.3.4.2.3": "SHA512",
}
_WEAK_OIDS = {"1.2.840.113549.1.1.2", "1.2.840.113549.1.1.3", "1.3.14.3.2.3", "1.3.14.3.2.27"}
"""MD2, MD4 and the older names of MD5 and SHA-1, which nothing here can verify."""
_EDWARDS = ("1.3.101.112", "1.3.101.113")


def digest(certificate: Certificate) -> str:
    """The hash its signature is made with: `SHA1`, `SHA256` …; empty where there is none or it is not known."""
    dotted = certificate.signature_oid
    if dotted == _PSS:
        try:
            return _pss(certificate)[0]
        except (ValueError, IndexError, KeyError):
            return ""
    return _RSA.get(dotted) or _ECDSA.get(dotted) or _DSA.get(dotted) or ""


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

    dotted = certificate.signature_oid
    key = load_der_public_key(issuer.spki)
    if dotted in _RSA:
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(certificate.signature, certificate.tbs, padding.PKCS1v15(), named(_RSA[dotted]))
    elif dotted == _PSS:
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        name, mask, salt = _pss(certificate)
        scheme = padding.PSS(padding.MGF1(named(mask)), salt)
        key.verify(certificate.signature, certificate.tbs, scheme, named(name))
    elif dotted in _ECDSA:
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(certificate.signature, certificate.tbs, ec.ECDSA(named(_ECDSA[dotted])))
    elif dotted in _EDWARDS:
        if not isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            return False
        key.verify(certificate.signature, certificate.tbs)
    elif dotted in _DSA:
        if not isinstance(key, dsa.DSAPublicKey):
            return False
        key.verify(certificate.signature, certificate.tbs, named(_DSA[dotted]))
    else:
        return None
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
