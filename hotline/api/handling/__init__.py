"""The unit's work on a matter: the JSON API."""
