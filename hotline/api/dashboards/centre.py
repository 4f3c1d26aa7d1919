"""What the centre works with: sessions, decisions, orders, what is late, why it is due, who calls, what may help."""

from typing import Any

from apiflask import APIBlueprint

from hotline import clock
from hotline.api.describing import NOTHING
from hotline.api.parsing import body, query
from hotline.casework.accounts import sessions
from hotline.casework.dispatch import assisting
from hotline.casework.handling import requests
from hotline.casework.messages import delivery
from hotline.casework.supervision import supervision
from hotline.casework.tickets import notices
from hotline.queries.dashboards import desk
from hotline.queries.deadlines import due, overdue
from hotline.queries.intake import suggestions as suggesting
from hotline.queries.messages import deliveries
from hotline.queries.ratings import rectifications
from hotline.queries.supervision import false_completions
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.ratings.rectification import STEPS
from hotline.rules.refusals import UnknownThing
from hotline.rules.vocabulary import Role
from hotline.schemas.accounts.login import SignInForm
from hotline.schemas.actions import ASSIST_STEPS, ORDER_STEPS, REQUEST_STEPS, Does
from hotline.schemas.base import Form
from hotline.schemas.handling.handling import ReadForm
from hotline.schemas.handling.requests import DecisionForm
from hotline.schemas.queries import CasesQuery, DeadlineQuery, EnterprisesQuery, OverdueQuery, SuggestionsQuery
from hotline.schemas.ratings.rectification import CASE_STEPS
from hotline.schemas.supervision.supervision import AssistStepForm, OrderStepForm
from hotline.web import login, view_log
from hotline.web.access import (
    actor,
    app_context,
    before_second_factor,
    login_required,
    public,
    roles_required,
    secret_sent,
    signed_in,
    snapshot,
    transaction,
    without_prolonging,
)

centre = APIBlueprint("api_centre", __name__, url_prefix="/api/v1", tag="Centre")
AT_THE_PHONE = (Role.OPERATOR, Role.OUTSOURCED_OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR)


