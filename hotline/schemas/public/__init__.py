"""Without sign-in: what may be sent."""
