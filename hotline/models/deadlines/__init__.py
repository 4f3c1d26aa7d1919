"""Working days, clocks and dues: the tables."""
