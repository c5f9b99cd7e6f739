"""Many PCs' results as one picture."""
