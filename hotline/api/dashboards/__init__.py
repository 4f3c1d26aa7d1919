"""Desks and walls: the JSON API."""
