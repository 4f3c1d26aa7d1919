"""The bytes of attachments, outside the web root, each under the SHA-256 of its content; and a virus scanner, if there is one."""

import hashlib
import os
import socket
import struct
import tempfile
from pathlib import Path

CHUNK = 1 << 16


class FileStore:
    """Files below one folder; the same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Writes the content whole or not at all, and answers its hash."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".half-") as folder:
                half_done = Path(folder) / digest
                with half_done.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                half_done.replace(place)
        return digest

    def path(self, digest: str) -> Path:
        """Return the path of the content, for reading it bit by bit."""
        return self._place(digest)

    def drop(self, digest: str) -> None:
        """Removes the content, if it is there."""
        self._place(digest).unlink(missing_ok=True)

    def read(self, digest: str) -> bytes:
        return self._place(digest).read_bytes()

    def whole(self, digest: str) -> bytes | None:
        """The content if it is there and is what its name says, otherwise None."""
        try:
            content = self.read(digest)
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
            raise ValueError("not the name of a stored file")
        return self.folder / digest[:2] / digest


class Scanner:
    """ClamAV's daemon by its socket: a path, or host:port. The INSTREAM command of clamd's protocol."""

    def __init__(self, address: str, timeout: float = 30) -> None:
        self.address, self.timeout = address, timeout

    def finding(self, content: bytes) -> str | None:
        """The name of what was found, or None for a clean file; raises OSError when the daemon does not answer."""
        with self._connect() as connection:
            connection.sendall(b"zINSTREAM\0")
            for begin in range(0, len(content), CHUNK):
                part = content[begin : begin + CHUNK]
                connection.sendall(struct.pack("!I", len(part)) + part)
            connection.sendall(struct.pack("!I", 0))
            answer = b""
            while part := connection.recv(CHUNK):
                answer += part
        text = answer.rstrip(b"\0").decode("utf-8", "replace").removeprefix("stream: ")
        if text == "OK":
            return None
        if text.endswith(" FOUND"):
            return text.removesuffix(" FOUND")
        raise OSError(f"clamd answers {text!r}")

    def _connect(self) -> socket.socket:
        if "/" in self.address:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self.timeout)
            connection.connect(self.address)
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), self.timeout)
