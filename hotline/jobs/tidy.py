"""What needs not be kept: wrong tries and idempotency keys of long ago, sessions that ended."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from hotline.office import Office
from hotline.records.staff import SignIn
from hotline.records.tickets import IdempotencyKey, LookUpAttempt

TRIES_KEPT, KEYS_KEPT, SESSIONS_KEPT = timedelta(days=2), timedelta(days=7), timedelta(days=30)


def run(office: Office, now: datetime) -> int:
    """Deletes them; answers how many rows went."""
    old = (
        delete(LookUpAttempt).where(LookUpAttempt.at < now - TRIES_KEPT),
        delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEYS_KEPT),
        delete(SignIn).where(SignIn.expires_at < now - SESSIONS_KEPT),
    )
    with office.deed(now) as work:
        return sum(work.session.connection().execute(statement).rowcount for statement in old)
