"""What may be sent: one form for JSON and HTML alike; `load` answers the dataclass that an action takes."""
