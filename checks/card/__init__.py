"""My Number cards behind PC/SC, asked only what a card tells without a PIN."""
