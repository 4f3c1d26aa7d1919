"""Where a channel may post to, tried with real sockets: nothing inside unless it is named, no redirect, no endless answer."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hotline.channels.message import NotSent
from hotline.channels.post import LARGEST_BODY, may_reach, post
from hotline.channels.settings import ChannelSettings, channels_from
from hotline.settings.config_files import BadSettings, resource

Speak = Callable[[socket.socket], None]


class Listener:
    """Takes connections one after another and answers each as it was told; counts them."""

    def __init__(self, speak: Speak, peek: bool = False) -> None:
        self.taken, self._speak, self._flags = 0, speak, socket.MSG_PEEK if peek else 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.taken += 1
            with connection:
                try:
                    connection.recv(65536, self._flags)
                    self._speak(connection)
                except OSError:
                    pass

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    made: list[Listener] = []

    def start(speak: Speak, peek: bool = False) -> Listener:
        made.append(Listener(speak, peek))
        return made[-1]

    yield start
    for one in made:
        one.close()


def settings(*inside: str, seconds: int = 5) -> ChannelSettings:
    return ChannelSettings(timeout_seconds=seconds, inside=tuple(ipaddress.ip_network(one) for one in inside))


def ok(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0.0.0.0"])
def test_this_machine_is_not_even_connected_to(listen: Callable[..., Listener], host: str) -> None:
    receiver = listen(ok)
    with pytest.raises(NotSent, match=r"推送地址：(地址不允许|InvalidURL|ConnectionError)"):
        post("推送地址", f"http://{host}:{receiver.port}/hook", b"{}", {}, settings())
    time.sleep(0.05)
    assert receiver.taken == 0


def test_a_network_that_is_named_may_be_reached(listen: Callable[..., Listener]) -> None:
    receiver = listen(ok)
    post("推送地址", f"http://127.0.0.1:{receiver.port}/hook", b"{}", {}, settings("127.0.0.1/32"))
    post("推送地址", f"http://localhost:{receiver.port}/hook", b"{}", {}, settings("127.0.0.0/8", "::1/128"))
    assert receiver.taken == 2
    with pytest.raises(NotSent, match="地址不允许"):
        post("推送地址", f"http://127.0.0.1:{receiver.port}/hook", b"{}", {}, settings("127.0.0.2/32"))


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("10.0.0.1", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::", False),
        ("64:ff9b::0a00:0001", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("198.18.0.1", False),
    ],
)
def test_only_the_public_internet_is_outside(address: str, may: bool) -> None:
    assert may_reach(address, ()) is may


def test_a_redirect_is_not_followed(listen: Callable[..., Listener]) -> None:
    inner = listen(ok)
    place = f"http://127.0.0.1:{inner.port}/".encode()
    outer = listen(lambda c: c.sendall(b"HTTP/1.1 307 Moved\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n"))
    with pytest.raises(NotSent, match="HTTP 307"):
        post("推送地址", f"http://127.0.0.1:{outer.port}/", b"{}", {}, settings("127.0.0.0/8"))
    assert (outer.taken, inner.taken) == (1, 0)


def test_an_answer_without_end_is_cut(listen: Callable[..., Listener]) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    receiver = listen(drip)
    began = time.monotonic()
    with pytest.raises(NotSent, match="超时"):
        post("推送地址", f"http://127.0.0.1:{receiver.port}/", b"{}", {}, settings("127.0.0.0/8", seconds=1))
    assert time.monotonic() - began < 30, "it never comes to an end by itself"


def test_an_endless_body_is_not_read(listen: Callable[..., Listener]) -> None:
    done = threading.Event()

    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            while True:
                connection.sendall(b"x" * 65536)
        finally:
            done.set()

    post("推送地址", f"http://127.0.0.1:{listen(pour).port}/", b"{}", {}, settings("127.0.0.0/8"))
    assert done.wait(10), "the connection was let go"


def certificate(folder: Path) -> tuple[Path, Path]:
    """(certificate, key) of this machine under the name of localhost, signed by itself."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    begins = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begins).not_valid_after(begins + timedelta(days=9))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    return folder / "cert.pem", folder / "key.pem"


def test_over_tls_the_name_is_proved_though_the_address_is_connected_to(
    listen: Callable[..., Listener], tmp_path: Path
) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    heard: list[bytes] = []

    def speak(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            # The body may come in a record of its own; what is left unread would reset the connection.
            while not b"".join(heard).endswith(b"{}"):
                heard.append(secure.recv(65536))
            secure.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    receiver, inside = listen(speak, peek=True), settings("127.0.0.0/8", "::1/128")
    trusting = replace(inside, ca_file=str(cert))
    post("推送地址", f"https://localhost:{receiver.port}/hook", b"{}", {}, trusting)
    assert b"".join(heard).startswith(b"POST /hook")
    told = len(heard)
    for host, known in (("localhost", inside), ("127.0.0.1", trusting)):
        with pytest.raises(NotSent, match="SSLError"):
            post("推送地址", f"https://{host}:{receiver.port}/hook", b"{}", {}, known)
    assert len(heard) == told


def test_what_is_too_large_is_not_sent(listen: Callable[..., Listener]) -> None:
    receiver = listen(ok)
    with pytest.raises(NotSent, match="内容过大"):
        post("推送地址", f"http://127.0.0.1:{receiver.port}/", b"x" * (LARGEST_BODY + 1), {}, settings("127.0.0.0/8"))
    assert receiver.taken == 0


def test_no_proxy_of_the_environment_leads_past_the_check(
    listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = listen(ok)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    with pytest.raises(NotSent, match="地址不允许"):
        post("推送地址", "http://10.0.0.1/", b"{}", {}, settings())
    assert proxy.taken == 0


@pytest.mark.parametrize("line", ['inside = ["10.0.0.0/33"]', 'inside = ["city"]', 'inside = ["10.0.0.1/8"]'])
def test_a_network_that_is_none_is_refused_at_the_start(tmp_path: Path, line: str) -> None:
    text = (resource("config") / "channels.toml").read_text(encoding="utf-8").replace("inside = []", line)
    (tmp_path / "channels.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings, match=r"channels\.toml"):
        channels_from(tmp_path, {})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.gov.cn/", "gopher://example.gov.cn/"])
def test_other_schemes_are_refused_at_the_start(tmp_path: Path, url: str) -> None:
    text = (resource("config") / "channels.toml").read_text(encoding="utf-8")
    (tmp_path / "channels.toml").write_text(text.replace('[webhook]\nurl = ""', f'[webhook]\nurl = "{url}"'))
    with pytest.raises(BadSettings, match="https://"):
        channels_from(tmp_path, {"HOTLINE_WEBHOOK_SECRET": "x" * 20})
