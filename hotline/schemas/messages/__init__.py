"""Messages: what may be sent about them."""
