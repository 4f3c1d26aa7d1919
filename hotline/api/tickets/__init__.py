"""The ticket itself: the JSON API."""
