"""The knowledge base: what people do."""
