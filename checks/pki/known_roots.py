"""The roots that are known by name; apart from what reads certificates, so that a guide is built without that."""

from __future__ import annotations

EXPECTED = {
    "513b2cecb810d4cde5dd85391adfc6c2dd60d87bb736d2b521484aa47a0ebef6": "Security Communication RootCA2",
    "e74fbda55bd564c473a36b441aa799c8a68e077440e8288b9fa1e50e4bbaca11": "Security Communication ECC RootCA1",
    "1435f225c5d252d7a21948cc3ce62aecfa88001e3dd72d1cc3555100eb372f93": "SECOM TLS RSA Root CA 2024",
    "6ab2ab75f51cb4f4f0156203fbf6f646232f514be059f62833308b82b4d72db1": "SECOM TLS ECC Root CA 2024",
}
"""The roots that a guide may expect its portal's chain to end at, by SHA-256 (read on 2026-11-22 from certifi 2026.10.18)."""

OTHER_KNOWN = {
    "d7a5514d93f7d53bd27de2051f8e1ff71ca0ac78facfe46a8bcca4589984ae64": "Japanese Government Root CA",
    "24a55c2ab051442d0617766541239a4ad032d7c55175aa34ffde2fbc4f5c5294": "Security Communication RootCA3",
}
"""Roots that some system's public list has and Mozilla's has not (Microsoft's list, read on 2026-07-19)."""
