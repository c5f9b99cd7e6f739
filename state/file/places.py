"""Where things are: the folder of the sessions, the settings, the last session; and what may be a session's name."""

from __future__ import annotations

import os
import re
import stat
import sys
import unicodedata
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from checks.record import dataclass
from checks.shown import show
from checks.text import Text
from state.errors import BadName, SessionBusy, StateError, cannot_write, named
from state.file import files, permissions

INDEX = "sessions-index.jsonl"
"""What is remembered of the contents of all sessions, only to be quick; taken away with any session that is forgotten."""
MAX_NAME = 60
"""Characters of a session name."""
MAX_NAME_BYTES = 160
"""Bytes of it, so that the longest name beside the session still fits into the 255 of common file systems."""

_FORBIDDEN = r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]'
_RESERVED = r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])( *\..*)?"
"""Device names of Windows, which it finds in every folder and with every ending."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The places that the program writes to."""

    data: Path
    config: Path
    """The settings file; never written unasked."""

    @property
    def sessions(self) -> Path:
        """The folder of the session files."""
        return self.data / "sessions"

    @property
    def pcs(self) -> Path:
        """The folder of the PC records."""
        return self.data / "pcs"

    @property
    def logs(self) -> Path:
        """The folder of what is kept of crashes."""
        return self.data / "logs"

    @property
    def history(self) -> Path:
        """The folder of the results of past runs."""
        return self.data / "history"


def locate(env: Mapping[str, str] | None = None) -> Folder:
    """The places of this user: all under `OSS_JUNBI_HOME` where that is set, else the platform's own folders."""
    env = os.environ if env is None else env
    home = env.get("OSS_JUNBI_HOME", "")
    if home:
        root = Path(os.path.abspath(os.path.expanduser(home)))
        return Folder(root, root / "config.toml")
    user = env.get("HOME", "")
    if sys.platform == "linux" and os.path.isabs(user) and "ANDROID_DATA" not in env:
        data = _xdg(env, "XDG_DATA_HOME", os.path.join(user, ".local", "share"))
        config = _xdg(env, "XDG_CONFIG_HOME", os.path.join(user, ".config"))
        return Folder(data / "oss-junbi", config / "oss-junbi" / "config.toml")
    import platformdirs

    return Folder(
        Path(platformdirs.user_data_dir("oss-junbi", appauthor=False)),
        Path(platformdirs.user_config_dir("oss-junbi", appauthor=False)) / "config.toml",
    )


def _xdg(env: Mapping[str, str], name: str, usual: str) -> Path:
    """A folder of the XDG base directory specification, as `platformdirs` gives it, without its six milliseconds."""
    folder = env.get(name, "")
    return Path(folder if os.path.isabs(folder) else usual)


def prepare(folder: Path) -> tuple[Text, ...]:
    """Makes a folder of ours with all above it and closes it to others; gives what the person should know.

    Raises `CannotWrite` when it cannot be made or belongs to somebody else.
    """
    try:
        files.make_folder(folder)
        seen = os.stat(folder)
        if not stat.S_ISDIR(seen.st_mode) or not permissions.is_ours(seen):
            raise PermissionError(1, os.strerror(1), os.fspath(folder))
    except OSError as error:
        raise cannot_write(folder, error) from error
    if permissions.tighten(folder, 0o700):
        return (
            Text(
                f"フォルダー {named(folder)} をほかの利用者が見られる状態でした。本人だけが使えるようにしました。",
                f"Other users could look into the folder {named(folder)}. Now only you can use it.",
            ),
        )
    return ()


def check_name(name: str) -> str:
    """The session name in its normal form (NFC); raises `BadName` with the reason when it could not be a file everywhere."""
    name = unicodedata.normalize("NFC", name)
    why = _why_not(name)
    if why is not None:
        raise BadName(
            Text(
                f"セッション名 {show(name, 80)!r} は使えません。{why.ja}。",
                f"The session name {show(name, 80)!r} cannot be used: {why.en}.",
            )
        )
    return name


def _why_not(name: str) -> Text | None:
    if not name or name != name.strip():
        return Text(
            "空にしたり、前後に空白を置いたりできません", "it is empty or begins or ends with a space"
        )
    if len(name) > MAX_NAME or len(name.encode("utf-8", "backslashreplace")) > MAX_NAME_BYTES:
        return Text(
            f"長すぎます (上限{MAX_NAME}字、UTF-8で{MAX_NAME_BYTES}バイト)",
            f"it is too long (limit {MAX_NAME} characters and {MAX_NAME_BYTES} bytes of UTF-8)",
        )
    if re.search(_FORBIDDEN, name):
        return Text(
            'ファイル名に使えない文字があります (/ \\ : * ? " < > | や制御文字)',
            'it has a character that file names cannot have (/ \\ : * ? " < > | or a control)',
        )
    if show(name, 4 * MAX_NAME) != name:
        return Text("見えない文字があります", "it has invisible characters")
    if name[0] in ".-~" or name[-1] == ".":
        return Text(". - ~ で始めたり . で終えたりできません", "it begins with . - or ~ or ends with .")
    if ".toml" in name.lower():
        return Text(".toml を含めることはできません", "it contains .toml")
    if re.fullmatch(_RESERVED, name, re.IGNORECASE):
        return Text("Windowsの装置名です", "it is a device name of Windows")
    return None


