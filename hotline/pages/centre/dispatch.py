"""The dispatcher's desk: what waits to be accepted and dispatched, and what waits for a decision."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.dispatch import dispatch
from hotline.casework.intake import intake
from hotline.casework.tickets.access import ticket_for
from hotline.context import Context
from hotline.pages.frame import parse_form
from hotline.pages.operator.call_form import Choices
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.dashboards import desk
from hotline.queries.dashboards.dispatching import waiting
from hotline.queries.deadlines.due import standing_of
from hotline.queries.messages.notices import notices_for
from hotline.queries.tickets.ticket_file import summary
from hotline.rules.refusals import InvalidInput, Refusal, UnknownTicket
from hotline.rules.tickets.states import ON_DISPATCH_DESK
from hotline.rules.vocabulary import Role
from hotline.schemas.base import load
from hotline.schemas.intake.intake import AcceptanceForm, DispatchForm
from hotline.web.access import roles_required, snapshot, transaction

pages = Blueprint("dispatch", __name__)


def _page(sent: Sent = NOTHING, number: str = "") -> Any:
    with snapshot() as ctx:
        page = render_template(
            "centre/dispatch.html",
            lists=[(state, waiting(ctx, state)) for state in ON_DISPATCH_DESK],
            choices=Choices.of(ctx.session),
            decisions=desk.decisions_waiting(ctx),
            notices=notices_for(ctx),
            done=_done(ctx, request.args.get("done", "")),
            refusal=sent.refusal,
            refused=number,
            typed=sent.typed,
        )
    return page, sent.status


def _done(ctx: Context, number: str) -> dict[str, Any] | None:
    """The ticket that was just accepted or dispatched, in one sentence."""
    try:
        ticket = ticket_for(ctx, number) if number else None
    except UnknownTicket:
        return None
    if ticket is None:
        return None
    return {**summary(ctx, ticket), **standing_of(ctx, ticket)}


@pages.get("/dispatch")
@roles_required(Role.DISPATCHER)
def show() -> Any:
    return _page()


@pages.post("/dispatch/<number>")
@roles_required(Role.DISPATCHER)
def send(number: str) -> Any:
    """Accepts what waits for it, and dispatches where a unit was named: both or neither. Refused, what was typed stays."""
    typed = parse_form(request.form)
    try:
        with transaction() as ctx:
            _send(ctx, number, dict(typed))
    except Refusal as refusal:
        return _page(Sent(typed, refusal), number)
    return redirect(f"/dispatch?done={number}")


def _send(ctx: Context, number: str, typed: dict[str, Any]) -> None:
    choices = Choices.of(ctx.session)
    unit, accepts = typed.pop("unit", None), typed.pop("accept", None)
    confirmed = typed.pop("confirmed", False)
    version = typed.get("version")
    if accepts:
        acceptance = load(AcceptanceForm(), choices.coded(typed))
        version = intake.accept(ctx, number, acceptance).version
    if unit:
        coded = choices.coded({"dispatch": {"unit": unit, "version": version, "confirmed": confirmed}})["dispatch"]
        dispatch.dispatch(ctx, number, load(DispatchForm(), coded))
    elif not accepts:
        raise InvalidInput({"/unit": "请填写牵头单位"})
