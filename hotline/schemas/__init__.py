"""What may be sent: one form for JSON and HTML alike; `load` answers the dataclass that a deed takes."""
