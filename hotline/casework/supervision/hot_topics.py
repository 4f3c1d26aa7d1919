"""Hot topics are told to the supervisors, once a week."""

from collections.abc import Sequence

from sqlalchemy import select

from hotline.casework.tickets import notices
from hotline.context import Context
from hotline.models.messages.notices import Notice
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.recipients import SUPERVISORS

KIND = "hot_topic"


def tell_hot_topic(ctx: Context, members: Sequence[int]) -> bool:
    """Tells that these tickets are about the same; False when one of them was told of in this week already."""
    week = f"{local(ctx.now):%G-%V}"
    earlier = select(Notice.id).where(Notice.ticket_id.in_(members), Notice.kind == KIND, Notice.event.endswith(week))
    if ctx.session.scalar(earlier.limit(1)) is not None:
        return False
    first, event = ctx.session.get_one(Ticket, members[0]), f"hot:{members[0]}:{week}"
    notices.notify(ctx, first, event, KIND, SUPERVISORS, count=len(members))
    return True
