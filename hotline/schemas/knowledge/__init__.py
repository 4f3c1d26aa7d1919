"""The knowledge base: what may be sent."""
