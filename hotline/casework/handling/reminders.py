"""Reminders 催办: an enterprise may ask again once a working day; a merged repeat reminds by itself."""

from dataclasses import dataclass

from sqlalchemy import select

from hotline.casework.tickets import notices, timeline
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.tickets.reminders import Reminder
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.recipients import DISPATCH_AND_SUPERVISION, UNIT_DESK
from hotline.rules.refusals import Duplicate
from hotline.rules.tickets.reminding import counted_on
from hotline.rules.tickets.states import is_with_unit
from hotline.rules.vocabulary import Action, Audience


@dataclass(frozen=True, slots=True)
class Reminding:
    text: str = ""


def remind(ctx: Context, number: str, given: Reminding) -> Ticket:
    """By the enterprise or on its call. Refuses `Duplicate` for a second one before the next working day begins."""
    ticket = open_for(ctx, number, Action.REMIND)
    on_day = counted_on(ctx.rules.calendar, ctx.now)
    made = select(Reminder.id).where(
        Reminder.ticket_id == ticket.id, Reminder.on_day == on_day, Reminder.repeat_id.is_(None)
    )
    if ctx.session.scalar(made) is not None:
        raise Duplicate("这个工作日的催办")
    ctx.session.add(
        Reminder(ticket_id=ticket.id, on_day=on_day, at=ctx.now, by=ctx.actor.staff_id, text=given.text or None)
    )
    # Its words may say who it is: they stand with the reminder, and not in the timeline.
    timeline.write(ctx, ticket, "reminded", audience=Audience.PUBLIC)
    _tell(ctx, ticket, f"ticket:{ticket.id}:reminded:{on_day}")
    return ticket


def remind_of_repeat(ctx: Context, master: Ticket, repeat: Ticket) -> None:
    """A repeat was merged into this ticket: its words are kept as a reminder."""
    on_day = local(ctx.now).date()
    text = f"{repeat.title}\n{repeat.content}"
    ctx.session.add(
        Reminder(ticket_id=master.id, on_day=on_day, at=ctx.now, by=ctx.actor.staff_id, text=text, repeat_id=repeat.id)
    )
    timeline.write(ctx, master, "repeated", repeat=repeat.number)
    _tell(ctx, master, f"ticket:{master.id}:repeat:{repeat.id}:{repeat.version}")


def _tell(ctx: Context, ticket: Ticket, event: str) -> None:
    roles = UNIT_DESK if is_with_unit(ticket.state) else DISPATCH_AND_SUPERVISION
    notices.notify(ctx, ticket, event, "reminded", roles, number=ticket.number)
