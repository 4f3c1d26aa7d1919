"""The pages: one thin file for each audience."""
