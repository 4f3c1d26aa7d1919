"""What an administrator does with accounts; each deed leaves a line in the log of the administration.

Somebody is always left to administer: nobody takes the administration from themself, nor from the last who holds it.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.accounts import accounts, second_factors
from hotline.casework.accounts.audit_log import record
from hotline.casework.tickets.units import unit_by_code
from hotline.context import Context
from hotline.models.accounts.staff import Staff, StaffRole
from hotline.rules.accounts.administration import AdminDeed, check_administers, check_somebody_stays
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import ConditionUnmet, Duplicate, UnknownThing
from hotline.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """What is known of a person beside their roles; an address that is None is taken away."""

    name: str
    unit: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role over the subtree of the unit `over`; without one over the person's own."""

    role: Role
    over: str | None = None


def hire(ctx: Context, given: accounts.NewStaff) -> Staff:
    """A new account; refuses what `staffing.add` refuses, and a unit that is closed."""
    check_administers(ctx.actor, AdminDeed.HIRE)
    for code, pointer in ((given.unit, "/unit"), (given.over or given.unit, "/over")):
        unit_by_code(ctx.session, code, pointer, local(ctx.now).date())
    staff = accounts.add(ctx, given)
    staff.added_at = ctx.now
    roles = [str(role.role) for role in staff.roles]
    over = given.over or given.unit
    _remember(ctx, AdminDeed.HIRE, staff, unit=staff.unit.name, roles=roles, over=over)
    return staff


def change(ctx: Context, username: str, given: PersonGiven) -> Staff:
    """Name, unit and addresses. Roles held over the unit that the person leaves are held over the new one."""
    check_administers(ctx.actor, AdminDeed.CHANGE_PERSON)
    staff = _locked(ctx.session, username)
    data: dict[str, object] = {}
    if given.name != staff.name:
        data["name"] = [staff.name, given.name]
        staff.name = given.name
    if given.unit != staff.unit.code:
        data["unit"] = _move(ctx, staff, given.unit)
    changed = _readdress(staff, given.email, given.phone)
    if changed:
        data["addresses"] = changed
    if data:
        _remember(ctx, AdminDeed.CHANGE_PERSON, staff, **data)
    return staff


def set_addresses(ctx: Context, username: str, email: str | None, phone: str | None) -> Staff:
    """Where messages to this person go; None stays, an empty one is taken away."""
    check_administers(ctx.actor, AdminDeed.CHANGE_PERSON)
    staff = _locked(ctx.session, username)
    kept = (staff.email if email is None else email or None, staff.phone if phone is None else phone or None)
    changed = _readdress(staff, *kept)
    if changed:
        _remember(ctx, AdminDeed.CHANGE_PERSON, staff, addresses=changed)
    return staff


def _readdress(staff: Staff, email: str | None, phone: str | None) -> list[str]:
    addresses = {"email": email, "phone": phone}
    changed = [name for name, value in addresses.items() if getattr(staff, name) != value]
    staff.email, staff.phone = email, phone
    return changed


def _move(ctx: Context, staff: Staff, code: str) -> list[str]:
    old, new = staff.unit, unit_by_code(ctx.session, code, "/unit", local(ctx.now).date())
    held = {role.role for role in staff.roles if role.unit_id == new.id}
    for row in [row for row in staff.roles if row.unit_id == old.id]:
        if row.role in held:
            staff.roles.remove(row)
        else:
            row.unit = new
    staff.unit = new
    return [old.name, new.name]


def grant_role(ctx: Context, username: str, given: RoleGiven) -> Staff:
    """It counts from the person's next request on. Refuses what is held already, and a unit that is closed."""
    check_administers(ctx.actor, AdminDeed.GRANT_ROLE)
    staff = _locked(ctx.session, username)
    unit = unit_by_code(ctx.session, given.over or staff.unit.code, "/over", local(ctx.now).date())
    if any((row.role, row.unit_id) == (given.role, unit.id) for row in staff.roles):
        raise Duplicate(f"{staff.name}的岗位“{given.role.label}”（{unit.name}）")
    staff.roles.append(StaffRole(role=given.role, unit=unit))
    _remember(ctx, AdminDeed.GRANT_ROLE, staff, role=str(given.role), over=unit.name)
    return staff


