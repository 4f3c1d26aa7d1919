"""Without sign-in: what people do."""
