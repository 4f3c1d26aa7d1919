"""Working days, clocks and dues: the rules."""
