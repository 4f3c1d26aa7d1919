"""Which unit has a matter: what people do."""
