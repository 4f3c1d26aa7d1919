"""Supervision orders: the rules."""
