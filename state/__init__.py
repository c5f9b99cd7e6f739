"""What was answered and found, what that means, and the file that keeps it."""
