"""What is missing before a matter can be accepted: asked for once, all of it together (rows 2, 3)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.access import advance, open_for_action
from hotline.casework.tickets.closing import lapse_requests
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Action, Audience, ClockKind, Role

LONGEST_CONTENT = 20000


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything that is missing, each gap a sentence."""

    gaps: tuple[str, ...]
    version: int | None = None


def ask_info(session: Session, number: str, given: Gaps, *, actor: Actor, now: datetime, rulebook: Rulebook) -> Ticket:
    """Row 2: asked once; the accepting clock pauses, the enterprise has five working days."""
    action = Action.ASK_INFO
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    if ticket.info_asked_at is not None:
        raise ConditionUnmet("已经要求企业补正过一次，不能再次要求")
    ticket.info_asked_at = now
    advance(ticket, action, now)
    lapse_requests(session, ticket, now=now)
    clocks.pause(session, ticket, ClockKind.ACCEPT, now=now)
    supply = clocks.start(session, ticket, ClockKind.SUPPLY, now, rulebook=rulebook)
    gaps, public = list(given.gaps), Audience.PUBLIC
    timeline.write(session, ticket, "info_asked", actor=actor, now=now, audience=public, gaps=gaps)
    event, due_at = f"ticket:{ticket.id}:info", supply.due_at.isoformat()
    notices.tell_enterprise(session, ticket, event, "info_asked", now=now, rulebook=rulebook, gaps=gaps, due_at=due_at)
    return ticket


@dataclass(frozen=True, slots=True)
class Supplied:
    text: str
    version: int | None = None


def supply_info(
    session: Session, number: str, given: Supplied, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Ticket:
    """Row 3: by the enterprise, or by the operator who is told on the phone; the accepting clock goes on."""
    action = Action.SUPPLY_INFO
    ticket = open_for_action(session, number, action, version=given.version, actor=actor, now=now, rulebook=rulebook)
    content = f"{ticket.content}\n\n【补正】{given.text}"
    if len(content) > LONGEST_CONTENT:
        raise ConditionUnmet(f"诉求内容合计不能超过{LONGEST_CONTENT}个字")
    ticket.content = content
    advance(ticket, action, now)
    clocks.stop(session, ticket, ClockKind.SUPPLY, now=now)
    clocks.resume(session, ticket, ClockKind.ACCEPT, now=now, rulebook=rulebook)
    timeline.write(session, ticket, "info_supplied", actor=actor, now=now, audience=Audience.PUBLIC)
    event, told = f"ticket:{ticket.id}:supplied", {Role.OPERATOR, Role.DISPATCHER}
    kind = "info_supplied"
    notices.notify(session, ticket, event, kind, told, now=now, rulebook=rulebook, number=ticket.number)
    return ticket
