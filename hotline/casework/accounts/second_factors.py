"""The second factor: a telephone that makes codes, switched on by whoever wants it, and ten codes for the day it is lost."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline.casework.tickets import notices
from hotline.models.accounts.logins import RecoveryCode, SecondFactor
from hotline.models.database.session import keys_of
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.refusals import ConditionUnmet, WrongSecondFactor
from hotline.security.keys import new_recovery_code
from hotline.security.one_time_codes import new_secret_of_codes, step_of

RECOVERY_CODES = 10


def begin(session: Session, staff_id: int, *, now: datetime) -> str:
    """A fresh secret for the telephone; nothing is asked of anybody until `confirm`. Refuses where it is on already."""
    factor = session.get(SecondFactor, staff_id)
    if factor is not None and factor.switched_on_at is not None:
        raise ConditionUnmet("两步验证已经开启")
    secret = new_secret_of_codes()
    sealed = keys_of(session).seal(secret)
    if factor is None:
        session.add(SecondFactor(staff_id=staff_id, sealed=sealed, begun_at=now, last_step=0))
    else:
        factor.sealed, factor.begun_at = sealed, now
    session.flush()
    return secret


def begun(session: Session, staff_id: int) -> str | None:
    """The secret that waits for its first code."""
    factor = session.get(SecondFactor, staff_id)
    return keys_of(session).open(factor.sealed) if factor is not None and factor.switched_on_at is None else None


def confirm(session: Session, staff_id: int, code: str, *, now: datetime) -> list[str]:
    """Switches it on with the first code; answers the recovery codes, this once. Refuses `WrongSecondFactor`."""
    factor = session.get(SecondFactor, staff_id)
    if factor is None or factor.switched_on_at is not None:
        raise ConditionUnmet("没有等待确认的两步验证")
    if not _takes(session, factor, code, now):
        raise WrongSecondFactor()
    factor.switched_on_at = now
    notices.of_account(session, staff_id, AccountChange.FACTOR_ON, now=now)
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    keys = keys_of(session)
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    session.add_all(RecoveryCode(staff_id=staff_id, code_hash=keys.recovery_code_hash(staff_id, one)) for one in codes)
    session.flush()
    return codes


def is_on(session: Session, staff_id: int) -> bool:
    query = select(SecondFactor.staff_id).where(SecondFactor.staff_id == staff_id)
    return session.scalar(query.where(SecondFactor.switched_on_at.is_not(None))) is not None


def check(session: Session, staff_id: int, code: str, *, now: datetime) -> None:
    """Takes a code of the telephone or a recovery code, each once. Refuses `WrongSecondFactor`."""
    factor = session.get(SecondFactor, staff_id)
    if factor is None or not (_takes(session, factor, code, now) or _recovers(session, staff_id, code, now)):
        raise WrongSecondFactor()


def switch_off(session: Session, staff_id: int, how: AccountChange, *, now: datetime) -> None:
    """Without it, and without its recovery codes; its owner is told how that came."""
    notices.of_account(session, staff_id, how, now=now)
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    session.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff_id))


def _takes(session: Session, factor: SecondFactor, code: str, now: datetime) -> bool:
    """Of two requests with the same code at the same moment one comes through."""
    step = step_of(keys_of(session).open(factor.sealed), "".join(code.split()), now)
    if step is None:
        return False
    newer = update(SecondFactor).where(SecondFactor.staff_id == factor.staff_id, SecondFactor.last_step < step)
    return session.connection().execute(newer.values(last_step=step)).rowcount == 1


def _recovers(session: Session, staff_id: int, code: str, now: datetime) -> bool:
    hashed = keys_of(session).recovery_code_hash(staff_id, code)
    unused = update(RecoveryCode).where(
        RecoveryCode.staff_id == staff_id, RecoveryCode.code_hash == hashed, RecoveryCode.used_at.is_(None)
    )
    return session.connection().execute(unused.values(used_at=now)).rowcount == 1
