"""What is drawn: plain functions from the state of things to lines of text."""
