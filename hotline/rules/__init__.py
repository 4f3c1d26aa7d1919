"""What the field knows, in the standard library only: no database, no network, no clock."""
