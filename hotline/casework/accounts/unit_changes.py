"""What an administrator changes of a unit: its duty phone, who sits in its seats, whether it is active.

Name, kind, superior and other names come from `config/units.toml` by `hotline load`; what is changed here, loading leaves alone.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.accounts import account_admin
from hotline.casework.accounts.account_admin import RoleGiven
from hotline.casework.accounts.audit_log import record
from hotline.casework.dispatch import signers, succession
from hotline.casework.tickets.units import unit_by_code
from hotline.context import Context
from hotline.models.accounts.staff import Staff, StaffRole
from hotline.models.accounts.units import Unit
from hotline.rules.accounts.administration import SEATS, AdminDeed, check_administers
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.dispatch.signers import NobodySigns
from hotline.rules.refusals import ConditionUnmet, InvalidInput, UnknownThing
from hotline.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class DutyGiven:
    """Without a phone: nobody can be called."""

    duty_phone: str | None = None


@dataclass(frozen=True, slots=True)
class SeatsGiven:
    """Who is to sit in each seat, by their accounts."""

    liaison: tuple[str, ...] = ()
    deputy: tuple[str, ...] = ()
    leader: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosingGiven:
    """`successor`: the unit that takes its work over. `confirmed`: also where nobody there can sign."""

    successor: str | None = None
    confirmed: bool = False


def set_duty_phone(ctx: Context, code: str, given: DutyGiven) -> Unit:
    """The number under which somebody of the unit answers at any hour."""
    check_administers(ctx.actor, AdminDeed.SET_DUTY_PHONE)
    unit = _locked(ctx.session, code)
    old, unit.duty_phone = unit.duty_phone, given.duty_phone
    if old != unit.duty_phone:
        phones = [old, unit.duty_phone]
        record(ctx, AdminDeed.SET_DUTY_PHONE, unit.code, unit.name, duty_phone=phones)
    return unit


def seat(ctx: Context, code: str, given: SeatsGiven) -> Unit:
    """Exactly these sit in the seats of this unit; refuses whoever is neither of the unit nor sits there already."""
    check_administers(ctx.actor, AdminDeed.GRANT_ROLE)
    unit = _locked(ctx.session, code)
    for role in SEATS:
        wanted, held = set(getattr(given, role)), _holders(ctx.session, unit, role)
        strangers = wanted - held - _members(ctx.session, unit)
        if strangers:
            raise InvalidInput({f"/{role}": f"“{min(strangers)}”不是这个单位的在用账号"})
        for username in sorted(wanted - held):
            account_admin.grant_role(ctx, username, RoleGiven(role, code))
        for username in sorted(held - wanted):
            account_admin.withdraw_role(ctx, username, RoleGiven(role, code))
    return unit


def _holders(session: Session, unit: Unit, role: Role) -> set[str]:
    seats = select(Staff.username).join(StaffRole, StaffRole.staff_id == Staff.id)
    seats = seats.where(StaffRole.role == role, StaffRole.unit_id == unit.id, Staff.disabled_at.is_(None))
    return set(session.scalars(seats))


def _members(session: Session, unit: Unit) -> set[str]:
    members = select(Staff.username).where(Staff.unit_id == unit.id, Staff.disabled_at.is_(None))
    return set(session.scalars(members))


def close(ctx: Context, code: str, given: ClosingGiven) -> Unit:
    """From today on nothing is sent there, and what lies there goes to the successor with its dues.

    Refused to the centre, above active units, and without a successor while something lies there; `NobodySigns` where nobody
    there could sign for it.
    """
    check_administers(ctx.actor, AdminDeed.CLOSE_UNIT)
    unit = _locked(ctx.session, code)
    if unit.closed_on is not None:
        raise ConditionUnmet("这个单位已经停用")
    _check_may_close(ctx.session, unit)
    today = local(ctx.now).date()
    successor = unit_by_code(ctx.session, given.successor, "/successor", today) if given.successor else None
    if successor is not None and (successor is unit or successor.kind == "centre"):
        raise InvalidInput({"/successor": "承接单位不能是它自己，也不能是热线中心"})
    moved = _hand_over(ctx, unit, successor, confirmed=given.confirmed)
    unit.closed_on, unit.successor_id = today, successor.id if successor else None
    data: dict[str, object] = {"successor": successor.name, "tickets": moved} if successor else {}
    record(ctx, AdminDeed.CLOSE_UNIT, unit.code, unit.name, **data)
    return unit


def _check_may_close(session: Session, unit: Unit) -> None:
    if unit.kind == "centre":
        raise ConditionUnmet("热线中心是各项诉求的入口，不能停用")
    active = (Unit.path.like(f"{unit.path}_%"), Unit.closed_on.is_(None))
    below = session.scalars(select(Unit.name).where(*active).order_by(Unit.id)).all()
    if below:
        raise ConditionUnmet(f"它的下级单位还在用（{_listed(below)}），请先停用下级单位")


def _hand_over(ctx: Context, unit: Unit, successor: Unit | None, *, confirmed: bool) -> int:
    """Hand over what lies there, and return on how many tickets something moved."""
    held = succession.work_count(ctx, unit)
    if held and successor is None:
        raise ConditionUnmet(f"它手里还有未了结的工单{held}件，请选择承接单位，由其接办")
    if held and successor is not None and not confirmed and not signers.can_anybody_sign(ctx, successor):
        raise NobodySigns(successor.name)
    return succession.hand_over(ctx, unit, successor) if successor is not None else 0


def _listed(names: Collection[str]) -> str:
    shown = "、".join([*names][:3])
    return f"{shown}等{len(names)}个" if len(names) > 3 else shown


def reopen(ctx: Context, code: str) -> Unit:
    """It takes matters again; refuses an active unit, and one whose superior is closed."""
    check_administers(ctx.actor, AdminDeed.REOPEN_UNIT)
    unit = _locked(ctx.session, code)
    if unit.closed_on is None:
        raise ConditionUnmet("这个单位没有停用")
    above = ctx.session.get(Unit, unit.parent_id) if unit.parent_id else None
    if above is not None and above.closed_on is not None:
        raise ConditionUnmet(f"它的上级单位“{above.name}”已停用，请先恢复上级单位")
    unit.closed_on = unit.successor_id = None
    record(ctx, AdminDeed.REOPEN_UNIT, unit.code, unit.name)
    return unit


def _locked(session: Session, code: str) -> Unit:
    """The unit, for this transaction alone; refuses `UnknownThing`. A dispatch that is under way is waited for."""
    unit = session.scalar(select(Unit).where(Unit.code == code).with_for_update())
    if unit is None:
        raise UnknownThing(f"单位“{code}”")
    return unit
