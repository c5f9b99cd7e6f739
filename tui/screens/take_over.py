"""Taking the session over from other logins, and what one can do that was taken over from."""

from __future__ import annotations

from checks.shown import show
from checks.text import Text
from state.errors import StateError
from state.file import rescue
from tui import session_messages, wording
from tui.desk import Desk, filled
from tui.screens.ask import Ask

WHETHER = Text(
    "{who} を見るだけにして、このセッションを引き継ぎますか。相手には、だれがいつ引き継いだかが表示され、保存済みの回答はすべて残ります。",
    "Take this session over from {who}? The other login becomes read-only and is "
    "told who took over and when. Every saved answer is kept.",
)
NOBODY = Text(
    "ほかに開いているログインは見当たりません。それでも、開いたままかもしれないほかのログインを見るだけにしますか。",
    "No other login was found. Make any that may still be open read-only anyway?",
)
BACK = Text(
    "{who} が{at}にこのセッションを引き継いだため、ここでは見るだけです。取り戻すと、相手が見るだけになります。",
    "{who} took this session over at {at}, so it is read-only here. If "
    "you take it back, the other login becomes read-only.",
)
KEYS = Text(
    "y 取り戻す  p 別のセッションとして続ける  n 見るだけのまま",
    "y take it back  p continue as another session  n stay read-only",
)
LOOKING = Text(
    "見るだけで開いたため、引き継げません。", "This session was opened read-only, so it cannot be taken over."
)
CLOSE = Text("n 閉じる", "n close")
CLAIMING = Text("引き継いでいます", "Taking over")
CLAIMED = Text(
    "引き継ぎました。ほかのログインは、まもなく見るだけになります。",
    "Taken over. Other logins become read-only in a moment.",
)
ELSEWHERE = Text("別のセッション「{name}」として続けます", 'Continuing as session "{name}"')


class TakeOver(Ask):
    """One question; what it asks depends on who has the session."""

    def __init__(self, desk: Desk) -> None:
        session, others = desk.session, session_messages.present(desk)
        by = session.taken_by
        if by is not None:
            who = f"{show(by.user, 40)}@{show(by.host, 60)} (PID {by.pid})"
            text, keys = filled(BACK, who=who, at=desk.clock(by.at)), KEYS
        elif session.read_only:
            text, keys = LOOKING, CLOSE
        elif others:
            names = [f"{one.user}@{one.host} (PID {one.pid})" for one in others[:3]]
            text, keys = filled(WHETHER, who=", ".join(names)), wording.YES_NO
        else:
            text, keys = NOBODY, wording.YES_NO
        reading = session.read_only and by is None
        yes = (lambda: None) if reading else self._claim
        super().__init__(desk, text, keys, yes, self._elsewhere if by is not None else None)

    def _claim(self) -> None:
        desk = self.desk
        session = desk.session
        session.claim()
        desk.say(CLAIMING)

        def then(saved: bool | Exception) -> None:
            # Not saved, or somebody else was first: the session's own notice says so.
            if saved is True and session.taken_by is None:
                desk.say(CLAIMED)
            desk.changed()

        desk.shell.background(lambda: session.flush(5.0), then)

    def _elsewhere(self) -> None:
        desk = self.desk
        place = rescue.free_name(desk.session.path, "2")
        try:
            desk.session.move(place)
        except StateError as error:
            desk.say(error.text, wrong=True)
            return
        desk.say(ELSEWHERE, name=place.name.removesuffix(".toml"))
        desk.changed()
