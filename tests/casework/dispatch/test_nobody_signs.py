"""A unit in which nobody can sign is chosen as lead knowingly or not at all, by the API and on every page."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.accounts import accounts
from hotline.models.messages.notices import Notice
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules.vocabulary import Role
from tests.pages.test_pages import Browser
from tests.support.calls import Calls
from tests.support.cast import OTHER_UNIT, UNIT

EMPTY = "civil-air-defence"
BELOW = "company-registration-office"
CALL: dict[str, Any] = {
    "title": "防空地下室收费",
    "content": "要求说明收费依据",
    "type": "complaint",
    "category": "licensing-delay",
    "difficulty": "ordinary",
    "enterprise": {"name": "襄阳某某有限公司"},
    "contact": {"name": "王某", "phone": "13800138000"},
}


def accepted(call: Calls) -> str:
    return f"/tickets/{call.ok('operator', 'POST', '/tickets', CALL)['number']}"


def count(app_context: AppContext, table: Any) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(table)) or 0


def told(app_context: AppContext) -> list[tuple[int | None, dict[str, Any]]]:
    with app_context.snapshot() as ctx:
        query = select(Notice.staff_id, Notice.data).where(Notice.kind == "nobody_signs")
        return [(staff_id, data) for staff_id, data in ctx.session.execute(query.order_by(Notice.staff_id))]


def test_a_dispatch_asks_once_more_and_then_the_supervisors_are_told(call: Calls, app_context: AppContext) -> None:
    path = accepted(call)
    problem = call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 409, {"unit": EMPTY})
    assert problem["code"] == "nobody-signs"
    assert problem["detail"].endswith("没有能签收的在用账号，请改选单位；确需派给它的，请确认后再提交一次。")
    call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 409, {"unit": EMPTY, "confirmed": False})
    assert (call.ok("dispatcher", "GET", path)["state"], count(app_context, Dispatch)) == ("accepted", 0)
    assert told(app_context) == []
    file = call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": EMPTY, "confirmed": True})
    assert file["state"] == "dispatched" and "recall" in file["allowed_actions"]
    supervisors = {call.cast.supervisor.staff_id, call.cast.second_supervisor.staff_id}
    assert {staff_id for staff_id, _ in told(app_context)} == supervisors


def test_a_call_that_is_dispatched_at_once_is_refused_whole(call: Calls, app_context: AppContext) -> None:
    who = "dispatching_operator"
    with app_context.transaction() as ctx:
        roles = (Role.OPERATOR, Role.DISPATCHER)
        staff = accounts.add(ctx, accounts.NewStaff(who, "坐席兼分拨", "correct horse 42", "hotline-centre", roles))
        call.cast.tokens[who] = accounts.grant_token(ctx, staff, label="test", lasts=timedelta(days=9))
    body = {**CALL, "dispatch": {"unit": EMPTY}}
    problem = call.refused(who, "POST", "/tickets", 409, body)
    assert (problem["code"], count(app_context, Ticket)) == ("nobody-signs", 0)
    body["dispatch"]["confirmed"] = True
    assert call.ok(who, "POST", "/tickets", body)["state"] == "dispatched"
    assert len(told(app_context)) == 2
    del call.cast.tokens[who]


def test_a_ruling_for_such_a_unit_asks_as_well_and_so_does_the_dispatch_after_it(
    call: Calls, app_context: AppContext
) -> None:
    path = accepted(call)
    ruling = {"unit": EMPTY, "ground": "三定方案"}
    assert call.refused("supervisor", "POST", f"{path}/actions/rule_dispute", 409, ruling)["code"] == "nobody-signs"
    assert call.ok("supervisor", "GET", path)["ruled_for"] is None
    call.ok("supervisor", "POST", f"{path}/actions/rule_dispute", {**ruling, "confirmed": True})
    assert len(told(app_context)) == 2
    call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 409, {"unit": EMPTY})
    call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": EMPTY, "confirmed": True})


@pytest.mark.parametrize("unit", [UNIT, BELOW, OTHER_UNIT])
def test_where_somebody_can_sign_nobody_is_asked_and_nobody_told(
    unit: str, call: Calls, app_context: AppContext
) -> None:
    path = accepted(call)
    assert call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": unit})["state"] == "dispatched"
    path = accepted(call)
    call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": unit, "confirmed": True})
    assert told(app_context) == []


@pytest.mark.parametrize("roles", [(Role.LIAISON,), (Role.DEPUTY, Role.LIAISON)])
def test_who_only_hears_of_it_cannot_sign(roles: tuple[Role, ...], call: Calls, app_context: AppContext) -> None:
    with app_context.transaction() as ctx:
        accounts.add(ctx, accounts.NewStaff("clerk", "联络员", "correct horse 42", EMPTY, roles))
    path = accepted(call)
    call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 409, {"unit": EMPTY})


def test_disabled_accounts_and_who_keeps_out_cannot_sign(call: Calls, app_context: AppContext) -> None:
    path = accepted(call)
    call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": OTHER_UNIT})
    for who in ("other_handler", "other_leader"):
        call.ok(who, "POST", f"{path}/actions/recuse", {"reason": "亲属"})
    call.ok("dispatcher", "POST", f"{path}/actions/recall", {"code": "nobody_signs", "reason": "都须回避"})
    problem = call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 409, {"unit": OTHER_UNIT})
    assert problem["code"] == "nobody-signs"
    other = accepted(call)
    with app_context.transaction() as ctx:
        for who in ("other_handler", "other_leader"):
            accounts.disable(ctx, who)
    call.refused("dispatcher", "POST", f"{other}/actions/dispatch", 409, {"unit": OTHER_UNIT})


def test_an_unknown_confirmation_is_refused(call: Calls) -> None:
    path = accepted(call)
    wrong = {"unit": EMPTY, "confirmed": "vielleicht"}
    call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 422, wrong)


BOX = 'name="confirmed" value="true"'


def test_the_page_of_the_ticket_keeps_what_was_typed_and_asks_by_a_box(call: Calls, app: Flask) -> None:
    page, dispatcher = accepted(call), Browser(app, "dispatcher")
    assert BOX not in dispatcher.get(page).text
    typed = {"unit": EMPTY, "remark": "请当面说明", "assisting[]": [OTHER_UNIT]}
    refused = dispatcher.post(f"{page}/do/dispatch", typed, page=page)
    assert refused.status_code == 409 and BOX in refused.text and "请当面说明" in refused.text
    assert (
        f'<option value="{EMPTY}" selected>' in refused.text
        and f'<option value="{OTHER_UNIT}" selected>' in refused.text
    )
    assert dispatcher.post(f"{page}/do/dispatch", {**typed, "confirmed": "true"}, page=page).status_code == 302
    assert call.ok("supervisor", "GET", page)["state"] == "dispatched"


def test_so_does_the_form_of_a_ruling(call: Calls, app: Flask) -> None:
    page, supervisor = accepted(call), Browser(app, "supervisor")
    typed = {"unit": EMPTY, "ground": "三定方案第三条"}
    refused = supervisor.post(f"{page}/do/rule_dispute", typed, page=page)
    assert refused.status_code == 409 and BOX in refused.text and "三定方案第三条" in refused.text
    assert supervisor.post(f"{page}/do/rule_dispute", {**typed, "confirmed": "true"}, page=page).status_code == 302


def test_so_does_the_dispatchers_desk(call: Calls, app: Flask) -> None:
    number, dispatcher = accepted(call).removeprefix("/tickets/"), Browser(app, "dispatcher")
    refused = dispatcher.post(f"/dispatch/{number}", {"unit": EMPTY}, page="/dispatch")
    assert refused.status_code == 409 and refused.text.count(BOX) == 1 and f'value="{EMPTY}"' in refused.text
    again = dispatcher.post(f"/dispatch/{number}", {"unit": EMPTY, "confirmed": "true"}, page="/dispatch")
    assert again.status_code == 302


def test_recall_stands_on_the_page_with_its_reasons(call: Calls, app: Flask) -> None:
    page, dispatcher = accepted(call), Browser(app, "dispatcher")
    call.ok("dispatcher", "POST", f"{page}/actions/dispatch", {"unit": EMPTY, "confirmed": True})
    assert "收回派单" in dispatcher.get(page).text and '<option value="nobody_signs">' in dispatcher.get(page).text
    refused = dispatcher.post(f"{page}/do/recall", {"reason": "无人签收"}, page=page)
    assert refused.status_code == 422 and "无人签收" in refused.text
    done = dispatcher.post(f"{page}/do/recall", {"code": "nobody_signs", "reason": "无人签收"}, page=page)
    assert done.status_code == 302
    assert "收回派单（该单位无人签收）：无人签收" in dispatcher.get(page).text
    problem = call.refused("dispatcher", "POST", f"{page}/actions/recall", 409, {"code": "other", "reason": "再收"})
    assert problem["code"] == "wrong-state"
