"""Papers made from a session, by reader."""
