"""The words of the guide, one file per step, and what reads them."""
