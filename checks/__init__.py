"""What can be asked, what can be found out, and the engine that finds it out."""

__version__ = "0.1.0"

BUILD_DATE = "2026-11-22"
"""Day this version was made: a clock that is earlier than this is certainly wrong (ISO date)."""

FACTS_FROM = "2026-11-22"
"""Day on which the oldest facts of the guides were looked up (ISO date); here so that `--version` need load no guide."""

FIRST_GUIDE = "oss"
"""The guide of a session that names none: the folder of its files in `checks/guides/`."""
