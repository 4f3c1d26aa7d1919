"""What waits to be accepted and dispatched: which clock, how much time it leaves, and for which unit it seems to be, and why."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.handling.requests import Request
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries.deadlines.due import standing_of
from hotline.queries.intake.category_suggestions import by_words, catalogue
from hotline.queries.paging import Page
from hotline.queries.tickets.tickets import Filters, ticket_page
from hotline.rules.dispatch.secrecy import is_kept_from
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import RequestKind, RequestState, State

MOST = 20


def waiting(ctx: Context, state: State) -> dict[str, Any]:
    """`items` by their nearest due and `next_cursor`.

    Each item has what time is left, the likely `subject`, and the likely `unit`, both with the reason; None where nothing
    speaks for one.
    """
    page = ticket_page(ctx, Filters(state=state), Page(limit=MOST))
    facts = _facts(ctx, [item["number"] for item in page["items"]])
    categories, returned = catalogue(ctx.session), _returned(ctx.session, list(facts))
    units = {unit.id: unit for unit in ctx.session.scalars(select(Unit).where(Unit.closed_on.is_(None)))}
    for item in page["items"]:
        row = facts[item["number"]]
        subject = _subject(row, categories)
        unit, reason = _unit(row, subject, returned.get(item["number"]), units)
        item |= {
            **standing_of(ctx, row),
            "difficulty": row.difficulty,
            "subject": subject,
            "unit": unit and {"code": unit.code, "name": unit.name, "reason": reason},
        }
    return page


def _facts(ctx: Context, numbers: list[str]) -> dict[str, Any]:
    target = Unit.path.label("target_path")
    columns: tuple[Any, ...] = (
        Ticket.number,
        Ticket.title,
        Ticket.content,
        Ticket.type,
        Ticket.category,
        Ticket.difficulty,
        *(Ticket.due_at, Ticket.due_kind, Ticket.due_provisional, Ticket.urgency, Ticket.round),
        Ticket.designated_unit_id,
        target,
    )
    query = select(*columns).outerjoin(Unit, Unit.id == Ticket.target_unit_id)
    query = query.where(Ticket.number.in_(numbers), visible_tickets(scope_of(ctx.actor)))
    return {row.number: row for row in ctx.session.execute(query)}


def _returned(session: Session, numbers: list[str]) -> dict[str, str]:
    """The unit that the last approved return of each ticket suggests, by its code."""
    query = select(Ticket.number, Request.details).join(Ticket, Ticket.id == Request.ticket_id)
    query = query.where(Request.kind == RequestKind.RETURN, Request.state == RequestState.APPROVED)
    rows = session.execute(query.where(Ticket.number.in_(numbers)).order_by(Request.id))
    return {number: details.get("suggested_unit", "") for number, details in rows}


def _subject(row: Any, categories: list[Any]) -> dict[str, Any] | None:
    """The category that was chosen, or the one whose words occur in the text."""
    for category, unit in categories:
        if category.code == row.category:
            return {"code": category.code, "name": category.name, "reason": "", "unit": unit and unit.code}
    found = by_words(categories, f"{row.title}{row.content}")
    return {**found[0], "unit": found[0]["unit"] and found[0]["unit"]["code"]} if found else None


def _unit(row: Any, subject: Any, returned: str | None, units: dict[int, Unit]) -> tuple[Unit | None, str]:
    """A ruling comes first, then what the unit said that sent it back, then the subject; a report never goes to its target."""
    coded = {unit.code: unit for unit in units.values()}
    ways = (
        (units.get(row.designated_unit_id), "督办员已裁定由它承办"),
        (coded.get(returned or ""), "退单单位建议由它承办"),
        (coded.get(subject["unit"] or "") if subject and returned is None else None, _because(subject)),
    )
    for unit, reason in ways:
        if unit is not None and not is_kept_from(row.type, row.target_path, unit.path):
            return unit, reason
    return None, ""


def _because(subject: Any) -> str:
    if not subject:
        return ""
    return f"“{subject['name']}”由它牵头" + (f"，{subject['reason']}" if subject["reason"] else "")
