"""For any WSGI server: `app`."""

from hotline.app import create_app
from hotline.observability import logs

logs.configure()
app = create_app()
