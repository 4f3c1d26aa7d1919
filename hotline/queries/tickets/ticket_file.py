"""The file of a ticket for one reader: what the reader may know, and what the reader may do."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.role_holders import is_held
from hotline.models.accounts.units import Category, Unit
from hotline.models.call_backs.call_backs import CallBack
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.models.ratings.ratings import Rating
from hotline.models.supervision.orders import Order
from hotline.models.tickets.rows_of_ticket import rows_of_ticket
from hotline.models.tickets.tickets import Result, Ticket
from hotline.queries.call_backs.call_backs import call_of
from hotline.queries.deadlines import due
from hotline.queries.formatting import instant, labelled
from hotline.queries.handling import tracked
from hotline.queries.knowledge import article_changes
from hotline.queries.ratings.rectifications import cases_of
from hotline.queries.tickets import ticket_relations
from hotline.queries.tickets.identity import identity_of
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.masking import ShownText, text_for
from hotline.rules.permissions import allowed_actions, allowed_deeds
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import CENTRE_ROLES, OrderState, Role

CENTRE = CENTRE_ROLES | {Role.OUTSOURCED_OPERATOR}


def ticket_file(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """Everything of a ticket that the access check has let through to this reader."""
    centre = bool(ctx.actor.roles & CENTRE)
    shown, done = summary(ctx, ticket), text_for(ctx.actor, by_office=True)
    changes = article_changes.changes(ctx, ticket) if ticket.answer_version_id else []
    unit = (shown["lead_unit"] or {}).get("name")
    return {
        **shown,
        "answer_changes": changes,
        **identity_of(ctx, ticket),
        "clocks": [_clock(ctx, clock, ticket) for clock in clocks_of(ctx, ticket)],
        "allowed_actions": [str(action) for action in allowed_actions(ctx.actor, ticket)],
        "allowed_deeds": [str(action) for action in allowed_deeds(ctx.actor, ticket)],
        "results": [_result(row, done) for row in rows_of_ticket(ctx.session, Result, ticket.id)],
        "orders": [
            {**_order(row, done), "unanswerable": _is_unanswerable(ctx, row)}
            for row in rows_of_ticket(ctx.session, Order, ticket.id)
            if centre or row.state not in HIDDEN_ORDERS
        ],
        **ticket_relations.of(ctx, ticket, centre=centre),
        "call_backs": [_call_back(row, done) for row in rows_of_ticket(ctx.session, CallBack, ticket.id)]
        if centre
        else [],
        "ratings": [_rating(row, text_for(ctx.actor)) for row in rows_of_ticket(ctx.session, Rating, ticket.id)],
        "tracked": tracked.items_of(ctx, ticket),
        "rectifications": cases_of(ctx, ticket),
        "call": call_of(ctx, ticket, unit=unit),
    }


def _clock(ctx: Context, clock: Clock, ticket: Ticket) -> dict[str, Any]:
    line = due.clock_line(clock, ctx.now)
    return {**line, **due.due_status(ctx, clock, ticket.urgency)} if line["running"] else line


HIDDEN_ORDERS = (OrderState.DRAFT, OrderState.DECLINED)


def summary(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """Return the ticket itself."""
    session, said = ctx.session, text_for(ctx.actor)
    category = (
        session.scalar(select(Category.name).where(Category.code == ticket.category)) if ticket.category else None
    )
    unit = session.get(Unit, ticket.lead_unit_id) if ticket.lead_unit_id else None
    target = session.get(Unit, ticket.target_unit_id) if ticket.target_unit_id else None
    return {
        "number": ticket.number,
        "version": ticket.version,
        **labelled("state", ticket.state),
        **labelled("type", ticket.type),
        "category": ticket.category,
        "category_label": category,
        "title": said(ticket.title),
        "content": said(ticket.content),
        **labelled("channel", ticket.channel),
        "district": ticket.district,
        "target_unit": _unit(target),
        "lead_unit": _unit(unit),
        **labelled("urgency", ticket.urgency),
        **labelled("difficulty", ticket.difficulty),
        "confidential": ticket.confidential,
        "anonymous": ticket.anonymous,
        "round": ticket.round,
        "no_return": ticket.no_return,
        "unsigned_late": ticket.unsigned_late,
        "imported": ticket.imported,
        "superior": _superior(ticket),
        "suspended_until": instant(ticket.suspended_until),
        "received_at": instant(ticket.received_at),
        "closed_at": instant(ticket.closed_at),
        **labelled("outcome", ticket.outcome),
        "reply": text_for(ctx.actor, by_office=True)(ticket.reply),
        "replied_at": instant(ticket.replied_at),
        "answered_from": _article(session, ticket.answer_version_id) if ticket.answer_version_id else None,
    }


def _superior(ticket: Ticket) -> dict[str, Any] | None:
    """The number and the last day of a superior platform; `nearer`: that day comes before the due that runs."""
    if ticket.superior_no is None and ticket.superior_due_on is None:
        return None
    on = ticket.superior_due_on
    nearer = on is not None and ticket.due_at is not None and on < local(ticket.due_at).date()
    return {"number": ticket.superior_no, "due_on": on.isoformat() if on else None, "nearer": nearer}


def _unit(unit: Unit | None) -> dict[str, Any] | None:
    return {"code": unit.code, "name": unit.name} if unit else None


def _article(session: Session, version_id: int) -> dict[str, Any]:
    query = select(Article.code, ArticleVersion.version, ArticleVersion.title).join(
        ArticleVersion, ArticleVersion.article_id == Article.id
    )
    row = session.execute(query.where(ArticleVersion.id == version_id)).one()
    return {"article": row.code, "version": row.version, "title": row.title}


def clocks_of(ctx: Context, ticket: Ticket) -> list[Clock]:
    """The clocks that this reader may know: a unit those of units, the centre all."""
    rows: list[Clock] = rows_of_ticket(ctx.session, Clock, ticket.id)
    return rows if ctx.actor.at_centre else [row for row in rows if row.unit_path is not None]


def _result(row: Result, done: ShownText) -> dict[str, Any]:
    fault = Fault(row.fault).label if row.fault else None
    return {
        "round": row.round,
        **labelled("kind", row.kind),
        "reply": done(row.reply),
        "submitted_at": instant(row.submitted_at),
        "passed": row.passed,
        "fault_label": fault,
        "remark": done(row.remark),
        "sham_at": instant(row.sham_at),
    }


def _is_unanswerable(ctx: Context, row: Order) -> bool:
    """Return whether a supervisor may close this order because nobody in the unit can answer it."""
    waits = row.state is OrderState.ISSUED and Role.SUPERVISOR in ctx.actor.roles
    return waits and not is_held(ctx.session, {Role.LEADER}, row.unit_id)


def _order(row: Order, done: ShownText) -> dict[str, Any]:
    return {
        "number": row.number,
        **labelled("state", row.state),
        "drafted_at": instant(row.drafted_at),
        "issued_at": instant(row.issued_at),
        "demand": done(row.demand),
        "reply": done(row.reply),
        "reason": done(row.reason),
    }


def _call_back(row: CallBack, done: ShownText) -> dict[str, Any]:
    return {
        "round": row.round,
        "at": instant(row.at),
        "connected": row.connected,
        "contacted_by_unit": row.contacted_by_unit,
        **labelled("solved", row.solved),
        **labelled("satisfaction", row.satisfaction),
        "no_reply_wanted": row.no_reply_wanted,
        "untrue": row.untrue,
        "remark": done(row.remark),
    }


def _rating(row: Rating, said: ShownText) -> dict[str, Any]:
    return {
        "round": row.round,
        **labelled("level", row.level),
        "reasons": row.reasons,
        "remark": said(row.remark),
        "rated_at": instant(row.rated_at),
        "verified": row.verified,
    }
