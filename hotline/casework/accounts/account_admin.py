"""What an administrator does with accounts; each deed leaves a line in the log of the administration.

Somebody is always left to administer: nobody takes the administration from themself, nor from the last who holds it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.accounts import accounts, second_factors
from hotline.casework.accounts.audit_log import record
from hotline.casework.tickets.units import unit_by_code
from hotline.models.accounts.staff import Staff, StaffRole
from hotline.rules.accounts.administration import AdminDeed, check_administers, check_somebody_stays
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import ConditionUnmet, Duplicate, UnknownThing
from hotline.rules.rulebook import Rulebook
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


def hire(session: Session, given: accounts.NewStaff, *, actor: Actor, now: datetime, rulebook: Rulebook) -> Staff:
    """A new account; refuses what `staffing.add` refuses, and a unit that is closed."""
    check_administers(actor, AdminDeed.HIRE)
    for code, pointer in ((given.unit, "/unit"), (given.over or given.unit, "/over")):
        unit_by_code(session, code, pointer, local(now).date())
    staff = accounts.add(session, given, rulebook=rulebook)
    staff.added_at = now
    roles = [str(role.role) for role in staff.roles]
    over = given.over or given.unit
    _remember(session, AdminDeed.HIRE, staff, actor, now, unit=staff.unit.name, roles=roles, over=over)
    return staff


def change(session: Session, username: str, given: PersonGiven, *, actor: Actor, now: datetime) -> Staff:
    """Name, unit and addresses. Roles held over the unit that the person leaves are held over the new one."""
    check_administers(actor, AdminDeed.CHANGE_PERSON)
    staff = _locked(session, username)
    data: dict[str, object] = {}
    if given.name != staff.name:
        data["name"] = [staff.name, given.name]
        staff.name = given.name
    if given.unit != staff.unit.code:
        data["unit"] = _move(session, staff, given.unit, now)
    changed = _readdress(staff, given.email, given.phone)
    if changed:
        data["addresses"] = changed
    if data:
        _remember(session, AdminDeed.CHANGE_PERSON, staff, actor, now, **data)
    return staff


def set_addresses(
    session: Session, username: str, email: str | None, phone: str | None, *, actor: Actor, now: datetime
) -> Staff:
    """Where messages to this person go; None stays, an empty one is taken away."""
    check_administers(actor, AdminDeed.CHANGE_PERSON)
    staff = _locked(session, username)
    kept = (staff.email if email is None else email or None, staff.phone if phone is None else phone or None)
    changed = _readdress(staff, *kept)
    if changed:
        _remember(session, AdminDeed.CHANGE_PERSON, staff, actor, now, addresses=changed)
    return staff


def _readdress(staff: Staff, email: str | None, phone: str | None) -> list[str]:
    given = {"email": email, "phone": phone}
    changed = [name for name, value in given.items() if getattr(staff, name) != value]
    staff.email, staff.phone = email, phone
    return changed


def _move(session: Session, staff: Staff, code: str, now: datetime) -> list[str]:
    old, new = staff.unit, unit_by_code(session, code, "/unit", local(now).date())
    held = {role.role for role in staff.roles if role.unit_id == new.id}
    for row in [row for row in staff.roles if row.unit_id == old.id]:
        if row.role in held:
            staff.roles.remove(row)
        else:
            row.unit = new
    staff.unit = new
    return [old.name, new.name]


def grant_role(session: Session, username: str, given: RoleGiven, *, actor: Actor, now: datetime) -> Staff:
    """It counts from the person's next request on. Refuses what is held already, and a unit that is closed."""
    check_administers(actor, AdminDeed.GRANT_ROLE)
    staff = _locked(session, username)
    unit = unit_by_code(session, given.over or staff.unit.code, "/over", local(now).date())
    if any((row.role, row.unit_id) == (given.role, unit.id) for row in staff.roles):
        raise Duplicate(f"{staff.name}的岗位“{given.role.label}”（{unit.name}）")
    staff.roles.append(StaffRole(role=given.role, unit=unit))
    _remember(session, AdminDeed.GRANT_ROLE, staff, actor, now, role=str(given.role), over=unit.name)
    return staff


