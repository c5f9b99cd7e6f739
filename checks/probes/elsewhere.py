"""What several checks of step 2 share: for whom they are, and what is said when this is not the applicant's PC."""

from __future__ import annotations

from functools import partial

from checks.model import Context, check
from checks.rules.conditions import parse_when
from checks.says import skips, unknown
from checks.system.api import Unavailable

CARD_KINDS = ["jpki-reader", "jpki-phone"]
FILE_KINDS = ["registry-file", "registry-remote", "gyoseishoshi", "other-ca"]
OWN_SIGNATURE = parse_when({"certificate.kind": CARD_KINDS + FILE_KINDS})
"""Signed on the portal's screens; in bulk filing the agent's system may sign instead."""
CARD_ROUTE = parse_when({"certificate.kind": ["jpki-reader"]})
"""A My Number card read by this PC; a smartphone, a file or a remote service needs neither reader nor client software."""
card_check = partial(check, applies=CARD_ROUTE)

SYSTEMS = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}

OTHER_PC = skips(
    "この機械（{system}）では申請できないため、ここでは判定しません。申請に使うWindows PCで検査してください。",
    "You cannot apply from this machine ({system}), so nothing is evaluated here. Run the check on the Windows PC you will apply from.",
    "申請に使うPCで oss-junbi check --step {step} を実行するか、公式のPC環境の案内に従ってください。",
    "Run oss-junbi check --step {step} on the PC you will apply from, or follow the official page on setting up the PC.",
    link="pc-check",
)
"""For the code `other-pc`: skipped, and still to be done on another PC."""

SERVICE = unknown(
    "サービス用のアカウント（{user}）で動いているため、申請する人の設定は見えません。",
    "Running under a service account ({user}), so the applicant's settings are not visible.",
    "申請する人のアカウントでサインインして、もう一度検査してください。",
    "Sign in with the applicant's account and run the check again.",
    link="pc-check",
)


def elsewhere(ctx: Context) -> str:
    """Name of this system when no application can be made on it, else empty."""
    return "" if ctx.system.platform == "windows" else SYSTEMS[ctx.system.platform]


def over_ssh(ctx: Context) -> bool:
    """Whether this login came over SSH, from which some versions of Windows show neither readers nor cards."""
    try:
        return ctx.system.session().remote == "ssh"
    except Unavailable:
        return False


def service_user(ctx: Context) -> str:
    """Name of the account when it is a service's, whose settings are not the applicant's, else empty."""
    try:
        session = ctx.system.session()
    except Unavailable:
        return ""
    return (session.user or "?") if session.service else ""
