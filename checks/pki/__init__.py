"""Certificates: reading them, building paths from them, and judging a path. Pure functions, no network."""
