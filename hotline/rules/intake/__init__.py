"""How a matter begins: the rules."""
