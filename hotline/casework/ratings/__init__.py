"""Ratings and rectifications: what people do."""
