"""A PKCS#12 file and its password: what opens, and, where something does not, whose doing that is.

The library's one answer to all faults is "invalid password or data". So the checksum is computed here, and each part
is given to the library apart from the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.certfile.pkcs12 import Pkcs12Structure, Unsupported
from checks.record import dataclass
from checks.secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates


_CHEAP = 100_000
"""Iterations of a checksum that cost a tenth of a second here; where there are more, a cipher that is known everywhere
and does not open speaks against the password as well."""


class CannotOpen(Exception):
    """Nothing opens; `code` is what is to be said of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Pkcs12Contents:
    keys: list[PrivateKeyTypes | None]
    """None for a key that the library cannot load."""
    certificates: list[bytes]
    sealed: int = 0
    """Encrypted parts that stayed closed although the password is right."""
    free: bool = False
    """It needs no password."""


def open_file(data: bytes, structure: Pkcs12Structure, password: Secret | None) -> Pkcs12Contents:
    """Open the file with this password, or with none where it needs none.

    Raises `CannotOpen` where the password is missing, wrong, or right while the checksum is not; `Unsupported` where no
    password could be tried.
    """
    words = [*([password.reveal()] if password else []), None]
    for word in words:
        whole = _load(data, word)
        if whole is not None:
            keys = [whole.key] if whole.key or structure.keys else []
            if len(structure.keys) > 1:
                keys = _keys(structure, word)
            return Pkcs12Contents(keys, _certificates(whole), free=word is None)
    checksum = structure.checksum
    if password and checksum and not checksum.known:
        raise Unsupported("its checksum is made in an unknown way")
    locked = [*structure.keys[structure.open_keys :], *structure.sealed]
    costly = checksum is not None and checksum.iterations > _CHEAP
    for word in words:
        opens = any(_load(part, word) for part in locked)
        if checksum is None:
            right = opens or not locked
        elif not opens and (not checksum.computed or (costly and locked and structure.common)):
            right = False
        else:
            right = checksum.fits(word)
            if opens and not checksum.computed:
                raise Unsupported("its checksum could not be verified")
            if opens and not right:
                raise CannotOpen("damaged")
        if right:
            return _in_parts(structure, word)
    if password and not structure.common and not (checksum and checksum.computed):
        raise Unsupported("its encryption is not known")
    raise CannotOpen("wrong-password" if password else "password-needed")


def _in_parts(structure: Pkcs12Structure, word: bytes | None) -> Pkcs12Contents:
    """What opens of a file that the library refuses as a whole."""
    parts = [_load(part, word) for part in structure.sealed]
    keys = _keys(structure, word) + [part.key for part in parts if part and part.key]
    certificates = [one for part in parts if part for one in _certificates(part)]
    return Pkcs12Contents(keys, [*structure.certificates, *certificates], parts.count(None), word is None)


def _load(data: bytes, word: bytes | None) -> PKCS12KeyAndCertificates | None:
    """What the library makes of a file, None where it refuses it."""
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        return pkcs12.load_pkcs12(data, word)
    except MemoryError:
        raise
    except Exception:  # of many classes, one for each kind of refusal
        return None


def _keys(structure: Pkcs12Structure, word: bytes | None) -> list[PrivateKeyTypes | None]:
    return [part.key if part else None for part in (_load(key, word) for key in structure.keys)]


def _certificates(part: PKCS12KeyAndCertificates) -> list[bytes]:
    from cryptography.hazmat.primitives.serialization import Encoding

    every = ([part.cert] if part.cert else []) + list(part.additional_certs)
    return [one.certificate.public_bytes(Encoding.DER) for one in every]
