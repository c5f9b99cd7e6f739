"""The bytes of a session on a disk: layout, reading, writing, locking, repairing."""
