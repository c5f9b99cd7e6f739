"""What an inspection certificate (車検証) says: the viewer app's file, or its 2D codes as a scanner types them."""
