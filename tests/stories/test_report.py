"""The story of a confidential report: it never reaches whom it is about, and nobody there learns who sent it."""

from datetime import datetime

from freezegun import freeze_time
from sqlalchemy import select, text

from hotline.app_context import AppContext
from hotline.models.intake.enterprises import IdentityView
from tests.support.calls import Calls
from tests.support.cast import Cast

REPORT = {
    "title": "举报窗口人员索要好处",
    "content": "该窗口人员多次暗示，我的电话是13812345678。",
    "type": "report",
    "category": "licensing-delay",
    "difficulty": "ordinary",
    "target_unit": "market-supervision",
    "enterprise": {"name": "襄阳某某机械有限公司"},
    "contact": {"name": "王小明", "phone": "13812345678", "email": "wang@example.com"},
}
SECRETS = ("某某机械", "王小明", "小明", "12345678", "wang@")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_a_report_keeps_its_secret_on_every_way(call: Calls, app_context: AppContext, cast: Cast) -> None:
    with freeze_time(at("2026-11-24T09:00:00")) as frozen:
        file = call.ok("operator", "POST", "/tickets", REPORT)
        number, code, path = file["number"], file["query_code"], f"/tickets/{file['number']}"
        assert file["confidential"] is True

        # By no way to the target: not as lead, not as helper, not by a ruling, not by a suggestion, not by reassignment.
        guarded = call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 403, {"unit": "market-supervision"})
        assert guarded["code"] == "secrecy-guard"
        helping = {"unit": "tax", "assisting": ["market-supervision"]}
        call.refused("dispatcher", "POST", f"{path}/actions/dispatch", 403, helping)
        ruling = {"unit": "market-supervision", "ground": "x"}
        call.refused("supervisor", "POST", f"{path}/actions/rule_dispute", 403, ruling)
        file = call.ok("dispatcher", "POST", f"{path}/actions/dispatch", {"unit": "tax", "assisting": ["justice"]})
        assert file["state"] == "dispatched"
        task = {"unit": "market-supervision", "task": "协助"}
        call.refused("dispatcher", "POST", f"{path}/assists", 403, task)
        call.ok("other_handler", "POST", f"{path}/actions/sign", {})
        asking = {"kind": "reassign", "reason": "因", "suggested_unit": "market-supervision"}
        call.refused("other_leader", "POST", f"{path}/requests", 403, asking)
        call.refused("other_handler", "POST", f"{path}/actions/pass_down", 403, {"unit": "market-supervision"})
        for who in ("handler", "leader", "liaison"):
            call.refused(who, "GET", path, 404)

        # The unit that works on it reads the matter, and nothing of who sent it.
        frozen.move_to(at("2026-11-25T09:00:00"))
        call.ok("operator", "POST", f"{path}/actions/relay", {"text": "企业补充：王先生可在下午接听"})
        for address in (path, f"{path}/timeline", f"{path}/time", "/tickets", "/overdue", "/notices"):
            text = call("other_leader", "GET", address).get_data(as_text=True)
            assert not any(secret in text for secret in SECRETS), address
        call.refused("other_leader", "POST", f"{path}/actions/reveal_contact", 403, {"reason": "联系"})
        call.refused("inspector", "POST", f"{path}/actions/reveal_contact", 403, {"reason": "联系"})

        # The centre sees who it is, for a reason, and that is remembered.
        assert call.ok("reviewer", "POST", f"{path}/actions/reveal_contact", {"reason": "回访"})["name"] == "王小明"
        with app_context.snapshot() as ctx:
            views = ctx.session.scalars(select(IdentityView).where(IdentityView.reason == "回访")).all()
            assert [view.staff_id for view in views] == [cast.reviewer.staff_id]

        # Who has an interest keeps out, and finds nothing any more.
        call.ok("dispatcher", "POST", f"{path}/actions/recuse", {"reason": "与被举报人是亲属"})
        call.refused("dispatcher", "GET", path, 404)
        assert call.ok("dispatcher", "GET", "/tickets")["items"] == []
        assert [item["number"] for item in call.ok("supervisor", "GET", "/tickets")["items"]] == [number]

        # What the enterprise reads is for whoever has the code, and says nothing of names either.
        seen = call(None, "GET", f"/public/tickets/{number}?code={code}").get_data(as_text=True)
        assert not any(secret in seen for secret in SECRETS)


