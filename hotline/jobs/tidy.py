"""What needs not be kept: wrong tries, idempotency keys and searches of long ago, sessions that ended, who gave a vote."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update

from hotline.office import Office
from hotline.records.article_use import ArticleVote, EmptySearch
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
    voted_before = ArticleVote.voted_on < (now - TRIES_KEPT).date()
    nameless = update(ArticleVote).where(voted_before, ArticleVote.visitor_hash.is_not(None)).values(visitor_hash=None)
    searches_kept = timedelta(days=office.rulebook.article_use.searches_kept_days)
    old_searches = delete(EmptySearch).where(EmptySearch.last_at < now - searches_kept)
    with office.deed(now) as work:
        return sum(
            work.session.connection().execute(statement).rowcount for statement in (*old, nameless, old_searches)
        )
