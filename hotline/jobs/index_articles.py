"""Articles that are not found yet, or by other words than those of today: indexed in batches."""

from datetime import datetime

from hotline.casework.indexing import index_stale
from hotline.office import Office


def run(office: Office, now: datetime) -> int:
    """Until nothing is left; answers how many articles were indexed."""
    done = 0
    while True:
        with office.deed(now) as work:
            count = index_stale(work.session)
        if not count:
            return done
        done += count
