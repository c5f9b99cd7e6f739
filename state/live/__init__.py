"""A session file while it is open: snapshots, changes, merging, saving."""
