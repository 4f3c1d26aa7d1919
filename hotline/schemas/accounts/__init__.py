"""Staff, units and sign-in: what may be sent."""
