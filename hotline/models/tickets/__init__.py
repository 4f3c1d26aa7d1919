"""The ticket itself: the tables."""
