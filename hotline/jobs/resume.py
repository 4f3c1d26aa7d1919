"""The end of suspensions: on its date the handling goes on by itself, at the true instant."""

from datetime import datetime

from hotline.app_context import AppContext
from hotline.casework.handling.resumption import resume_due


def run(app_context: AppContext, now: datetime) -> int:
    """Resumes what has run out; answers how many tickets."""
    total = 0
    while True:
        with app_context.transaction(now) as ctx:
            count = resume_due(ctx)
        if not count:
            return total
        total += count
