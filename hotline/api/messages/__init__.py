"""The JSON API of notices and deliveries."""
