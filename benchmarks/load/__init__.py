"""The day of a big city, driven against real processes: `python -m benchmarks.load`."""