def test_secrecy_is_given_and_not_taken_once_a_unit_reads(call: Calls) -> None:
    body = {**REPORT, "type": "complaint", "target_unit": None}
    number = call.ok("operator", "POST", "/tickets", body)["number"]
    path = f"/tickets/{number}/actions"
    secret = {"reason": "企业要求保密", "confidential": True}
    assert call.ok("operator", "POST", f"{path}/correct", secret)["confidential"] is True
    call.ok("dispatcher", "POST", f"{path}/dispatch", {"unit": "tax"})
    problem = call.refused("operator", "POST", f"{path}/correct", 409, {**secret, "confidential": False})
    assert problem["detail"].startswith("工单已派出，不能取消保密，")
    call.refused("other_handler", "POST", f"{path}/correct", 403, secret)


def test_a_report_is_not_turned_against_who_reads_it(call: Calls) -> None:
    """Neither by correcting whom it is about, nor by joining it to a ticket that lies there, nor by taking that there later."""
    number = call.ok("operator", "POST", "/tickets", {**REPORT, "target_unit": "justice"})["number"]
    path = f"/tickets/{number}/actions"
    sent = {"unit": "market-supervision", "assisting": ["tax"]}
    call.ok("dispatcher", "POST", f"{path}/dispatch", sent)
    for target in ("market-supervision", "tax"):
        problem = call.refused("operator", "POST", f"{path}/correct", 409, {"reason": "听错了", "target_unit": target})
        assert problem["detail"].endswith("请先改派，再更正被反映单位。")
    call.ok("operator", "POST", f"{path}/correct", {"reason": "听错了", "target_unit": "housing"})

    body = {**REPORT, "difficulty": None}
    report = call.ok("operator", "POST", "/tickets", body)["number"]
    guarded = call.refused("operator", "POST", f"/tickets/{report}/actions/merge", 403, {"master": number})
    assert guarded["code"] == "secrecy-guard"
    helped = call.ok("operator", "POST", "/tickets", {**body, "target_unit": "tax"})["number"]
    call.refused("operator", "POST", f"/tickets/{helped}/actions/merge", 403, {"master": number})

    master = call.ok("operator", "POST", "/tickets", {**REPORT, "target_unit": None})["number"]
    call.ok("operator", "POST", f"/tickets/{report}/actions/merge", {"master": master})
    call.refused("dispatcher", "POST", f"/tickets/{master}/actions/dispatch", 403, {"unit": "market-supervision"})
    call.ok("dispatcher", "POST", f"/tickets/{master}/actions/dispatch", {"unit": "tax"})


def test_who_reads_whose_secret_it_is_is_remembered_once_a_day(
    call: Calls, app_context: AppContext, cast: Cast
) -> None:
    def views() -> list[tuple[int, str]]:
        with app_context.snapshot() as ctx:
            rows = ctx.session.scalars(select(IdentityView).order_by(IdentityView.id))
            return [(row.staff_id, row.reason) for row in rows]

    operator, reviewer = cast.operator.staff_id, cast.reviewer.staff_id
    with freeze_time(at("2026-11-24T23:00:00")) as frozen:
        open_one = call.ok("operator", "POST", "/tickets", {**REPORT, "confidential": False})["number"]
        number = call.ok("operator", "POST", "/tickets", REPORT)["number"]
        call.ok("dispatcher", "POST", f"/tickets/{number}/actions/dispatch", {"unit": "tax"})
        nameless = {name: value for name, value in REPORT.items() if name != "contact"}
        without = call.ok("operator", "POST", "/tickets", nameless)["number"]
        for path in (f"/tickets/{number}", f"/tickets/{number}", f"/tickets/{open_one}"):
            call.ok("reviewer", "GET", path)
        # Who is shown nothing has seen nothing: neither the unit nor the inspector.
        for who in ("other_handler", "inspector"):
            call.ok(who, "GET", f"/tickets/{number}")
        assert views() == [(reviewer, "打开保密工单")]
        for phone in ("13812345678", "13812345678", "13900000000"):
            call.ok("operator", "GET", f"/enterprises?phone={phone}")
        assert views()[1:] == [(operator, "按电话查询企业")]
        frozen.move_to(at("2026-11-25T00:30:00"))
        call.ok("reviewer", "GET", f"/tickets/{number}")
        assert len(views()) == 3
        # A file that names an enterprise and nobody in it tells as much.
        for _ in range(2):
            call.ok("reviewer", "GET", f"/tickets/{without}")
        assert views()[3:] == [(reviewer, "打开保密工单")]

        # A log that cannot be written keeps nobody from reading.
        with app_context.database.engine.begin() as connection:
            connection.execute(text("DROP TABLE identity_views"))
        call.ok("supervisor", "GET", f"/tickets/{number}")
