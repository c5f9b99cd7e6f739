"""Certificate files as people have them: opened in a process of their own, judged, and forgotten."""
