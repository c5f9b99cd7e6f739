"""How things look: the roles of text and the themes that colour them."""
