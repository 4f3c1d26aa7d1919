"""The archive's job."""

from datetime import datetime

from hotline.app_context import AppContext
from hotline.casework.handling.archiving import archive_batch


def run(app_context: AppContext, now: datetime) -> int:
    """Archives what was closed 30 working days ago; answers how many tickets were looked at."""
    total = 0
    while True:
        with app_context.transaction(now) as ctx:
            count = archive_batch(ctx)
        if not count:
            return total
        total += count
