"""Calls of the centre back to the enterprise: what may be sent."""
