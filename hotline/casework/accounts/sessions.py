"""Sessions and tokens: who has come, what is noted of its use, and how they end.

A session ends by itself, when it was not used for a while and in any case some hours after the sign-in; a token on its day.
"""

from sqlalchemy import bindparam, or_, select, update

from hotline.context import Context
from hotline.models.accounts.logins import SecondFactor
from hotline.models.accounts.staff import SignIn, Staff, StaffRole
from hotline.models.accounts.units import Unit
from hotline.rules.accounts.sign_in import SignedIn
from hotline.rules.actors import Actor, Grant
from hotline.rules.refusals import SignInRequired, UnknownThing
from hotline.security.keys import hash_secret, new_secret

_staff, _role, _sign_in = Staff.__table__, StaffRole.__table__, SignIn.__table__
_factor = SecondFactor.__table__
_own, _over = Unit.__table__.alias("own"), Unit.__table__.alias("over_unit")
_SEATS = (
    select(
        *(_staff.c.id, _staff.c.name, _staff.c.unit_id, _own.c.path, _role.c.role, _over.c.path.label("over")),
        *(_sign_in.c.id.label("row"), _sign_in.c.seen_at, _sign_in.c.expires_at, _factor.c.switched_on_at),
    )
    .select_from(
        _sign_in.join(_staff, _staff.c.id == _sign_in.c.staff_id)
        .join(_own, _own.c.id == _staff.c.unit_id)
        .outerjoin(_role, _role.c.staff_id == _staff.c.id)
        .outerjoin(_over, _over.c.id == _role.c.unit_id)
        .outerjoin(_factor, _factor.c.staff_id == _staff.c.id)
    )
    .where(
        _sign_in.c.secret_hash == bindparam("secret_hash"),
        _sign_in.c.revoked_at.is_(None),
        _sign_in.c.expires_at > bindparam("now"),
        or_(_sign_in.c.seen_at.is_(None), _sign_in.c.seen_at > bindparam("idle_since")),
        _staff.c.disabled_at.is_(None),
    )
)


def signed_in(ctx: Context, secret: str) -> SignedIn:
    """Who signed in with this secret, with the roles as they stand now; refuses `SignInRequired`."""
    asked = {"secret_hash": hash_secret(secret), "now": ctx.now, "idle_since": ctx.rules.sign_in.idle_since(ctx.now)}
    seats = ctx.session.execute(_SEATS, asked).all()
    if not seats:
        raise SignInRequired()
    one = seats[0]
    actor = Actor(
        name=one.name,
        staff_id=one.id,
        unit_id=one.unit_id,
        unit_path=one.path,
        grants=tuple(Grant(seat.role, seat.over) for seat in seats if seat.role is not None),
    )
    return SignedIn(one.row, actor, one.seen_at, one.expires_at, one.switched_on_at is not None)


def open_session(ctx: Context, staff: Staff, *, label: str) -> str:
    """The secret of a new session; only its hash is kept."""
    secret, ends = new_secret(), ctx.now + ctx.rules.sign_in.lasts
    staff.last_signed_in_at = ctx.now
    row = SignIn(secret_hash=hash_secret(secret), staff_id=staff.id, label=label, created_at=ctx.now, expires_at=ends)
    row.seen_at = ctx.now
    ctx.session.add(row)
    ctx.session.flush()
    return secret


def touch(ctx: Context, sign_in_id: int) -> None:
    """Notes that a session is used; one that another request has noted later, or that has no idle limit, stays."""
    here = update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at < ctx.now)
    ctx.session.execute(here.values(seen_at=ctx.now))


def sign_out(ctx: Context, secret: str) -> None:
    """Ends this session or token."""
    row = update(SignIn).where(SignIn.secret_hash == hash_secret(secret), SignIn.revoked_at.is_(None))
    ctx.session.execute(row.values(revoked_at=ctx.now))


def end_one(ctx: Context, sign_in_id: int) -> None:
    """Ends a session or a token of one's own; refuses `UnknownThing` for everybody else's."""
    mine = update(SignIn).where(
        SignIn.id == sign_in_id, SignIn.staff_id == ctx.actor.staff_id, SignIn.revoked_at.is_(None)
    )
    if not ctx.session.connection().execute(mine.values(revoked_at=ctx.now)).rowcount:
        raise UnknownThing("这个登录或令牌")


def end_others(ctx: Context, current: SignedIn) -> int:
    """Ends every session of this person but the one in use; answers how many. Tokens work on, each can be ended by itself."""
    others = update(SignIn).where(
        SignIn.staff_id == current.actor.staff_id,
        SignIn.id != current.id,
        SignIn.seen_at.is_not(None),
        SignIn.revoked_at.is_(None),
    )
    return ctx.session.connection().execute(others.values(revoked_at=ctx.now)).rowcount
