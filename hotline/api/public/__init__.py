"""Without sign-in: the JSON API."""
