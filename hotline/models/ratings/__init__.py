"""Ratings and rectifications: the tables."""
