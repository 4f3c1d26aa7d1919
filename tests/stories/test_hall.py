"""From the QR code in a hall to the published month: bad rating, appeal in vain, late, failed, ordered, mended."""

import re
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Flask
from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.jobs import escalate
from hotline.jobs.run import Run
from tests.support.calls import Calls
from tests.support.channel import Visitor, path_of, token_for

BODY = "city-hall-registration"
WINDOW_UNIT = "market-supervision"
DEMAND = {"text": "请立即整改"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def proof(call: Calls, number: str) -> int:
    headers = {"Authorization": f"Bearer {call.cast.tokens['leader']}"}
    data = {"file": (BytesIO(b"%PDF-1.7\n" + str(clock.now()).encode()), "整改证明.pdf")}
    answer = call.client.post(f"/api/v1/tickets/{number}/attachments", data=data, headers=headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return int(answer.get_json()["id"])


def slip(app: Flask, app_context: AppContext, occasion: str, body: str = BODY) -> str:
    """The address behind the QR code on the slip that the hall's machine prints for one visit."""
    headers = token_for(app_context, "hall-terminals")
    given = {"body": body, "occasion": occasion}
    answer = app.test_client().post("/api/v1/ratings/links", json=given, headers=headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return path_of(answer.get_json()["url"])


def line_of(call: Calls, who: str) -> dict[str, Any]:
    (case,) = call.ok(who, "GET", "/rectifications")["items"]
    return {station["name"]: station for station in case["stations"]}


def rated(call: Calls, app: Flask, app_context: AppContext) -> tuple[str, str, str]:
    """Six are content, five are not: the number and code of one of them, and where its case is acted on."""
    for n in range(6):
        assert Visitor(app).rate(slip(app, app_context, f"A{n}"), "satisfied").status_code == 200
    for n in range(5):
        bad = {"reasons[]": ["attitude"], "remark": "让我跑了三趟，电话13912345678"}
        answer = Visitor(app).rate(slip(app, app_context, f"B{n}"), "very_dissatisfied", **bad)
        assert "已经开始核实整改" in answer.get_data(as_text=True)
    page = answer.get_data(as_text=True)
    number = re.search(r"QS\d{14}", page).group()  # type: ignore[union-attr]
    code = re.search(r'query-code">([A-Z2-9]{6})<', page).group(1)  # type: ignore[union-attr]
    cases = call.ok("supervisor", "GET", "/rectifications")["items"]
    assert len(cases) == 5
    case = next(case["case"] for case in cases if case["number"] == number)
    return number, code, f"/rectifications/{case}/actions"


def verified_and_appealed(call: Calls, number: str, code: str, path: str, frozen: Any) -> None:
    # The rater follows it; the unit sees what was said and never who said it.
    assert call.ok(None, "GET", f"/public/tickets/{number}?code={code}")["status"] == "已办结"
    seen = call.ok("leader", "GET", f"/tickets/{number}")
    assert seen["identity_hidden"] and "13912345678" not in str(seen)

    call.ok("reviewer", "POST", f"{path}/verify", {"finding": "true", "text": "录像显示态度生硬"})
    frozen.move_to(at("2026-09-02T09:30:00"))
    call.ok("leader", "POST", f"{path}/appeal", {"text": "当时系统故障"})
    ruling = {"upheld": False, "text": "故障不是态度生硬的理由"}
    call.refused("reviewer", "POST", f"{path}/rule", 403, ruling)
    call.ok("second_supervisor", "POST", f"{path}/rule", ruling)


def ordered(call: Calls, app_context: AppContext, number: str) -> str:
    """The order that the ladder has drafted meanwhile, issued."""
    # Verified on the 1st, due on the 8th at close of business; two working days later the ladder drafts an order.
    escalate.run(Run(app_context, clock.now()))
    file = call.ok("supervisor", "GET", f"/tickets/{number}")
    (order,) = file["orders"]
    assert order["state"] == "draft"
    steps = next(c for c in file["clocks"] if c["kind"] == "rectify")
    assert (steps["step"], steps["due_at"]) == (3, "2026-09-08T17:30:00+08:00")
    call.ok("supervisor", "POST", f"/tickets/{number}/orders/{order['number']}/actions/issue", DEMAND)
    return str(order["number"])


def mended(call: Calls, number: str, code: str, path: str, order: str, frozen: Any) -> None:
    given = {"measures": "已约谈窗口人员", "feedback": "已致歉", "proof": [proof(call, number)]}
    call.ok("leader", "POST", f"{path}/mend", given)
    reply = {"text": "已整改"}
    call.ok("leader", "POST", f"/tickets/{number}/orders/{order}/actions/reply", reply)
    call.ok("supervisor", "POST", f"/tickets/{number}/orders/{order}/actions/close", {"text": "已回复"})
    frozen.move_to(at("2026-09-11T10:00:00"))
    failed = call.ok("reviewer", "POST", f"{path}/recheck", {"passed": False, "text": "企业说没有人联系过"})
    (again,) = [o for o in failed["orders"] if o["state"] == "draft"]
    call.ok("supervisor", "POST", f"/tickets/{number}/orders/{again['number']}/actions/issue", DEMAND)
    frozen.move_to(at("2026-09-14T10:00:00"))
    given = {"measures": "负责人上门", "feedback": "负责人已上门致歉", "proof": [proof(call, number)]}
    call.ok("leader", "POST", f"{path}/mend", given)
    call.ok("reviewer", "POST", f"{path}/recheck", {"passed": True, "text": "企业认可"})
    call.ok("second_supervisor", "POST", f"{path}/confirm", {"text": "同意销号"})
    public = call.ok(None, "GET", f"/public/tickets/{number}?code={code}")
    assert any("负责人已上门致歉" in line["sentence"] for line in public["timeline"])


def check_published(month: dict[str, Any]) -> None:
    assert month["month"] == "2026-09"
    (unit,) = month["units"]
    assert (unit["total"], unit["bad"], unit["satisfaction"]) == (11, 5, 0.5455)
    assert unit["reasons"] == [{"reason": "态度不好", "count": 5}]
    done = [line for line in month["loop"] if line["state"] == "closed"]
    assert [station["on"] for station in done[0]["stations"]] == [
        "2026-09-01", "2026-09-01", "2026-09-14", "2026-09-14", "2026-09-14",
    ]  # fmt: skip
    assert len(month["loop"]) == 5 and "13912345678" not in str(month)


def test_from_the_hall_to_the_published_month(call: Calls, app: Flask, app_context: AppContext) -> None:
    with freeze_time(at("2026-09-01T09:30:00")) as frozen:
        number, code, path = rated(call, app, app_context)
        verified_and_appealed(call, number, code, path, frozen)
        frozen.move_to(at("2026-09-10T17:31:00"))
        mended(call, number, code, path, ordered(call, app_context, number), frozen)
        # The month is published when it is over, and not while it runs.
        call.refused(None, "GET", "/public/ratings?month=2026-09", 422)
        frozen.move_to(at("2026-10-09T09:00:00"))
        month = call.ok(None, "GET", "/public/ratings")
    check_published(month)


def test_figures_of_the_hall_are_what_was_counted(call: Calls, app: Flask, app_context: AppContext) -> None:
    with freeze_time(at("2026-09-01T09:30:00")) as frozen:
        for n, level in enumerate(["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied"]):
            more = {"reasons[]": ["too_slow"]} if level == "dissatisfied" else {}
            Visitor(app).rate(slip(app, app_context, f"C{n}"), level, **more)
        (case,) = call.ok("supervisor", "GET", "/rectifications")["items"]
        path, number = f"/rectifications/{case['case']}/actions", case["number"]
        call.ok("reviewer", "POST", f"{path}/verify", {"finding": "true", "text": "属实"})
        given = {"measures": "已改", "feedback": "已说明", "proof": [proof(call, number)]}
        call.ok("leader", "POST", f"{path}/mend", given)
        call.ok("reviewer", "POST", f"{path}/recheck", {"passed": True, "text": "认可"})
        call.ok("supervisor", "POST", f"{path}/confirm", {"text": "同意"})
        frozen.move_to(at("2026-09-02T09:30:00"))
        for by in ("unit", "channel", "matter", "month"):
            found = call.ok("supervisor", "GET", f"/statistics?from=2026-09-01&to=2026-09-02&by={by}")
            (group,) = found["groups"]
            for figures in (group, found["total"]):
                assert figures["satisfaction"] == {"counted": 3, "total": 4, "rate": 0.75}
                assert figures["bad_rating"] == {"counted": 1, "total": 4, "rate": 0.25}
                assert figures["rectification"] == {"counted": 1, "total": 1, "rate": 1.0}
                assert figures["rectification_in_time"] == {"counted": 1, "total": 1, "rate": 1.0}
                assert figures["call_back"] == {"counted": 0, "total": 0, "rate": None}
        # Half-open, and a unit sees its own alone.
        assert call.ok("supervisor", "GET", "/statistics?from=2026-08-31&to=2026-09-01")["groups"] == []
        assert call.ok("other_leader", "GET", "/statistics?from=2026-09-01&to=2026-09-02")["groups"] == []
        assert (
            call.ok("leader", "GET", "/statistics?from=2026-09-01&to=2026-09-02")["total"]["satisfaction"]["total"] == 4
        )
