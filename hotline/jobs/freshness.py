"""The watch over the articles: reviews and expiries that come near, and what a file of articles has settled meanwhile."""

from hotline.casework.knowledge import freshness, policies
from hotline.jobs.run import Run
from hotline.rules.knowledge.freshness import TaskKind


def run(job: Run) -> int:
    """Settles first, then opens what is due; answers how many articles were settled and how many tasks opened."""
    settled = _settle_articles(job)
    _settle_policies(job)
    return settled + sum(_open(job, kind) for kind in freshness.BY_DAY)


def _settle_articles(job: Run) -> int:
    total = 0
    while True:
        with job.transaction() as ctx:
            count = freshness.settle_loaded(ctx)
        if not count:
            return total
        total += count


def _settle_policies(job: Run) -> None:
    last: int | None = 0
    while last is not None:
        with job.transaction() as ctx:
            last = policies.settle_waiting(ctx, last)


def _open(job: Run, kind: TaskKind) -> int:
    last: int | None = 0
    total = 0
    while last is not None:
        with job.transaction() as ctx:
            opened, last = freshness.open_due(ctx, kind, last)
        total += opened
    return total
