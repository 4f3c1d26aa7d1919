"""After an import of a calendar: what was begun by the old one meanwhile is counted again."""

from hotline.casework.deadlines.calendar import recompute_lately_imported
from hotline.jobs.run import Run


def run(job: Run) -> int:
    """Answers how many dues moved; nothing is looked at two hours after the last import."""
    with job.transaction() as ctx:
        return recompute_lately_imported(ctx)
