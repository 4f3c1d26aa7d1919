"""For any WSGI server: `app`."""

from hotline import logs
from hotline.app import create_app

logs.configure()
app = create_app()
