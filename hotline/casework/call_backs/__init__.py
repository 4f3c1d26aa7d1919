"""Calls of the centre back to the enterprise: what people do."""
