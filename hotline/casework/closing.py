"""What a closing leaves behind, whichever row it came by: when it is archived, and until when it may be rated."""

from datetime import datetime

from hotline.records.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Outcome


def close_ticket(ticket: Ticket, outcome: Outcome, *, actor: Actor, now: datetime, rulebook: Rulebook) -> None:
    """Invites the rating and plans the archiving, 30 working days on (the job asks the calendar again before it archives)."""
    ticket.outcome, ticket.closed_at, ticket.closed_by = outcome, now, actor.staff_id
    ticket.rating_invited_at = now
    ticket.archive_after = rulebook.calendar.due(now, rulebook.limits.archive_after_days).at
