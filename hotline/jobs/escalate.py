"""The ladder's job: batches until nothing is left that this process can claim, of tickets and of the knowledge base alike.

A batch that fails is done again clock by clock, so that one bad row is logged, pushed an hour ahead, and stops nobody. When the
database itself fails no row is bad: the job ends, and its next run finds every clock as it was.
"""

from types import ModuleType

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.casework.knowledge import article_escalation
from hotline.casework.tickets import escalation
from hotline.jobs.run import Run
from hotline.models.database.session import UNAVAILABLE
from hotline.rules.refusals import Refusal

LADDERS = (escalation, article_escalation)
"""Whose clocks climb; each has `escalate`, `due_clock_ids` and `escalate_one`."""
log = structlog.get_logger()


def run(job: Run) -> int:
    """Climbs every step that is due by `now`; answers how many clocks climbed."""
    return sum(_climb(job, ladder) for ladder in LADDERS)


def _climb(job: Run, ladder: ModuleType) -> int:
    climbed = 0
    while True:
        try:
            with job.transaction() as ctx:
                count: int = ladder.escalate(ctx)
        except UNAVAILABLE:
            raise
        except (SQLAlchemyError, Refusal, ValueError, ArithmeticError) as error:
            log.warning("batch failed, going on clock by clock", error=type(error).__name__)
            count = _one_by_one(job, ladder)
        if not count:
            return climbed
        climbed += count


def _one_by_one(job: Run, ladder: ModuleType) -> int:
    with job.snapshot() as ctx:
        ids: list[int] = ladder.due_clock_ids(ctx)
    for clock_id in ids:
        try:
            with job.transaction() as ctx:
                ladder.escalate_one(ctx, clock_id)
        except UNAVAILABLE:
            raise
        except (SQLAlchemyError, Refusal, ValueError, ArithmeticError) as error:
            log.error("clock pushed ahead", clock=clock_id, error=type(error).__name__)
            with job.transaction() as ctx:
                escalation.push_ahead(ctx, clock_id)
    return len(ids)
