"""The fixed cast: who works at the centre and in two units, and who must always be refused."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.accounts import accounts
from hotline.models.accounts.staff import Staff
from hotline.rules.actors import Actor
from hotline.rules.vocabulary import Role

PASSWORD = "correct horse battery"
HIRED_AT = datetime(2020, 1, 1, tzinfo=UTC)
UNIT, OTHER_UNIT = "market-supervision", "tax"
PEOPLE: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    "operator": ("坐席甲", "hotline-centre", (Role.OPERATOR,)),
    "outsourced": ("外包坐席乙", "hotline-centre", (Role.OUTSOURCED_OPERATOR,)),
    "dispatcher": ("分拨员丙", "hotline-centre", (Role.DISPATCHER,)),
    "reviewer": ("审核员丁", "hotline-centre", (Role.REVIEWER,)),
    "second_reviewer": ("审核员戊", "hotline-centre", (Role.REVIEWER,)),
    "supervisor": ("督办员己", "hotline-centre", (Role.SUPERVISOR,)),
    "second_supervisor": ("督办员午", "hotline-centre", (Role.SUPERVISOR,)),
    "administrator": ("管理员庚", "hotline-centre", (Role.ADMINISTRATOR,)),
    "editor": ("编辑辛", "hotline-centre", (Role.EDITOR,)),
    "second_editor": ("编辑申", "hotline-centre", (Role.EDITOR,)),
    "inspector": ("检查员壬", "hotline-centre", (Role.INSPECTOR,)),
    "handler": ("承办人子", UNIT, (Role.HANDLER,)),
    "second_handler": ("承办人丑", UNIT, (Role.HANDLER,)),
    "liaison": ("联络员寅", UNIT, (Role.LIAISON,)),
    "leader": ("负责人卯", UNIT, (Role.LEADER,)),
    "other_handler": ("承办人辰", OTHER_UNIT, (Role.HANDLER,)),
    "other_leader": ("负责人巳", OTHER_UNIT, (Role.LEADER,)),
}


@dataclass(frozen=True)
class Cast:
    """Each person as an actor; `tokens` sign them in over HTTP."""

    operator: Actor
    outsourced: Actor
    dispatcher: Actor
    reviewer: Actor
    second_reviewer: Actor
    supervisor: Actor
    second_supervisor: Actor
    administrator: Actor
    editor: Actor
    second_editor: Actor
    inspector: Actor
    handler: Actor
    second_handler: Actor
    liaison: Actor
    leader: Actor
    other_handler: Actor
    other_leader: Actor
    tokens: dict[str, str]

    def everyone(self) -> dict[str, Actor]:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "tokens"}


def hire(app_context: AppContext) -> Cast:
    """Adds the cast; tokens hold for a hundred years, so that any frozen clock may be used."""
    tokens = {}
    with app_context.transaction(HIRED_AT) as ctx:
        for username, (name, unit, roles) in PEOPLE.items():
            staff = accounts.add(ctx, accounts.NewStaff(username, name, PASSWORD, unit, roles))
            tokens[username] = accounts.grant_token(ctx.at(HIRED_AT), staff, label="test", lasts=timedelta(days=36500))
    with app_context.snapshot() as ctx:
        return cast_of(ctx.session.scalars(select(Staff)), tokens)


def cast_of(people: Iterable[Staff], tokens: dict[str, str] | None = None) -> Cast:
    """The cast of a database in which it was hired; nobody signs in there without the tokens."""
    actors = {staff.username: accounts.actor_for(staff) for staff in people}
    return Cast(**actors, tokens=tokens or {})
