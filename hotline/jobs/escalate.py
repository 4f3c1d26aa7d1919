"""The ladder's job: batches until nothing is left that this process can claim, of tickets and of the knowledge base alike.

A batch that fails is done again clock by clock, so that one bad row is logged, pushed an hour ahead, and stops nobody. When the
database itself fails no row is bad: the job ends, and its next run finds every clock as it was.
"""

from datetime import datetime
from types import ModuleType

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.app_context import Office
from hotline.casework.knowledge import article_escalation
from hotline.casework.tickets import escalation
from hotline.models.database.session import SILENT
from hotline.rules.refusals import Refusal

BATCH = 500
LADDERS = (escalation, article_escalation)
"""Whose clocks climb; each has `escalate`, `due_clock_ids` and `escalate_one`."""
log = structlog.get_logger()


def run(office: Office, now: datetime) -> int:
    """Climbs every step that is due by `now`; answers how many clocks climbed."""
    return sum(_climb(office, ladder, now) for ladder in LADDERS)


def _climb(office: Office, ladder: ModuleType, now: datetime) -> int:
    climbed = 0
    while True:
        try:
            with office.deed(now) as work:
                count: int = ladder.escalate(work.session, now=work.now, rulebook=work.rulebook, limit=BATCH)
        except SILENT:
            raise
        except (SQLAlchemyError, Refusal, ValueError, ArithmeticError) as error:
            log.warning("batch failed, going on clock by clock", error=type(error).__name__)
            count = _one_by_one(office, ladder, now)
        if not count:
            return climbed
        climbed += count


def _one_by_one(office: Office, ladder: ModuleType, now: datetime) -> int:
    with office.reading(now) as work:
        ids: list[int] = ladder.due_clock_ids(work.session, now, BATCH)
    for clock_id in ids:
        try:
            with office.deed(now) as work:
                ladder.escalate_one(work.session, clock_id, now=work.now, rulebook=work.rulebook)
        except SILENT:
            raise
        except (SQLAlchemyError, Refusal, ValueError, ArithmeticError) as error:
            log.error("clock pushed ahead", clock=clock_id, error=type(error).__name__)
            with office.deed(now) as work:
                escalation.push_ahead(work.session, clock_id, now)
    return len(ids)
