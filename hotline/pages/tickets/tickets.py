"""The list of tickets, the file of one with the buttons that are allowed, and why a clock is due."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.dispatch import assisting
from hotline.casework.handling import requests
from hotline.casework.supervision import supervision
from hotline.casework.tickets.access import ticket_for
from hotline.context import Context
from hotline.pages.frame import parse_form
from hotline.pages.query_args import asked_for
from hotline.pages.replica_reads import replica_read
from hotline.pages.sent import Sent
from hotline.pages.tickets.ticket_page import file_page, print_page, taken
from hotline.queries.accounts.saved_filters import saved_filters
from hotline.queries.dashboards import desk
from hotline.queries.deadlines import due
from hotline.queries.paging import COUNTED
from hotline.queries.tickets.attribution import attribution
from hotline.queries.tickets.tickets import ticket_count, ticket_page
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.handling.reply_template import WRITERS
from hotline.rules.refusals import Refusal, UnknownThing
from hotline.rules.vocabulary import Action
from hotline.schemas.actions import (
    ACTIONS,
    ASSIST_STEPS,
    CASE_STEPS,
    ON_TICKET,
    ORDER_STEPS,
    REQUEST_STEPS,
    TRACK_STEPS,
    Does,
)
from hotline.schemas.base import load
from hotline.schemas.handling.tracking import on_item
from hotline.schemas.queries import TicketsQuery
from hotline.web import uploads
from hotline.web.access import actor, login_required, roles_required, snapshot, status_of, transaction
from hotline.web.uploads import takes_files

pages = Blueprint("tickets", __name__)
ANSWERS = (Action.DRAFT_RESULT, Action.SUBMIT_RESULT, Action.PROGRESS)


@pages.get("/tickets")
@login_required
def list_tickets() -> Any:
    asked, typed, refusal = asked_for(TicketsQuery)
    filters = asked["filters"]

    def drawn(ctx: Context) -> str:
        return render_template(
            "tickets/tickets.html",
            page=ticket_page(ctx, filters, asked["page"]),
            total=ticket_count(ctx, filters),
            most=COUNTED,
            asked=filters,
            typed=typed,
            units=desk.units(ctx.session),
            categories=desk.categories(ctx.session),
            steps=list(enumerate(STEP_LABELS)),
            saved=saved_filters(ctx, "/tickets"),
            refusal=refusal,
        )

    return replica_read(drawn), status_of(refusal) if refusal else 200


@pages.get("/tickets/<number>")
@login_required
def read(number: str) -> Any:
    return file_page(number)


@pages.get("/tickets/<number>/print")
@login_required
def on_paper(number: str) -> Any:
    return print_page(number)


def _sent() -> Sent:
    typed = parse_form(request.form)
    seen = str(typed.pop("seen", ""))
    return Sent(typed, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0)


def _action_named(name: str) -> Action:
    """Return the action on the ticket itself that has this name; refuse `UnknownThing`."""
    if name not in set(ON_TICKET):
        raise UnknownThing("这个操作")
    return Action(name)


@pages.post("/tickets/<number>/do/<name>")
@login_required
def act(number: str, name: str) -> Any:
    """Take an action; when it is refused, the sentence stands on the file and what was typed is kept."""
    action = _action_named(name)
    (form, does), sent = ACTIONS[action], _sent()
    sent.typed.pop("template", None)
    try:
        given = load(form(), sent.typed)
        with transaction() as ctx:
            does(ctx, number, given)
    except Refusal as refusal:
        return file_page(number, sent.named(name).refused(refusal))
    if action is Action.RECUSE:
        return redirect("/tickets")
    kind = sent.typed.get("kind", "") if action is Action.REQUEST else ""
    return taken(number, f"{name}{kind}", f"已完成：{action.label}。")


@pages.post("/tickets/<number>/insert/<name>")
@roles_required(*WRITERS)
def insert(number: str, name: str) -> Any:
    """A template at the end of what is typed, where no script puts it at the cursor; nothing is done yet."""
    if name not in ANSWERS:
        raise UnknownThing("这个操作")
    sent = _sent()
    return file_page(number, sent.named(name), insert=str(sent.typed.get("template", "")))


@pages.post("/tickets/<number>/contact")
@login_required
def reveal(number: str) -> Any:
    """The contact in clear, on this answer only."""
    (form, does), sent = ACTIONS[Action.REVEAL_CONTACT], _sent()
    try:
        given = load(form(), sent.typed)
        with transaction() as ctx:
            contact = does(ctx, number, given)
    except Refusal as refusal:
        return file_page(number, sent.named("reveal_contact").refused(refusal))
    return file_page(number, revealed=contact)


@pages.post("/tickets/<number>/requests/<int(max=9223372036854775807):request_id>/<any(signature,decision):step>")
@login_required
def decide(number: str, request_id: int, step: str) -> Any:
    (form, does), sent = ACTIONS[REQUEST_STEPS[step]], _sent()

    def given() -> requests.Decision:
        return requests.Decision(request=request_id, **load(form(), sent.typed))

    return _step(number, given, does, sent)


@pages.post("/tickets/<number>/assists/<int(max=9223372036854775807):assist_id>/<any(reply,waive):step>")
@login_required
def assist_step(number: str, assist_id: int, step: str) -> Any:
    (form, does), sent = ACTIONS[ASSIST_STEPS[step]], _sent()

    def given() -> assisting.AssistStep:
        return assisting.AssistStep(assist=assist_id, text=load(form(), sent.typed)["text"])

    return _step(number, given, does, sent)


def _step(number: str, given: Callable[[], Any], does: Does, sent: Sent) -> Any:
    """Take an action on something that belongs to the ticket; a refusal stands on the file."""
    try:
        carried = given()
        with transaction() as ctx:
            does(ctx, number, carried)
    except Refusal as refusal:
        return file_page(number, sent.refused(refusal))
    return taken(number, "", "已办理。")


@pages.post("/tickets/<number>/orders/<order>/<step>")
@login_required
def order_step(number: str, order: str, step: str) -> Any:
    if step not in ORDER_STEPS:
        raise UnknownThing("这个操作")
    (form, does), sent = ACTIONS[ORDER_STEPS[step]], _sent()

    def given() -> supervision.OrderStep:
        return supervision.OrderStep(order=order, text=load(form(), sent.typed)["text"])

    return _step(number, given, does, sent)


@pages.post("/tickets/<number>/attachments")
@login_required
@takes_files
def attach(number: str) -> Any:
    try:
        uploads.take(number, actor())
    except Refusal as refusal:
        return file_page(number, Sent(refusal=refusal))
    return redirect(f"/tickets/{number}#attachments")


@pages.get("/tickets/<number>/attachments/<int(max=9223372036854775807):attachment_id>")
@login_required
def read_attachment(number: str, attachment_id: int) -> Any:
    return uploads.send(number, attachment_id, actor())


@pages.post("/tickets/<number>/rectifications/<case>/<step>")
@login_required
def case_step(number: str, case: str, step: str) -> Any:
    if step not in CASE_STEPS:
        raise UnknownThing("这个操作")
    (form, does), sent = ACTIONS[CASE_STEPS[step]], _sent()

    def carried(ctx: Context, _: str, given: Any) -> Any:
        return does(ctx, case, given)

    return _step(number, lambda: load(form(), sent.typed), carried, sent)


@pages.post("/tickets/<number>/tracked/<int(max=9223372036854775807):item_id>/<any(note,report,check):step>")
@login_required
def track_step(number: str, item_id: int, step: str) -> Any:
    (form, does), sent = ACTIONS[TRACK_STEPS[step]], _sent()
    return _step(number, lambda: on_item(step, item_id, load(form(), sent.typed)), does, sent)


@pages.get("/tickets/<number>/time")
@login_required
def time_spent(number: str) -> Any:
    with snapshot() as ctx:
        ticket = ticket_for(ctx, number)
        life = attribution(ctx, ticket)
        return render_template("tickets/time.html", life=life)


@pages.get("/clocks/<int(max=9223372036854775807):clock_id>")
@login_required
def explain(clock_id: int) -> Any:
    with snapshot() as ctx:
        clock = due.explain_clock(ctx, clock_id)
        return render_template("tickets/clock.html", clock=clock)
