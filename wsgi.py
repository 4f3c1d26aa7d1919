"""For any WSGI server: `app`."""

from hotline.wsgi import app

__all__ = ["app"]
