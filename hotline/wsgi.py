"""For any WSGI server: `app`."""

from hotline.app import create_app

app = create_app()
