"""Without sign-in: what people see."""
