"""Matters from outside: logged as any other, and counted in the database by where they come from."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework.intake import intake
from hotline.models.database.session import keys_of
from hotline.models.tickets.tickets import PublicSubmission
from hotline.rules.actors import VISITOR
from hotline.rules.intake.public_submission import HOUR
from hotline.rules.refusals import TooManyAttempts
from hotline.rules.rulebook import Rulebook


def submit(
    session: Session, given: intake.NewCall, address: str, *, now: datetime, rulebook: Rulebook
) -> intake.Logged:
    """Refuses `TooManyAttempts` after too many from one address within an hour, and whatever the intake refuses."""
    here = keys_of(session).digest("address", address)
    lately = PublicSubmission.address_hash == here, PublicSubmission.at > now - HOUR
    if (session.scalar(select(func.count()).where(*lately)) or 0) >= rulebook.submissions.an_hour:
        raise TooManyAttempts()
    session.add(PublicSubmission(address_hash=here, at=now))
    return intake.log_call(session, given, actor=VISITOR, now=now, rulebook=rulebook)
