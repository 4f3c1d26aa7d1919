"""The JSON API: one thin file for each resource."""
