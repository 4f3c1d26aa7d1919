"""A person's browser without scripts: one connection kept open, cookies, the token of the last page; every answer is timed."""

import asyncio
import re
import time
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.load.figures import Figures

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PATIENCE = 60
"""Seconds after which a person takes the page for dead."""


class Answer(NamedTuple):
    status: int
    text: str

    def find(self, pattern: str) -> list[str]:
        return [unescape(found) for found in re.findall(pattern, self.text)]


class Browser:
    """`address` is told to the server as the caller's, as a proxy would."""

    def __init__(self, port: int, address: str, figures: Figures) -> None:
        self.port, self.address, self.figures = port, address, figures
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, kind: str, path: str) -> Answer:
        return await self._timed(kind, "GET", path, b"")

    async def post(self, kind: str, path: str, fields: dict[str, str] | Iterable[tuple[str, str]]) -> Answer:
        """Sends a form; where it leads is asked for as well."""
        given = list(fields.items()) if isinstance(fields, dict) else list(fields)
        body = urlencode([*given, ("csrf_token", self.token)]).encode()
        answer = await self._timed(kind, "POST", path, body)
        while answer.status == 302:
            answer = await self.get("the page after a deed", answer.text)
        return answer

    async def _timed(self, kind: str, method: str, path: str, body: bytes) -> Answer:
        begin = time.monotonic()
        try:
            answer = await asyncio.wait_for(self._asked(method, path, body), PATIENCE)
        except (OSError, EOFError, TimeoutError, ValueError):
            self.close()
            answer = Answer(0, "")
        self.figures.note(kind, time.monotonic() - begin, answer.status)
        if token := TOKEN.search(answer.text):
            self.token = token.group(1)
        return answer

    async def _asked(self, method: str, path: str, body: bytes) -> Answer:
        if self.line is None or self.line[0].at_eof():
            # A server may end what has been idle; a browser then opens another.
            self.line = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self.line
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"X-Forwarded-For: {self.address}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        return await self._read(reader)

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in head[1:])]
        for name, value in headers:
            if name == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        known = dict(headers)
        content_of = await reader.readexactly(int(known["content-length"]))
        status = int(head[0].split()[1])
        return Answer(status, known["location"] if status == 302 else content_of.decode())

    def close(self) -> None:
        if self.line is not None:
            self.line[1].close()
            self.line = None
