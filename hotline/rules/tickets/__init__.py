"""The ticket itself: the rules."""
