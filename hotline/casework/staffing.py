"""Staff: accounts, roles over subtrees of units, and the sessions and tokens they sign in with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hotline.records.staff import SignIn, Staff, StaffRole
from hotline.records.units import Unit
from hotline.rules.actors import Actor, Grant
from hotline.rules.refusals import Duplicate, InvalidInput, SignInRequired, UnknownThing, WrongPassword
from hotline.rules.vocabulary import Role
from hotline.secrets import hash_password, hash_secret, new_secret, password_fits

SHORTEST_PASSWORD = 10
SESSION_LASTS = timedelta(hours=12)
NOBODY = hash_password(new_secret())


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


def add(session: Session, given: NewStaff) -> Staff:
    """A new account with its roles; refuses a taken name, an unknown unit, a short password."""
    if session.scalar(select(Staff.id).where(Staff.username == given.username)) is not None:
        raise Duplicate(f"账号“{given.username}”")
    unit = session.scalar(select(Unit).where(Unit.code == given.unit))
    if unit is None:
        raise InvalidInput({"/unit": f"没有代码为“{given.unit}”的单位"})
    over = unit if given.over is None else session.scalar(select(Unit).where(Unit.code == given.over))
    if over is None:
        raise InvalidInput({"/over": f"没有代码为“{given.over}”的单位"})
    _check_password(given.password)
    roles = [StaffRole(role=role, unit_id=over.id) for role in dict.fromkeys(given.roles)]
    staff = Staff(username=given.username, name=given.name, unit_id=unit.id, roles=roles)
    staff.password_hash = hash_password(given.password)
    staff.email, staff.phone = given.email, given.phone
    session.add(staff)
    session.flush()
    return staff


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput({"/password": f"密码至少{SHORTEST_PASSWORD}个字符"})


def by_username(session: Session, username: str) -> Staff:
    """Refuses `UnknownThing`."""
    staff = session.scalar(select(Staff).where(Staff.username == username))
    if staff is None:
        raise UnknownThing(f"账号“{username}”")
    return staff


def set_password(session: Session, username: str, password: str, *, now: datetime) -> None:
    """A new password signs the account out everywhere."""
    _check_password(password)
    staff = by_username(session, username)
    staff.password_hash = hash_password(password)
    _revoke_all(session, staff, now)


def disable(session: Session, username: str, *, now: datetime) -> None:
    """A disabled account is signed out and stays out; what it did keeps its name."""
    staff = by_username(session, username)
    staff.disabled_at = staff.disabled_at or now
    _revoke_all(session, staff, now)


def _revoke_all(session: Session, staff: Staff, now: datetime) -> None:
    for sign_in in session.scalars(select(SignIn).where(SignIn.staff_id == staff.id, SignIn.revoked_at.is_(None))):
        sign_in.revoked_at = now


def sign_in(
    session: Session, username: str, password: str, *, now: datetime, label: str = "", lasts: timedelta = SESSION_LASTS
) -> str:
    """The secret of a new session. Refuses `WrongPassword` alike for an unknown name, a wrong word and a disabled account."""
    staff = session.scalar(select(Staff).where(Staff.username == username))
    fits = password_fits(staff.password_hash if staff else NOBODY, password)
    if staff is None or not fits or staff.disabled_at is not None:
        raise WrongPassword()
    return grant_token(session, staff, now=now, label=label, lasts=lasts)


def grant_token(session: Session, staff: Staff, *, now: datetime, label: str, lasts: timedelta) -> str:
    """A token for this account; only its hash is kept."""
    secret = new_secret()
    staff.last_signed_in_at = now
    session.add(
        SignIn(secret_hash=hash_secret(secret), staff_id=staff.id, label=label, created_at=now, expires_at=now + lasts)
    )
    session.flush()
    return secret


def sign_out(session: Session, secret: str, *, now: datetime) -> None:
    """Revokes this session or token."""
    row = session.scalar(select(SignIn).where(SignIn.secret_hash == hash_secret(secret)))
    if row is not None:
        row.revoked_at = row.revoked_at or now


_staff, _role, _sign_in = Staff.__table__, StaffRole.__table__, SignIn.__table__
_own, _over = Unit.__table__.alias("own"), Unit.__table__.alias("over_unit")
_SEATS = (
    select(_staff.c.id, _staff.c.name, _staff.c.unit_id, _own.c.path, _role.c.role, _over.c.path.label("over"))
    .select_from(
        _sign_in.join(_staff, _staff.c.id == _sign_in.c.staff_id)
        .join(_own, _own.c.id == _staff.c.unit_id)
        .outerjoin(_role, _role.c.staff_id == _staff.c.id)
        .outerjoin(_over, _over.c.id == _role.c.unit_id)
    )
    .where(
        _sign_in.c.secret_hash == bindparam("secret_hash"),
        _sign_in.c.revoked_at.is_(None),
        _sign_in.c.expires_at > bindparam("now"),
        _staff.c.disabled_at.is_(None),
    )
)


def actor_of(session: Session, secret: str, *, now: datetime) -> Actor:
    """Who signed in with this secret, with the roles as they stand now; refuses `SignInRequired`."""
    seats = session.execute(_SEATS, {"secret_hash": hash_secret(secret), "now": now}).all()
    if not seats:
        raise SignInRequired()
    one = seats[0]
    return Actor(
        name=one.name,
        staff_id=one.id,
        unit_id=one.unit_id,
        unit_path=one.path,
        grants=tuple(Grant(seat.role, seat.over) for seat in seats if seat.role is not None),
    )


def actor_for(staff: Staff) -> Actor:
    """This member of staff at the moment of acting."""
    return Actor(
        name=staff.name,
        staff_id=staff.id,
        unit_id=staff.unit_id,
        unit_path=staff.unit.path,
        grants=tuple(Grant(role.role, role.unit.path) for role in staff.roles),
    )
