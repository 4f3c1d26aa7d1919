"""The knowledge base: the JSON API."""
