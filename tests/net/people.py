"""Who looks: each person of the demonstration, nobody, whoever has only a session, and the monitoring."""

from collections import Counter
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.web.access import COOKIE
from tests.net.data import METRICS, Data
from tests.net.frozen import reseed

API = "/api/"
TOKEN = 'name="csrf_token" value="'


class Person:
    """Somebody at the API with a token, at the pages with a cookie."""

    def __init__(self, app: Flask, name: str, secret: str | None, place: int) -> None:
        self.name, self.secret, self.address = name, secret, f"192.0.2.{place}"
        self.asked: Counter[str] = Counter()
        self.client: FlaskClient = app.test_client()
        if secret:
            self.client.set_cookie(COOKIE, secret)
        self._csrf = ""

    def open(self, method: str, address: str, **sent: Any) -> TestResponse:
        """Ask for an address."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret and not _is_page(address) else {}
        place = {"REMOTE_ADDR": self.address}
        key = f"{self.name} {method} {address}"
        self.asked[key] += 1
        reseed(f"{key} {self.asked[key]}")
        return self.client.open(address, method=method, headers=headers, environ_base=place, **sent)

    def post(self, address: str, body: dict[str, Any], method: str = "POST") -> TestResponse:
        """Send a body as the API or as a page wants it."""
        if not _is_page(address):
            return self.open(method, address, json=body)
        return self.open(method, address, data={**_fields(body), "csrf_token": self.csrf})

    @property
    def csrf(self) -> str:
        """The token of this person's forms."""
        if not self._csrf:
            page = self.open("GET", "/account" if self.secret else "/sign-in").get_data(as_text=True)
            self._csrf = page.partition(TOKEN)[2].partition('"')[0]
        return self._csrf


def _is_page(address: str) -> bool:
    return not address.startswith((API, "/metrics"))


def _fields(body: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A body as a form sends it: what lies inside by a dot, a list under a name with brackets."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict):
            found |= _fields(value, f"{before}{name}.")
        elif isinstance(value, list):
            found[f"{before}{name}[]"] = value
        else:
            found[before + name] = str(value).lower() if isinstance(value, bool) else value
    return found


def people_of(app: Flask, data: Data) -> list[Person]:
    """Return everybody who looks."""
    known: dict[str, str | None] = {"nobody": None, **data.tokens}
    known |= {f"{name}-by-session": secret for name, secret in data.sessions.items()}
    known |= {"channel": data.channel, "monitoring": METRICS}
    return [Person(app, name, secret, place) for place, (name, secret) in enumerate(known.items(), 1)]