def withdraw_role(session: Session, username: str, given: RoleGiven, *, actor: Actor, now: datetime) -> Staff:
    """It is gone from the person's next request on. Refuses a role that is not held, and to leave nobody who administers."""
    deed = AdminDeed.WITHDRAW_ROLE
    check_administers(actor, deed)
    administrators = _administrators(session)
    staff = _locked(session, username)
    over = given.over or staff.unit.code
    row = next((row for row in staff.roles if (row.role, row.unit.code) == (given.role, over)), None)
    if row is None:
        raise UnknownThing(f"{staff.name}的岗位“{given.role.label}”")
    held = [row for row in staff.roles if row.role is Role.ADMINISTRATOR]
    if row in held and len(held) == 1:
        check_somebody_stays(actor, staff.id, administrators, deed)
    staff.roles.remove(row)
    _remember(session, deed, staff, actor, now, role=str(given.role), over=row.unit.name)
    return staff


def disable(session: Session, username: str, *, actor: Actor, now: datetime) -> Staff:
    """Signed out everywhere, and out it stays. Refuses oneself and the last administrator; what is disabled stays as it is."""
    check_administers(actor, AdminDeed.DISABLE)
    administrators = _administrators(session)
    staff = _locked(session, username)
    if staff.disabled_at is None:
        check_somebody_stays(actor, staff.id, administrators, AdminDeed.DISABLE)
        accounts.disable(session, username, now=now)
        _remember(session, AdminDeed.DISABLE, staff, actor, now)
    return staff


def enable(session: Session, username: str, *, actor: Actor, now: datetime) -> Staff:
    """It may sign in again, with the password it had. Refuses an account that is not disabled, and one of a closed unit."""
    check_administers(actor, AdminDeed.ENABLE)
    staff = _locked(session, username)
    if staff.disabled_at is None:
        raise ConditionUnmet("这个账号没有停用")
    unit_by_code(session, staff.unit.code, "/unit", local(now).date())
    staff.disabled_at = None
    _remember(session, AdminDeed.ENABLE, staff, actor, now)
    return staff


def set_password(
    session: Session, username: str, password: str, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> Staff:
    """The account is signed out everywhere; refuses a weak password."""
    check_administers(actor, AdminDeed.SET_PASSWORD)
    staff = _locked(session, username)
    accounts.set_password(session, username, password, now=now, rulebook=rulebook)
    _remember(session, AdminDeed.SET_PASSWORD, staff, actor, now)
    return staff


def reset_second_factor(session: Session, username: str, *, actor: Actor, now: datetime) -> Staff:
    """For whoever has lost the telephone and the recovery codes: it is off, and the account is signed out everywhere.

    Refuses where it is not on.
    """
    check_administers(actor, AdminDeed.RESET_SECOND_FACTOR)
    staff = _locked(session, username)
    if not second_factors.is_on(session, staff.id):
        raise ConditionUnmet("这个账号没有开启两步验证")
    second_factors.switch_off(session, staff.id, AccountChange.FACTOR_RESET, now=now)
    accounts.revoke_all(session, staff.id, now=now)
    _remember(session, AdminDeed.RESET_SECOND_FACTOR, staff, actor, now)
    return staff


def grant_token(session: Session, username: str, lasts: timedelta, *, actor: Actor, now: datetime, label: str) -> str:
    """A token for programs that act as this account; refuses one that is disabled."""
    check_administers(actor, AdminDeed.GRANT_TOKEN)
    staff = _locked(session, username)
    if staff.disabled_at is not None:
        raise ConditionUnmet("这个账号已停用，请先恢复")
    secret = accounts.grant_token(session, staff, now=now, label=label, lasts=lasts)
    _remember(session, AdminDeed.GRANT_TOKEN, staff, actor, now, days=lasts.days)
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


def _remember(session: Session, deed: AdminDeed, staff: Staff, actor: Actor, now: datetime, **data: object) -> None:
    record(session, deed, staff.username, staff.name, actor=actor, now=now, **data)
