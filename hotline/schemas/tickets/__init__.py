"""The ticket itself: what may be sent."""
