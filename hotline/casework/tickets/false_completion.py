"""Sham finishing 虚假办结: a call of the centre proves that what the unit submitted is untrue. The round is marked, for good."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import notices, timeline
from hotline.models.tickets.tickets import Result, Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Role

TOLD = frozenset({Role.DEPUTY, Role.LEADER, Role.SUPERVISOR})


def mark(session: Session, ticket: Ticket, *, actor: Actor, now: datetime, rulebook: Rulebook) -> None:
    """Marks the round of the last result; a second proof changes nothing. It moves no clock and takes no mark back."""
    query = select(Result).where(Result.ticket_id == ticket.id, Result.submitted_at.is_not(None))
    result = session.scalars(query.order_by(Result.id.desc()).limit(1)).first()
    if result is None:
        raise ConditionUnmet("这张工单没有提交过办理结果")
    if result.sham_at is not None:
        return
    result.sham_at = now
    timeline.write(session, ticket, "sham_found", actor=actor, now=now, round=result.round)
    event, data = f"result:{result.id}:sham", {"number": ticket.number}
    notices.notify(session, ticket, event, "sham_found", TOLD, now=now, rulebook=rulebook, **data)
