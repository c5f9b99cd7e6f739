"""The same examples in every run; `pytest --hypothesis-profile=search` looks for new ones.

A property that fails by chance stops somebody else's change. What a search finds becomes an `@example` or a table row.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

from tui import pace

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=5000)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def _at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The selection rests at once: keys that a test presses come as quickly as a held one repeats."""
    monkeypatch.setattr(pace, "REST", 0.0)
