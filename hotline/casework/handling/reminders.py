"""Reminders 催办: an enterprise may ask again once a working day; a merged repeat reminds by itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import notices, timeline
from hotline.casework.tickets.access import open_for_deed
from hotline.models.tickets.reminders import Reminder
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import Duplicate
from hotline.rules.rulebook import Rulebook
from hotline.rules.tickets.reminding import counted_on
from hotline.rules.vocabulary import WITH_UNIT, Audience, Deed, Role

UNIT_TOLD = frozenset({Role.HANDLER, Role.LIAISON, Role.LEADER})
CENTRE_TOLD = frozenset({Role.DISPATCHER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Reminding:
    text: str = ""


def remind(
    session: Session, number: str, given: Reminding, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """By the enterprise or on its call. Refuses `Duplicate` for a second one before the next working day begins."""
    ticket = open_for_deed(session, number, Deed.REMIND, actor=actor, now=now, rulebook=rulebook)
    on_day = counted_on(rulebook.calendar, now)
    made = select(Reminder.id).where(
        Reminder.ticket_id == ticket.id, Reminder.on_day == on_day, Reminder.repeat_id.is_(None)
    )
    if session.scalar(made) is not None:
        raise Duplicate("这个工作日的催办")
    session.add(Reminder(ticket_id=ticket.id, on_day=on_day, at=now, by=actor.staff_id, text=given.text or None))
    # Its words may say who it is: they stand with the reminder, and not in the timeline.
    timeline.write(session, ticket, "reminded", actor=actor, now=now, audience=Audience.PUBLIC)
    _tell(session, ticket, f"ticket:{ticket.id}:reminded:{on_day}", now=now, rulebook=rulebook)
    return ticket


def remind_of_repeat(
    session: Session, master: Ticket, repeat: Ticket, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> None:
    """A repeat was merged into this ticket: its words are kept as a reminder."""
    on_day = local(now).date()
    text = f"{repeat.title}\n{repeat.content}"
    session.add(Reminder(ticket_id=master.id, on_day=on_day, at=now, by=actor.staff_id, text=text, repeat_id=repeat.id))
    timeline.write(session, master, "repeated", actor=actor, now=now, repeat=repeat.number)
    _tell(session, master, f"ticket:{master.id}:repeat:{repeat.id}:{repeat.version}", now=now, rulebook=rulebook)


def _tell(session: Session, ticket: Ticket, event: str, *, now: datetime, rulebook: Rulebook) -> None:
    told = UNIT_TOLD if ticket.state in WITH_UNIT else CENTRE_TOLD
    notices.notify(session, ticket, event, "reminded", told, now=now, rulebook=rulebook, number=ticket.number)
