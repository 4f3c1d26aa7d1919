"""Messages on their way out: the rules."""
