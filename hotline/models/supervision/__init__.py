"""Supervision: orders, circulars, objections: the tables."""
