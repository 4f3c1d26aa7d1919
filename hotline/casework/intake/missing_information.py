"""What is missing before a matter can be accepted: asked for once, all of it together (rows 2, 3)."""

from dataclasses import dataclass

from hotline.casework.tickets import clocks, notices, timeline
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.closing import lapse_requests
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.rules.messages.recipients import INTAKE_DESK
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Action, Audience, ClockKind

LONGEST_CONTENT = 20000


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything that is missing, each gap a sentence."""

    gaps: tuple[str, ...]
    version: int | None = None


def ask_info(ctx: Context, number: str, given: Gaps) -> Ticket:
    """Row 2: asked once; the accepting clock pauses, the enterprise has five working days."""
    action = Action.ASK_INFO
    ticket = open_for(ctx, number, action, version=given.version)
    if ticket.info_asked_at is not None:
        raise ConditionUnmet("已经要求企业补正过一次，不能再次要求")
    ticket.info_asked_at = ctx.now
    advance(ticket, action, ctx.now)
    lapse_requests(ctx, ticket)
    clocks.pause(ctx, ticket, ClockKind.ACCEPT)
    supply = clocks.start(ctx, ticket, ClockKind.SUPPLY, ctx.now)
    gaps, public = list(given.gaps), Audience.PUBLIC
    timeline.write(ctx, ticket, "info_asked", audience=public, gaps=gaps)
    event, due_at = f"ticket:{ticket.id}:info", supply.due_at.isoformat()
    notices.tell_enterprise(ctx, ticket, event, "info_asked", gaps=gaps, due_at=due_at)
    return ticket


@dataclass(frozen=True, slots=True)
class Supplied:
    text: str
    version: int | None = None


def supply_info(ctx: Context, number: str, given: Supplied) -> Ticket:
    """Row 3: by the enterprise, or by the operator who is told on the phone; the accepting clock goes on."""
    action = Action.SUPPLY_INFO
    ticket = open_for(ctx, number, action, version=given.version)
    content = f"{ticket.content}\n\n【补正】{given.text}"
    if len(content) > LONGEST_CONTENT:
        raise ConditionUnmet(f"诉求内容合计不能超过{LONGEST_CONTENT}个字")
    ticket.content = content
    advance(ticket, action, ctx.now)
    clocks.stop(ctx, ticket, ClockKind.SUPPLY)
    clocks.resume(ctx, ticket, ClockKind.ACCEPT)
    timeline.write(ctx, ticket, "info_supplied", audience=Audience.PUBLIC)
    event = f"ticket:{ticket.id}:supplied"
    notices.notify(ctx, ticket, event, "info_supplied", INTAKE_DESK, number=ticket.number)
    return ticket
