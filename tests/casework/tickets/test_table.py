"""Every action in every state by everybody: what happens is what the table says."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.app_context import AppContext
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.rules import workflow
from hotline.rules.actors import SYSTEM, Actor
from hotline.rules.permissions import allowed_actions, may_take
from hotline.rules.refusals import Refusal, RoleMissing, UnknownTicket, WrongState
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Action, Role, State
from hotline.schemas.actions import ACTIONS
from hotline.schemas.base import load
from tests.support import bodies
from tests.support.build import Builder
from tests.support.cast import Cast

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


class TakenBack(Exception):
    """What was tried is undone, so that the next finds the ticket as it was."""


def tried(ctx: Context, number: str, action: Action, body: dict[str, Any], actor: Actor) -> Refusal | None:
    """What an attempt answers; nothing of it stays."""
    session: Session = ctx.session
    try:
        with session.begin_nested():
            if action in ACTIONS:
                form, does = ACTIONS[action]
                does(ctx.by(actor), number, load(form(), body))
            else:
                open_for(ctx.by(actor), number, action, version=None)
            raise TakenBack
    except TakenBack:
        return None
    except Refusal as refusal:
        return refusal
    finally:
        session.expire_all()


def everybody(cast: Cast, ticket: Ticket) -> dict[str, Actor]:
    """The cast, a deputy of the unit, the enterprise of this ticket and that of another, and the system itself."""
    leader = cast.leader
    grants = tuple(replace(grant, role=Role.DEPUTY) for grant in leader.grants)
    return {
        **cast.everyone(),
        "deputy": replace(leader, name="分管负责人未", grants=grants),
        "enterprise": Actor("企业", ticket_id=ticket.id),
        "stranger": Actor("别的企业", ticket_id=ticket.id + 1),
        "system": SYSTEM,
    }


@pytest.mark.parametrize("state", State)
def test_the_table_decides(state: State, build: Builder, app_context: AppContext, cast: Cast) -> None:
    master = build.ticket("handling", NOW)
    number = build.anywhere(str(state), NOW)
    with app_context.snapshot(NOW) as ctx:
        ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        people = everybody(cast, ticket)
        decided = {
            who: (scope_of(actor).covers(ticket), allowed_actions(actor, ticket)) for who, actor in people.items()
        }
        desk_path = ticket.desk_path
    with pytest.raises(TakenBack), app_context.transaction(NOW) as ctx:
        for who, actor in people.items():
            visible, allowed = decided[who]
            for action, body in bodies.ACTIONS.items():
                given = {"master": master} if action is Action.MERGE else body
                refusal = tried(ctx, number, action, given, actor)
                if not visible:
                    assert isinstance(refusal, UnknownTicket), (who, action, refusal)
                elif not may_take(actor, action, desk_path, state if workflow.is_possible(state, action) else None):
                    assert isinstance(refusal, RoleMissing), (who, action, refusal)
                elif (state, action) not in workflow.ROWS:
                    assert isinstance(refusal, WrongState), (who, action, refusal)
                    assert refusal.allowed_actions == allowed, (who, action)
                else:
                    assert not isinstance(refusal, UnknownTicket | RoleMissing | WrongState), (who, action, refusal)
                    assert action in allowed
        raise TakenBack
