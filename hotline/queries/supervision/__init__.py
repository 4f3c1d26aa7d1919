"""Supervision: orders, circulars, objections: what people see."""
