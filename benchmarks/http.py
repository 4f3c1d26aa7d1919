"""Serving with granian and asking over plain sockets: as many requests as a server answers while two callers wait in turn."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CALLERS = 2


@contextmanager
def serving(target: str, port: int, environment: dict[str, str]) -> Iterator[int]:
    """One granian worker; yields the process id of its master."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1"]
    command += ["--port", str(port), "--log-level", "error", "--no-ws", target]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing listens on port {port}")


def message(method: str, path: str, token: str | None = None, body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: keep-alive"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def send_all(port: int, requests: Sequence[bytes]) -> None:
    """Each request once, in turns over `CALLERS` connections; any status but 2xx is an error."""
    failed: list[BaseException] = []

    def call(position: int) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for request in requests[position::CALLERS]:
                    connection.sendall(request)
                    _read(connection)
        except (OSError, RuntimeError) as error:
            failed.append(error)

    threads = [threading.Thread(target=call, args=[position]) for position in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def rate(port: int, request: bytes, seconds: float) -> float:
    """Answers a second, over `CALLERS` connections; any status but 2xx is an error."""
    counts = [0] * CALLERS
    until = time.perf_counter() + seconds

    def call(position: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.perf_counter() < until:
                connection.sendall(request)
                _read(connection)
                counts[position] += 1

    threads = [threading.Thread(target=call, args=[position]) for position in range(CALLERS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin)


def _read(connection: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, rest = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(head[:200] + rest[:300])
    length = int(
        next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")).split(b":")[1]
    )
    while len(rest) < length:
        rest += connection.recv(65536)


def memory_of(pid: int) -> float:
    """Megabytes that a process and its children hold, shared pages counted once (PSS)."""
    found = 0
    for child in [pid, *_children(pid)]:
        for line in Path(f"/proc/{child}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                found += int(line.split()[1])
    return found / 1024


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in listed for found in (int(child), *_children(int(child)))]
