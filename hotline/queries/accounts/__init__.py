"""Staff, units and sign-in: what people see."""
