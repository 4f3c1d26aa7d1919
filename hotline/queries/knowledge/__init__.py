"""The knowledge base: what people see."""
