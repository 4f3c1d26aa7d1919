"""Messages on their way out: what people see."""
