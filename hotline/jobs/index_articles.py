"""Articles that are not found yet, or by other words than those of today: indexed in batches."""

from datetime import datetime

from hotline.app_context import Office
from hotline.casework.knowledge.indexing import index_stale


def run(office: Office, now: datetime) -> int:
    """Until nothing is left; answers how many articles were indexed."""
    done = 0
    while True:
        with office.deed(now) as work:
            count = index_stale(work.session)
        if not count:
            return done
        done += count
