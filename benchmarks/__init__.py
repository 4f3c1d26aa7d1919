"""What the service costs, measured against a bare WSGI floor that runs the same SQL on the same engine."""
