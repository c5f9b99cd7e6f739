"""What holds for this run: flags before `OSS_JUNBI_*` before the configuration file before the default."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, cast

from checks.model import Options
from checks.record import dataclass
from checks.text import LANGS, Lang, Text
from tui.cli import console, sentences
from tui.cli.arguments import Arguments
from tui.cli.problem import Problem, filled

MAX_PEM = 10 << 20
"""A file of root certificates larger than this is not read (10 MiB); the largest in use is some 250 kB."""
HTTPS = 443

_HOST = re.compile(r"[^\s\x00-\x20/\\?#@\[\]:\"'<>%]{1,253}")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9_.-]{1,32})?")


@dataclass(frozen=True, slots=True)
class Setup:
    """One run of the command line."""

    args: Arguments
    lang: Lang
    options: Options
    read_only: bool = False
    glyphs: Literal["auto", "safe", "narrow"] = "auto"
    color: bool = True
    theme: str = ""
    """As set; empty: what fits the background of the terminal."""
    session: str | None = None
    """Name of the session that was named."""
    state: Path | None = None

    @property
    def to_file(self) -> bool:
        """Whether the output goes to a file of its own."""
        return self.args.one("--output") not in (None, "-")

    def say(self, text: Text | str, /, **values: object) -> None:
        """One message on standard error, with its placeholders filled."""
        console.tell(text if isinstance(text, str) else filled(text, **values), self.lang)

    def text(self, option: str, most: int) -> str:
        """The value that the command needs of an option, of at most so many characters; raises `Problem`."""
        value = self.args.one(option) or ""
        if not value.strip():
            raise Problem(sentences.NEEDED, command=self.args.command.name, option=option)
        if len(value) > most:
            raise Problem(sentences.TOO_LONG, option=option, count=len(value), most=most)
        return value

    def day(self, option: str) -> date:
        """The day that an option gives, in any form in which one can be typed; raises `Problem`."""
        from checks.rules.dates import DateError, parse_day

        try:
            return parse_day(self.text(option, 200), self.options.today())
        except DateError as error:
            raise Problem(Text(f"{option}: {error.text.ja}", f"{option}: {error.text.en}")) from None


def set_up(args: Arguments, lang: Lang, env: Mapping[str, str] = os.environ) -> Setup:
    """The run's settings; raises `Problem` (exit 2) that names the option, variable or key which is wrong."""
    from state.file.places import locate
    from state.file.settings import read_settings

    settings = read_settings(locate(env).config)

    def pick(flag: str, variable: str, configured: str | None) -> tuple[str, str]:
        """The value that counts, empty for none, and the name to complain about."""
        value = args.one(flag)
        if value is not None:
            return value, flag
        return (env[variable], variable) if env.get(variable) else (configured or "", "config.toml")

    portal, origin = pick("--portal", "OSS_JUNBI_PORTAL", settings.portal)
    host, port = parse_portal(portal, origin) if portal else ("", HTTPS)
    proxy, origin = pick("--proxy", "OSS_JUNBI_PROXY", settings.proxy)
    if proxy:
        check_proxy(proxy, origin)
    ca_file, origin = pick("--ca-file", "OSS_JUNBI_CA_FILE", settings.ca_file)
    if ca_file:
        check_pem(ca_file, origin)
    configured = None if settings.timeout is None else str(settings.timeout)
    seconds, origin = pick("--timeout", "OSS_JUNBI_TIMEOUT", configured)
    timeout = number(seconds, origin, 0.1, 600) if seconds else None
    glyphs, origin = pick("--glyphs", "OSS_JUNBI_GLYPHS", settings.glyphs)
    if glyphs not in ("", "auto", "safe", "narrow"):
        raise Problem(sentences.NOT_A_CHOICE, option=origin, given=glyphs, choices="auto, safe, narrow")
    variable = env.get("OSS_JUNBI_LANG")
    if not args.has("--lang"):
        if variable and variable not in LANGS:
            choices = ", ".join(LANGS)
            raise Problem(sentences.NOT_A_CHOICE, option="OSS_JUNBI_LANG", given=variable, choices=choices)
        lang = lang if variable else settings.lang or lang
    now, fd = env.get("OSS_JUNBI_NOW"), args.one("--password-fd")
    session, state = args.one("--session"), args.one("--state")
    if session is None and state is None:
        state = env.get("OSS_JUNBI_STATE")
    return Setup(
        args=args,
        lang=lang,
        options=Options(
            portal=host,
            port=port,
            proxy=proxy or None,
            ca_file=ca_file or None,
            timeout=timeout,
            offline=args.has("--offline") or bool(settings.offline),
            now=moment(now, "OSS_JUNBI_NOW") if now else None,
            password_fd=descriptor(fd) if fd is not None else None,
        ),
        read_only=args.has("--read-only"),
        glyphs=cast(Literal["auto", "safe", "narrow"], glyphs or "auto"),
        color=not args.has("--no-color") and not env.get("NO_COLOR"),
        theme=settings.theme or "",
        session=session,
        state=Path(state) if state else None,
    )


