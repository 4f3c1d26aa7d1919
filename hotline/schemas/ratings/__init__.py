"""Ratings and rectifications: what may be sent."""
