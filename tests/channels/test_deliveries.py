"""Messages go out for real: to an SMTP server and an HTTP receiver on this machine, once each, however many send."""

import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.accounts import account_admin
from hotline.casework.messages import delivery
from hotline.channels.settings import channels_from
from hotline.channels.webhook import signature
from hotline.jobs import deliver
from hotline.jobs.run import Run
from hotline.models.messages.notices import Delivery, Notice
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.settings.config_files import BadSettings
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import PEOPLE

SECRET = "secret-of-the-hook"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Letters:
    """A real SMTP server that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"


class Receiver:
    """A real HTTP receiver that keeps what it takes, or refuses while `broken`."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.broken = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not receiver.broken:
                    receiver.taken.append((self.path, dict(self.headers), body))
                self.send_response(503 if receiver.broken else 204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Tests stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def at(self, path: str) -> list[Any]:
        return [json.loads(body) for here, _, body in self.taken if here == path]


@pytest.fixture
def letters() -> Iterator[tuple[Letters, int]]:
    kept = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()
    yield kept
    kept.server.shutdown()
    kept.server.server_close()


@pytest.fixture
def sending(
    app_context: AppContext,
    tmp_path: Path,
    letters: tuple[Letters, int],
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> AppContext:
    """The application with all three channels on, and people who can be written to."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "channels.toml").write_text(
        f"""retry_minutes = [1, 5]
timeout_seconds = 5
inside = ["127.0.0.0/8"]
[mail]
host = "127.0.0.1"
port = {letters[1]}
security = "none"
sender = "hotline@example.gov.cn"
[sms]
url = "{receiver.url}/sms"
[webhook]
url = "{receiver.url}/hook"
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("HOTLINE_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("HOTLINE_SMS_TOKEN", "token-of-the-gateway")
    app_context.channels = channels_from(folder)
    with app_context.transaction() as ctx:
        for username in PEOPLE:
            account_admin.set_addresses(ctx.by(CONSOLE), username, f"{username}@example.gov.cn", None)
        account_admin.set_addresses(ctx.by(CONSOLE), "leader", "", "+8613900000001")
    return app_context


def states(app_context: AppContext) -> list[str]:
    with app_context.snapshot() as ctx:
        return sorted(str(state) for state in ctx.session.scalars(select(Delivery.state)))


def test_each_person_gets_each_event_once_by_the_channel_they_have(
    sending: AppContext, build: Builder, letters: tuple[Letters, int], receiver: Receiver
) -> None:
    now = at("2026-11-24 10:00")
    number = build.ticket("dispatched", now)
    assert deliver.run(Run(sending, now)) > 0
    assert deliver.run(Run(sending, now)) == 0
    told = [(letter["To"], letter["Subject"]) for letter in letters[0].taken if "新派工单" in letter["Subject"]]
    assert sorted(to for to, _ in told) == [
        f"{name}@example.gov.cn" for name in ("handler", "liaison", "second_handler")
    ]
    assert told[0][1] == f"【12345】工单{number}：新派工单，请签收"
    (short,) = receiver.at("/sms")
    assert (short["phone"], number in short["text"]) == ("+8613900000001", True)
    assert receiver.taken[0][1].get("Authorization", "Bearer token-of-the-gateway") == "Bearer token-of-the-gateway"
    assert set(states(sending)) == {"sent"}


def test_a_webhook_hears_of_an_event_once_and_can_check_who_speaks(
    sending: AppContext, build: Builder, receiver: Receiver
) -> None:
    now = at("2026-11-24 10:00")
    number = build.ticket("dispatched", now)
    deliver.run(Run(sending, now))
    hooks = [(headers, body) for path, headers, body in receiver.taken if path == "/hook"]
    assert sorted(json.loads(body)["kind"] for _, body in hooks) == ["accepted", "dispatched"]
    for headers, body in hooks:
        assert json.loads(body)["number"] == number
        assert headers["X-Hotline-Signature"] == signature(SECRET, headers["X-Hotline-Timestamp"], body)
        assert headers["X-Hotline-Signature"] != signature("another", headers["X-Hotline-Timestamp"], body)


def test_many_workers_send_nothing_twice(
    sending: AppContext, build: Builder, letters: tuple[Letters, int], receiver: Receiver
) -> None:
    now = at("2026-11-24 10:00")
    for _ in range(10):
        build.ticket("handling", now)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: deliver.run(Run(sending, now)), range(8)))
    with sending.snapshot() as ctx:
        wanted = len(ctx.session.scalars(select(Delivery.id)).all())
    assert wanted > 50
    assert len(letters[0].taken) + len(receiver.taken) == wanted
    ids = [letter["Message-ID"] for letter in letters[0].taken]
    assert len(ids) == len(set(ids))


def test_quiet_hours_keep_messages_until_the_opening(
    sending: AppContext, build: Builder, letters: tuple[Letters, int]
) -> None:
    build.ticket("dispatched", at("2026-11-27 20:00"))
    deliver.run(Run(sending, at("2026-11-28 12:00")))
    assert letters[0].taken == []
    deliver.run(Run(sending, at("2026-11-30 08:30")))
    assert letters[0].taken != []


def test_what_fails_is_tried_again_with_growing_waits_and_then_is_dead_until_somebody_sends_it_again(
    sending: AppContext, build: Builder, receiver: Receiver, call: Calls
) -> None:
    now = at("2026-11-24 10:00")
    build.ticket("dispatched", now)
    receiver.broken = True
    deliver.run(Run(sending, now))
    with sending.snapshot() as ctx:
        waiting = list(ctx.session.scalars(select(Delivery).where(Delivery.state == "waiting")))
        assert {row.channel for row in waiting} == {"sms", "webhook"}
        assert {(row.attempts, row.next_at) for row in waiting} == {(1, now + timedelta(minutes=1))}
        assert {row.last_error for row in waiting} == {"短信网关：HTTP 503", "推送地址：HTTP 503"}
    deliver.run(Run(sending, now + timedelta(minutes=1)))
    deliver.run(Run(sending, now + timedelta(minutes=6)))
    assert "waiting" not in states(sending) and states(sending).count("dead") == 3
    call.refused("supervisor", "GET", "/deliveries", 403)
    answer = call.ok("administrator", "GET", "/deliveries")
    assert answer["dead"] == 3 and "13900000001" not in str(answer)
    receiver.broken = False
    for row in answer["items"]:
        assert call("administrator", "POST", f"/deliveries/{row['id']}/actions/resend").status_code == 204
    call.refused("administrator", "POST", f"/deliveries/{answer['items'][0]['id']}/actions/resend", 409)
    deliver.run(Run(sending, datetime.now(ZONE)))
    assert set(states(sending)) == {"sent"}


def test_a_worker_that_died_leaves_its_claim_to_the_next(
    sending: AppContext, build: Builder, letters: tuple[Letters, int]
) -> None:
    now = at("2026-11-24 10:00")
    build.ticket("dispatched", now)
    with sending.transaction(now) as ctx:
        delivery.spread(ctx.at(now), ["mail"])
        claimed = delivery.claim(ctx.at(now))
    deliver.run(Run(sending, now))
    assert claimed and letters[0].taken == []
    deliver.run(Run(sending, now + timedelta(minutes=6)))
    assert len(letters[0].taken) == len(claimed)


def test_no_message_to_a_unit_says_whose_secret_matter_it_is(
    sending: AppContext, build: Builder, letters: tuple[Letters, int], receiver: Receiver
) -> None:
    now = at("2026-11-24 10:00")
    build.ticket("reviewing", now, confidential=True)
    deliver.run(Run(sending, now))
    said = [f"{letter['Subject']}{letter.get_content()}" for letter in letters[0].taken]
    said += [body.decode() for _, _, body in receiver.taken]
    assert len(said) > 5
    assert not any(secret in text for text in said for secret in ("甲乙机械", "王小明", "12345678"))


def test_an_enterprise_is_told_what_concerns_it(sending: AppContext, build: Builder, receiver: Receiver) -> None:
    now = at("2026-11-24 10:00")
    build.anywhere("need_info", now)
    deliver.run(Run(sending, now))
    (short,) = [row for row in receiver.at("/sms") if row["phone"] == "+8613812345678"]
    assert "营业执照" in short["text"] and "2026-12-01 17:30" in short["text"]


def test_without_channels_nothing_is_kept_for_later(app_context: AppContext, build: Builder) -> None:
    now = at("2026-11-24 10:00")
    build.ticket("dispatched", now)
    assert deliver.run(Run(app_context, now)) == 0
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(Delivery.id)).all() == []
        assert ctx.session.scalars(select(Notice.id).where(Notice.spread_at.is_(None))).all() == []


@pytest.mark.parametrize(
    "text",
    ['[webhook]\nurl = "http://x"', '[mail]\nhost = "x"', '[mail]\nsecurity = "maybe"', '[sms]\nfrom = "x"', "=="],
)
def test_a_wrong_configuration_is_refused_at_once(tmp_path: Path, text: str) -> None:
    (tmp_path / "channels.toml").write_text(f"retry_minutes = [1]\ntimeout_seconds = 5\n{text}\n", encoding="utf-8")
    with pytest.raises(BadSettings):
        channels_from(tmp_path, {})
