"""One module per step with live checks; a check is one decorated function with its sentences beside it."""

MODULES: tuple[str, ...] = (
    "roots",
    "portal",
    "clock",
    "pc",
    "browser",
    "extension",
    "signing",
    "smartcard",
    "machine",
    "proxy",
    "insurance",
    "payment",
    "documents",
    "clocks",
    "images",
    "certificate",
    "certificate_file",
    "certificate_dates",
    "proxy_issuance",
)
"""The modules of this folder, in the order in which their checks are shown within a step."""
