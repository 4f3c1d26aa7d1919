"""Working days, clocks and dues: what people do."""
