"""The authors of the results of a ticket: a result is judged by somebody else."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from hotline.models.tickets.tickets import Result, Ticket


def result_authors(session: Session, ticket: Ticket) -> set[int | None]:
    """Return who drafted or submitted a result of this ticket, in whichever round."""
    query = select(Result.drafted_by, Result.submitted_by).where(Result.ticket_id == ticket.id)
    return {person for row in session.execute(query) for person in row} - {None}


def wrote_result(staff_id: int | None) -> ColumnElement[bool]:
    """Return the condition that this person is one of the `result_authors` of a ticket."""
    own = or_(Result.drafted_by == staff_id, Result.submitted_by == staff_id)
    return exists().where(Result.ticket_id == Ticket.id, own)
