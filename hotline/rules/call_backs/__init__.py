"""Calls of the centre back to the enterprise: the rules."""
