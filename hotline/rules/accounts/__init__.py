"""Staff, units and sign-in: the rules."""
