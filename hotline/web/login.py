"""Signing in at an edge, page or API alike: the try is counted first, the password proved while nobody waits to write.

`by_password` opens a session, or refuses `SecondFactorNeeded` where a code has to follow; `by_code` is the page's second step.
"""

import structlog
from flask import request

from hotline.casework.accounts import login_attempts, second_factors, sessions
from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.rules.accounts.sign_in import TryOutcome
from hotline.rules.refusals import SecondFactorNeeded, TooManyAttempts, WrongPassword, WrongSecondFactor
from hotline.web.access import snapshot, transaction

log = structlog.get_logger()


def by_password(username: str, password: str, code: str | None, *, label: str) -> str:
    """The secret of a new session. Refuses `TooManyAttempts`, `WrongPassword`, `SecondFactorNeeded`, `WrongSecondFactor`."""
    try_id, staff = _prove(username, password)
    with transaction() as ctx:
        if not second_factors.is_on(ctx.session, staff.id):
            if code is not None:
                # A code is checked also where none was asked for.
                raise WrongSecondFactor()
            return _open(ctx, try_id, staff, label)
        login_attempts.settle(ctx.session, try_id, TryOutcome.HALFWAY, staff)
    if code is None:
        raise SecondFactorNeeded(staff.id)
    return by_code(staff.id, code, label=label)


def prove_again(username: str, password: str) -> Staff:
    """Before something grave somebody who is signed in proves the password once more; guessing it here is locked alike."""
    try_id, staff = _prove(username, password)
    with transaction() as ctx:
        login_attempts.settle(ctx.session, try_id, TryOutcome.RIGHT, staff)
    return staff


def _prove(username: str, password: str) -> tuple[int, Staff]:
    """(the counted try, whose password it is). Refuses `TooManyAttempts` and `WrongPassword`."""
    try_id = _count(username)
    with snapshot() as ctx:
        return try_id, login_attempts.prove_password(ctx.session, username, password)


def by_code(staff_id: int, code: str, *, label: str) -> str:
    """The second step: refuses `TooManyAttempts` and `WrongSecondFactor`."""
    with snapshot() as ctx:
        staff = ctx.session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        raise WrongPassword()
    try_id = _count(staff.username)
    with transaction() as ctx:
        second_factors.check(ctx, staff.id, code)
        return _open(ctx, try_id, staff, label)


def _open(ctx: Context, try_id: int, staff: Staff, label: str) -> str:
    login_attempts.settle(ctx.session, try_id, TryOutcome.RIGHT, staff)
    return sessions.open_session(ctx, staff, label=label)


def _count(username: str) -> int:
    try:
        with transaction() as ctx:
            return login_attempts.count_try(ctx, username, request.remote_addr or "")
    except TooManyAttempts:
        log.warning("signing in is locked")
        raise
