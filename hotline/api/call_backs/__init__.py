"""Calls of the centre back to the enterprise: the JSON API."""
