"""Articles that are not found yet, or by other words than those of today: indexed in batches."""

from datetime import datetime

from hotline.app_context import AppContext
from hotline.casework.knowledge.indexing import index_stale


def run(app_context: AppContext, now: datetime) -> int:
    """Until nothing is left; answers how many articles were indexed."""
    done = 0
    while True:
        with app_context.transaction(now) as ctx:
            count = index_stale(ctx.session)
        if not count:
            return done
        done += count
