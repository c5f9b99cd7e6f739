"""What a person should know about a session's file and about others who have it open, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from checks.shown import show
from checks.text import Text, counted
from state.errors import named
from state.file import backups, permissions
from state.session_data import Presence, Recovered, Takeover, here

ENCODINGS: Mapping[str, Text] = {
    "shift-jis": Text("シフトJIS", "Shift_JIS"),
    "utf-16": Text("UTF-16", "UTF-16"),
}
"""What an editor may have saved a session in, by kind of recovery."""


def about_file(path: Path, *, new: bool) -> tuple[Text, ...]:
    """Closes a file that others could read, and says so; that it was begun anew beside old backups; an open folder."""
    said: list[Text] = []
    folder = path.parent
    if new and backups.listed(path):
        said.append(
            Text(
                f"{named(path)} がないため新しく始めます。以前の控え (bak) が同じフォルダーに残っています。",
                f"{named(path)} is missing, so a new session was started. Earlier backups (bak) are in the same folder.",
            )
        )
    if not new and permissions.tighten(path, 0o600):
        said.append(
            Text(
                f"{named(path)} をほかの利用者が読める状態でした。本人だけが読めるようにしました。",
                f"{named(path)} could be read by other users. Now only you can read it.",
            )
        )
    if permissions.open_to_others(folder):
        said.append(
            Text(
                f"フォルダー {named(folder)} にはほかの利用者も書き込めます。本人だけのフォルダーに移すことを勧めます。",
                f"Other users can write to the folder {named(folder)}. A folder of your own is safer.",
            )
        )
    return tuple(said)


def is_here(other: Presence) -> Text:
    """That somebody else has the session open."""
    since = here(other.since).strftime("%m-%d %H:%M")
    who = f"{other.user}@{other.host} (pid {other.pid})"
    unsure = other.alive is None
    if other.reads:
        return Text(
            f"{who} も{since}からこのセッションを開いていますが、見るだけです。",
            f"{who} has also had this session open since {since}, read-only.",
        )
    return Text(
        f"{who} も{since}からこのセッションを開いています{' (動いているかは不明)' if unsure else ''}。どちらの入力も保存されます。",
        f"{who} has also had this session open since {since}{' (perhaps no longer)' if unsure else ''}. "
        "Changes from both of you are saved.",
    )


def no_record(pc: str) -> Text:
    """That the record of the PC that a session names is not here."""
    name = show(pc, 80)
    return Text(
        f"申請に使うPC「{name}」の記録がここにありません。pc add で取り込むか、pc use で別のPCを選んでください。",
        f"There is no record of the PC {name} here, from which the application will be sent. Add it with 'pc add', or choose another with 'pc use'.",
    )


def no_pc_record(path: Path) -> Text:
    """That a file in the folder of PC records is none."""
    where = named(path)
    return Text(f"{where} はPCの記録ではありません。", f"{where} is not a PC record.")


def older_login(path: Path, other: Presence) -> Text:
    """That a login of an older version has the session open, so that its file cannot be brought to our format."""
    who = f"{other.user}@{other.host} (pid {other.pid})"
    return Text(
        f"{named(path)} は古い版の oss-junbi で開かれています: {who}。そちらを終了してから保存してください。",
        f"{named(path)} is open in an older version of oss-junbi: {who}. Quit that one first, then save.",
    )


def taken_over(by: Takeover) -> Text:
    """That another login took the session over."""
    when = here(by.at).strftime("%m-%d %H:%M:%S")
    who = f"{show(by.user, 40)}@{show(by.host, 60)} (pid {by.pid})"
    return Text(
        f"{who} が{when}にこのセッションを引き継ぎました。こちらは見るだけになり、何も書き込みません。",
        f"{who} took this session over on {when}. It is now read-only here, and nothing is written.",
    )


def unsaved_copy(path: Path, changes: int) -> Text:
    """Where the changes are that were not saved yet when the session was taken over."""
    name = named(path.name.removesuffix(".toml"))
    return Text(
        f"まだ保存されていなかった変更{changes}件は、セッション「{name}」として残しました。",
        f'Unsaved changes ({changes}) were kept as session "{name}".',
    )


def recoverable(good: Recovered) -> Text:
    """What a good copy would give back."""
    when = here(good.at).strftime("%Y-%m-%d %H:%M:%S")
    count = len(good.data.answers)
    encoding = ENCODINGS.get(good.kind)
    if encoding is not None:
        return Text(
            f"このファイルを{encoding.ja}として読むと、回答{count}件を取り戻せます。",
            f"Read as {encoding.en}, this file gives back {counted(count, 'answer')}.",
        )
    if good.kind == "damaged":
        return Text(
            f"控えはありませんが、壊れたファイルから回答{good.answers}件、そのほか{good.others}件を取り戻せます。",
            f"There is no copy, but {counted(good.answers, 'answer')} and {counted(good.others, 'other entry', 'other entries')} can be read of the damaged file.",
        )
    if good.answers or good.others:
        return Text(
            f"{when} 時点の控え {named(good.source.name)} の回答{good.copied}件に、それより新しいもの"
            f"（回答{good.answers}件、そのほか{good.others}件）を壊れたファイルから加えて、取り戻せます。",
            f"The copy {named(good.source.name)} of {when} gives back {counted(good.copied, 'answer')}, the damaged file what is newer: "
            f"{counted(good.answers, 'answer')} and {counted(good.others, 'other entry', 'other entries')}.",
        )
    return Text(
        f"{when} 時点の控え {named(good.source.name)} から、回答{count}件を取り戻せます。",
        f"The copy {named(good.source.name)} of {when} gives back {counted(count, 'answer')}.",
    )


def recovered(good: Recovered) -> Text:
    """That the session comes from a copy or was read in another encoding, of when, and how much of the damaged file itself could be added."""
    when = here(good.at).strftime("%Y-%m-%d %H:%M:%S")
    n, more = good.answers, good.others
    encoding = ENCODINGS.get(good.kind)
    if encoding is not None:
        return Text(
            f"{encoding.ja}として読み、回答{len(good.data.answers)}件を取り戻しました。元のファイルも残してあります。",
            f"Reading the file as {encoding.en} recovered {counted(len(good.data.answers), 'answer')}. The original file is kept.",
        )
    if good.kind == "damaged":
        return Text(
            f"控えがなかったため、壊れたファイルから回答{n}件、そのほか{more}件を取り戻しました。足りない回答がないか"
            "確かめてください。壊れたファイルも残してあります。",
            f"There was no backup, so {counted(n, 'answer')} and "
            f"{counted(more, 'other entry', 'other entries')} were recovered from the damaged file itself. Please check whether any answer is missing. "
            "The damaged file is kept.",
        )
    if n or more:
        return Text(
            f"{when} 時点の控えから回答{good.copied}件を、壊れたファイルからそれより新しい回答{n}件、そのほか{more}件を"
            "取り戻しました。それより後の回答は確かめてください。壊れたファイルも残してあります。",
            f"Recovered {counted(good.copied, 'answer')} from the backup of {when} and, from the damaged file, "
            f"{counted(n, 'newer answer')} and {counted(more, 'other entry', 'other entries')}. Please check the answers given "
            "after that. The damaged file is kept.",
        )
    return Text(
        f"{when} 時点の控えから回答{len(good.data.answers)}件を取り戻しました。それより後の回答は確かめてください。"
        "壊れたファイルも残してあります。",
        f"Recovered {counted(len(good.data.answers), 'answer')} from the backup of {when}. Please check the answers given after that. "
        "The damaged file is kept.",
    )
