"""A channel with its token, and a visitor's browser at a rating link."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.ratings import rated_bodies
from hotline.rules.accounts.administration import CONSOLE


def token_for(app_context: AppContext, code: str) -> dict[str, str]:
    """The header with a new token of the channel."""
    with app_context.transaction(clock.now()) as ctx:
        secret = rated_bodies.grant_channel_token(ctx.by(CONSOLE), code, days=3650)
    return {"Authorization": f"Bearer {secret}"}


class Visitor:
    """Somebody with a telephone: cookies of one's own."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def open(self, url: str) -> TestResponse:
        return self.client.get(url)

    def rate(self, url: str, level: str, **more: Any) -> TestResponse:
        page = self.client.get(url).get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        token = found.group(1) if found else ""
        return self.client.post(url, data={"csrf_token": token, "level": level, **more})


def path_of(url: str) -> str:
    return "/r/" + url.rsplit("/r/", 1)[1]
