"""Many sessions at a glance."""
