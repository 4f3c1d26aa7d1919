"""The second factor: a telephone that makes codes, switched on by whoever wants it, and ten codes for the day it is lost."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline.casework.tickets import notices
from hotline.context import Context
from hotline.models.accounts.logins import RecoveryCode, SecondFactor
from hotline.models.database.session import keys_of
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.refusals import ConditionUnmet, WrongSecondFactor
from hotline.security.keys import new_recovery_code
from hotline.security.one_time_codes import new_secret_of_codes, step_of

RECOVERY_CODES = 10


def begin(ctx: Context, staff_id: int) -> str:
    """A fresh secret for the telephone; nothing is asked of anybody until `confirm`. Refuses where it is on already."""
    factor = ctx.session.get(SecondFactor, staff_id)
    if factor is not None and factor.switched_on_at is not None:
        raise ConditionUnmet("两步验证已经开启")
    secret = new_secret_of_codes()
    sealed = keys_of(ctx.session).seal(secret)
    if factor is None:
        ctx.session.add(SecondFactor(staff_id=staff_id, sealed=sealed, begun_at=ctx.now, last_step=0))
    else:
        factor.sealed, factor.begun_at = sealed, ctx.now
    ctx.session.flush()
    return secret


def begun(session: Session, staff_id: int) -> str | None:
    """The secret that waits for its first code."""
    factor = session.get(SecondFactor, staff_id)
    return keys_of(session).open(factor.sealed) if factor is not None and factor.switched_on_at is None else None


def confirm(ctx: Context, staff_id: int, code: str) -> list[str]:
    """Switches it on with the first code; answers the recovery codes, this once. Refuses `WrongSecondFactor`."""
    factor = ctx.session.get(SecondFactor, staff_id)
    if factor is None or factor.switched_on_at is not None:
        raise ConditionUnmet("没有等待确认的两步验证")
    if not _takes(ctx, factor, code):
        raise WrongSecondFactor()
    factor.switched_on_at = ctx.now
    notices.of_account(ctx, staff_id, AccountChange.FACTOR_ON)
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    keys = keys_of(ctx.session)
    ctx.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    ctx.session.add_all(
        RecoveryCode(staff_id=staff_id, code_hash=keys.recovery_code_hash(staff_id, one)) for one in codes
    )
    ctx.session.flush()
    return codes


def is_on(session: Session, staff_id: int) -> bool:
    query = select(SecondFactor.staff_id).where(SecondFactor.staff_id == staff_id)
    return session.scalar(query.where(SecondFactor.switched_on_at.is_not(None))) is not None


def check(ctx: Context, staff_id: int, code: str) -> None:
    """Takes a code of the telephone or a recovery code, each once. Refuses `WrongSecondFactor`."""
    factor = ctx.session.get(SecondFactor, staff_id)
    if factor is None or not (_takes(ctx, factor, code) or _recovers(ctx, staff_id, code)):
        raise WrongSecondFactor()


def switch_off(ctx: Context, staff_id: int, how: AccountChange) -> None:
    """Without it, and without its recovery codes; its owner is told how that came."""
    notices.of_account(ctx, staff_id, how)
    ctx.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    ctx.session.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff_id))


def _takes(ctx: Context, factor: SecondFactor, code: str) -> bool:
    """Of two requests with the same code at the same moment one comes through."""
    step = step_of(keys_of(ctx.session).open(factor.sealed), "".join(code.split()), ctx.now)
    if step is None:
        return False
    newer = update(SecondFactor).where(SecondFactor.staff_id == factor.staff_id, SecondFactor.last_step < step)
    return ctx.session.connection().execute(newer.values(last_step=step)).rowcount == 1


def _recovers(ctx: Context, staff_id: int, code: str) -> bool:
    hashed = keys_of(ctx.session).recovery_code_hash(staff_id, code)
    unused = update(RecoveryCode).where(
        RecoveryCode.staff_id == staff_id, RecoveryCode.code_hash == hashed, RecoveryCode.used_at.is_(None)
    )
    return ctx.session.connection().execute(unused.values(used_at=ctx.now)).rowcount == 1
