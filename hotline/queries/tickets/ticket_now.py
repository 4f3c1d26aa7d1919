"""The top of a ticket's file: who has it now, what happens next, and by when; what may be asked, and why the rest may not."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.progress import asked_of, progress_of
from hotline.models.tickets.tickets import Ticket
from hotline.queries.deadlines import due
from hotline.queries.formatting import instant, labelled
from hotline.rules.actors import Actor
from hotline.rules.handling.request_terms import Position, terms
from hotline.rules.permissions import allowed_actions, allowed_deeds
from hotline.rules.tickets.next_step import NextStep, Owner, next_step, not_ready
from hotline.rules.tickets.unavailable_actions import why_not
from hotline.rules.vocabulary import Action, RequestKind, State
from hotline.rules.workflow import states_of


def now_of(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """Whose turn it is and the next step with its clock; `yours` when this reader may take it."""
    done = progress_of(ctx.session, {ticket.id: ticket.round})[ticket.id]
    step = next_step(ticket.state, done)
    may: set[Action] = {*allowed_actions(ctx.actor, ticket), *allowed_deeds(ctx.actor, ticket)}
    unready = not_ready(done) if Action.SUBMIT_RESULT in may else None
    return {
        "who": _who(ctx.session, ticket, step),
        "role": step.who.label if step.who else None,
        **labelled("turn", step.turn),
        "what": step.what,
        "does": str(step.does) if step.does in may else None,
        "yours": step.does in may,
        "unready": unready.sentence_here() if unready else None,
        **_by_when(ctx, ticket, step),
    }


def _who(session: Session, ticket: Ticket, step: NextStep) -> str:
    unit_id = ticket.desk_unit_id or ticket.lead_unit_id
    if step.turn is Owner.UNIT and unit_id is not None:
        return session.get_one(Unit, unit_id).name
    return step.turn.label


def _by_when(ctx: Context, ticket: Ticket, step: NextStep) -> dict[str, Any]:
    if step.clock is None:
        return {"due_at": None}
    running = select(Clock).where(Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None), Clock.kind == step.clock)
    clock = ctx.session.scalars(running.order_by(Clock.due_at).limit(1)).first()
    if clock is None:
        return {"due_at": None}
    return {
        **labelled("clock", clock.kind),
        "due_at": instant(clock.due_at),
        "provisional": clock.provisional,
        "paused": clock.paused_at is not None,
        **due.due_status(ctx, clock, ticket.urgency),
    }


def terms_of(ctx: Context, ticket: Ticket, kinds: list[str]) -> dict[str, dict[str, Any]]:
    """The terms of what this reader may ask for, said before anybody asks."""
    asked = asked_of(ctx.session, {ticket.id: ticket})[ticket.id]
    here = Position(asked, ctx.now, ctx.rules.limits, ctx.rules.calendar)
    found = [terms(RequestKind(kind), here) for kind in kinds]
    return {
        str(row.kind): {
            "sentences": row.sentences,
            "until": instant(row.until),
            "days": row.days,
            "refusal": row.refusal.sentence_here() if row.refusal else None,
        }
        for row in found
    }


def cannot(actor: Actor, ticket: Ticket) -> list[dict[str, Any]]:
    """What this reader may do in another state: the refusal, and where it would be possible."""
    return [
        {"label": action.label, "wrong": refusal.problem(), "when": _in_words(states_of(action))}
        for action, refusal in why_not(actor, ticket)
    ]


def _in_words(states: frozenset[State]) -> str:
    return "、".join(f"“{state.label}”" for state in State if state in states)
