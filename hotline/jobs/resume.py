"""The end of suspensions: on its date the handling goes on by itself, at the true instant."""

from hotline.casework.handling.resumption import resume_due
from hotline.jobs.run import Run


def run(job: Run) -> int:
    """Resumes what has run out; answers how many tickets."""
    total = 0
    while True:
        with job.transaction() as ctx:
            count = resume_due(ctx)
        if not count:
            return total
        total += count
