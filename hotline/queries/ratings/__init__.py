"""Ratings and rectifications: what people see."""
