"""The unit's work on a matter: what may be sent."""