def session_path(folder: Folder, name: str) -> Path:
    """The file of a session in the sessions folder; raises `BadName`."""
    return folder.sessions / (check_name(name) + ".toml")


def last_session(folder: Folder) -> str | None:
    """The session to resume: the one noted last, else the one changed last; None when there is none."""
    with suppress(StateError, UnicodeDecodeError):
        raw = files.read(folder.data / "last-session", 1024)
        if raw is not None:
            name = check_name(raw.decode("utf-8").strip())
            if os.path.lexists(folder.sessions / (name + ".toml")):
                return name
    newest: tuple[int, str] | None = None
    with suppress(OSError), os.scandir(folder.sessions) as entries:
        for entry in entries:
            if entry.name.endswith(".toml"):
                with suppress(OSError):
                    changed = (entry.stat().st_mtime_ns, entry.name)
                    newest = max(newest, changed) if newest else changed
    return newest[1].removesuffix(".toml") if newest else None


def note_last(folder: Folder, name: str) -> None:
    """Notes the session to resume; failing is no reason to stop, since nothing is lost by it."""
    last = folder.data / "last-session"
    with suppress(OSError):
        files.write_over(
            last, (check_name(name) + "\n").encode(), last.with_name(f"last-session.{os.getpid()}")
        )


def forget(path: Path, folder: Folder | None = None, *, wait: float = 2.0) -> tuple[str, ...]:
    """Removes a session with its backups, copies, lock, presence and logs; gives the names removed.

    A link is removed together with the file it points to. Raises `SessionBusy` while somebody alive has it open,
    `CannotWrite` when something could not be removed, `SessionUnreadable` for a link that another user made.
    """
    from state.file import presence
    from state.file.lock import locked

    target = files.resolve(path)
    others = [one for one in presence.present(target.with_name(target.name + ".here")) if one.alive]
    if others:
        who = ", ".join(f"{one.user}@{one.host} (pid {one.pid})" for one in others)
        raise SessionBusy(
            Text(
                f"{named(target)} は使用中のため消せません: {who}",
                f"{named(target)} is in use and cannot be removed: {who}",
            )
        )
    removed: list[str] = []
    if not os.path.isdir(target.parent):
        return ()
    # On Windows nothing that is open can be removed, and this is open while we hold it.
    lock = target.with_name(target.name + ".lock")
    later = {same_name(lock.name)} if files.WINDOWS else set()
    spelled = same_name if _is_blind(target) else str
    stems = {spelled(path.name), spelled(target.name)}

    def belongs(name: str) -> bool:
        name = spelled(name)
        return any(name == s or name.startswith(s + ".") for s in stems)

    try:
        with locked(target, wait):
            for place in (path.parent, target.parent, *((folder.logs, folder.history) if folder else ())):
                removed += _remove_all(place, belongs, later)
            files.sync_folder(target.parent)
        if later:
            with suppress(PermissionError):  # whoever waited for it has it now
                removed += [lock.name] * files.remove(lock)
    except OSError as error:
        raise cannot_write(target, error) from error
    if folder is not None:
        with suppress(OSError, StateError):
            raw = files.read(folder.data / "last-session", 1024)
            if raw is not None and raw.decode("utf-8", "replace").strip() == path.name.removesuffix(".toml"):
                files.remove(folder.data / "last-session")
        with suppress(OSError):
            _remove_all(folder.data, lambda name: name.startswith(INDEX))
    return tuple(removed)


def same_name(name: str) -> str:
    """One spelling for all that Windows and macOS take for the same name."""
    return unicodedata.normalize("NFC", name).casefold()


def _is_blind(path: Path) -> bool:
    """Whether the folder takes names that differ in capitals alone for one."""
    other = path.with_name(path.name.swapcase())
    try:
        return os.path.samestat(os.lstat(path), os.lstat(other))
    except OSError:
        return False


def _remove_all(place: Path, belongs: Callable[[str], bool], but: Collection[str] = ()) -> list[str]:
    removed: list[str] = []
    for name in sorted(filter(belongs, files.names(place))):
        if same_name(name) in but:
            continue
        one = place / name
        if not os.path.islink(one) and os.path.isdir(one):
            if not name.endswith(".here"):
                continue
            for inner in files.names(one):
                files.remove(one / inner)
            os.rmdir(one)
            removed.append(name)
        elif files.remove(one):
            removed.append(name)
    return removed
