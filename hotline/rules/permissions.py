"""Who may take which row of the workflow: the roles of the row, held over the desk where the ticket lies."""

from collections.abc import Collection
from typing import Protocol

from hotline.rules import workflow
from hotline.rules.actors import Actor
from hotline.rules.knowledge.article_proposal import Answered, may_become_article
from hotline.rules.refusals import OwnWork, RoleMissing
from hotline.rules.visibility import Seen, sees_identity
from hotline.rules.vocabulary import UNIT_ROLES, Action, Deed, Role, State


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


def may_take(actor: Actor, action: Action, desk_path: str | None) -> bool:
    """True when one of the actor's roles may take this action on a ticket that lies on this desk."""
    return _stands_for(actor, workflow.WHO[action], desk_path)


def check_action(actor: Actor, action: Action, desk_path: str | None = None) -> None:
    """Refuses `RoleMissing` to everybody whose role or unit does not carry this row."""
    if not may_take(actor, action, desk_path):
        raise RoleMissing(action.label, _holders(workflow.WHO[action]))


def may_do(actor: Actor, deed: Deed, desk_path: str | None) -> bool:
    """True when the actor may do this deed, which moves no state."""
    return _stands_for(actor, workflow.DEEDS[deed].who, desk_path)


def check_deed(actor: Actor, deed: Deed, desk_path: str | None = None) -> None:
    """Refuses `RoleMissing` for a deed that moves no state."""
    if not may_do(actor, deed, desk_path):
        raise RoleMissing(deed.label, _holders(workflow.DEEDS[deed].who))


def check_role(actor: Actor, role: Role, deed: str) -> None:
    """Refuses `RoleMissing` for what is no step of a ticket: staff, calendar, articles."""
    if role not in actor.roles:
        raise RoleMissing(deed, role.label)


def allowed_actions(actor: Actor, ticket: Worked) -> tuple[Action, ...]:
    """What this actor may take now: the buttons of the page and the `allowed_actions` of the API."""
    return tuple(a for a in workflow.actions_from(ticket.state) if may_take(actor, a, ticket.desk_path))


def allowed_deeds(actor: Actor, ticket: Worked) -> tuple[Deed, ...]:
    """What this actor may do now that moves no state."""
    rows = (row for row in workflow.DEEDS.values() if ticket.state in row.states)
    deeds = tuple(row.deed for row in rows if may_do(actor, row.deed, ticket.desk_path))
    if not sees_identity(actor, ticket):
        deeds = tuple(deed for deed in deeds if deed is not Deed.REVEAL_CONTACT)
    if not may_become_article(ticket):
        deeds = tuple(deed for deed in deeds if deed is not Deed.PROPOSE_ARTICLE)
    return deeds


def check_not_own_work(actor: Actor, desk_path: str | None, people: Collection[int | None], deed: str) -> None:
    """Refuses `OwnWork` to whoever took part, and to a member of the unit whose work it is."""
    of_the_unit = desk_path is not None and actor.unit_path.startswith(desk_path)
    if of_the_unit or (actor.staff_id is not None and actor.staff_id in people):
        raise OwnWork(deed)
