"""What the tickets of the last days say, category by category: what a watch for hot topics compares."""

from datetime import timedelta
from itertools import groupby

from sqlalchemy import func, select

from hotline.context import Context
from hotline.models.intake.enterprise_family import caller_key
from hotline.models.intake.enterprises import Contact
from hotline.models.tickets.tickets import Ticket
from hotline.rules.tickets.hot_topics import HotTopicRules, Report


def reports_by_category(ctx: Context, rules: HotTopicRules) -> list[list[Report]]:
    """The newest tickets of each category.

    Confidential and anonymous matters are left out: what they are about is nobody else's to read.
    """
    newest = (Ticket.received_at.desc(), Ticket.id.desc())
    place = func.row_number().over(partition_by=Ticket.category, order_by=newest).label("place")
    whose = caller_key(Ticket.enterprise_id).label("whose")
    columns = (Ticket.id, Ticket.category, Ticket.title, Ticket.content, whose, Contact.phone_hash)
    query = select(*columns, place).outerjoin(Contact, Contact.id == Ticket.contact_id)
    query = query.where(Ticket.received_at >= ctx.now - timedelta(days=rules.days), Ticket.category.is_not(None))
    found = query.where(~Ticket.confidential, ~Ticket.anonymous).subquery()
    rows = ctx.session.execute(
        select(found).where(found.c.place <= rules.compared).order_by(found.c.category, found.c.id)
    )
    return [[_report(row) for row in group] for _, group in groupby(rows, key=lambda row: row.category)]


def _report(row: tuple[object, ...]) -> Report:
    id, _, title, content, whose, phone_hash, _ = row
    caller = f"enterprise:{whose}" if whose is not None else phone_hash
    return Report(id, f"{title}{content}", caller)  # type: ignore[arg-type]
