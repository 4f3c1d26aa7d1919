"""Matters of one's own in the site that is shared: logged, dispatched and signed for by the API, each by its person."""

import json
from typing import Any
from urllib.request import Request, urlopen

from tests.browser.site import PASSWORD, Site

Steps = tuple[tuple[str, str, dict[str, Any]], ...]
# A matter that came in is taken as far as the unit that handles it, and from there as far as the answer.
TO_THE_UNIT: Steps = (
    ("operator", "accept", {"type": "complaint", "category": "licensing-delay", "difficulty": "ordinary"}),
    ("dispatcher", "dispatch", {"unit": "market-supervision"}),
    ("handler", "sign", {}),
)
TO_THE_ANSWER: Steps = (
    ("handler", "record_contact", {"summary": "已电话联系"}),
    ("leader", "submit_result", {"kind": "solved", "reply": "已当场办结，并向您说明。"}),
    ("reviewer", "audit_pass", {}),
)
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

    def answered(self, title: str) -> str:
        number = self.handled(title)
        self.take(number, TO_THE_ANSWER)
        return number

    def take(self, number: str, steps: Steps) -> None:
        for who, action, body in steps:
            self.send(who, f"/tickets/{number}/actions/{action}", body)

    def send(self, who: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A POST to the API as this person."""
        return self._asked(path, json.dumps(body).encode(), self._token(who))

    def read(self, who: str, path: str) -> dict[str, Any]:
        return self._asked(path, None, self._token(who))

    def _token(self, who: str) -> str:
        if who not in self.tokens:
            known = json.dumps({"username": who, "password": PASSWORD}).encode()
            self.tokens[who] = self._asked("/sessions", known, "")["token"]
        return self.tokens[who]

    def _asked(self, path: str, body: bytes | None, token: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = Request(f"{self.site.address}/api/v1{path}", body, headers)
        with urlopen(request) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


def _call(title: str, difficulty: str) -> dict[str, Any]:
    return {**CALL, "title": title, "difficulty": difficulty, "enterprise": {"name": "襄阳浏览器测试有限公司"}}
