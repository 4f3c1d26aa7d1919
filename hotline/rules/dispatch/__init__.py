"""Which unit has a matter: the rules."""
