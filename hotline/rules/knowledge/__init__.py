"""The knowledge base: the rules."""
