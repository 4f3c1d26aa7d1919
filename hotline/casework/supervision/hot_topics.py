"""Hot topics are told to the supervisors, once a week."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import notices
from hotline.models.messages.notices import Notice
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Role

KIND = "hot_topic"


def tell_hot_topic(session: Session, members: Sequence[int], *, now: datetime, rulebook: Rulebook) -> bool:
    """Tells that these tickets are about the same; False when one of them was told of in this week already."""
    week = f"{local(now):%G-%V}"
    told = select(Notice.id).where(Notice.ticket_id.in_(members), Notice.kind == KIND, Notice.event.endswith(week))
    if session.scalar(told.limit(1)) is not None:
        return False
    first, event = session.get_one(Ticket, members[0]), f"hot:{members[0]}:{week}"
    notices.notify(session, first, event, KIND, {Role.SUPERVISOR}, now=now, rulebook=rulebook, count=len(members))
    return True
