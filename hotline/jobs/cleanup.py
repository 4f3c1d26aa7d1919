"""What needs not be kept: wrong tries, idempotency keys and searches of long ago, sessions that ended, who gave a vote.

The logs of looks at identities and of sign-ins go after the time that `security.toml` names. Contacts that nothing needs any
more go after a time of their own, named there as well.
"""

from datetime import timedelta

from sqlalchemy import delete, update

from hotline.casework.intake import retention
from hotline.jobs.run import Run
from hotline.models.accounts.logins import SignInTry
from hotline.models.accounts.staff import SignIn
from hotline.models.intake.enterprises import IdentityView
from hotline.models.knowledge.article_use import ArticleVote, EmptySearch
from hotline.models.tickets.tickets import IdempotencyKey, LookUpAttempt, PublicSubmission

BATCH = 500


def run(job: Run) -> int:
    """Deletes them; answers how many rows went."""
    logged_before, kept = job.now - job.app_context.rulebook.sign_in.log_kept, job.app_context.rulebook.cleanup
    tried_before = job.now - timedelta(days=kept.tries_days)
    old = (
        delete(SignInTry).where(SignInTry.at < logged_before),
        delete(IdentityView).where(IdentityView.at < logged_before),
        delete(PublicSubmission).where(PublicSubmission.at < tried_before),
        delete(LookUpAttempt).where(LookUpAttempt.at < tried_before),
        delete(IdempotencyKey).where(IdempotencyKey.created_at < job.now - timedelta(days=kept.idempotency_days)),
        delete(SignIn).where(SignIn.expires_at < job.now - timedelta(days=kept.sessions_days)),
    )
    voted_before = ArticleVote.voted_on < tried_before.date()
    nameless = update(ArticleVote).where(voted_before, ArticleVote.visitor_hash.is_not(None)).values(visitor_hash=None)
    searches_kept = timedelta(days=job.app_context.rulebook.article_use.searches_kept_days)
    old_searches = delete(EmptySearch).where(EmptySearch.last_at < job.now - searches_kept)
    with job.transaction() as ctx:
        went = sum(ctx.session.connection().execute(statement).rowcount for statement in (*old, nameless, old_searches))
    return went + _contacts(job) + _imports(job)


def _contacts(job: Run) -> int:
    """Destroys what nothing needs any more, some at a time: many years' contacts may have waited for the first run."""
    with job.snapshot() as ctx:
        contacts = retention.needless(ctx.session, job.app_context.rulebook.contacts.needless_before(job.now))
    for start in range(0, len(contacts), BATCH):
        with job.transaction() as ctx:
            retention.destroy(ctx, contacts[start : start + BATCH])
    return len(contacts)


def _imports(job: Run) -> int:
    """Files of imports go once they have ended; forgotten drafts end, and old cells go."""
    kept = job.app_context.rulebook.cleanup
    with job.transaction() as ctx:
        went = retention.end_forgotten_imports(ctx.session, job.now - timedelta(days=kept.import_drafts_days))
        went += retention.destroy_import_rows(ctx.session, job.now - timedelta(days=kept.import_rows_days))
        return went + retention.destroy_import_files(ctx, job.app_context.import_files)
