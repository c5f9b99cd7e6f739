"""The same examples in every run; `pytest --hypothesis-profile=search` looks for new ones.

A property that fails by chance stops somebody else's change. What a search finds becomes an `@example` or a table row.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=5000)
settings.load_profile("same")
