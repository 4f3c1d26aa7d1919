"""Matters of one's own in the site that is shared: logged, dispatched and signed for by the API, each by its person."""

import json
from typing import Any
from urllib.request import Request, urlopen

from tests.browser.site import PASSWORD, Site

CALL = {"content": "材料齐全，窗口不受理。", "type": "complaint", "category": "licensing-delay"}


class Matters:
    """`Matters(site).handled("标题")`: the number of a new matter of the demonstration's unit, signed for."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.tokens: dict[str, str] = {}

    def dispatched(self, title: str, difficulty: str = "ordinary") -> str:
        number: str = self.send("operator", "/tickets", _call(title, difficulty))["number"]
        self.send("dispatcher", f"/tickets/{number}/actions/dispatch", {"unit": "market-supervision"})
        return number

    def handled(self, title: str, difficulty: str = "ordinary") -> str:
        number = self.dispatched(title, difficulty)
        self.send("handler", f"/tickets/{number}/actions/sign", {})
        return number

    def send(self, who: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A POST to the API as this person."""
        if who not in self.tokens:
            self.tokens[who] = self._post("/sessions", {"username": who, "password": PASSWORD})["token"]
        return self._post(path, body, self.tokens[who])

    def _post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = Request(f"{self.site.address}/api/v1{path}", json.dumps(body).encode(), headers)
        with urlopen(request) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


def _call(title: str, difficulty: str) -> dict[str, Any]:
    return {**CALL, "title": title, "difficulty": difficulty, "enterprise": {"name": "襄阳浏览器测试有限公司"}}
