"""What people see: selects that end in plain dictionaries, for the reader that asks."""
