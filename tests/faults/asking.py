"""Web servers asked while something fails: what they answer, and how long it takes them."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import requests

from tests.faults.site import SILENT, Web

LONGEST = 120


class Asked(NamedTuple):
    """`status` 0: no answer in two minutes, or a connection that was refused; `again`: when to come again."""

    status: int
    content: bytes
    again: str | None
    seconds: float


def ask(web: Web, path: str, token: str = "") -> Asked:
    begin = time.monotonic()
    try:
        answer = requests.get(f"http://{web.place}{path}", headers=_as(token), timeout=LONGEST)
    except requests.RequestException:
        return Asked(0, b"", None, time.monotonic() - begin)
    return Asked(answer.status_code, answer.content, answer.headers.get("Retry-After"), time.monotonic() - begin)


def hand_in(web: Web, path: str, token: str, content: bytes) -> int:
    """A file for a ticket; the id by which it is read."""
    file = {"file": ("a.pdf", content, "application/pdf")}
    answer = requests.post(f"http://{web.place}{path}", files=file, headers=_as(token), timeout=30)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def silent_within(web: Web, seconds: float, how_many: int) -> tuple[float, float]:
    """Many ask at once, and each is told in time to come again: the shortest and the longest that they waited."""
    answers: list[Asked] = []
    at_once(lambda _: answers.append(ask(web, "/policies")), how_many)
    took = sorted(answer.seconds for answer in answers)
    assert Counter(answer.status for answer in answers) == {SILENT: how_many} and took[-1] <= seconds, answers
    return took[0], took[-1]


def at_once(do: Callable[[int], object], count: int) -> None:
    """`do` for 1, 2, ... by as many threads, until all have ended."""
    threads = [threading.Thread(target=do, args=(position,), daemon=True) for position in range(1, count + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _as(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}