def parse_portal(given: str, origin: str) -> tuple[str, int]:
    """Host and port of `HOST`, `HOST:PORT`, `[IPv6]:PORT` or a bare IPv6 address."""
    text, port = given.strip(), None
    pattern = _IPV6
    bracketed = re.fullmatch(r"\[([^\]]*)\](?::(.*))?", text)
    if bracketed and ":" in bracketed[1]:
        text, port = bracketed.groups()
    elif text.count(":") < 2:
        text, colon, rest = text.partition(":")
        port, pattern = rest if colon else None, _HOST
    if not pattern.fullmatch(text):
        raise Problem(sentences.BAD_HOST, option=origin, given=given)
    if port is None:
        return text, HTTPS
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise Problem(sentences.BAD_PORT, option=origin, given=port)
    return text, int(port)


def check_proxy(given: str, origin: str) -> None:
    """Refuse what is no `http://host:port`; a password in it is never repeated."""
    scheme, separator, rest = given.partition("://")
    rest = rest if separator else scheme
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    shown = re.sub(r"^[^@]*@", "***@", authority)
    if separator and scheme.lower() not in ("http", "https"):
        raise Problem(sentences.BAD_PROXY, option=origin, given=f"{scheme}://{shown}")
    try:
        parse_portal(authority.rpartition("@")[2], origin)
    except Problem:
        raise Problem(sentences.BAD_PROXY, option=origin, given=shown) from None


def check_pem(given: str, origin: str) -> None:
    """Refuse a file that is missing, unreadable or holds no PEM certificate."""
    from checks.pki.anchors import read_pem
    from state.file.named_file import NotRead, read

    try:
        data = read(Path(given), MAX_PEM, streams=False)  # it is read again by every check that needs it
    except NotRead as error:
        raise Problem(sentences.NO_FILE, option=origin, given=given, why=error.why) from None
    ders = list(read_pem(data))
    # Blocks that are no base64 are left out there; each has a first and a last line.
    if (
        len(ders) != data.count(b" CERTIFICATE-----") // 2
        or not ders
        or any(der[:1] != b"\x30" for der in ders)
    ):
        raise Problem(sentences.NOT_PEM, option=origin, given=given)


def number(given: str, origin: str, least: float, most: float) -> float:
    """A plain decimal number within its range."""
    import unicodedata

    text = unicodedata.normalize("NFKC", given).strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{0,6})?|[+-]?\.[0-9]{1,6}", text):
        raise Problem(sentences.NOT_A_NUMBER, option=origin, given=given)
    value = float(text)
    if not least <= value <= most:
        raise Problem(
            sentences.OUT_OF_RANGE, option=origin, given=given, least=f"{least:g}", most=f"{most:g}"
        )
    return value


def moment(given: str, origin: str) -> datetime:
    """A time such as `2026-11-22T10:00+09:00`, of the years 1970 to 2999; without a zone it is local time. Returned in UTC."""
    try:
        read = datetime.fromisoformat(given.strip()).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        read = None
    # Rules look days ahead and years back, which must not lead out of the calendar; Windows knows no local time after 3000.
    if read is None or not 1970 <= read.year < 3000:
        raise Problem(sentences.BAD_NOW, option=origin, given=given)
    return read


def descriptor(given: str) -> int:
    """The number of a descriptor that is open."""
    if not re.fullmatch(r"[0-9]{1,6}", given):
        raise Problem(sentences.NOT_A_NUMBER, option="--password-fd", given=given)
    try:
        os.fstat(int(given))
    except OSError:
        raise Problem(sentences.BAD_FD, option="--password-fd", given=given) from None
    return int(given)
