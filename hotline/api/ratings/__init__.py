"""Ratings and rectifications: the JSON API."""
