"""For the operator who types: articles, answers of before, likely subjects and units, and what this enterprise has open."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from hotline.context import Context
from hotline.models.intake.enterprise_family import in_family
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.intake.phone_hash import phone_hash
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import identity_visible, visible_tickets
from hotline.queries.formatting import instant, labelled
from hotline.queries.intake.category_suggestions import likely_categories, likely_units
from hotline.queries.intake.repeats import likely_repeats, same_enterprise
from hotline.queries.intake.similar_answers import precedents
from hotline.queries.intake.who_calls import NOBODY, Caller
from hotline.queries.knowledge import knowledge_search
from hotline.rules.intake import credit_code
from hotline.rules.intake.company_name import name_key
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
    named = _named(ctx, who)
    if named is None:
        return []
    of_staff = or_(Enterprise.verified_at.is_not(None), Enterprise.head_id.is_not(None))
    verified = _enterprises(ctx, and_(named, of_staff), MOST)
    rest = MOST - len(verified)
    others = _enterprises(ctx, and_(named, ~of_staff), rest) if rest else []
    return [
        {
            "id": row.id,
            "name": row.name,
            "credit_code": row.credit_code or row.given_code,
            "credit_code_warning": credit_code.warning(row.credit_code or row.given_code),
            "verified": row.verified_at is not None,
            "tickets": latest_tickets(ctx, Ticket.enterprise_id.in_(select(Enterprise.id).where(in_family(row.id)))),
        }
        for row in (*verified, *others)
    ]


def _named(ctx: Context, who: Caller) -> ColumnElement[bool] | None:
    """Return the condition of the rows by which this caller is known: by the code, else the telephone, else the name."""
    if who.credit_code:
        return or_(Enterprise.credit_code == who.credit_code, Enterprise.given_code == who.credit_code)
    if who.phone:
        hashed = phone_hash(ctx.session, who.phone)
        return Enterprise.id.in_(select(Contact.enterprise_id).where(Contact.phone_hash == hashed))
    return Enterprise.name_key.startswith(name_key(who.name), autoescape=True) if who.name else None


def _enterprises(ctx: Context, named: ColumnElement[bool], most: int) -> list[Enterprise]:
    """Return the enterprises of the first of these rows, by name."""
    first = select(func.coalesce(Enterprise.head_id, Enterprise.id)).where(named).order_by(Enterprise.name_key)
    query = select(Enterprise).where(Enterprise.id.in_(first.limit(most * 10)))
    return list(ctx.session.scalars(query.order_by(Enterprise.name_key, Enterprise.id).limit(most)))


def tickets_of(ctx: Context, who: Caller) -> list[dict[str, Any]]:
    """The latest tickets of the enterprise or the phone that calls."""
    theirs = same_enterprise(ctx.session, who)
    return latest_tickets(ctx, theirs) if theirs is not None else []


def latest_tickets(ctx: Context, condition: Any) -> list[dict[str, Any]]:
    """Return the latest tickets under this condition that this reader may see, and may know whose they are."""
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
