"""Supervision: orders, circulars, objections: what people do."""
