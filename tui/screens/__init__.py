"""What fills the terminal: one view each, on a stack; the main one is at the bottom."""
