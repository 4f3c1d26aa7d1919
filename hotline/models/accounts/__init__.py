"""Staff, units and sign-in: the tables."""
