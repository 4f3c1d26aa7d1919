"""How a matter begins: what people do."""
