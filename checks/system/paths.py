"""A path as a person hands it over: typed, or copied and dragged from Explorer, Finder, a browser or a terminal.

Explorer's "Copy as path" puts double quotes around it, terminals single quotes or backslashes, browsers and file managers
of Linux give a `file:` URL (RFC 8089), an input method makes its quotes full-width, and macOS writes names in another
normal form of Unicode than keyboards do.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
import unicodedata

_QUOTES = "\"'“”„‘’＂＇"
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_URL = re.compile(r"file:(?://(?P<host>[^/\\]*))?(?P<path>[/\\].*)", re.IGNORECASE | re.DOTALL)


def find(text: str) -> str:
    """The path that `text` names: the first of its readings that exists, else the likeliest; looks at the disk.

    A name exactly as it was given comes first, so that one with a quote or a backslash of its own is found, too.
    """
    places = [_on_disk(each) for each in readings(text)]
    return next(filter(os.path.lexists, places), places[-1])


def readings(text: str, *, windows: bool = os.name == "nt") -> tuple[str, ...]:
    """What `text` may mean, the likeliest last; a leading `~` is the person's folder. Looks at no disk."""
    given = text.strip()
    bare = given.strip(_QUOTES + " \t\r\n\u3000")
    found = [given, bare]
    if url := _URL.fullmatch(bare):
        found += _of_url(url["host"] or "", url["path"], windows)
    elif not windows and not _WINDOWS_PATH.match(bare):
        found += _of_shell(given)
    return tuple(dict.fromkeys(_at_home(each, windows) for each in found))


def _of_url(host: str, path: str, windows: bool) -> list[str]:
    """The path of a `file:` URL, at last with its percent-escapes read."""
    from urllib.parse import unquote

    if windows:
        path = path.replace("/", "\\")
        if re.fullmatch("[A-Za-z]:", host):
            path = host + path
        elif host and host.lower() != "localhost":
            path = rf"\\{host}{path}"
        elif re.match(r"\\[A-Za-z]:", path):
            path = path[1:]
    return [path, unquote(path, errors="surrogateescape")]


def _of_shell(text: str) -> list[str]:
    """The one word that a POSIX shell makes of the text, if it makes one."""
    import shlex

    try:
        words = shlex.split(text)
    except ValueError:
        return []
    return words if len(words) == 1 else []


def _at_home(path: str, windows: bool) -> str:
    try:
        return ntpath.expanduser(path) if windows else posixpath.expanduser(path)
    except ValueError:  # a NUL in the name of an account
        return path


def _on_disk(path: str) -> str:
    """The path with each part in the normal form in which it exists; a part that does not exist stays as it is."""
    names: list[str] = []
    while not os.path.lexists(path):
        above, name = os.path.split(path)
        if above == path:
            break
        names.append(name)
        path = above
    for name in reversed(names):
        forms = (name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))
        places = [os.path.join(path, form) for form in forms]
        path = next(filter(os.path.lexists, places), places[0])
    return path
