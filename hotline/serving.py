"""The production web server: granian in front of `wsgi:app`, one blocking thread in each worker."""

import os

from granian.constants import Interfaces
from granian.server import Server

DEFAULT_PORT = 8000


def serve(bind: str, workers: int | None = None) -> None:
    """Serves until it is told to stop; `bind` is HOST:PORT."""
    host, _, port = bind.rpartition(":")
    server = Server(
        "hotline.wsgi:app",
        address=host or "127.0.0.1",
        port=int(port) if port.isdigit() else DEFAULT_PORT,
        interface=Interfaces.WSGI,
        workers=workers or os.cpu_count() or 1,
        blocking_threads=1,
        websockets=False,
    )
    server.serve()
