"""The API over HTTP, as a person of the cast or as nobody."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.cast import Cast


class Calls:
    """`call("operator", "POST", "/tickets", {...})`; a name of the cast, or None for nobody."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self.client = app.test_client()

    def __call__(
        self, who: str | None, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> TestResponse:
        sent = dict(headers or {})
        if who is not None:
            sent["Authorization"] = f"Bearer {self.cast.tokens[who]}"
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=sent)

    def ok(self, who: str | None, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON; anything but 2xx fails the test with what the service said."""
        answer = self(who, method, path, body)
        assert answer.status_code // 100 == 2, f"{answer.status_code} {answer.get_data(as_text=True)}"
        return answer.get_json()

    def refused(self, who: str | None, method: str, path: str, status: int, body: Any = None) -> Any:
        """The problem's JSON; anything but this status fails the test."""
        answer = self(who, method, path, body)
        assert answer.status_code == status, f"{answer.status_code} {answer.get_data(as_text=True)}"
        assert answer.content_type == "application/problem+json"
        return answer.get_json()
