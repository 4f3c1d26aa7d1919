"""Supervision: orders, circulars, objections: what may be sent."""
