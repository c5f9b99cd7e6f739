"""The guides: one folder of data for each service, and what reads them."""
