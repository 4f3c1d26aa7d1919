"""The check that somebody can sign at a lead unit: where nobody can, it is chosen knowingly, and supervisors are told."""

from sqlalchemy import select

from hotline.casework.tickets import notices
from hotline.context import Context
from hotline.models.accounts.role_holders import holders
from hotline.models.accounts.staff import StaffRole
from hotline.models.accounts.units import Unit
from hotline.models.tickets.reminders import Recusal
from hotline.models.tickets.tickets import Ticket
from hotline.rules.dispatch.signers import SIGNERS, NobodySigns
from hotline.rules.messages.recipients import SUPERVISORS


def can_anybody_sign(ctx: Context, unit: Unit, ticket: Ticket | None = None) -> bool:
    """Return whether somebody with an active account may sign at this unit; whoever keeps out of the ticket may not."""
    query = holders(SIGNERS).where(Unit.id == unit.id)
    if ticket is not None:
        query = query.where(StaffRole.staff_id.not_in(select(Recusal.staff_id).where(Recusal.ticket_id == ticket.id)))
    return ctx.session.scalar(query.limit(1)) is not None


def check_signers(ctx: Context, ticket: Ticket, unit: Unit, *, confirmed: bool) -> bool:
    """Return whether nobody there can sign; refuse `NobodySigns` unless that was confirmed."""
    if can_anybody_sign(ctx, unit, ticket):
        return False
    if not confirmed:
        raise NobodySigns(unit.name)
    return True


def tell_supervisors(ctx: Context, ticket: Ticket, unit: Unit) -> None:
    """Tell the supervisors that the ticket goes to a unit in which nobody can sign."""
    event, data = f"ticket:{ticket.id}:nobody_signs:{ticket.timeline_length}", {"unit": unit.name}
    notices.notify(ctx, ticket, event, "nobody_signs", SUPERVISORS, number=ticket.number, **data)
