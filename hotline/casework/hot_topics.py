"""Hot topics: the same matter five times in a week is told to the supervisors, once a week."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework import notices
from hotline.records.tickets import Ticket
from hotline.rules.rulebook import Rulebook
from hotline.rules.similarity import clusters, pairs_of
from hotline.rules.vocabulary import Role
from hotline.rules.working_calendar import local

WEEK = timedelta(days=7)
TIMES = 5
MOST_COMPARED = 400


def tell_hot_topics(session: Session, *, now: datetime, rulebook: Rulebook) -> int:
    """Compares the week's tickets category by category (the newest 400 of each); answers how many topics are hot.

    Confidential and anonymous matters are left out: what they are about is nobody else's to read.
    """
    since = Ticket.received_at >= now - WEEK
    kinds = session.scalars(select(Ticket.category).where(since, Ticket.category.is_not(None)).distinct()).all()
    return sum(_of_category(session, kind, now=now, rulebook=rulebook) for kind in kinds)


def _of_category(session: Session, category: str | None, *, now: datetime, rulebook: Rulebook) -> int:
    query = select(Ticket).where(Ticket.received_at >= now - WEEK, Ticket.category == category)
    query = query.where(~Ticket.confidential, ~Ticket.anonymous).order_by(Ticket.received_at.desc(), Ticket.id.desc())
    tickets = {ticket.id: ticket for ticket in session.scalars(query.limit(MOST_COMPARED))}
    texts = {id: pairs_of(f"{ticket.title}{ticket.content}") for id, ticket in tickets.items()}
    hot = [members for members in clusters(texts) if len(members) >= TIMES]
    week = local(now).isocalendar()
    for members in hot:
        first = tickets[members[0]]
        event = f"hot:{first.id}:{week.year}-{week.week}"
        notices.tell(
            session, first, event, "hot_topic", {Role.SUPERVISOR}, now=now, rulebook=rulebook, count=len(members)
        )
    return len(hot)
