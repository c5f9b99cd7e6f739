"""What other threads tell the screen. Each is small; the news itself waits in a queue."""

from __future__ import annotations

from textual.message import Message

from state.session_data import Presence


class CheckNews(Message):
    """Checks have begun or finished; take the events out of the run's queue."""

    def __init__(self, run: int) -> None:
        super().__init__()
        self.run = run

    def can_replace(self, message: Message) -> bool:
        """One of them is enough."""
        return isinstance(message, CheckNews) and message.run == self.run


class SaveNews(Message):
    """The saver has something to tell; look at the session's save state."""

    def __init__(self, others: tuple[Presence, ...]) -> None:
        super().__init__()
        self.others = others
        """Who else has the session open."""

    def can_replace(self, message: Message) -> bool:
        """One of them is enough."""
        return isinstance(message, SaveNews)


class Burst(Message):
    """Text that came in one read, longer than anybody types: typed ahead, or pasted where nothing marks a paste."""

    def __init__(self, text: str, *, more: bool, alone: bool) -> None:
        super().__init__()
        self.text = text
        self.more = more
        """It goes on with the one before."""
        self.alone = alone
        """The read held nothing else."""
