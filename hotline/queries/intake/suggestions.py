"""For the operator who types: articles, answers of before, likely subjects and units, and what this enterprise has open."""

from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import identity_visible, visible_tickets
from hotline.queries.formatting import instant, labelled
from hotline.queries.intake.category_suggestions import likely_categories, likely_units
from hotline.queries.intake.repeats import likely_repeats, same_enterprise
from hotline.queries.intake.similar_answers import precedents
from hotline.queries.intake.who_calls import NOBODY, Caller
from hotline.queries.knowledge import knowledge_search
from hotline.rules.masking import text_for
from hotline.rules.visibility import scope_of

MOST = 5


def suggestions(ctx: Context, *, text: str = "", category: str | None = None, who: Caller = NOBODY) -> dict[str, Any]:
    """What may help while the caller speaks; nothing that this reader may not see anyway."""
    return {
        **_answers(ctx, text.strip(), category),
        "tickets": tickets_of(ctx, who),
        "repeats": likely_repeats(ctx, who, text),
    }


def _answers(ctx: Context, text: str, category: str | None) -> dict[str, Any]:
    """What the text tells: articles, answers of before, subjects and units."""
    if not text:
        return {"articles": [], "precedents": [], "categories": [], "units": []}
    articles = knowledge_search.search(ctx, text, limit=MOST * 2)
    categories = likely_categories(ctx.session, text)
    subject = category or next((item["code"] for item in categories), None)
    before = precedents(ctx, text, subject)
    units = likely_units(ctx.session, categories, articles, before)
    return {"articles": articles[:MOST], "precedents": before, "categories": categories, "units": units}


def enterprises(ctx: Context, who: Caller) -> list[dict[str, Any]]:
    """Who is calling, with the latest tickets; at least one of the three must be given."""
    query = select(Enterprise).order_by(Enterprise.name).limit(MOST)
    if who.credit_code:
        query = query.where(Enterprise.credit_code == who.credit_code)
    elif who.phone:
        hashed = keys_of(ctx.session).digest("phone", who.phone)
        query = query.where(Enterprise.id.in_(select(Contact.enterprise_id).where(Contact.phone_hash == hashed)))
    elif who.name:
        query = query.where(Enterprise.name.startswith(who.name, autoescape=True))
    else:
        return []
    return [
        {
            "name": row.name,
            "credit_code": row.credit_code,
            "tickets": _tickets(ctx, Ticket.enterprise_id == row.id),
        }
        for row in ctx.session.scalars(query)
    ]


def tickets_of(ctx: Context, who: Caller) -> list[dict[str, Any]]:
    """The latest tickets of the enterprise or the phone that calls."""
    theirs = same_enterprise(ctx.session, who)
    return _tickets(ctx, theirs) if theirs is not None else []


def _tickets(ctx: Context, condition: Any) -> list[dict[str, Any]]:
    query = select(Ticket).where(condition, visible_tickets(scope_of(ctx.actor)), identity_visible(ctx.actor))
    rows = ctx.session.scalars(query.order_by(Ticket.received_at.desc(), Ticket.id.desc()).limit(MOST * 2))
    return [
        {
            "number": row.number,
            "title": text_for(ctx.actor)(row.title),
            **labelled("state", row.state),
            "received_at": instant(row.received_at),
        }
        for row in rows
    ]
