"""The checks: each is one decorated function, in a module named after its topic.

Its sentences stand in its `says`, in the same module. Where they would make the module too long, all sentences of
`NAME.py` stand in `NAME_says.py` beside it, one table for each check, and nothing else stands there.
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
