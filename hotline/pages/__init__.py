"""The pages: one thin file for each audience, drawn on the server, readable on a phone and with the keyboard alone."""

from flask import Flask


def install_pages(app: Flask) -> None:
    """Puts the pages into the application."""
