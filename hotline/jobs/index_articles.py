"""Articles that are not found yet, or by other words than those of today: indexed in batches."""

from hotline.casework.knowledge.indexing import index_stale
from hotline.jobs.run import Run


def run(job: Run) -> int:
    """Until nothing is left; answers how many articles were indexed."""
    done = 0
    while True:
        with job.transaction() as ctx:
            count = index_stale(ctx.session)
        if not count:
            return done
        done += count