@centre.post("/sessions")
@public
@body(centre, SignInForm)
@centre.doc(summary="Sign in: answers a token; `code` where a second factor is on", responses={201: "The token"})
def sign_in(given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    secret = login.by_password(given["username"], given["password"], given.get("code"), label="api")
    expires_at = clock.now() + app_context().rulebook.sign_in.lasts
    return {"token": secret, "expires_at": expires_at.isoformat()}, 201


@centre.delete("/sessions/current")
@login_required
@before_second_factor
@centre.doc(summary="Sign out", responses=NOTHING)
def sign_out() -> tuple[str, int]:
    with transaction() as ctx:
        sessions.sign_out(ctx, secret_sent() or "")
    return "", 204


@centre.get("/sessions/current")
@login_required
@before_second_factor
@without_prolonging
@centre.doc(summary="Who is signed in, and for how many seconds yet; asking does not prolong the session")
def who() -> dict[str, Any]:
    left = app_context().rulebook.sign_in.time_left(signed_in(), now=clock.now())
    return {"name": actor().name, "roles": sorted(actor().roles), **left}


@centre.post("/sessions/current/actions/prolong")
@login_required
@before_second_factor
@centre.doc(summary="Somebody is there: the idle limit begins anew")
def prolong() -> dict[str, Any]:
    with transaction() as ctx:
        sessions.touch(ctx, signed_in().id)
    return app_context().rulebook.sign_in.time_left(signed_in(), now=ctx.now, seen_at=ctx.now)


@centre.post("/tickets/<number>/requests/<int(max=9223372036854775807):request_id>/<any(signature,decision):step>")
@login_required
@body(centre, DecisionForm)
@centre.doc(summary="Sign a colleague's request, or decide one; never one's own")
def decide(number: str, request_id: int, step: str, given: dict[str, Any]) -> dict[str, Any]:
    decision = requests.Decision(request=request_id, **given)
    with transaction() as ctx:
        ticket = REQUEST_STEPS[step](ctx, number, decision)
        return ticket_file(ctx, ticket)


@centre.post("/tickets/<number>/assists/<int(max=9223372036854775807):assist_id>/<any(reply,waive):step>")
@login_required
@body(centre, AssistStepForm)
@centre.doc(summary="Answer an assisting task, or do without it")
def assist_step(number: str, assist_id: int, step: str, given: dict[str, str]) -> dict[str, Any]:
    taken = assisting.AssistStep(assist=assist_id, text=given["text"])
    with transaction() as ctx:
        ticket = ASSIST_STEPS[step](ctx, number, taken)
        return ticket_file(ctx, ticket)


@centre.post("/tickets/<number>/orders/<order>/actions/<step>")
@login_required
@body(centre, OrderStepForm)
@centre.doc(summary="issue, decline, reply to, send back or close a supervision order")
def order_step(number: str, order: str, step: str, given: dict[str, str]) -> dict[str, Any]:
    if step not in ORDER_STEPS:
        raise UnknownThing(f"“{step[:40]}”这个操作")
    with transaction() as ctx:
        taken = supervision.OrderStep(order=order, text=given["text"])
        ticket = ORDER_STEPS[step](ctx, number, taken)
        return ticket_file(ctx, ticket)


@centre.get("/overdue")
@login_required
@query(centre, OverdueQuery)
@centre.doc(summary="What is late now, the longest first")
def list_overdue(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        page = overdue.overdue_page(ctx, **asked)
        return {**page, "by_unit": overdue.overdue_by_unit(ctx)}


@centre.get("/sham-finishings")
@roles_required(Role.SUPERVISOR, Role.REVIEWER, Role.INSPECTOR)
@centre.doc(summary="Rounds whose result was proved untrue, the latest first")
def list_sham() -> dict[str, Any]:
    with snapshot() as ctx:
        return {"items": false_completions.sham_page(ctx, false_completions.ShamFilters())["items"]}


@centre.get("/clocks/<int(max=9223372036854775807):clock_id>/explanation")
@login_required
@centre.doc(summary="Why a clock is due then")
def explain(clock_id: int) -> dict[str, Any]:
    with snapshot() as ctx:
        return due.explain_clock(ctx, clock_id)


@centre.get("/deadlines")
@login_required
@query(centre, DeadlineQuery)
@centre.doc(summary="The due of so many working days, with every day counted or skipped")
def deadline(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return due.deadline(ctx.rules.calendar, asked["start"], asked["days"])


@centre.get("/suggestions")
@roles_required(*AT_THE_PHONE)
@query(centre, SuggestionsQuery)
@centre.doc(summary="Articles, likely categories and units, open tickets of the caller")
def suggest(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return suggesting.suggestions(ctx, **asked)


@centre.get("/enterprises")
@roles_required(*AT_THE_PHONE)
@query(centre, EnterprisesQuery)
@centre.doc(summary="Who is calling, with their latest tickets")
def who_calls(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        found = suggesting.enterprises(ctx, **asked)
    view_log.looked_up(asked.get("phone"))
    return {"items": found}


@centre.get("/rectifications")
@login_required
@query(centre, CasesQuery)
@centre.doc(summary="Rectifications opened by bad ratings, the newest first")
def list_rectifications(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return rectifications.case_page(ctx, **asked)


def _add_case_step(name: str, form: type[Form], does: Does) -> None:
    def act(number: str, given: Any) -> dict[str, Any]:
        with transaction() as ctx:
            ticket = does(ctx, number, given)
            return ticket_file(ctx, ticket)

    act.__name__ = f"case_{name}"
    view = centre.doc(summary=STEPS[name].deed.label)(body(centre, form)(login_required(act)))
    centre.post(f"/rectifications/<number>/actions/{name}")(view)


for _name, (_form, _does) in CASE_STEPS.items():
    _add_case_step(_name, _form, _does)


@centre.get("/notices")
@login_required
@centre.doc(summary="Unread notices of this person")
def list_notices() -> dict[str, Any]:
    with snapshot() as ctx:
        return {"items": desk.notices_for(ctx)}


@centre.post("/notices/read")
@login_required
@body(centre, ReadForm)
@centre.doc(summary="The notices up to this one have been seen", responses=NOTHING)
def read_notices(given: dict[str, int]) -> tuple[str, int]:
    with transaction() as ctx:
        notices.mark_read(ctx, given["last"])
    return "", 204


@centre.get("/deliveries")
@roles_required(Role.ADMINISTRATOR)
@centre.doc(summary="Messages that could not be sent")
def list_deliveries() -> dict[str, Any]:
    with snapshot() as ctx:
        return {"items": deliveries.dead_letters(ctx.session), **deliveries.counts(ctx.session)}


@centre.post("/deliveries/<int(max=9223372036854775807):delivery_id>/actions/resend")
@roles_required(Role.ADMINISTRATOR)
@centre.doc(summary="Send a dead letter again", responses=NOTHING)
def resend(delivery_id: int) -> tuple[str, int]:
    with transaction() as ctx:
        delivery.resend(ctx, delivery_id)
    return "", 204
