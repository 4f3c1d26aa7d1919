"""Who may take which row of the workflow: the roles of the row, held over the desk where the ticket lies."""

from collections.abc import Collection
from typing import Protocol

from hotline.rules import workflow
from hotline.rules.actors import Actor
from hotline.rules.knowledge.article_proposal import Answered, may_become_article
from hotline.rules.refusals import OwnWork, RoleMissing
from hotline.rules.visibility import Seen, sees_identity
from hotline.rules.vocabulary import UNIT_ROLES, Action, Role, State


class Worked(Seen, Answered, Protocol):
    """What a permission needs to know of a ticket beyond what visibility does."""

    @property
    def state(self) -> State: ...


def _stands_for(actor: Actor, who: frozenset[str], desk_path: str | None) -> bool:
    if (workflow.ENTERPRISE in who and actor.is_enterprise) or (workflow.SYSTEM in who and actor.is_system):
        return True
    for grant in actor.grants:
        if grant.role in who:
            if grant.role not in UNIT_ROLES:
                return True
            if desk_path is not None and desk_path.startswith(grant.path):
                return True
    return False


def _holders(who: frozenset[str]) -> str:
    """In words, who may do it: the roles of the unit are those of the unit where it lies."""
    roles = [f"承办单位的{role.label}" if role in UNIT_ROLES else role.label for role in Role if role in who]
    return "、".join(roles + (["企业"] if workflow.ENTERPRISE in who else [])) or "系统"


def may_take(actor: Actor, action: Action, desk_path: str | None = None, state: State | None = None) -> bool:
    """Return whether a role of the actor may take this action on a ticket of this desk.

    With a state its one row decides, without one any row of the action will do.
    """
    return any(_stands_for(actor, row.who, desk_path) for row in workflow.rows_of(action, state))


def check_action(actor: Actor, action: Action, desk_path: str | None = None, state: State | None = None) -> None:
    """Refuse `RoleMissing` to whoever may not take the row of this state, or any row where this state has none."""
    rows = workflow.rows_of(action, state) or workflow.rows_of(action)
    who = frozenset[str]().union(*(row.who for row in rows))
    if not _stands_for(actor, who, desk_path):
        raise RoleMissing(action.label, _holders(who))


def check_role(actor: Actor, role: Role, action: str) -> None:
    """Refuses `RoleMissing` for what is no step of a ticket: staff, calendar, articles."""
    if role not in actor.roles:
        raise RoleMissing(action, role.label)


def allowed_actions(actor: Actor, ticket: Worked) -> tuple[Action, ...]:
    """Return what this actor may do now by a numbered row: `allowed_actions` of the API."""
    return _allowed(actor, ticket, numbered=True)


def allowed_deeds(actor: Actor, ticket: Worked) -> tuple[Action, ...]:
    """Return what this actor may do now by the other rows: `allowed_deeds` of the API."""
    return _allowed(actor, ticket, numbered=False)


def _allowed(actor: Actor, ticket: Worked, *, numbered: bool) -> tuple[Action, ...]:
    rows = (row for row in workflow.rows_from(ticket.state) if (row.number is not None) is numbered)
    actions = (row.action for row in rows if _stands_for(actor, row.who, ticket.desk_path))
    return tuple(action for action in actions if _has_object(actor, action, ticket))


def _has_object(actor: Actor, action: Action, ticket: Worked) -> bool:
    """Return whether this ticket has what the action is about: a contact to show, an answer to publish."""
    if action is Action.REVEAL_CONTACT:
        return sees_identity(actor, ticket)
    return action is not Action.PROPOSE_ARTICLE or may_become_article(ticket)


def check_not_own_work(actor: Actor, desk_path: str | None, people: Collection[int | None], action: str) -> None:
    """Refuses `OwnWork` to whoever took part, and to a member of the unit whose work it is."""
    of_the_unit = desk_path is not None and actor.unit_path.startswith(desk_path)
    if of_the_unit or (actor.staff_id is not None and actor.staff_id in people):
        raise OwnWork(action)
