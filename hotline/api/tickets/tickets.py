"""Tickets: logged, listed, read, and taken through their actions."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from hotline.api.describing import A_FILE
from hotline.api.parsing import body, idempotent, query
from hotline.casework.intake import intake
from hotline.casework.tickets.access import open_for, ticket_for
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.queries.tickets.attribution import attribution
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.queries.tickets.tickets import ticket_page
from hotline.queries.tickets.timeline import timeline_of
from hotline.rules.refusals import UnknownThing
from hotline.rules.vocabulary import Action
from hotline.schemas.actions import ACTIONS, ON_TICKET, Does
from hotline.schemas.base import Form
from hotline.schemas.intake.intake import NewCallForm
from hotline.schemas.queries import TicketsQuery
from hotline.web import uploads, view_log
from hotline.web.access import actor, login_required, snapshot, transaction
from hotline.web.uploads import takes_files

tickets = APIBlueprint("api_tickets", __name__, url_prefix="/api/v1", tag="Tickets")


def file_of(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """The answer of everything that was done to a ticket."""
    return ticket_file(ctx, ticket)


@tickets.post("/tickets")
@login_required
@body(tickets, NewCallForm)
@tickets.doc(summary="Log a call", responses={201: "The ticket with its query code, shown this once"})
def log_call(given: intake.NewCall) -> tuple[dict[str, Any], int]:
    with transaction() as ctx:

        def make() -> dict[str, Any]:
            logged = intake.log_call(ctx, given)
            return {**file_of(ctx, logged.ticket), "query_code": logged.query_code}

        return idempotent(ctx, f"staff:{actor().staff_id}", make), 201


@tickets.get("/tickets")
@login_required
@query(tickets, TicketsQuery)
@tickets.doc(summary="What this reader may see, by the nearest due or the newest first")
def list_tickets(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return ticket_page(ctx, **asked)


@tickets.get("/tickets/<number>")
@login_required
@tickets.doc(summary="The file of a ticket")
def read_ticket(number: str) -> dict[str, Any]:
    with snapshot() as ctx:
        ticket = ticket_for(ctx, number)
        file = file_of(ctx, ticket)
    view_log.opened(ticket)
    return file


@tickets.get("/tickets/<number>/timeline")
@login_required
@tickets.doc(summary="The timeline of a ticket")
def read_timeline(number: str) -> dict[str, Any]:
    with snapshot() as ctx:
        return {"items": timeline_of(ctx, ticket_for(ctx, number).id)}


@tickets.get("/tickets/<number>/time")
@login_required
@tickets.doc(summary="Why is this late? Every working hour, laid at somebody's door")
def time_spent(number: str) -> dict[str, Any]:
    with snapshot() as ctx:
        ticket = ticket_for(ctx, number)
        return attribution(ctx, ticket)


def _action_view(does: Does) -> Callable[..., dict[str, Any]]:
    def act(number: str, given: Any) -> dict[str, Any]:
        with transaction() as ctx:
            ticket = does(ctx, number, given)
            return file_of(ctx, ticket)

    return act


def _add_action(action: Action, form: type[Form], does: Does, path: str) -> None:
    view = _action_view(does)
    view.__name__ = f"act_{action.value}"
    view = tickets.doc(summary=action.label, operation_id=f"{action.value}_ticket")(
        body(tickets, form)(login_required(view))
    )
    tickets.post(path)(view)


PATHS = {
    Action.RECORD_CALL_BACK: "/tickets/<number>/call-backs",
    Action.REQUEST: "/tickets/<number>/requests",
    Action.ADD_ASSIST: "/tickets/<number>/assists",
    Action.PLACE_ORDER: "/tickets/<number>/orders",
    Action.REMIND: "/tickets/<number>/reminders",
    Action.RECORD_MEASURE: "/tickets/<number>/measures",
    Action.RATE: "/tickets/<number>/ratings",
}
for _action, (_form, _does) in ON_TICKET.items():
    _add_action(_action, _form, _does, PATHS.get(_action, f"/tickets/<number>/actions/{_action.value}"))
REVEAL_FORM, REVEAL = ACTIONS[Action.REVEAL_CONTACT]


@tickets.post("/tickets/<number>/actions/reveal_contact")
@login_required
@body(tickets, REVEAL_FORM)
@tickets.doc(summary="查看联系方式", description="Needs a reason; who looked is remembered.")
def reveal_contact(number: str, given: Any) -> dict[str, Any]:
    with transaction() as ctx:
        contact = REVEAL(ctx, number, given)
        return {"name": contact.name, "phone": contact.phone, "email": contact.email}


@tickets.post("/tickets/<number>/attachments")
@login_required
@takes_files
@tickets.doc(
    summary="Hand in a file (multipart, `file`; `for_unit=true`: the unit may read it on a secret ticket)",
    responses={201: "The file that was kept"},
)
def add_attachment(number: str) -> tuple[dict[str, Any], int]:
    row = uploads.take(number, actor())
    return {"id": row.id, "name": row.name, "media_type": row.media_type, "size": row.size}, 201


@tickets.get("/tickets/<number>/attachments/<int(max=9223372036854775807):attachment_id>")
@login_required
@tickets.doc(summary="A file that was handed in", responses=A_FILE)
def read_attachment(number: str, attachment_id: int) -> Response:
    return uploads.send(number, attachment_id, actor())


@tickets.post("/tickets/<number>/actions/<action>")
@login_required
@tickets.doc(hide=True)
def other_action(number: str, action: str) -> dict[str, Any]:
    """Refuse submitting and archiving, which nobody does by this address, by the table itself, and unknown actions."""
    if action not in (Action.SUBMIT, Action.ARCHIVE):
        raise UnknownThing(f"“{action[:40]}”这个操作")
    with transaction() as ctx:
        open_for(ctx, number, Action(action))
    raise UnknownThing(f"“{action}”这个操作")
