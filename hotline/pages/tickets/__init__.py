"""Pages of the tickets."""
