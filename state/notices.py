"""What a person should know about a session's file and about others who have it open, in both languages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from checks.text import Text
from state import backups, files
from state.errors import named
from state.model import Presence


def about_file(path: Path, *, new: bool) -> tuple[Text, ...]:
    """Closes a file that others could read, and says so; that it was begun anew beside old backups; an open folder."""
    said: list[Text] = []
    folder = path.parent
    if new and backups.listed(path):
        said.append(
            Text(
                f"{named(path)} がないため新しく始めます。以前の控え (bak) が同じフォルダーに残っています。",
                f"{named(path)} is missing, so this session begins anew. Earlier backups (bak) are in the same folder.",
            )
        )
    if not new and files.tighten(path, 0o600):
        said.append(
            Text(
                f"{named(path)} をほかの利用者が読める状態でした。本人だけが読めるようにしました。",
                f"{named(path)} could be read by other users. Now only you can read it.",
            )
        )
    if files.open_to_others(folder):
        said.append(
            Text(
                f"フォルダー {named(folder)} にはほかの利用者も書き込めます。本人だけのフォルダーに移すことを勧めます。",
                f"Other users can write to the folder {named(folder)}. A folder of your own is safer.",
            )
        )
    return tuple(said)


def is_here(other: Presence) -> Text:
    """That somebody else has the session open."""
    since = other.since.astimezone().strftime("%m-%d %H:%M")
    who = f"{other.user}@{other.host} (pid {other.pid})"
    unsure = other.alive is None
    return Text(
        f"{who} も{since}からこのセッションを開いています{' (動いているかは不明)' if unsure else ''}。どちらの入力も保存されます。",
        f"{who} has this session open too, since {since}{' (perhaps no longer)' if unsure else ''}. "
        "What either of you enters is saved.",
    )


def recovered(at: datetime, answers: int) -> Text:
    """That the session comes from a copy of that time, with so many answers."""
    when = at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return Text(
        f"{when} 時点の控えから回答{answers}件を取り戻しました。それより後の回答は確かめてください。"
        "壊れたファイルも残してあります。",
        f"Recovered {answers} answers from the copy of {when}. Please check what was answered after that. "
        "The damaged file is kept.",
    )
