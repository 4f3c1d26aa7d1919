"""How a matter begins: what may be sent."""
