"""Calls are rows: begun by the telephone, ended by a ticket or by a result, found by their number, which is sealed."""

import re
import threading
from datetime import datetime
from typing import Any

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from hotline.app_context import AppContext
from hotline.casework.intake import calls
from hotline.models.call_backs.call_backs import Call
from hotline.rules.reason_codes import CallResult
from hotline.rules.refusals import Refusal
from tests.api.test_access import NOW
from tests.pages.test_pages import CALL, Browser
from tests.support.calls import Calls
from tests.support.cast import Cast

PHONE = "13912345678"
BODY = {"title": "标题", "content": "内容", "contact": {"phone": PHONE}}


def at(instant: str) -> datetime:
    return datetime.fromisoformat(f"{instant}+08:00")


def rows(app_context: AppContext) -> list[Call]:
    with app_context.snapshot() as ctx:
        return list(ctx.session.scalars(select(Call).order_by(Call.id)))


def test_a_ticket_ends_its_call_and_a_call_without_one_ends_with_a_result(call: Calls, app_context: AppContext) -> None:
    with freeze_time(at("2026-11-24T10:00:00")) as frozen:
        begun = call.ok("operator", "POST", "/calls", {"phone": PHONE, "recording_id": "R-1"})
        assert (begun["phone"], begun["result"], begun["ended_at"]) == ("**********5678", "open", None)
        frozen.move_to(at("2026-11-24T10:03:00"))
        # Begun again with the same number it is the same call.
        assert call.ok("operator", "POST", "/calls", {"phone": "139-1234-5678"})["id"] == begun["id"]
        call.refused("outsourced", "POST", "/tickets", 404, {**BODY, "call_id": begun["id"]})
        number = call.ok("operator", "POST", "/tickets", {**BODY, "call_id": begun["id"]})["number"]
        call.refused("operator", "POST", "/tickets", 409, {**BODY, "call_id": begun["id"]})
        end = f"/calls/{begun['id']}/actions/end"
        call.refused("operator", "POST", end, 409, {"result": "consulted"})

        other = call.ok("operator", "POST", "/calls", {"phone": PHONE})
        for result, status in (("ticket", 409), ("left", 409), ("nonsense", 422)):
            call.refused("operator", "POST", f"/calls/{other['id']}/actions/end", status, {"result": result})
        call.refused("outsourced", "POST", f"/calls/{other['id']}/actions/end", 404, {"result": "dropped"})
        ended = call.ok("operator", "POST", f"/calls/{other['id']}/actions/end", {"result": "consulted"})
        assert (ended["result_label"], ended["ended_at"]) == ("当场解答", "2026-11-24T10:03:00+08:00")

        # A withheld number; then another call comes before anything was said of this one.
        call.ok("operator", "POST", "/calls", {})
        call.ok("operator", "POST", "/calls", {"phone": "02787654321"})
        results = [row.result for row in rows(app_context)]
        assert results == [CallResult.TICKET, CallResult.CONSULTED, CallResult.LEFT, CallResult.OPEN]

        found = call.ok("supervisor", "GET", f"/calls?phone={PHONE}&limit=1")
        assert [row["id"] for row in found["items"]] == [other["id"]]
        older = call.ok("supervisor", "GET", f"/calls?phone={PHONE}&cursor={found['next_cursor']}")
        (row,) = older["items"]
        assert (row["ticket"], row["operator"], row["recording_id"]) == (number, "坐席甲", "R-1")
        assert PHONE not in str(older) and older["next_cursor"] is None
        # Who only answers the line reads their own; whoever does not sit there neither begins nor reads.
        assert call.ok("outsourced", "GET", "/calls")["items"] == []
        call.refused("supervisor", "POST", "/calls", 403, {"phone": PHONE})
        call.refused("leader", "GET", "/calls", 403)
        call.refused("operator", "POST", "/calls", 422, {"phone": "12"})


def test_the_number_is_nowhere_in_clear(call: Calls, app_context: AppContext) -> None:
    call.ok("operator", "POST", "/calls", {"phone": PHONE})
    with app_context.snapshot() as ctx:
        for table in ("calls", "contacts"):
            stored = str(ctx.session.execute(text(f"SELECT * FROM {table}")).all())
            assert PHONE not in stored


def test_the_screen_begins_the_call_that_rings_and_the_ticket_ends_it(app: Flask, app_context: AppContext) -> None:
    operator = Browser(app, "operator")
    assert "开始通话" in operator.get("/operator").text and rows(app_context) == []
    for _ in range(2):
        page = operator.get(f"/operator?phone={PHONE}").text
        assert "通话中" in page and "**********5678" in page and f'value="{PHONE}"' in page
    (row,) = rows(app_context)
    once = re.search(r'name="once" value="([^"]+)"', page)
    sent = re.search(r'name="call_id" value="(\d+)"', page)
    assert once is not None and sent is not None and int(sent.group(1)) == row.id
    logged = operator.post("/operator", {**CALL, "once": once.group(1), "call_id": str(row.id)}, page="/operator")
    assert "已登记" in logged.text and "开始通话" in logged.text
    (row,) = rows(app_context)
    assert row.result is CallResult.TICKET and row.ticket_id is not None
    operator.get("/operator?phone=")
    wrong = operator.post(f"/operator/calls/{row.id}/end", {"result": "dropped"}, page="/operator")
    assert wrong.status_code == 409 and "这次通话已经结束" in wrong.text
    second = rows(app_context)[1]
    assert operator.post(f"/operator/calls/{second.id}/end", {"result": "dropped"}, page="/operator").status_code == 302
    assert [row.result for row in rows(app_context)] == [CallResult.TICKET, CallResult.DROPPED]
    bad = operator.get("/operator?phone=12")
    assert bad.status_code == 422 and "电话号码不对" in bad.text


def test_two_screens_that_begin_at_once_are_in_one_call(app_context: AppContext, cast: Cast) -> None:
    failed: list[Any] = []

    def ring(phone: str) -> None:
        try:
            with app_context.transaction(NOW) as ctx:
                calls.begin(ctx.by(cast.operator), calls.CallBegun(phone))
        except (SQLAlchemyError, Refusal) as error:
            failed.append(error)

    for _ in range(5):
        threads = [threading.Thread(target=ring, args=(phone,)) for phone in ("+8613912345678", "+8613912345679")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert [row.result for row in rows(app_context)].count(CallResult.OPEN) == 1
