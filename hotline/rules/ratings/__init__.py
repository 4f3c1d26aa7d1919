"""Ratings and rectifications: the rules."""
