"""How a matter begins: what people see."""
