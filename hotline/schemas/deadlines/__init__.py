"""Working days, clocks and dues: what may be sent."""
