"""Tables of dated facts, changed without touching code."""
