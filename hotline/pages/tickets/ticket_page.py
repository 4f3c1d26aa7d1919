"""The page of a ticket's file: drawn for whoever opens it, and again when something on it was refused."""

from typing import Any

from flask import flash, redirect, render_template, request

from hotline.casework.tickets.access import ticket_for
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.pages.frame import parse_form
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.dashboards import desk
from hotline.queries.deadlines import clock_strip
from hotline.queries.formatting import instant
from hotline.queries.handling.reply_templates import filled_for
from hotline.queries.tickets import ticket_now
from hotline.queries.tickets.line_kinds import LineKind
from hotline.queries.tickets.ticket_file import clocks_of, ticket_file
from hotline.queries.tickets.timeline import timeline_of
from hotline.rules.refusals import Conflict, InvalidInput
from hotline.rules.vocabulary import UNIT_ROLES, Action, RequestKind
from hotline.schemas.base import load
from hotline.schemas.queries import LinesQuery
from hotline.web import view_log
from hotline.web.access import actor, snapshot


def file_page(number: str, sent: Sent = NOTHING, *, insert: str = "", **more: Any) -> Any:
    """With what was sent and refused; what came after the last line that its sender had read is said.

    `insert` is the id of a template that goes to the end of what is typed.
    """
    try:
        asked = load(LinesQuery(), parse_form(request.args))
    except InvalidInput:
        asked = {}
    with snapshot() as ctx:
        ticket = ticket_for(ctx, number)
        file_values = _file_values(ctx, ticket)
        lines, file = file_values["timeline"], file_values["ticket"]
        overtaken = sent.seen and isinstance(sent.refusal, Conflict)
        since = [line for line in lines if line["sequence"] > sent.seen] if overtaken else []
        units, templates = desk.units(ctx.session), _templates(ctx, file)
        page = render_template(
            "tickets/ticket.html",
            **file_values,
            lines=_some(lines, asked),
            asked=asked,
            kinds=[kind for kind in LineKind if any(line["kind"] == kind for line in lines)],
            terms=ticket_now.terms_of(ctx, ticket, file["may_request"]),
            cannot=ticket_now.cannot(actor(), ticket),
            templates=templates,
            units=units,
            categories=desk.categories(ctx.session),
            refusal=sent.refusal,
            since=since,
            typed=_inserted(sent.typed, templates, insert)
            or ({"of": "request", "kind": str(asked["ask"])} if asked.get("ask") else {}),
            actions={str(action): action.label for action in Action},
            deeds={str(action): action.label for action in Action},
            labels={str(kind): kind.label for kind in RequestKind},
            reasons=ctx.rules.ratings.reasons_at(ctx.now).labels,
            unit_names={unit["code"]: unit["name"] for unit in units},
            **more,
        )
    view_log.opened(ticket)
    return page, sent.status


def print_page(number: str) -> Any:
    """The file on paper: everything that was done, nothing that can be."""
    with snapshot() as ctx:
        ticket = ticket_for(ctx, number)
        page = render_template(
            "tickets/ticket_print.html", **_file_values(ctx, ticket), printed_by=actor().name, at=instant(ctx.now)
        )
    view_log.opened(ticket)
    return page


def _file_values(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """What the page and the paper both show."""
    lines = timeline_of(ctx, ticket.id)
    clocks = clocks_of(ctx, ticket)
    pauses = clock_strip.pauses_in(ctx, ticket)
    return {
        "ticket": ticket_file(ctx, ticket),
        "now": ticket_now.now_of(ctx, ticket),
        "strip": clock_strip.strip(ctx, clocks, pauses),
        "timeline": lines,
    }


def _templates(ctx: Context, file: dict[str, Any]) -> list[dict[str, Any]]:
    return filled_for(ctx, file) if actor().roles & UNIT_ROLES else []


def _inserted(typed: Any, templates: list[dict[str, Any]], insert: str) -> Any:
    """Templates of other units are not there."""
    chosen = next((row["text"] for row in templates if str(row["id"]) == insert), None)
    if chosen is None:
        return typed
    field = "text" if typed["of"] == Action.PROGRESS else "reply"
    return {**typed, field: f"{typed.get(field, '')}\n{chosen}".strip()}


def _opened(kind: RequestKind | None) -> dict[str, str]:
    """The form of a request, open and empty."""
    return {"of": "request", "kind": str(kind)} if kind else {}


def _some(lines: list[dict[str, Any]], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The newest first, of one kind or of one round where the address says so."""
    wanted = {name: asked[name] for name in ("kind", "round") if asked.get(name)}
    return [line for line in reversed(lines) if all(line[name] == value for name, value in wanted.items())]


def taken(number: str, name: str, sentence: str) -> Any:
    """Back to the file, which says once that it was taken; what the browser kept of the form is let go."""
    flash(f"{number}:{name}", "taken")
    flash(sentence, "done")
    return redirect(f"/tickets/{number}")


def sent_with_ticket() -> Sent:
    """Return what a form of the ticket's page sent, with the last line that its sender had read."""
    typed = parse_form(request.form)
    seen = str(typed.pop("seen", ""))
    return Sent(typed, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0)
