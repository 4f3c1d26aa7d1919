"""The production web server: granian in front of the application, one blocking thread in each worker.

A worker that dies is replaced by the master; one that dies twice within five seconds takes the server down, for its supervisor
to start it anew. Workers die with their master, so that none goes on at the address of a server that is started again.
"""

import ctypes
import errno
import os
import signal
import socket
import sys
from functools import partial
from importlib import import_module

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from hotline.observability import metrics

LAST_PORT = 65535
PR_SET_PDEATHSIG = 1
# A worker that was told to stop has so long for what it is answering; less than systemd waits (TimeoutStopSec).
STOP_SECONDS = 25


class CannotServe(Exception):
    """The site cannot be served at this address; the sentence says why and what can be done."""


def serve(bind: str, workers: int | None = None) -> None:
    """Serves until it is told to stop; `bind` is HOST:PORT. Refuses `CannotServe` where another already serves."""
    check_free(bind)
    metrics.share()
    host, port = _parts(bind)
    server = Server(
        "hotline.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or os.cpu_count() or 1,
        blocking_threads=1,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)


def _application(master: int) -> Flask:
    """In each worker: the application, to end with the master; at once if that has died meanwhile."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # Until it serves, it would hear SIGTERM with the ear inherited from its master, which stops nothing here.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if os.getppid() != master:
        sys.exit(1)
    # Only here: the commands for people, which know this module, need not wait for the whole of the web.
    found: Flask = import_module("hotline.wsgi").app
    return found


def check_free(bind: str) -> None:
    """Refuses `CannotServe` for an address that is taken.

    The server lets others listen at its own address: two of them would share the callers, each with its own database.
    """
    host, port = _parts(bind)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # What has just been stopped leaves the port free; what listens does not.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(f"端口{port}已被占用，请换一个端口，或先停止占用它的程序。") from None
        raise CannotServe(f"不能在 {bind} 上提供服务，请检查地址和权限。") from None


def _parts(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= LAST_PORT:
        raise CannotServe(f"“{bind}”不是“地址:端口”，例如 127.0.0.1:8000。")
    return host.strip("[]"), int(port)
