"""Messages on their way out: the tables."""
