"""The ladder's job: batches until nothing is left that this process can claim.

A batch that fails is done again clock by clock, so that one bad row is logged, pushed an hour ahead, and stops nobody.
"""

from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.casework import escalation
from hotline.office import Office
from hotline.rules.refusals import Refusal

BATCH = 500
log = structlog.get_logger()


def run(office: Office, now: datetime) -> int:
    """Climbs every step that is due by `now`; answers how many clocks climbed."""
    climbed = 0
    while True:
        try:
            with office.deed(now) as work:
                count = escalation.escalate(work.session, now=work.now, rulebook=work.rulebook, limit=BATCH)
        except (SQLAlchemyError, Refusal, ValueError, ArithmeticError) as error:
            log.warning("batch failed, going on clock by clock", error=type(error).__name__)
            count = _one_by_one(office, now)
        if not count:
            return climbed
        climbed += count


def _one_by_one(office: Office, now: datetime) -> int:
    with office.reading(now) as work:
        ids = escalation.due_clock_ids(work.session, now, BATCH)
    for clock_id in ids:
        try:
            with office.deed(now) as work:
                escalation.escalate_one(work.session, clock_id, now=work.now, rulebook=work.rulebook)
        except (SQLAlchemyError, Refusal, ValueError, ArithmeticError) as error:
            log.error("clock pushed ahead", clock=clock_id, error=type(error).__name__)
            with office.deed(now) as work:
                escalation.push_ahead(work.session, clock_id, now)
    return len(ids)
