"""From a key, a click or a paste to what it does: the view in front first, then what holds everywhere."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from importlib import import_module

from checks.text import Text
from tui import wording
from tui.commands import BY_ID, EVERY_KEY, Key, command_for
from tui.desk import Desk, filled
from tui.screens.ask import Ask
from tui.screens.view import View
from tui.terminal.input import BURST
from tui.widgets.clicks import Click

NOTE_OPEN = Text(
    "書きかけのメモがあります。先に保存するか、やめてください。",
    "You are writing a note. Please save or cancel it first.",
)
NOT_TAKEN = Text("貼り付けた文字は、この画面では使いません。", "This screen does not accept pasted text.")
ONCE_MORE = Text("もう一度Ctrl+Cで終了します（qでも終了）", "Press Ctrl+C again to quit (or q)")
UNSTORED_QUIT = Text(
    "書きかけの文があります。終了しても下書きは残り、次回に続きを書けます。終了しますか。",
    "You have unsaved text. It is kept as a draft, and you can continue it next time. Quit?",
)
UNSAVED_QUIT = Text(
    "保存できていない変更が{count}件あります。このまま終了すると失われます。終了しますか。",
    "{count|change} could not be saved and will be lost. Quit anyway?",
)

SCREENS: Mapping[str, str] = {
    "help": "Help",
    "palette": "Palette",
    "messages": "Messages",
    "take_over": "TakeOver",
}
"""Commands that show a screen of their own wherever one is: the view in the module of `tui/screens/` that is called like the command."""

_CONTROL_KEYS = {"\r": "enter", "\n": "ctrl+j", "\t": "tab"}


def dispatch(desk: Desk, key: Key) -> None:
    """Give a key to the view in front, else to the command that it stands for."""
    view = desk.view
    if view.key(key):
        return
    command = command_for(key)
    if command is None:
        return
    if view.typing and key.char and key.char.isprintable():
        return
    perform(desk, command.id, key)


def clicked(desk: Desk, click: Click) -> None:
    """Do what was clicked if the view that drew it is still in front.

    Keys and commands act on what is highlighted: a click on one counts only while that is what it was in the picture.
    What a view drew says by itself what it is about.
    """
    picture = click.picture
    known = click.act.partition(" ")[0] in ("key", "back", *BY_ID)
    if picture.view is desk.view and not (known and picture.subject != desk.view.subject):
        pressed(desk, click.act)


def pressed(desk: Desk, act: str) -> None:
    """Do what stands under a click: a command with the way it goes, a key of the screen in front, or what the view drew."""
    verb, _, rest = act.partition(" ")
    if verb == "key":
        dispatch(desk, Key(rest, rest if len(rest) == 1 else ""))
    elif verb == "back":
        dispatch(desk, Key("escape"))
    elif verb in BY_ID:
        perform(desk, verb, Key(rest) if rest else None)
    elif act:
        desk.view.click(act)


def paste(desk: Desk, text: str) -> None:
    """Put text where text is typed, else say that nothing takes it."""
    if text and not desk.view.paste(text):
        desk.say(NOT_TAKEN)


class UnmarkedPaste:
    """Long texts that came in one read: keys typed ahead, or a paste that nothing marks as one. Judges one after the other."""

    def __init__(self) -> None:
        self._keys = True
        """The last one was keys."""

    def take(self, desk: Desk, text: str, *, more: bool, alone: bool) -> Iterator[Key]:
        """The keys in it, to be pressed one after the other; what is none is put where text is typed.

        `more`: it goes on with the one before. `alone`: the read held nothing else; where it did, keys of the screens that
        the rest leads to may be among them.
        """
        view = desk.view
        if view.typing:
            self._keys = False
            line = text.rstrip("\r\n")
            paste(desk, line)
            if len(line) < len(text) and "\r" not in line and "\n" not in line:
                yield Key("enter", "\r")  # a line, as a scanner sends one, and not a page
            return
        if not more or (self._keys and len(text) >= BURST):
            known = [view.knows(char) or (not alone and char in EVERY_KEY) for char in text if char >= " "]
            self._keys = all(known) or _is_search(view, text)
        if not self._keys:
            paste(desk, text)
            return
        for char in text:
            yield Key(_CONTROL_KEYS.get(char, char), char)


def _is_search(view: View, text: str) -> bool:
    """Whether it is a filter typed ahead, key, words and Enter: a search changes nothing."""
    command = command_for(Key(text[0], text[0]))
    return command is not None and command.id == "filter" and view.knows(text[0]) and "\r" not in text[:-1]


def perform(desk: Desk, command: str, key: Key | None = None, *, anywhere: bool = False) -> None:
    """Do a command by its id, as a key, the palette or a click asks for it.

    `anywhere` goes back to the main screen for a command that only means something there.
    """
    key = key or Key(BY_ID[command].keys[0])
    if command == "back" and anywhere and desk.view.key(Key("escape")):
        return  # out of the field or the form that is open
    if desk.view.act(command, key):
        return
    if anywhere and BY_ID[command].where == "main":
        if to_main(desk):
            desk.view.act(command, key)
    elif command == "back":
        desk.view.leave()
    elif command == "quit":
        _quit(desk, key)
    elif command == "language":
        desk.change_language()
    elif command == "theme":
        desk.change_theme()
    elif command == "repaint":
        desk.shell.repaint()
    elif command in SCREENS:
        _show(desk, getattr(import_module(f"tui.screens.{command}"), SCREENS[command]))


def to_main(desk: Desk) -> bool:
    """Back to the main screen; not, and said so, while something typed would be lost."""
    if any(view.unsaved for view in desk.views[1:]):
        desk.say(NOTE_OPEN, wrong=True)
        return False
    del desk.views[1:]
    return True


def _show(desk: Desk, kind: type[View]) -> None:
    if not any(isinstance(view, kind) for view in desk.views):
        desk.push(kind(desk))


def _quit(desk: Desk, key: Key) -> None:
    """Ctrl+C must come twice; what is not stored or could not be saved is asked about; everything else leaves at once."""
    if desk.quit_question in desk.views:
        _leave(desk)
    elif key.name == "ctrl+c" and time.monotonic() - desk.quit_at > 2.0:
        desk.quit_at = time.monotonic()
        desk.say(ONCE_MORE)
    elif any(view.unsaved for view in desk.views):
        desk.quit_question = Ask(desk, UNSTORED_QUIT, wording.YES_NO, lambda: _leave(desk))
        desk.push(desk.quit_question)
    else:
        _leave(desk)


def _leave(desk: Desk) -> None:
    state = desk.session.save_state()
    shown = any(isinstance(view, Ask) and view is not desk.quit_question for view in desk.views)
    if state.failing_since is not None and state.unsaved and not shown:
        text = filled(UNSAVED_QUIT, count=state.unsaved)
        desk.push(Ask(desk, text, wording.YES_NO, lambda: desk.shell.leave(74)))
    else:
        desk.shell.leave(0)


def keep_drafts(desk: Desk) -> None:
    """Have the session remember what is being typed; after everything that a person does."""
    for view in desk.views:
        if view.unsaved_text is not None:
            desk.session.draft(*view.unsaved_text)
