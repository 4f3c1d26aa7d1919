"""How a matter begins: the JSON API."""