def withdraw_role(ctx: Context, username: str, given: RoleGiven) -> Staff:
    """It is gone from the person's next request on. Refuses a role that is not held, and to leave nobody who administers."""
    deed = AdminDeed.WITHDRAW_ROLE
    check_administers(ctx.actor, deed)
    administrators = _administrators(ctx.session)
    staff = _locked(ctx.session, username)
    over = given.over or staff.unit.code
    row = next((row for row in staff.roles if (row.role, row.unit.code) == (given.role, over)), None)
    if row is None:
        raise UnknownThing(f"{staff.name}的岗位“{given.role.label}”")
    held = [row for row in staff.roles if row.role is Role.ADMINISTRATOR]
    if row in held and len(held) == 1:
        check_somebody_stays(ctx.actor, staff.id, administrators, deed)
    staff.roles.remove(row)
    _remember(ctx, deed, staff, role=str(given.role), over=row.unit.name)
    return staff


def disable(ctx: Context, username: str) -> Staff:
    """Signed out everywhere, and out it stays. Refuses oneself and the last administrator; what is disabled stays as it is."""
    check_administers(ctx.actor, AdminDeed.DISABLE)
    administrators = _administrators(ctx.session)
    staff = _locked(ctx.session, username)
    if staff.disabled_at is None:
        check_somebody_stays(ctx.actor, staff.id, administrators, AdminDeed.DISABLE)
        accounts.disable(ctx, username)
        _remember(ctx, AdminDeed.DISABLE, staff)
    return staff


def enable(ctx: Context, username: str) -> Staff:
    """It may sign in again, with the password it had. Refuses an account that is not disabled, and one of a closed unit."""
    check_administers(ctx.actor, AdminDeed.ENABLE)
    staff = _locked(ctx.session, username)
    if staff.disabled_at is None:
        raise ConditionUnmet("这个账号没有停用")
    unit_by_code(ctx.session, staff.unit.code, "/unit", local(ctx.now).date())
    staff.disabled_at = None
    _remember(ctx, AdminDeed.ENABLE, staff)
    return staff


def set_password(ctx: Context, username: str, password: str) -> Staff:
    """The account is signed out everywhere; refuses a weak password."""
    check_administers(ctx.actor, AdminDeed.SET_PASSWORD)
    staff = _locked(ctx.session, username)
    accounts.set_password(ctx, username, password)
    _remember(ctx, AdminDeed.SET_PASSWORD, staff)
    return staff


def reset_second_factor(ctx: Context, username: str) -> Staff:
    """For whoever has lost the telephone and the recovery codes: it is off, and the account is signed out everywhere.

    Refuses where it is not on.
    """
    check_administers(ctx.actor, AdminDeed.RESET_SECOND_FACTOR)
    staff = _locked(ctx.session, username)
    if not second_factors.is_on(ctx.session, staff.id):
        raise ConditionUnmet("这个账号没有开启两步验证")
    second_factors.switch_off(ctx, staff.id, AccountChange.FACTOR_RESET)
    accounts.revoke_all(ctx, staff.id)
    _remember(ctx, AdminDeed.RESET_SECOND_FACTOR, staff)
    return staff


def grant_token(ctx: Context, username: str, lasts: timedelta, *, label: str) -> str:
    """A token for programs that act as this account; refuses one that is disabled."""
    check_administers(ctx.actor, AdminDeed.GRANT_TOKEN)
    staff = _locked(ctx.session, username)
    if staff.disabled_at is not None:
        raise ConditionUnmet("这个账号已停用，请先恢复")
    secret = accounts.grant_token(ctx, staff, label=label, lasts=lasts)
    _remember(ctx, AdminDeed.GRANT_TOKEN, staff, days=lasts.days)
    return secret


def _locked(session: Session, username: str) -> Staff:
    """The account, for this transaction alone; refuses `UnknownThing`."""
    staff = session.scalar(select(Staff).where(Staff.username == username).with_for_update(of=Staff))
    if staff is None:
        raise UnknownThing(f"账号“{username}”")
    return staff


def _administrators(session: Session) -> set[int]:
    """The active ones. Locked before anything else: of two who disable each other at once, the second counts after the first."""
    holds = Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.role == Role.ADMINISTRATOR))
    active = select(Staff.id).where(holds, Staff.disabled_at.is_(None)).order_by(Staff.id)
    session.execute(active.with_for_update(of=Staff))
    return set(session.scalars(active))


def _remember(ctx: Context, deed: AdminDeed, staff: Staff, **data: object) -> None:
    record(ctx, deed, staff.username, staff.name, **data)
