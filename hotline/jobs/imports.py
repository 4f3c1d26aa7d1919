"""The importing job: takes in the files that supervisors have started; any number of schedulers share them."""

from hotline.casework.intake import import_progress
from hotline.jobs.run import Run
from hotline.transfer.run_import import run_import


def run(job: Run) -> int:
    """Take in what waits, and what a dead process has left; answers how many rows.

    It happens now and not at the instant of the run, because a claim is held by the clock on the wall.
    """
    total = 0
    while True:
        with job.app_context.transaction() as ctx:
            claimed = import_progress.claim(ctx, job.app_context.import_files)
        if claimed is None:
            return total
        total += run_import(job.app_context, claimed)
