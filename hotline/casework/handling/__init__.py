"""The unit's work on a matter: what people do."""
