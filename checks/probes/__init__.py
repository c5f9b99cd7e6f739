"""The checks: each is one decorated function, in a module named after its topic.

Its sentences stand in its `says`, above it. Where that would make `NAME.py` longer than 350 lines, its table stands in
`NAME_says.py` beside it, and nothing else does.
"""

MODULES: tuple[str, ...] = (
    "case_fits",
    "roots",
    "root_browsers",
    "portal_roots",
    "portal",
    "portal_tls",
    "portal_os_verifier",
    "portal_pages",
    "clock",
    "operating_system",
    "desktop_session",
    "browser",
    "extension",
    "signing",
    "smartcard",
    "machine",
    "proxy",
    "insurance",
    "payment",
    "documents",
    "documents_deadline",
    "images",
    "certificate_card",
    "certificate_card_limits",
    "certificate_file",
    "certificate_dates",
    "proxy_issuance",
)
"""The modules of this folder that have checks; which step shows them is said in the files of a guide."""
