"""One's own account as its owner sees it: who one is, where one is signed in, which tokens work, and how signing in went."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.logins import RecoveryCode, SignInTry
from hotline.models.accounts.staff import SignIn, Staff
from hotline.models.database.session import keys_of
from hotline.queries.formatting import instant
from hotline.rules.accounts.sign_in import SignedIn, TryOutcome

DEVICES = {"page": "浏览器", "api": "接口登录"}
MOST = 50


def account(ctx: Context, come: SignedIn) -> dict[str, Any]:
    """All of the account's page."""
    staff = ctx.session.get_one(Staff, come.actor.staff_id)
    rows = _working(ctx, staff.id)
    shown = [
        {
            "id": row.id,
            "name": DEVICES.get(row.label, row.label),
            "is_token": row.seen_at is None,
            "is_this": row.id == come.id,
            "begun_at": instant(row.created_at),
            "seen_at": instant(row.seen_at),
            "ends_at": instant(row.expires_at),
        }
        for row in rows
    ]
    return {
        "name": staff.name,
        "username": staff.username,
        "unit": staff.unit.name,
        "roles": [{"label": role.role.label, "unit": role.unit.name} for role in staff.roles],
        "sessions": [row for row in shown if not row["is_token"]],
        "tokens": [row for row in shown if row["is_token"]],
        "second_factor": come.has_second_factor,
        "second_factor_needed": ctx.rules.sign_in.needs_second_factor(come.actor.roles),
        "recovery_codes": _codes_left(ctx.session, staff.id),
        "wrong_tries": _wrong_tries(ctx, staff),
    }


def _working(ctx: Context, staff_id: int) -> list[SignIn]:
    """What would be let in now, the latest first."""
    query = select(SignIn).where(SignIn.staff_id == staff_id, SignIn.revoked_at.is_(None), SignIn.expires_at > ctx.now)
    alive = SignIn.seen_at.is_(None) | (SignIn.seen_at > ctx.rules.sign_in.idle_since(ctx.now))
    return list(ctx.session.scalars(query.where(alive).order_by(SignIn.id.desc()).limit(MOST)))


def _codes_left(session: Session, staff_id: int) -> int:
    unused = select(func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def _wrong_tries(ctx: Context, staff: Staff) -> int:
    """How often somebody failed to sign in by this name while the log is kept."""
    account = keys_of(ctx.session).digest("account", staff.username.casefold())
    wrong = SignInTry.account_hash == account, SignInTry.outcome == TryOutcome.WRONG
    return (
        ctx.session.scalar(select(func.count()).where(*wrong, SignInTry.at > ctx.now - ctx.rules.sign_in.log_kept)) or 0
    )
