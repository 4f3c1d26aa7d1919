"""Who looked whose matter it is: a row for each reveal, and one a day for each person who opens a confidential file."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select

from hotline.context import Context
from hotline.models.intake.enterprises import Contact, IdentityView
from hotline.models.intake.phone_hash import phone_hash
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import ZONE, local
from hotline.rules.visibility import sees_identity

OPENED, LOOKED_UP = "打开保密工单", "按电话查询企业"


@dataclass(frozen=True, slots=True)
class View:
    staff_id: int
    ticket_id: int | None
    contact_id: int | None
    reason: str


def of_file(ticket: Ticket, actor: Actor) -> View | None:
    """Opening a confidential file shows whose it is, if only by what it says; None for a reader who must not know."""
    if not ticket.confidential or not sees_identity(actor, ticket):
        return None
    return View(actor.staff_id, ticket.id, ticket.contact_id, OPENED) if actor.staff_id is not None else None


def of_phone(ctx: Context, phone: str) -> View | None:
    """What looking somebody up by phone shows; None where nobody is known by it."""
    query = select(Contact.id).where(Contact.phone_hash == phone_hash(ctx.session, phone)).order_by(Contact.id).limit(1)
    contact_id = ctx.session.scalar(query)
    if contact_id is None or ctx.actor.staff_id is None:
        return None
    return View(ctx.actor.staff_id, None, contact_id, LOOKED_UP)


def is_known(ctx: Context, view: View) -> bool:
    """Whether this person is known to have looked there today."""
    today = datetime.combine(local(ctx.now).date(), time(), ZONE)
    whose = IdentityView.contact_id.is_not_distinct_from(view.contact_id)
    same = (IdentityView.staff_id == view.staff_id, whose)
    query = select(IdentityView.id).where(*same, IdentityView.at >= today, IdentityView.reason == view.reason)
    query = query.where(IdentityView.ticket_id.is_not_distinct_from(view.ticket_id))
    return ctx.session.scalar(query.limit(1)) is not None


def keep(ctx: Context, view: View) -> None:
    """Remembers it, once a day."""
    if not is_known(ctx, view):
        ctx.session.add(
            IdentityView(
                staff_id=view.staff_id,
                ticket_id=view.ticket_id,
                contact_id=view.contact_id,
                at=ctx.now,
                reason=view.reason,
            )
        )
