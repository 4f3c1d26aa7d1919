"""Signing in: a try is counted before it is looked at, for names that exist and names that do not, so that guessing is locked.

The edge calls `count_try` in a transaction of its own, so that a process that dies, or twenty tries at one moment, are counted
all the same; `settle` then says how the try went.
"""

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.logins import SignInTry
from hotline.models.accounts.staff import Staff
from hotline.models.database.session import keys_of
from hotline.rules.accounts.sign_in import TryOutcome
from hotline.rules.refusals import TooManyAttempts, WrongPassword
from hotline.security.keys import hash_password, new_secret, password_fits

NOBODY = hash_password(new_secret())
"""Compared with where there is no such account, so that the answer takes as long."""


def count_try(ctx: Context, username: str, address: str) -> int:
    """Counts a try as wrong until it is settled; answers its id. Refuses `TooManyAttempts` while locked, and counts none."""
    keys = keys_of(ctx.session)
    account, here = keys.digest("account", username.casefold()), keys.digest("address", address)
    _queue_for(ctx.session, account)
    wrong = SignInTry.outcome == TryOutcome.WRONG, SignInTry.at > ctx.now - ctx.rules.sign_in.window
    of_account, from_address = SignInTry.account_hash == account, SignInTry.address_hash == here
    counts = ctx.session.execute(
        select(
            select(func.count()).where(*wrong, of_account, from_address).scalar_subquery(),
            select(func.count()).where(*wrong, of_account).scalar_subquery(),
            select(func.count()).where(*wrong, from_address).scalar_subquery(),
        )
    ).one()
    if ctx.rules.sign_in.is_locked(here=counts[0], of_account=counts[1], from_address=counts[2]):
        raise TooManyAttempts()
    row = SignInTry(account_hash=account, address_hash=here, at=ctx.now, outcome=TryOutcome.WRONG)
    ctx.session.add(row)
    ctx.session.flush()
    return row.id


def _queue_for(session: Session, account: str) -> None:
    """Tries for one account are counted one after another; on SQLite writers queue by themselves."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(account[:15], 16)})


def settle(session: Session, try_id: int, outcome: TryOutcome, staff: Staff) -> None:
    """The password was right, and this is whose."""
    row = update(SignInTry).where(SignInTry.id == try_id)
    session.execute(row.values(outcome=outcome, staff_id=staff.id))


def prove_password(session: Session, username: str, password: str) -> Staff:
    """Whose password this is. Refuses `WrongPassword` alike for an unknown name, a wrong word and a disabled account."""
    staff = session.scalar(select(Staff).where(Staff.username == username))
    fits = password_fits(staff.password_hash if staff else NOBODY, password)
    if staff is None or not fits or staff.disabled_at is not None:
        raise WrongPassword()
    return staff
