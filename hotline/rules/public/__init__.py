"""Without sign-in: the rules."""
