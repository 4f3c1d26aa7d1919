"""The one way by which a channel posts to an address: inside limits, and only to where it may.

The name is resolved here and the connection made to the very address that was looked at, so no second answer of a name server
can lead elsewhere. Private, loopback, link-local and other addresses that are not of the public internet are refused unless a
network of the configuration holds them. Redirects are not followed, no proxy of the environment is used, the answer's body is
not read, and the whole exchange ends after its time however slowly the other side speaks.
"""

import ipaddress
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from hotline.channels.message import NotSent
from hotline.channels.settings import ChannelSettings, Network

LARGEST_BODY = 64 * 1024


class Refused(OSError):
    """The address is not one that may be written to."""


def post(where: str, url: str, body: bytes, headers: Mapping[str, str], settings: ChannelSettings) -> None:
    """Refuses `NotSent`, naming the channel (`where`), for anything but a 2xx."""
    if len(body) > LARGEST_BODY:
        raise NotSent(f"{where}：内容过大")
    seconds = settings.timeout_seconds
    watch = _Watch(settings.inside)
    with requests.Session() as session, watch.for_seconds(seconds):
        session.trust_env = False
        session.mount("http://", _Adapter(watch))
        session.mount("https://", _Adapter(watch))
        session.verify = settings.ca_file or True
        try:
            status = session.post(
                url, data=body, headers=dict(headers), timeout=seconds, allow_redirects=False, stream=True
            ).status_code
        except (requests.RequestException, OSError) as error:
            raise NotSent(f"{where}：{watch.why or type(error).__name__}") from None
        if watch.why:
            raise NotSent(f"{where}：{watch.why}")
    if status // 100 != 2:
        raise NotSent(f"{where}：HTTP {status}")


def may_reach(address: str, inside: tuple[Network, ...]) -> bool:
    """An address of the public internet, or of a network that the configuration names."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    if any(ip.version == network.version and ip in network for network in inside):
        return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in TRANSLATED


TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 inside IPv6 (NAT64): it would lead past the check."""


class _Watch:
    """Looks at each address before it is connected to, and cuts the connection when the time is over; `why` it stopped."""

    def __init__(self, inside: tuple[Network, ...]) -> None:
        self.inside, self.why = inside, ""
        self._sockets: list[socket.socket] = []

    def connect(self, host: str, port: int, timeout: Any) -> socket.socket:
        """To the first address of this name; refused where any of its addresses may not be reached."""
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not found or not all(may_reach(address, self.inside) for address in found):
            self.why = "地址不允许"
            raise Refused(host)
        connection = create_connection((found[0], port), timeout)
        # TLS takes the socket over; a second handle on it can still cut it.
        self._sockets.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.why:
            self._cut()
        return connection

    @contextmanager
    def for_seconds(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for handle in self._sockets:
                handle.close()

    def _cut(self) -> None:
        self.why = "超时"
        for handle in self._sockets:
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                handle.close()


class _Adapter(HTTPAdapter):
    """requests over connections that the watch makes."""

    def __init__(self, watch: _Watch) -> None:
        self._watch = watch
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        watch = self._watch

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return watch.connect(self.host, self.port, self.timeout)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return watch.connect(self.host, self.port, self.timeout)

        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}
