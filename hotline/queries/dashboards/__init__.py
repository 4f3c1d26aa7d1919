"""Desks and walls: what people see."""
