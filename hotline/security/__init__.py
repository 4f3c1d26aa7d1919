"""Keys and one-time codes."""
