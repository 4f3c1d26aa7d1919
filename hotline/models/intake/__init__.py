"""How a matter begins: the tables."""
