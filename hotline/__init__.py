"""The service behind a city's 12345 line for enterprises."""

__version__ = "0.1.0"
