"""The same submission delivered several times at once, to different servers, its answer lost on the way: it is made once."""

import json
import socket
import threading
from pathlib import Path

from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.models.tickets.tickets import Ticket
from tests.faults.holds import check_everything
from tests.faults.site import CALL, People, Person, Site
from tests.faults.waiting import until
from tests.support.cast import Cast

TIMES = 6


def sent_and_gone(port: int, token: str, title: str, key: str) -> None:
    """The whole request goes out, and who sent it is gone before the answer comes."""
    body = json.dumps({**CALL, "title": title}).encode()
    head = [
        "POST /api/v1/tickets HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token}",
        f"Idempotency-Key: {key}",
    ]
    head += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall("\r\n".join(head).encode() + body)


def count_of(app_context: AppContext, title: str) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Ticket).where(Ticket.title == title)) or 0


def test_what_is_delivered_many_times_is_made_once(
    app_context: AppContext, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    with Site(database_url, tmp_path) as site:
        webs = [site.web(), site.web()]
        site.ready(webs)
        person = Person("甲", [web.place for web in webs], cast.tokens["operator"])
        answers: list[tuple[int, dict[str, str]]] = []

        def send() -> None:
            answers.append(person.send("/tickets", {**CALL, "title": "同一件"}, key="同一件"))

        threads = [threading.Thread(target=send) for _ in range(TIMES)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [status for status, _ in answers] == [201] * TIMES
        assert len({(answer["number"], answer["query_code"]) for _, answer in answers}) == 1

        key = "没有回音".encode().hex()
        sent_and_gone(webs[0].port, cast.tokens["operator"], "没有回音", key)
        until(lambda: count_of(app_context, "没有回音"), "the lost one is made")
        status, answer = person.send("/tickets", {**CALL, "title": "没有回音"}, key="没有回音")
        assert status == 201 and answer["number"] != answers[0][1]["number"]
        assert (count_of(app_context, "同一件"), count_of(app_context, "没有回音")) == (1, 1)
        people = People(cast, webs, 1)
        people.all[0].calls = {"同一件": answers[0][1]["number"], "没有回音": answer["number"]}
    check_everything(app_context, cast, people)
