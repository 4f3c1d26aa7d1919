"""The knowledge base: the tables."""
