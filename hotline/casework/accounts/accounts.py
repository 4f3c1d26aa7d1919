"""Staff: accounts, their passwords, roles over subtrees of units, and the tokens they are given."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.casework.tickets import notices
from hotline.context import Context
from hotline.models.accounts.staff import SignIn, Staff, StaffRole
from hotline.models.accounts.units import Unit
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.actors import Actor, Grant
from hotline.rules.refusals import Duplicate, InvalidInput, UnknownThing, WrongPassword
from hotline.rules.vocabulary import Role
from hotline.security.keys import hash_password, hash_secret, new_secret, password_fits


@dataclass(frozen=True, slots=True)
class NewStaff:
    """`over`: the unit over whose subtree the roles are held; without one the person's own."""

    username: str
    name: str
    password: str
    unit: str
    roles: tuple[Role, ...]
    email: str | None = None
    phone: str | None = None
    over: str | None = None


def add(ctx: Context, given: NewStaff) -> Staff:
    """A new account with its roles; refuses a taken name, an unknown unit, a weak password."""
    if ctx.session.scalar(select(Staff.id).where(Staff.username == given.username)) is not None:
        raise Duplicate(f"账号“{given.username}”")
    unit = ctx.session.scalar(select(Unit).where(Unit.code == given.unit))
    if unit is None:
        raise InvalidInput({"/unit": f"没有代码为“{given.unit}”的单位"})
    over = unit if given.over is None else ctx.session.scalar(select(Unit).where(Unit.code == given.over))
    if over is None:
        raise InvalidInput({"/over": f"没有代码为“{given.over}”的单位"})
    ctx.rules.passwords.check(given.password, given.username)
    roles = [StaffRole(role=role, unit_id=over.id) for role in dict.fromkeys(given.roles)]
    staff = Staff(username=given.username, name=given.name, unit_id=unit.id, roles=roles)
    staff.password_hash = hash_password(given.password)
    staff.email, staff.phone = given.email, given.phone
    ctx.session.add(staff)
    ctx.session.flush()
    return staff


def by_username(session: Session, username: str) -> Staff:
    """Refuses `UnknownThing`."""
    staff = session.scalar(select(Staff).where(Staff.username == username))
    if staff is None:
        raise UnknownThing(f"账号“{username}”")
    return staff


def set_password(ctx: Context, username: str, password: str) -> None:
    """A new password, given by the administrator, signs the account out everywhere; refuses a weak one."""
    ctx.rules.passwords.check(password, username)
    staff = by_username(ctx.session, username)
    staff.password_hash = hash_password(password)
    revoke_all(ctx, staff.id)
    notices.of_account(ctx, staff.id, AccountChange.PASSWORD_SET)


def change_password(ctx: Context, staff_id: int, old: str, new: str) -> None:
    """One's own, by the old one. Refuses `WrongPassword`, a weak password, and the old one again."""
    staff = ctx.session.get_one(Staff, staff_id)
    if not password_fits(staff.password_hash, old):
        raise WrongPassword()
    if old == new:
        raise InvalidInput({"/new": "新密码不能与旧密码相同"})
    ctx.rules.passwords.check(new, staff.username, "/new")
    staff.password_hash = hash_password(new)
    notices.of_account(ctx, staff_id, AccountChange.PASSWORD)


def disable(ctx: Context, username: str) -> None:
    """A disabled account is signed out and stays out; what it did keeps its name."""
    staff = by_username(ctx.session, username)
    staff.disabled_at = staff.disabled_at or ctx.now
    revoke_all(ctx, staff.id)


def revoke_all(ctx: Context, staff_id: int) -> None:
    """Ends every session and token of this account."""
    ctx.session.execute(
        update(SignIn).where(SignIn.staff_id == staff_id, SignIn.revoked_at.is_(None)).values(revoked_at=ctx.now)
    )


def grant_token(ctx: Context, staff: Staff, *, label: str, lasts: timedelta) -> str:
    """A token for this account; only its hash is kept."""
    secret = new_secret()
    staff.last_signed_in_at = ctx.now
    ctx.session.add(
        SignIn(
            secret_hash=hash_secret(secret),
            staff_id=staff.id,
            label=label,
            created_at=ctx.now,
            expires_at=ctx.now + lasts,
        )
    )
    ctx.session.flush()
    return secret


def actor_for(staff: Staff) -> Actor:
    """This member of staff at the moment of acting."""
    return Actor(
        name=staff.name,
        staff_id=staff.id,
        unit_id=staff.unit_id,
        unit_path=staff.unit.path,
        grants=tuple(Grant(role.role, role.unit.path) for role in staff.roles),
    )
